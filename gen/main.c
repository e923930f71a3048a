// The program wevgen: options, signals, progress, exit status. Makes nothing itself.
#include "gen/dataset/command.h"
#include "gen/dict.h"
#include "gen/run.h"

#include "gen/settings.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_BAD = 2, EXIT_INTERRUPTED = 130 };

struct settings {
    struct wev_settings what;
    unsigned threads;
    const char *out, *labels, *list;
    bool quiet, json;
    bool data; // wevgen dataset
    struct wev_dataset dataset;
};

static atomic_int interrupted; // set by the handler, read by every thread

static void on_signal(int sig)
{
    (void)sig;
    interrupted = 1;
}

static const char usage[] =
    "usage: wevgen [-n COUNT] [-s SEED] [-e EVENTS] [-f FORMAT] [-o FILE|DIR/|-] [-j N] [--shard K/N]\n"
    "              [--from UNIT] [--start T] [--schema FILE]... [--profile FILE]... [--labels FILE] [-q]\n"
    "              [--malformed RATE[,CLASS=WEIGHT...]] [--class CLASS] [--breaks N] [--twin]\n"
    "              [--world [FILE]] [--hosts N] [--users N] [--domains N] [--end T] [--rate R]\n"
    "              [--time-zone Z] [--scenario NAME[:COUNT],...] [--attack-rate R]\n"
    "       wevgen --list events|formats|fields|classes|dict|scenarios [--json]\n"
    "       wevgen dataset DIR [-n COUNT] [--splits A,B,C] [--balance label|class|none] [--formats LIST] [options]\n"
    "\n"
    "  -n, --count COUNT    events to make (default 10)\n"
    "  -s, --seed SEED      any number; the same seed gives the same bytes (default 1)\n"
    "  -e, --events LIST    5059, 5059:1, 5058,5059, all, PROVIDER/ID (default 5059, or all of --schema)\n"
    "  -f, --format FORMAT  see --list formats (default xml)\n"
    "  -o, --output WHERE   a file, a folder with a slash at its end for one file an event, or - (default)\n"
    "  -j, --threads N      threads; the bytes are the same at any number (default 1)\n"
    "      --shard K/N      the K-th of N contiguous parts, from 1; the parts concatenated are the whole\n"
    "      --from UNIT      number of the first event (default 0)\n"
    "      --start T        time of unit 0, such as 2024-03-04T08:00:00Z (the default)\n"
    "      --schema FILE    an instrumentation manifest, besides the built-in Security events\n"
    "      --profile FILE   how values are chosen; see schema/README.md\n"
    "      --labels FILE    ground truth, one JSON object an event\n"
    "      --malformed RATE[,CLASS=WEIGHT...]  share of units that break, such as 0.05 or 5%; CLASS is an id or a glob\n"
    "      --class CLASS    break by these classes alone, an id or a glob; without --malformed every unit\n"
    "      --breaks N       breaks on one unit, to 8; from 2 on the verdict says only \"not y\" (default 1)\n"
    "      --twin           each broken unit is followed by the same unit unbroken\n"
    "      --world [FILE]   a world: episodes of a fleet in a window of time; FILE is a profile with names of your own\n"
    "      --hosts N        hosts of the world (240); --users N accounts (4000); --domains N (1); any makes a world\n"
    "      --end T          end of the world's window, itself outside (default 30 days after --start)\n"
    "      --rate R         events per host and day, in place of --count\n"
    "      --time-zone Z    of the office: UTC (default), +01:00, or a rule such as CET-1CEST,M3.5.0,M10.5.0/3\n"
    "      --scenario LIST  runs of scenarios, NAME or NAME:COUNT, separated by commas; all is each of them\n"
    "      --attack-rate R  share of malicious events, such as 0.01 or 1%, to 50%\n"
    "  -q, --quiet          no progress and no last line\n"
    "      --list WHAT      events, formats, fields (of -e), classes (of --class), dict or scenarios\n"
    "      --json           the list of classes as JSON lines\n"
    "      --version, --help\n"
    "\n"
    "wevgen dataset makes a training dataset in DIR, a new or empty folder; it takes the options above but -o, --labels,\n"
    "--shard, --from, --twin and --list, and these:\n"
    "      --splits A,B,C   percent of train, validation and test; no run, host or account is in two (default 80,10,10)\n"
    "      --balance WHAT   label or class: every one as often as the rarest of its split (default none)\n"
    "      --formats LIST   of jsonl, csv and parquet (default jsonl)\n"
    "      --python PROGRAM the Python that has the package duckdb, for Parquet (default python3)\n";

static int complain(const char *text)
{
    fprintf(stderr, "wevgen: %s\n", text);
    return EXIT_BAD;
}

// ---- options

enum { OPT_LABELS = WEV_SETTINGS_OWN, OPT_LIST, OPT_JSON, OPT_VERSION, OPT_HELP };

static const struct option options[] = {
    WEV_SETTINGS_LONG,
    WEV_SETTINGS_WORLD_LONG,
    {"output", required_argument, NULL, 'o'},     {"threads", required_argument, NULL, 'j'},
    {"quiet", no_argument, NULL, 'q'},            {"labels", required_argument, NULL, OPT_LABELS},
    {"list", required_argument, NULL, OPT_LIST},  {"json", no_argument, NULL, OPT_JSON},
    WEV_DATASET_OPTIONS,
    {"version", no_argument, NULL, OPT_VERSION},  {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

// -1: go on; else the exit status.
static int take_data_option(struct settings *s, int c)
{
    struct wev_error e;
    if (!s->data) { return complain("--splits, --balance, --formats and --python belong to wevgen dataset"); }
    return wev_dataset_option(&s->dataset, c, optarg, &e) ? -1 : complain(e.text);
}

// -1: go on; else the exit status.
static int take_option(struct settings *s, int c)
{
    uint64_t n;
    struct wev_error e;
    enum wev_settings_taken taken = wev_settings_take(&s->what, c, optarg, &e);
    if (taken == WEV_SETTINGS_WRONG) { return complain(e.text); }
    if (taken == WEV_SETTINGS_TAKEN) { return -1; }
    if (c >= WEV_OPT_SPLITS) { return take_data_option(s, c); }
    switch (c) {
    case 'o': s->out = optarg; return -1;
    case 'j':
        if (!wev_settings_number("threads", optarg, &n, &e)) { return complain(e.text); }
        if (n < 1 || n > 256) { return complain("--threads: must be 1 to 256"); }
        s->threads = (unsigned)n;
        return -1;
    case 'q': s->quiet = true; return -1;
    case OPT_LABELS: s->labels = optarg; return -1;
    case OPT_JSON: s->json = true; return -1;
    case OPT_LIST: s->list = optarg; return -1;
    case OPT_VERSION: puts("wevgen " WEV_VERSION); return 0;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevgen: try --help\n", stderr); return EXIT_BAD;
    }
}

// ---- lists

static void print_span(struct wev_span s)
{
    printf("%.*s", (int)s.n, s.n ? s.p : "");
}

static struct wev_span first_line(struct wev_span message)
{
    size_t n = 0;
    while (n < message.n && message.p[n] != '\n' && message.p[n] != '\r' &&
           !(message.p[n] == '%' && n + 1 < message.n && message.p[n + 1] == 'n')) {
        n++;
    }
    return (struct wev_span){message.p, n};
}

static void list_events(const struct wev_schema *schema)
{
    for (size_t k = 0; k < schema->event_count; k++) {
        const struct wev_event_def *d = &schema->events[k];
        print_span(d->provider->name);
        printf("/%u:%u\t%zu fields\t", d->id, d->version, d->body->field_count);
        print_span(d->message.p ? first_line(d->message) : d->symbol);
        putchar('\n');
    }
}

static void list_formats(void)
{
    for (size_t k = 0; k < wev_form_count; k++) { printf("%s\t%s\n", wev_forms[k].name, wev_forms[k].what); }
}

static void list_event_fields(const struct wev_event_def *d)
{
    for (size_t k = 0; k < d->body->field_count; k++) {
        const struct wev_field *f = &d->body->fields[k];
        printf("%u:%u\t", d->id, d->version);
        print_span(f->name);
        putchar('\t');
        print_span(f->field_count ? WEV_SPAN("struct") : f->in_name);
        putchar('\t');
        print_span(f->out_name.n ? f->out_name : WEV_SPAN("-"));
        putchar('\n');
    }
}

// Whether a step of the world's stories is this event. Steps have copies of it.
static bool is_told(const struct wev_world *w, const struct wev_event_def *d)
{
    for (uint32_t s = 0; s < w->count; s++) {
        const struct wev_story *story = w->stories[s].story;
        for (uint32_t a = 0; a < story->act_count; a++) {
            for (uint32_t k = 0; k < story->acts[a].step_count; k++) {
                const struct wev_story_step *step = &story->acts[a].steps[k];
                for (size_t v = 0; v < step->def_count; v++) {
                    if (step->defs[v].body == d->body && step->defs[v].id == d->id && step->defs[v].version == d->version) { return true; }
                }
            }
        }
    }
    return false;
}

static void list_fields(const struct wev_schema *schema, const struct wev_plan *plan)
{
    for (uint32_t g = 0; !plan->world && g < plan->group_count; g++) {
        for (uint32_t e = 0; e < plan->groups[g].event_count; e++) { list_event_fields(plan->groups[g].events[e].def); }
    }
    for (size_t k = 0; plan->world && k < schema->event_count; k++) {
        if (is_told(plan->world, &schema->events[k])) { list_event_fields(&schema->events[k]); }
    }
}

static void list_classes(const struct wev_breaks *o, bool json)
{
    for (size_t k = 0; k < wev_class_count(); k++) {
        const struct wev_class *c = wev_class_at(k);
        uint32_t m = 0;
        while (o && m < o->count && o->classes[m] != c) { m++; }
        if (o && m == o->count) { continue; }
        const struct wev_verdict_row *row = &wev_verdict_rows[c->reason];
        if (!json) {
            printf("%-34s %c %-18s %s\n", c->id, row->verdict, row->slug, c->breaks);
            continue;
        }
        printf("{\"class\":\"%s\",\"layer\":\"%s\",\"weight\":%u,\"verdict\":\"%c\",\"reason\":\"%s\",\"rule\":\"%s\"", c->id,
               wev_class_layer(c), c->weight, row->verdict, row->slug, c->breaks);
        if (c->seen) { printf(",\"seen\":\"%s\"", c->seen); }
        if (c->differs) { printf(",\"witness_differs\":\"%s\"", c->differs); }
        puts("}");
    }
}

// Tokens for fuzzers, as a file.
static int list_dict(const struct wev_schema *schema)
{
    size_t n;
    char *text = wev_dict_new(schema, &n);
    if (!text) { return complain("out of memory for the dictionary"); }
    bool good = fwrite(text, 1, n, stdout) == n && fflush(stdout) == 0;
    free(text);
    return good ? 0 : complain("cannot write the list");
}

static void list_scenarios(const struct wev_profile *p)
{
    for (uint32_t k = 0; k < p->story_count; k++) {
        const struct wev_story *s = &p->stories[k];
        uint64_t time = 0;
        if (s->weight) { continue; }
        for (uint32_t a = 1; a < s->act_count; a++) { time += s->acts[a].after_100ns; }
        printf("%s\t%s\t%s\t%u events\t%" PRIu64 " s\t%s\n", s->name.p, s->malicious ? "malicious" : "benign",
               s->techniques.n ? s->techniques.p : "-", s->step_count, time / WEV_SECOND, s->source.n ? s->source.p : "-");
    }
}

static int list(const struct settings *s, const struct wev_schema *schema, const struct wev_options *made)
{
    if (!strcmp(s->list, "events")) {
        list_events(schema);
    } else if (!strcmp(s->list, "formats")) {
        list_formats();
    } else if (!strcmp(s->list, "fields")) {
        list_fields(schema, made->plan);
    } else if (!strcmp(s->list, "classes")) {
        list_classes(made->breaks, s->json);
    } else if (!strcmp(s->list, "dict")) {
        return list_dict(schema);
    } else if (!strcmp(s->list, "scenarios")) {
        list_scenarios(schema->profile);
    } else {
        fprintf(stderr, "wevgen: --list: \"%s\" is not events, formats, fields, classes, dict or scenarios\n", s->list);
        return EXIT_BAD;
    }
    return fflush(stdout) == 0 ? 0 : complain("cannot write the list");
}

// ---- the run

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct progress {
    double start, last;
    uint64_t total;
};

static void show_progress(void *context, uint64_t units, uint64_t bytes)
{
    struct progress *p = context;
    double t = now();
    if (t - p->last < 0.2) { return; }
    p->last = t;
    fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " events (%.0f %%), %.0f MB, %.0f events/s ", units, p->total,
            100.0 * (double)units / (double)p->total, (double)bytes / 1e6, (double)units / (t - p->start));
}

static bool write_text(struct wev_sink *sink, const char *text, struct wev_error *e)
{
    return sink->dir >= 0 || wev_sink_write(sink, wev_span_of(text), e);
}

static bool produce(const struct settings *s, const struct wev_options *made, struct wev_sink *sink,
                    struct wev_sink *labels, struct wev_error *e)
{
    const struct wev_settings *w = &s->what;
    uint64_t first, count;
    if (!wev_settings_range(w, made, &first, &count, e)) { return false; }
    const char *head = w->shard == 1 ? made->form->head : "", *tail = w->shard == w->shards ? made->form->tail : "";
    bool tty = !s->quiet && isatty(STDERR_FILENO);
    struct progress p = {now(), now(), count};
    struct wev_run run = {.options = made, .sink = sink, .labels = labels, .from = first, .count = count,
                          .offset = strlen(head), .threads = s->threads, .stop = &interrupted,
                          .progress = tty ? show_progress : NULL, .context = &p};
    bool good = write_text(sink, head, e) && wev_run(&run, e) && write_text(sink, tail, e) && wev_sink_close(sink, e);
    if (good && labels) { good = wev_sink_close(labels, e); }
    if (tty) { fputs("\r\033[K", stderr); }
    if (good && !s->quiet) {
        double t = now() - p.start;
        fprintf(stderr, "%" PRIu64 " events, ", run.units - run.left_out);
        if (made->breaks) { fprintf(stderr, "%" PRIu64 " of them broken, ", run.broken); }
        if (made->breaks && made->breaks->stream) { fprintf(stderr, "%" PRIu64 " left out, ", run.left_out); }
        fprintf(stderr, "%" PRIu64 " bytes, %.2f s, %.0f events/s, seed %" PRIu64 "%s\n", run.bytes, t,
                t > 0 ? (double)run.units / t : 0.0, w->config.seed, interrupted ? ", interrupted" : "");
    }
    return good;
}

static int make(const struct settings *s, const struct wev_options *made)
{
    struct wev_error e = {.code = WEV_OK};
    struct wev_sink sink, labels = {.fd = -1, .dir = -1};
    uint64_t first, count;
    if (!wev_settings_range(&s->what, made, &first, &count, &e)) { return complain(e.text); }
    if (!wev_sink_open(&sink, s->out, &e)) { return complain(e.text); }
    bool good = !s->labels || wev_sink_open(&labels, s->labels, &e);
    good = good && produce(s, made, &sink, s->labels ? &labels : NULL, &e);
    if (!good) {
        wev_sink_drop(&sink);
        wev_sink_drop(&labels);
        return complain(e.text);
    }
    return interrupted ? EXIT_INTERRUPTED : 0;
}

// ---- wevgen dataset

static int check_data(const struct settings *s, char *const *dirs, int count)
{
    struct wev_error e;
    const struct wev_settings *w = &s->what;
    const char *no = strcmp(s->out, "-") != 0 ? "-o" : s->labels ? "--labels" : s->list ? "--list" : w->from ? "--from" : w->shards > 1 ? "--shard" : NULL;
    return wev_dataset_ready(&s->dataset, &w->config, no, dirs, count, &e) ? -1 : complain(e.text);
}

static int make_data(struct settings *s, const struct wev_options *made)
{
    struct wev_dataset *d = &s->dataset;
    struct wev_error e = {.code = WEV_OK};
    char said[256];
    uint64_t first;
    if (made->breaks && made->breaks->stream) { return complain("a dataset is of documents: no class of streams can be in it"); }
    if (!wev_settings_range(&s->what, made, &first, &d->count, &e)) { return complain(e.text); }
    bool tty = !s->quiet && isatty(STDERR_FILENO);
    struct progress p = {now(), now(), d->count * (d->balance == WEV_BALANCE_NONE ? 2 : 3)};
    d->options = made;
    d->threads = s->threads;
    d->stop = &interrupted;
    d->progress = tty ? show_progress : NULL;
    d->context = &p;
    bool good = wev_dataset_make(d, &e);
    if (tty) { fputs("\r\033[K", stderr); }
    if (!good) { return e.code == WEV_OK ? EXIT_INTERRUPTED : complain(e.text); }
    if (!s->quiet) { fprintf(stderr, "%s, %.2f s\n", wev_dataset_said(d, said, sizeof(said)), now() - p.start); }
    return 0;
}

static void catch_signals(void)
{
    struct sigaction end = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

int main(int argc, char **argv)
{
    struct settings s = {.what = WEV_SETTINGS_DEFAULT, .threads = 1, .out = "-"};
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *schema;
    struct wev_options *made;
    char *again = NULL;
    int c, status;
    if (argc > 1 && !strcmp(argv[1], "dataset")) {
        s.data = true;
        s.what.count = WEV_DATASET_COUNT;
        wev_dataset_defaults(&s.dataset);
        argv[1] = argv[0]; // how getopt's messages begin
        argc--;
        argv++;
    }
    while ((c = getopt_long(argc, argv, WEV_SETTINGS_SHORT "o:j:q", options, NULL)) != -1) {
        if (c == WEV_SETTINGS_WORLD && !optarg && optind < argc && argv[optind][0] != '-') { optarg = argv[optind++]; } // --world FILE
        if ((status = take_option(&s, c)) >= 0) { return status; }
    }
    if (s.data && (status = check_data(&s, argv + optind, argc - optind)) >= 0) { return status; }
    if (!s.data && optind < argc) {
        fprintf(stderr, "wevgen: unexpected argument \"%s\"\n", argv[optind]);
        return EXIT_BAD;
    }
    s.what.scenarios = s.list && !strcmp(s.list, "scenarios");
    if (!wev_settings_load(&s.what, &schema, &made, &e)) { return complain(e.text); }
    catch_signals();
    if (s.data) {
        s.dataset.dir = argv[optind];
        s.dataset.command = again = wev_dataset_again(argv + 1, optind - 1);
        status = again ? make_data(&s, made) : complain("out of memory");
    } else {
        status = s.list ? list(&s, schema, made) : make(&s, made);
    }
    free(again);
    wev_options_free(made);
    wev_schema_free(schema);
    return status;
}
