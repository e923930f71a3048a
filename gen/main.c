// The program wevgen: options, signals, progress, exit status. Makes nothing itself.
#include "gen/dict.h"
#include "gen/run.h"

#include "schema/builtin.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FILES_MAX = 32, EXIT_BAD = 2, EXIT_INTERRUPTED = 130 };

struct settings {
    struct wev_config config;
    uint64_t count, from, shard, shards;
    unsigned threads;
    const char *out, *labels, *list;
    const char *schemas[FILES_MAX], *profiles[FILES_MAX];
    size_t schema_count, profile_count;
    bool quiet, json;
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
    "       wevgen --list events|formats|fields|classes|dict [--json]\n"
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
    "  -q, --quiet          no progress and no last line\n"
    "      --list WHAT      events, formats, fields (of -e), classes (of --class) or dict, then exit\n"
    "      --json           the list of classes as JSON lines\n"
    "      --version, --help\n";

static int complain(const char *text)
{
    fprintf(stderr, "wevgen: %s\n", text);
    return EXIT_BAD;
}

// ---- options

static bool number(const char *name, const char *text, uint64_t *out)
{
    if (wev_span_u64(wev_span_of(text), out)) { return true; }
    fprintf(stderr, "wevgen: --%s: \"%s\" is not a number\n", name, text);
    return false;
}

static bool shard(struct settings *s, const char *text)
{
    const char *slash = strchr(text, '/');
    if (slash && wev_span_u64((struct wev_span){text, (size_t)(slash - text)}, &s->shard) &&
        wev_span_u64(wev_span_of(slash + 1), &s->shards) && s->shard >= 1 && s->shard <= s->shards) {
        return true;
    }
    fprintf(stderr, "wevgen: --shard: \"%s\" is not K/N with 1 <= K <= N\n", text);
    return false;
}

static bool add_file(const char **list, size_t *count, const char *name)
{
    if (*count == FILES_MAX) {
        fprintf(stderr, "wevgen: more than %d files of one kind: \"%s\"\n", FILES_MAX, name);
        return false;
    }
    list[(*count)++] = name;
    return true;
}

enum { OPT_SHARD = 256, OPT_FROM, OPT_START, OPT_SCHEMA, OPT_PROFILE, OPT_LABELS, OPT_MALFORMED, OPT_CLASS, OPT_BREAKS, OPT_TWIN, OPT_LIST, OPT_JSON, OPT_VERSION, OPT_HELP };

static const struct option options[] = {
    {"count", required_argument, NULL, 'n'},      {"seed", required_argument, NULL, 's'},
    {"events", required_argument, NULL, 'e'},     {"format", required_argument, NULL, 'f'},
    {"output", required_argument, NULL, 'o'},     {"threads", required_argument, NULL, 'j'},
    {"quiet", no_argument, NULL, 'q'},            {"shard", required_argument, NULL, OPT_SHARD},
    {"from", required_argument, NULL, OPT_FROM},  {"start", required_argument, NULL, OPT_START},
    {"schema", required_argument, NULL, OPT_SCHEMA}, {"profile", required_argument, NULL, OPT_PROFILE},
    {"labels", required_argument, NULL, OPT_LABELS}, {"list", required_argument, NULL, OPT_LIST},
    {"malformed", required_argument, NULL, OPT_MALFORMED}, {"class", required_argument, NULL, OPT_CLASS},
    {"breaks", required_argument, NULL, OPT_BREAKS}, {"twin", no_argument, NULL, OPT_TWIN},
    {"json", no_argument, NULL, OPT_JSON},
    {"version", no_argument, NULL, OPT_VERSION},  {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

// -1: go on; else the exit status.
static int take_option(struct settings *s, int c)
{
    uint64_t n;
    bool good = true;
    switch (c) {
    case 'n': good = number("count", optarg, &s->count); break;
    case 's': good = number("seed", optarg, &s->config.seed); break;
    case 'e': s->config.events = optarg; break;
    case 'f': s->config.format = optarg; break;
    case 'o': s->out = optarg; break;
    case 'j':
        good = number("threads", optarg, &n);
        if (good && (n < 1 || n > 256)) { return complain("--threads: must be 1 to 256"); }
        s->threads = good ? (unsigned)n : 1;
        break;
    case 'q': s->quiet = true; break;
    case OPT_SHARD: good = shard(s, optarg); break;
    case OPT_FROM: good = number("from", optarg, &s->from); break;
    case OPT_START: s->config.start = optarg; break;
    case OPT_SCHEMA: good = add_file(s->schemas, &s->schema_count, optarg); break;
    case OPT_PROFILE: good = add_file(s->profiles, &s->profile_count, optarg); break;
    case OPT_LABELS: s->labels = optarg; break;
    case OPT_MALFORMED: s->config.malformed = optarg; break;
    case OPT_CLASS: s->config.classes = optarg; break;
    case OPT_BREAKS:
        good = number("breaks", optarg, &n);
        if (good && (n < 1 || n > WEV_BREAKS_MAX)) { return complain("--breaks: must be 1 to 8"); }
        s->config.breaks = good ? (uint32_t)n : 1;
        break;
    case OPT_TWIN: s->config.twin = 1; break;
    case OPT_JSON: s->json = true; break;
    case OPT_LIST: s->list = optarg; break;
    case OPT_VERSION: puts("wevgen " WEV_VERSION); return 0;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevgen: try --help\n", stderr); return EXIT_BAD;
    }
    return good ? -1 : EXIT_BAD;
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

static void list_fields(const struct wev_plan *plan)
{
    for (uint32_t g = 0; g < plan->group_count; g++) {
        for (uint32_t e = 0; e < plan->groups[g].event_count; e++) {
            const struct wev_event_def *d = plan->groups[g].events[e].def;
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

static int list(const struct settings *s, const struct wev_schema *schema, const struct wev_options *made)
{
    if (!strcmp(s->list, "events")) {
        list_events(schema);
    } else if (!strcmp(s->list, "formats")) {
        list_formats();
    } else if (!strcmp(s->list, "fields")) {
        list_fields(made->plan);
    } else if (!strcmp(s->list, "classes")) {
        list_classes(made->breaks, s->json);
    } else if (!strcmp(s->list, "dict")) {
        return list_dict(schema);
    } else {
        fprintf(stderr, "wevgen: --list: \"%s\" is not events, formats, fields, classes or dict\n", s->list);
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

static uint64_t part(uint64_t n, uint64_t k, uint64_t of)
{
    return (uint64_t)((wev_u128)n * k / of);
}

static bool write_text(struct wev_sink *sink, const char *text, struct wev_error *e)
{
    return sink->dir >= 0 || wev_sink_write(sink, wev_span_of(text), e);
}

static bool produce(const struct settings *s, const struct wev_options *made, struct wev_sink *sink,
                    struct wev_sink *labels, struct wev_error *e)
{
    uint64_t low = part(s->count, s->shard - 1, s->shards), high = part(s->count, s->shard, s->shards);
    const char *head = s->shard == 1 ? made->form->head : "", *tail = s->shard == s->shards ? made->form->tail : "";
    bool tty = !s->quiet && isatty(STDERR_FILENO);
    struct progress p = {now(), now(), high - low};
    struct wev_run run = {.options = made, .sink = sink, .labels = labels, .from = s->from + low, .count = high - low,
                          .offset = strlen(head), .threads = s->threads, .stop = &interrupted,
                          .progress = tty ? show_progress : NULL, .context = &p};
    bool good = write_text(sink, head, e) && wev_run(&run, e) && write_text(sink, tail, e) && wev_sink_close(sink, e);
    if (good && labels) { good = wev_sink_close(labels, e); }
    if (tty) { fputs("\r\033[K", stderr); }
    if (good && !s->quiet) {
        double t = now() - p.start;
        fprintf(stderr, "%" PRIu64 " events, ", run.units);
        if (made->breaks) { fprintf(stderr, "%" PRIu64 " of them broken, ", run.broken); }
        fprintf(stderr, "%" PRIu64 " bytes, %.2f s, %.0f events/s, seed %" PRIu64 "%s\n", run.bytes, t,
                t > 0 ? (double)run.units / t : 0.0, s->config.seed, interrupted ? ", interrupted" : "");
    }
    return good;
}

static int make(const struct settings *s, const struct wev_options *made)
{
    struct wev_error e = {.code = WEV_OK};
    struct wev_sink sink, labels = {.fd = -1, .dir = -1};
    uint64_t room = (INT64_MAX - made->plan->start_100ns) / 27000000u; // units until the last FILETIME
    if (s->from > room || s->count > room - s->from) { return complain("--from and --count reach past the last time that a FILETIME holds"); }
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

static void catch_signals(void)
{
    struct sigaction end = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

int main(int argc, char **argv)
{
    struct settings s = {.count = 10, .config = {.seed = 1}, .shard = 1, .shards = 1, .threads = 1, .out = "-"};
    struct wev_error e = {.code = WEV_OK};
    char text[sizeof(e.text)];
    int c, status;
    while ((c = getopt_long(argc, argv, "n:s:e:f:o:j:q", options, NULL)) != -1) {
        if ((status = take_option(&s, c)) >= 0) { return status; }
    }
    if (optind < argc) {
        fprintf(stderr, "wevgen: unexpected argument \"%s\"\n", argv[optind]);
        return EXIT_BAD;
    }
    struct wev_schema *schema = wev_builtin_load(s.schemas, s.schema_count, s.profiles, s.profile_count, &e);
    if (!schema) { return complain(e.text); }
    s.config.total = s.count;
    struct wev_options *made = wev_options_new(schema, &s.config, text, sizeof(text));
    if (!made) {
        status = complain(text);
    } else {
        catch_signals();
        status = s.list ? list(&s, schema, made) : make(&s, made);
    }
    wev_options_free(made);
    wev_schema_free(schema);
    return status;
}
