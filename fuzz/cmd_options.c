// The options of wevfuzz run and wevfuzz triage, and how a campaign that was asked for is run.
#include "fuzz/cmd_options.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char common_usage[] =
    "      --target WHAT    what is under test, as above\n"
    "  -j, --jobs N         at once (default: one a processor)\n"
    "      --baseline DIR   known buckets: they do not count as new\n"
    "      --timeout S      seconds for one input (default 5)\n"
    "      --memory MB      for a program without sanitizers (default 2048, 0: no limit)\n"
    "      --project LIST   prefixes of functions, parts of file names: the first such frame names the bucket (default: the first that is\n"
    "                       not the C library's, a sanitizer's or an engine's)\n"
    "      --minimise S     seconds to make an input smaller, 0: as it was found (default 10)\n"
    "      --keep           the inputs of new buckets go to tests/regress/NAME/\n"
    "      --junit FILE, --sarif FILE\n"
    "  -q, --quiet          the last line alone\n"
    "\n"
    "exit status: 0 nothing new, 1 a new bucket, 2 could not run\n";

enum {
    OPT_ENGINE = 256, OPT_TARGET, OPT_TIME, OPT_CORPUS, OPT_SYNC, OPT_BASELINE, OPT_TIMEOUT, OPT_MEMORY, OPT_PROJECT, OPT_TRIM, OPT_KEEP, OPT_SEED,
    OPT_RUNS, OPT_JUNIT, OPT_SARIF, OPT_HELP
};

static const struct option options[] = {
    {"engine", required_argument, NULL, OPT_ENGINE},   {"target", required_argument, NULL, OPT_TARGET},
    {"time", required_argument, NULL, OPT_TIME},       {"corpus", required_argument, NULL, OPT_CORPUS},
    {"sync", required_argument, NULL, OPT_SYNC},       {"baseline", required_argument, NULL, OPT_BASELINE},
    {"timeout", required_argument, NULL, OPT_TIMEOUT}, {"memory", required_argument, NULL, OPT_MEMORY},
    {"project", required_argument, NULL, OPT_PROJECT}, {"minimise", required_argument, NULL, OPT_TRIM},
    {"keep", no_argument, NULL, OPT_KEEP},             {"seed", required_argument, NULL, OPT_SEED},
    {"runs", required_argument, NULL, OPT_RUNS},       {"junit", required_argument, NULL, OPT_JUNIT},     {"sarif", required_argument, NULL, OPT_SARIF},
    {"jobs", required_argument, NULL, 'j'},            {"out", required_argument, NULL, 'o'},
    {"quiet", no_argument, NULL, 'q'},                 {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static const struct wev_engine *const engines[] = {&wev_engine_libfuzzer, &wev_engine_afl, &wev_engine_replay};

int wev_asked_complain(const struct wev_asked *a, const char *what, const char *value)
{
    fflush(stdout);
    fprintf(stderr, "wevfuzz: %s: %s%s%s%s\n", a->command, what, value ? " \"" : "", value ? value : "", value ? "\"" : "");
    return 2;
}

static bool number(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    return wev_span_u64(wev_span_of(text), out) && *out >= least && *out <= most;
}

static int take_engine(struct wev_asked *a, const char *name)
{
    for (size_t k = 0; k < WEV_COUNT(engines); k++) {
        if (strcmp(name, engines[k]->name) != 0) { continue; }
        a->c->engine = engines[k];
        a->any_engine = false;
        return -1;
    }
    return wev_asked_complain(a, "--engine: not libfuzzer, afl or replay:", name);
}

static bool is_of_run(int opt)
{
    return opt == OPT_ENGINE || opt == OPT_TIME || opt == OPT_CORPUS || opt == OPT_SYNC || opt == OPT_SEED || opt == OPT_RUNS;
}

// -1: go on; else the exit status.
static int take_option(struct wev_asked *a, int opt, const char *first_usage)
{
    struct wev_campaign *c = a->c;
    uint64_t n = 0;
    if (is_of_run(opt) && strcmp(a->command, "run") != 0) { return wev_asked_complain(a, "it runs no engine, so this has no meaning:", optarg); }
    switch (opt) {
    case OPT_ENGINE: return take_engine(a, optarg);
    case OPT_TARGET: a->target = optarg; break;
    case OPT_CORPUS: c->corpus = optarg; break;
    case OPT_SYNC: c->sync = optarg; break;
    case OPT_BASELINE: c->baseline = optarg; break;
    case OPT_PROJECT: c->project = optarg; break;
    case OPT_JUNIT: c->junit = optarg; break;
    case OPT_SARIF: c->sarif = optarg; break;
    case OPT_KEEP: c->keep = true; break;
    case 'o': a->out = optarg; break;
    case 'q': c->quiet = true; break;
    case 'j':
        if (!number(optarg, 1, WEV_WORKERS_MAX, &n)) { return wev_asked_complain(a, "--jobs: must be 1 to 64, not", optarg); }
        c->jobs = (unsigned)n;
        break;
    case OPT_TIME:
        if (!number(optarg, 1, 31536000, &n)) { return wev_asked_complain(a, "--time: not 1 to 31536000 seconds:", optarg); }
        c->seconds = (unsigned)n;
        break;
    case OPT_TIMEOUT:
        if (!number(optarg, 1, 3600, &n)) { return wev_asked_complain(a, "--timeout: not 1 to 3600 seconds:", optarg); }
        c->timeout = (unsigned)n;
        break;
    case OPT_MEMORY:
        if (!number(optarg, 0, 1u << 30, &c->memory_mb)) { return wev_asked_complain(a, "--memory: not a number of MB:", optarg); }
        break;
    case OPT_TRIM:
        if (!number(optarg, 0, 86400, &n)) { return wev_asked_complain(a, "--minimise: not 0 to 86400 seconds:", optarg); }
        c->trim_seconds = (unsigned)n;
        break;
    case OPT_SEED:
        if (!number(optarg, 0, UINT64_MAX, &c->seed)) { return wev_asked_complain(a, "--seed: not a number:", optarg); }
        break;
    case OPT_RUNS:
        if (!number(optarg, 1, UINT64_MAX, &c->runs)) { return wev_asked_complain(a, "--runs: not a number of executions:", optarg); }
        break;
    case OPT_HELP:
        fputs(first_usage, stdout);
        fputs(common_usage, stdout);
        return 0;
    default: fprintf(stderr, "wevfuzz: try %s --help\n", a->command); return 2;
    }
    return -1;
}

// Children run elsewhere, so our own names become absolute.
bool wev_asked_out(struct wev_asked *a, const char *fallback, struct wev_error *e)
{
    char path[PATH_MAX + 300], real[PATH_MAX];
    snprintf(path, sizeof(path), "%s", a->out ? a->out : fallback);
    if (!wev_folder(path, e)) { return false; }
    if (!realpath(path, real) || strlen(real) >= sizeof(a->c->out)) {
        snprintf(e->text, sizeof(e->text), "%.300s: %s", path, strerror(errno));
        return false;
    }
    memcpy(a->c->out, real, strlen(real) + 1);
    return true;
}

bool wev_asked_parts(struct wev_asked *a, struct wev_error *e)
{
    struct wev_campaign *c = a->c;
    enum wev_engine_kind kind = c->engine ? (enum wev_engine_kind)c->engine->kind : WEV_ENGINE_REPLAY;
    if (!wev_place_parts(&c->place, kind, c->dict, c->mutator, e)) { return false; }
    if (!c->keep || (c->place.root[0] && c->subject.kind == WEV_SUBJECT_HARNESS)) { return true; }
    if (c->place.root[0]) { // every folder there is a harness's, which replays it
        snprintf(e->text, sizeof(e->text), "--keep is for what tests/regress/ is replayed by, and %.64s is no harness", c->subject.name);
        return false;
    }
    snprintf(e->text, sizeof(e->text), "--keep writes to tests/regress/ of a source tree, and this program is not in one");
    return false;
}

static struct wev_campaign *running; // for the handler

static void on_signal(int number)
{
    (void)number;
    if (running->stop) { running->hurry = 1; }
    running->stop = 1;
}

static void *run(void *status)
{
    *(int *)status = wev_campaign_run(running);
    return NULL;
}

// Not in the first thread: what that has for children are orphans, and wev_child_run ends them.
int wev_asked_run(struct wev_campaign *c)
{
    pthread_t thread;
    int status = 2;
    struct sigaction action = {.sa_handler = on_signal};
    running = c;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_create(&thread, NULL, run, &status) != 0) { return fputs("wevfuzz: cannot start a thread\n", stderr), 2; }
    pthread_join(thread, NULL);
    return status;
}

struct wev_campaign *wev_asked_new(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct wev_campaign *c = calloc(1, sizeof(*c));
    if (!c) { return NULL; }
    c->jobs = processors > 0 && processors <= WEV_WORKERS_MAX ? (unsigned)processors : 1;
    c->timeout = 5;
    c->memory_mb = 2048;
    c->trim_seconds = 10;
    c->seed = 1;
    wev_place_find(&c->place);
    return c;
}

void wev_asked_free(struct wev_campaign *c)
{
    wev_subject_free(&c->subject);
    free(c);
}

int wev_asked_parse(struct wev_asked *a, int argc, char **argv, const char *first_usage)
{
    int c, status = -1;
    while (status < 0 && (c = getopt_long(argc, argv, "+j:o:q", options, NULL)) != -1) { status = take_option(a, c, first_usage); }
    return status;
}

