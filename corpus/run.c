// wevcorpus run: any parser on a suite of documents, case by case.
#include "corpus/commands.h"
#include "corpus/result.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 256, OUTPUT_MAX = 64 << 20, COMMAND_MAX = 1000 };

struct run {
    const char *suite_name, *layers, *baseline, *write_baseline, *junit, *sarif, *json, *so;
    struct wev_child_limits limits;
    struct wev_rejects rejects;
    unsigned threads;
    bool quiet;
    char **argv;
    char command[COMMAND_MAX];
    struct wev_suite suite;
    struct wev_outcome *outcomes;
    // shared by the threads
    atomic_size_t next, done;
    atomic_bool failed;
    pthread_mutex_t lock; // guards error
    struct wev_error error;
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
    "  {\"header\": {...}, \"data\": {...}} is held to the values of that. SYMBOL is int f(const uint8_t *, size_t), 0 accepts.\n"
    "\n"
    "      --suite DIR          documents and index.jsonl, or files named y_, n_, i_ (default corpus/seeds, or installed)\n"
    "      --layers L,...       what the parser answers for: bytes, xml, schema, type, rule (default bytes,xml)\n"
    "      --timeout S          seconds for one document, such as 0.5 (default 5)\n"
    "      --memory MB          address space, 0 for no limit, which sanitizers need (default 2048)\n"
    "      --reject-exit CODES  such as 1,2,10-20 (default 1)\n"
    "  -j, --threads N          parsers at once (default: one a processor)\n"
    "      --baseline FILE      known failures; only new ones count\n"
    "      --write-baseline FILE, --json FILE, --junit FILE, --sarif FILE\n"
    "  -q, --quiet              the last line alone\n"
    "\n"
    "exit status: 0 no (new) failure, 1 some, 2 could not run\n";

static int complain(const char *what, const char *value)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: run: %s%s%s%s\n", what, value ? " \"" : "", value ? value : "", value ? "\"" : "");
    return 2;
}

// ---- options

enum { OPT_SUITE = 256, OPT_LAYERS, OPT_TIMEOUT, OPT_MEMORY, OPT_REJECT, OPT_BASELINE, OPT_WRITE, OPT_JUNIT, OPT_SARIF, OPT_JSON, OPT_SO, OPT_HELP };

static const struct option options[] = {
    {"suite", required_argument, NULL, OPT_SUITE},       {"layers", required_argument, NULL, OPT_LAYERS},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},   {"memory", required_argument, NULL, OPT_MEMORY},
    {"reject-exit", required_argument, NULL, OPT_REJECT}, {"baseline", required_argument, NULL, OPT_BASELINE},
    {"write-baseline", required_argument, NULL, OPT_WRITE}, {"junit", required_argument, NULL, OPT_JUNIT},
    {"sarif", required_argument, NULL, OPT_SARIF},       {"json", required_argument, NULL, OPT_JSON},
    {"so", required_argument, NULL, OPT_SO},             {"threads", required_argument, NULL, 'j'},
    {"quiet", no_argument, NULL, 'q'},                   {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
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

static bool has_layer(const char *list, const char *layer)
{
    size_t n = strlen(layer);
    for (const char *p = list; n && (p = strstr(p, layer)) != NULL; p += n) {
        if ((p == list || p[-1] == ',') && (p[n] == ',' || !p[n])) { return true; }
    }
    return false;
}

// -1: go on; else the exit status.
static int take_option(struct run *r, int c)
{
    uint64_t n;
    switch (c) {
    case OPT_SUITE: r->suite_name = optarg; break;
    case OPT_LAYERS:
        if (!known_layers(optarg)) { return complain("--layers: not a list of bytes, xml, schema, type, rule:", optarg); }
        r->layers = optarg;
        break;
    case OPT_TIMEOUT:
        if (!seconds(optarg, &r->limits.seconds_100)) { return complain("--timeout: not 0.01 to 86400 seconds:", optarg); }
        break;
    case OPT_MEMORY:
        if (!wev_span_u64(wev_span_of(optarg), &n) || n > 1u << 30) { return complain("--memory: not a number of MB:", optarg); }
        r->limits.memory = n << 20;
        break;
    case OPT_REJECT:
        if (!wev_result_rejects(&r->rejects, optarg)) { return complain("--reject-exit: not statuses of 1 to 255 such as 1,10-20:", optarg); }
        break;
    case OPT_BASELINE: r->baseline = optarg; break;
    case OPT_WRITE: r->write_baseline = optarg; break;
    case OPT_JUNIT: r->junit = optarg; break;
    case OPT_SARIF: r->sarif = optarg; break;
    case OPT_JSON: r->json = optarg; break;
    case OPT_SO: r->so = optarg; break;
    case 'j':
        if (!wev_span_u64(wev_span_of(optarg), &n) || n < 1 || n > THREADS_MAX) { return complain("--threads: must be 1 to 256, not", optarg); }
        r->threads = (unsigned)n;
        break;
    case 'q': r->quiet = true; break;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevcorpus: try run --help\n", stderr); return 2;
    }
    return -1;
}

// ---- the run

static void give_up(struct run *r, const struct wev_error *e)
{
    pthread_mutex_lock(&r->lock);
    if (!r->failed) { r->error = *e; }
    r->failed = true;
    pthread_mutex_unlock(&r->lock);
}

static void *work(void *arg)
{
    struct run *r = arg;
    struct wev_error e = {.code = WEV_OK};
    struct wev_child *child = malloc(sizeof(*child));
    size_t k;
    if (!child) {
        snprintf(e.text, sizeof(e.text), "out of memory");
        give_up(r, &e);
        return NULL;
    }
    while (!r->failed && !interrupted && (k = atomic_fetch_add(&r->next, 1)) < r->suite.count) {
        const struct wev_case *c = &r->suite.cases[k];
        bool good = wev_child_run(r->argv, c->path, &r->limits, child, &e);
        if (good && !wev_result_of(c, child, &r->rejects, &r->outcomes[k])) {
            good = false;
            snprintf(e.text, sizeof(e.text), "out of memory");
        }
        if (!good) { give_up(r, &e); }
        r->outcomes[k].counted = c->verdict == 'y' || (c->verdict == 'n' && has_layer(r->layers, c->layer)) ||
                                 r->outcomes[k].kind == WEV_RESULT_CRASH || r->outcomes[k].kind == WEV_RESULT_TIMEOUT;
        atomic_fetch_add(&r->done, 1);
    }
    free(child);
    return NULL;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void show_progress(struct run *r)
{
    while (r->done < r->suite.count && !r->failed && !interrupted) {
        struct timespec nap = {0, 200000000};
        fprintf(stderr, "\r%zu of %zu documents ", (size_t)r->done, r->suite.count);
        nanosleep(&nap, NULL);
    }
    fputs("\r\033[K", stderr);
}

static void run_all(struct run *r)
{
    pthread_t threads[THREADS_MAX];
    unsigned started = 0;
    wev_child_begin();
    while (started < r->threads && pthread_create(&threads[started], NULL, work, r) == 0) { started++; }
    if (!started) { work(r); }
    if (!r->quiet && isatty(STDERR_FILENO)) { show_progress(r); }
    for (unsigned k = 0; k < started; k++) { pthread_join(threads[k], NULL); }
    wev_child_finish();
}

static int report(struct run *r, double spent)
{
    struct wev_results results = {&r->suite, r->outcomes, r->command, spent};
    struct wev_error e = {.code = WEV_OK};
    bool good = !r->baseline || wev_result_known(&r->suite, r->outcomes, r->baseline, &e);
    good = good && (!r->json || wev_result_json(&results, r->json, &e)) && (!r->junit || wev_result_junit(&results, r->junit, &e)) &&
           (!r->sarif || wev_result_sarif(&results, r->sarif, &e)) && (!r->write_baseline || wev_result_baseline(&results, r->write_baseline, &e));
    if (!good) { return complain(e.text, NULL); }
    wev_result_table(&results, r->quiet);
    if (fflush(stdout) != 0) { return complain("cannot write the results", NULL); }
    int bad = 0;
    for (size_t k = 0; k < r->suite.count; k++) { bad |= r->outcomes[k].counted && !r->outcomes[k].known && wev_result_is_bad(&r->outcomes[k]); }
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

static int run_suite(struct run *r)
{
    char found[4096];
    struct wev_error e = {.code = WEV_OK};
    struct sigaction end = {.sa_handler = on_signal};
    if (!r->suite_name) { r->suite_name = find_suite(found, sizeof(found)); }
    if (!wev_suite_load(&r->suite, r->suite_name, &e)) { return complain(e.text, NULL); }
    r->outcomes = calloc(r->suite.count, sizeof(*r->outcomes));
    if (!r->outcomes) { return complain("out of memory", NULL); }
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    double from = now();
    run_all(r);
    if (r->failed) { return complain(r->error.text, NULL); }
    if (interrupted) { return complain("interrupted: no results were written", NULL), 130; }
    return report(r, now() - from);
}

// --so is this program again, which calls the symbol: its crash is another process's.
static bool set_command(struct run *r, char **argv, char **call)
{
    if (r->so) {
        call[2] = (char *)(uintptr_t)r->so;
        r->argv = call;
        snprintf(r->command, sizeof(r->command), "%s", r->so);
        return strchr(r->so, ':') && !argv[0];
    }
    r->argv = argv;
    for (size_t k = 0, n = 0; argv[k] && n < sizeof(r->command); k++) {
        int more = snprintf(r->command + n, sizeof(r->command) - n, "%s%s", k ? " " : "", argv[k]);
        n += more > 0 ? (size_t)more : 0;
    }
    return argv[0] != NULL;
}

int wev_run_main(int argc, char **argv)
{
    static char self[] = "/proc/self/exe", name[] = "call";
    char *call[] = {self, name, NULL, NULL};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct run *r = calloc(1, sizeof(*r));
    int c, status = -1;
    if (!r) { return complain("out of memory", NULL); }
    r->layers = "bytes,xml";
    r->limits = (struct wev_child_limits){.seconds_100 = 500, .memory = 2048ull << 20, .output = OUTPUT_MAX};
    r->threads = processors > 0 && processors <= THREADS_MAX ? (unsigned)processors : 1;
    wev_result_rejects(&r->rejects, "1");
    pthread_mutex_init(&r->lock, NULL);
    while (status < 0 && (c = getopt_long(argc, argv, "+j:q", options, NULL)) != -1) { status = take_option(r, c); }
    if (status < 0 && !set_command(r, argv + optind, call)) {
        status = complain(r->so ? "--so is LIB.so:SYMBOL, and takes no CMD:" : "no CMD; try --help", r->so);
    }
    if (status < 0) { status = run_suite(r); }
    for (size_t k = 0; r->outcomes && k < r->suite.count; k++) { free(r->outcomes[k].said); }
    free(r->outcomes);
    wev_suite_free(&r->suite);
    pthread_mutex_destroy(&r->lock);
    free(r);
    return status;
}
