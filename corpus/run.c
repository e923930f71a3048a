// wevcorpus run: any parser on a suite of documents, case by case.
#include "corpus/commands.h"
#include "corpus/units.h"
#include "corpus/work.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 256, OUTPUT_MAX = 64 << 20, COMMAND_MAX = 1000, FILES_MAX = 32, UNITS_MAX = 1000000, ARGS_MAX = 250 };

struct run {
    const char *suite_name, *baseline, *write_baseline, *junit, *sarif, *json, *html, *so, *name, *about;
    const char *schemas[FILES_MAX], *profiles[FILES_MAX];
    struct wev_units_config units; // count 0: a suite
    bool quiet, units_options;
    char command[COMMAND_MAX];
    struct wev_suite suite;
    struct wev_work work;
};

static atomic_int interrupted;

static void on_signal(int sig)
{
    (void)sig;
    interrupted = 1;
}

static const char usage[] =
    "usage: wevcorpus run [OPTIONS] -- CMD [ARGS]\n"
    "       wevcorpus run [OPTIONS] --so LIB.so:SYMBOL\n"
    "\n"
    "  CMD gets each document on its standard input, or as a file where an argument is @@. Exit status 0 accepts it, one of\n"
    "  --reject-exit refuses it; a signal, another status or a sanitizer's report is a crash. A CMD that prints\n"
    "  {\"header\": {...}, \"data\": {...}} is held to the values of that, and to every Data with a name. SYMBOL is int f(const uint8_t *, size_t), 0 accepts.\n"
    "  WEV_MANIFEST in CMD's environment names the manifest that a document needs, and is not set where it needs none.\n"
    "\n"
    "      --suite DIR          documents and index.jsonl, or files named y_, n_, i_ (default corpus/seeds, or installed)\n"
    "      --units N            documents made on the fly: N whole events, and N of each class but the huge ones\n"
    "      --seed SEED          of --units (default 1)\n"
    "      --class CLASS        of --units: these alone, an id or a glob; a huge one must be named by itself\n"
    "      --events LIST        of --units: 5059, 5058,5059, all, PROVIDER/ID (default all, or all of --schema)\n"
    "      --schema FILE        of --units: a manifest, besides the built-in one\n"
    "      --profile FILE       of --units: its profile\n"
    "      --layers L,...       what the parser answers for: bytes, xml, schema, type, rule, or all (default bytes,xml)\n"
    "      --manifests          CMD reads WEV_MANIFEST: documents that need one count in schema, type and rule\n"
    "      --persistent         CMD stays: it reads frames, length in decimal, LF, document, and prints a line after each,\n"
    "                           \"accept\", \"reject\", \"crash\" or that JSON object; see the man page\n"
    "      --timeout S          seconds for one document, such as 0.5 (default 5)\n"
    "      --memory MB          address space, 0 for no limit, which sanitizers need (default 2048)\n"
    "      --reject-exit CODES  such as 1,2,10-20 (default 1)\n"
    "      --values WHICH       that an answer with values must have: data (the default), all (the header's, too), or\n"
    "                           printed: what it leaves out is not held against it\n"
    "  -j, --threads N          parsers at once (default: one a processor)\n"
    "      --baseline FILE      known failures; only new ones count\n"
    "      --name NAME          of the parser, in reports instead of its command line\n"
    "      --about TEXT         a line about it, in results\n"
    "      --write-baseline FILE, --json FILE, --html FILE, --junit FILE, --sarif FILE\n"
    "  -q, --quiet              the last line alone\n"
    "      --help\n"
    "\n"
    "exit status: 0 no (new) failure, 1 some, 2 could not run, 130 interrupted\n";

static int complain(const char *what, const char *value)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: run: %s%s%s%s\n", what, value ? " \"" : "", value ? value : "", value ? "\"" : "");
    return 2;
}

// ---- options

enum {
    OPT_SUITE = 256, OPT_UNITS, OPT_SEED, OPT_CLASS, OPT_EVENTS, OPT_SCHEMA, OPT_PROFILE, OPT_LAYERS, OPT_MANIFESTS, OPT_PERSISTENT,
    OPT_TIMEOUT, OPT_MEMORY, OPT_REJECT, OPT_VALUES, OPT_BASELINE, OPT_WRITE, OPT_JUNIT, OPT_SARIF, OPT_JSON, OPT_NAME, OPT_ABOUT, OPT_HTML, OPT_SO, OPT_HELP,
};

static const struct option options[] = {
    {"suite", required_argument, NULL, OPT_SUITE},       {"units", required_argument, NULL, OPT_UNITS},
    {"seed", required_argument, NULL, OPT_SEED},         {"class", required_argument, NULL, OPT_CLASS},
    {"events", required_argument, NULL, OPT_EVENTS},     {"schema", required_argument, NULL, OPT_SCHEMA},
    {"profile", required_argument, NULL, OPT_PROFILE},   {"layers", required_argument, NULL, OPT_LAYERS},
    {"manifests", no_argument, NULL, OPT_MANIFESTS},     {"persistent", no_argument, NULL, OPT_PERSISTENT},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},   {"memory", required_argument, NULL, OPT_MEMORY},
    {"reject-exit", required_argument, NULL, OPT_REJECT}, {"values", required_argument, NULL, OPT_VALUES},
    {"baseline", required_argument, NULL, OPT_BASELINE},
    {"write-baseline", required_argument, NULL, OPT_WRITE}, {"junit", required_argument, NULL, OPT_JUNIT},
    {"sarif", required_argument, NULL, OPT_SARIF},       {"json", required_argument, NULL, OPT_JSON},
    {"html", required_argument, NULL, OPT_HTML},         {"so", required_argument, NULL, OPT_SO},
    {"name", required_argument, NULL, OPT_NAME},         {"about", required_argument, NULL, OPT_ABOUT},
    {"threads", required_argument, NULL, 'j'},           {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, OPT_HELP},               {NULL, 0, NULL, 0},
};

static bool seconds(const char *text, unsigned *out_100)
{
    char *end;
    double s = strtod(text, &end);
    if (end == text || *end || !(s >= 0.01 && s <= 86400)) { return false; }
    *out_100 = (unsigned)(s * 100 + 0.5);
    return true;
}

static bool known_layers(const char *text)
{
    static const char *const names[] = {"bytes", "xml", "schema", "type", "rule"};
    struct wev_span rest = wev_span_of(text);
    for (;;) {
        const char *comma = rest.n ? memchr(rest.p, ',', rest.n) : NULL;
        struct wev_span word = {rest.p, comma ? (size_t)(comma - rest.p) : rest.n};
        size_t k = 0;
        while (k < WEV_COUNT(names) && !wev_span_is(word, names[k])) { k++; }
        if (k == WEV_COUNT(names)) { return false; }
        if (!comma) { return true; }
        rest = (struct wev_span){comma + 1, rest.n - word.n - 1};
    }
}

static bool known_values(const char *text, enum wev_result_values *out)
{
    static const char *const names[] = {"data", "all", "printed"};
    size_t k = 0;
    while (k < WEV_COUNT(names) && strcmp(text, names[k]) != 0) { k++; }
    *out = (enum wev_result_values)k;
    return k < WEV_COUNT(names);
}

static bool number(const char *text, uint64_t low, uint64_t high, uint64_t *out)
{
    return wev_span_u64(wev_span_of(text), out) && *out >= low && *out <= high;
}

static bool add_file(const char **list, size_t *count)
{
    if (*count == FILES_MAX) { return false; }
    list[(*count)++] = optarg;
    return true;
}

// Of --units. -1: go on; else the exit status.
static int take_units_option(struct run *r, int c)
{
    struct wev_units_config *u = &r->units;
    r->units_options = r->units_options || c != OPT_UNITS;
    switch (c) {
    case OPT_UNITS:
        if (!number(optarg, 1, UNITS_MAX, &u->count)) { return complain("--units: must be 1 to 1000000, not", optarg); }
        break;
    case OPT_SEED:
        if (!wev_span_u64(wev_span_of(optarg), &u->seed)) { return complain("--seed: not a number:", optarg); }
        break;
    case OPT_CLASS: u->classes = optarg; break;
    case OPT_EVENTS: u->events = optarg; break;
    case OPT_SCHEMA:
        if (!add_file(r->schemas, &u->schema_count)) { return complain("--schema: more than 32 files:", optarg); }
        break;
    default:
        if (!add_file(r->profiles, &u->profile_count)) { return complain("--profile: more than 32 files:", optarg); }
        break;
    }
    return -1;
}

static const char **report_of(struct run *r, int c)
{
    switch (c) {
    case OPT_SUITE: return &r->suite_name;
    case OPT_BASELINE: return &r->baseline;
    case OPT_WRITE: return &r->write_baseline;
    case OPT_JUNIT: return &r->junit;
    case OPT_SARIF: return &r->sarif;
    case OPT_NAME: return &r->name;
    case OPT_ABOUT: return &r->about;
    case OPT_JSON: return &r->json;
    case OPT_HTML: return &r->html;
    case OPT_SO: return &r->so;
    default: return NULL;
    }
}

static int take_layers(struct run *r)
{
    bool all = !strcmp(optarg, "all");
    if (!all && !known_layers(optarg)) { return complain("--layers: not a list of bytes, xml, schema, type, rule, nor all:", optarg); }
    r->work.layers = all ? "bytes,xml,schema,type,rule" : optarg;
    return -1;
}

// -1: go on; else the exit status.
static int take_option(struct run *r, int c)
{
    struct wev_work *w = &r->work;
    const char **file = report_of(r, c);
    uint64_t n;
    if (file) {
        *file = optarg;
        return -1;
    }
    if (c >= OPT_UNITS && c <= OPT_PROFILE) { return take_units_option(r, c); }
    switch (c) {
    case OPT_LAYERS: return take_layers(r);
    case OPT_MANIFESTS: w->manifests = true; break;
    case OPT_PERSISTENT: w->persistent = true; break;
    case OPT_TIMEOUT:
        if (!seconds(optarg, &w->limits.seconds_100)) { return complain("--timeout: not 0.01 to 86400 seconds:", optarg); }
        break;
    case OPT_MEMORY:
        if (!number(optarg, 0, 1u << 30, &n)) { return complain("--memory: not a number of MB:", optarg); }
        w->limits.memory = n << 20;
        break;
    case OPT_REJECT:
        if (!wev_result_rejects(&w->rejects, optarg)) { return complain("--reject-exit: not statuses of 1 to 255 such as 1,10-20:", optarg); }
        break;
    case 'j':
        if (!number(optarg, 1, THREADS_MAX, &n)) { return complain("--threads: must be 1 to 256, not", optarg); }
        w->threads = (unsigned)n;
        break;
    case 'q': r->quiet = true; break;
    case OPT_VALUES:
        if (!known_values(optarg, &w->values)) { return complain("--values: not data, all or printed:", optarg); }
        break;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevcorpus: try run --help\n", stderr); return 2;
    }
    return -1;
}

// ---- the run

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int report(struct run *r, double spent)
{
    struct wev_outcome *outcomes = r->work.outcomes;
    struct wev_results results = {&r->suite, outcomes, r->name ? r->name : r->command, r->about, spent};
    const struct {
        const char *path;
        bool (*write)(const struct wev_results *, const char *, struct wev_error *);
    } files[] = {{r->json, wev_result_json}, {r->html, wev_result_html}, {r->junit, wev_result_junit}, {r->sarif, wev_result_sarif},
                 {r->write_baseline, wev_result_baseline}};
    struct wev_error e = {.code = WEV_OK};
    bool good = !r->baseline || wev_result_known(&r->suite, outcomes, r->baseline, &e);
    for (size_t k = 0; good && k < WEV_COUNT(files); k++) { good = !files[k].path || files[k].write(&results, files[k].path, &e); }
    if (!good) { return complain(e.text, NULL); }
    wev_result_table(&results, r->quiet);
    if (fflush(stdout) != 0) { return complain("cannot write the results", NULL); }
    int bad = 0;
    for (size_t k = 0; k < r->suite.count; k++) { bad |= outcomes[k].counted && !outcomes[k].known && wev_result_is_bad(&outcomes[k]); }
    return bad;
}

// The suite of the source folder, else the one that is installed beside this program.
static const char *find_suite(char *path, size_t cap)
{
    static const char ours[] = "corpus/seeds", program[] = "/bin/wevcorpus", share[] = "/share/wevgen/seeds";
    ssize_t n = readlink("/proc/self/exe", path, cap - 1);
    size_t root = n > (ssize_t)sizeof(program) ? (size_t)n - (sizeof(program) - 1) : 0;
    if (access(ours, F_OK) == 0 || !root || memcmp(path + root, program, sizeof(program) - 1) != 0 || cap - root < sizeof(share)) { return ours; }
    memcpy(path + root, share, sizeof(share));
    return path;
}

static bool load(struct run *r, struct wev_error *e)
{
    char found[4096];
    if (r->units.count) { return wev_units_load(&r->suite, &r->units, e); }
    return wev_suite_load(&r->suite, r->suite_name ? r->suite_name : find_suite(found, sizeof(found)), e);
}

// Whether the library and the symbol are there, before every case says so.
static bool can_call(struct run *r, struct wev_error *e)
{
    struct wev_child *child = malloc(sizeof(*child));
    snprintf(e->text, sizeof(e->text), "out of memory");
    bool good = child && wev_child_run(r->work.argv, "/dev/null", &r->work.limits, child, e);
    if (good && (child->end != WEV_CHILD_EXIT || child->code != 0) && !wev_result_sanitizer(child)) {
        good = false;
        size_t n = strcspn(child->err, "\n");
        snprintf(e->text, sizeof(e->text), "--so %.150s: %.*s", r->so, n ? (int)n : 20, n ? child->err : "it cannot be loaded");
    }
    free(child);
    return good;
}

static int run_suite(struct run *r)
{
    struct wev_work *w = &r->work;
    struct wev_error e = {.code = WEV_OK};
    struct sigaction end = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    if (!load(r, &e)) { return complain(e.text, NULL); }
    w->suite = &r->suite;
    w->outcomes = calloc(r->suite.count, sizeof(*w->outcomes));
    if (!w->outcomes) { return complain("out of memory", NULL); }
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGPIPE, &ignore, NULL); // a parser that died while it was written to
    if (r->so && !can_call(r, &e)) { return complain(e.text, NULL); }
    double from = now();
    if (!wev_work_run(w)) { return complain(w->error.text, NULL); }
    if (interrupted) { return complain("interrupted: no results were written", NULL), 130; }
    return report(r, now() - from);
}

// --so is this program again, which calls the symbol in a worker that it forks: a crash is that process's.
static int set_command(struct run *r, char **argv, char **call)
{
    struct wev_work *w = &r->work;
    size_t args = 0;
    if (r->suite_name && r->units.count) { return complain("--suite and --units exclude each other:", r->suite_name); }
    if (r->units_options && !r->units.count) { return complain("--seed, --class, --events, --schema and --profile say nothing without --units", NULL); }
    if (r->so) {
        if (!strchr(r->so, ':') || argv[0] || w->persistent) { return complain("--so is LIB.so:SYMBOL, and takes no CMD:", r->so); }
        call[3] = (char *)(uintptr_t)r->so;
        w->argv = call;
        w->persistent = true;
        snprintf(r->command, sizeof(r->command), "%s", r->so);
        return -1;
    }
    w->argv = argv;
    for (size_t n = 0; argv[args]; args++) {
        if (args == ARGS_MAX) { return complain("more than 250 arguments:", argv[args]); }
        if (w->persistent && !strcmp(argv[args], "@@")) { return complain("a CMD that stays is given no files:", argv[args]); }
        int more = n < sizeof(r->command) ? snprintf(r->command + n, sizeof(r->command) - n, "%s%s", args ? " " : "", argv[args]) : 0;
        n += more > 0 ? (size_t)more : 0;
    }
    return args ? -1 : complain("no CMD; try --help", NULL);
}

int wev_run_main(int argc, char **argv)
{
    static char self[] = "/proc/self/exe", name[] = "call", frames[] = "--frames";
    char *call[] = {self, name, frames, NULL, NULL};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct run *r = calloc(1, sizeof(*r));
    int c, status = -1;
    if (!r) { return complain("out of memory", NULL); }
    r->units = (struct wev_units_config){.seed = 1, .schemas = r->schemas, .profiles = r->profiles};
    r->work.layers = "bytes,xml";
    r->work.limits = (struct wev_child_limits){.seconds_100 = 500, .memory = 2048ull << 20, .output = OUTPUT_MAX};
    r->work.threads = processors > 0 && processors <= THREADS_MAX ? (unsigned)processors : 1;
    r->work.stop = r->work.limits.stop = &interrupted;
    wev_result_rejects(&r->work.rejects, "1");
    while (status < 0 && (c = getopt_long(argc, argv, "+j:q", options, NULL)) != -1) { status = take_option(r, c); }
    r->work.show = !r->quiet && isatty(STDERR_FILENO);
    if (status < 0) { status = set_command(r, argv + optind, call); }
    if (status < 0) { status = run_suite(r); }
    for (size_t k = 0; r->work.outcomes && k < r->suite.count; k++) { free(r->work.outcomes[k].said); }
    free(r->work.outcomes);
    wev_suite_free(&r->suite);
    free(r);
    return status;
}
