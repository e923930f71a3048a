// wevfuzz run and wevfuzz triage: their options, and what is under test.
#include "fuzz/campaign.h"
#include "fuzz/cmd.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char run_usage[] =
    "usage: wevfuzz run [OPTIONS] --target NAME | LIB.so:SYMBOL\n"
    "       wevfuzz run [OPTIONS] -- CMD [ARGS]\n"
    "\n"
    "  NAME is a harness of ours (fuzz/fuzz_NAME.c); SYMBOL is int f(const uint8_t *, size_t), of a shared object as it is; CMD is\n"
    "  any program, which reads standard input, or a file where an argument is @@. What is missing is built in a source tree.\n"
    "  It ends by time or by ^C, makes the inputs smaller (a second ^C does not wait for that), and prints the buckets.\n"
    "\n"
    "      --engine E       libfuzzer, afl or replay: our own inputs, no coverage, any program (default: the best there is)\n"
    "  -j, --jobs N         at once (default: one a processor)\n"
    "      --time S         seconds (default: until ^C)\n"
    "      --corpus DIR     what to start from, never written to (default corpus/seeds, or installed)\n"
    "  -o, --out DIR        buckets/, crashes/, corpus/, log/ (default build/campaign/NAME, outside a source tree wevfuzz-NAME)\n"
    "      --sync DIR       AFL++: a directory shared with other instances and machines\n";

static const char triage_usage[] =
    "usage: wevfuzz triage [OPTIONS] DIR [--target NAME | LIB.so:SYMBOL]\n"
    "       wevfuzz triage [OPTIONS] DIR -- CMD [ARGS]\n"
    "\n"
    "  Runs what any fuzzer left under DIR (crash-*, leak-*, oom-*, timeout-*, AFL++'s crashes/id:* and hangs/id:*) and sorts it\n"
    "  into one bucket a bug. Without a target it is the one that AFL++ wrote down beside it.\n"
    "\n"
    "  -o, --out DIR        (default DIR-triage)\n";

static const char common_usage[] =
    "      --baseline DIR   known buckets: they do not count as new\n"
    "      --timeout S      seconds for one input (default 5)\n"
    "      --memory MB      for a program without sanitizers (default 2048, 0: no limit)\n"
    "      --project LIST   prefixes of functions, parts of file names: the first such frame names the bucket (default: the first that is\n"
    "                       not the C library's, a sanitizer's or an engine's)\n"
    "      --minimise S     seconds to make an input smaller, 0: as it was found (default 10)\n"
    "      --keep           the inputs of new buckets go to tests/regress/NAME/\n"
    "      --seed N         of the replay engine (default 1)\n"
    "      --junit FILE, --sarif FILE\n"
    "  -q, --quiet          the last line alone\n"
    "\n"
    "exit status: 0 nothing new, 1 a new bucket, 2 could not run\n";

enum {
    OPT_ENGINE = 256, OPT_TARGET, OPT_TIME, OPT_CORPUS, OPT_SYNC, OPT_BASELINE, OPT_TIMEOUT, OPT_MEMORY, OPT_PROJECT, OPT_TRIM, OPT_KEEP, OPT_SEED,
    OPT_JUNIT, OPT_SARIF, OPT_HELP
};

static const struct option options[] = {
    {"engine", required_argument, NULL, OPT_ENGINE},   {"target", required_argument, NULL, OPT_TARGET},
    {"time", required_argument, NULL, OPT_TIME},       {"corpus", required_argument, NULL, OPT_CORPUS},
    {"sync", required_argument, NULL, OPT_SYNC},       {"baseline", required_argument, NULL, OPT_BASELINE},
    {"timeout", required_argument, NULL, OPT_TIMEOUT}, {"memory", required_argument, NULL, OPT_MEMORY},
    {"project", required_argument, NULL, OPT_PROJECT}, {"minimise", required_argument, NULL, OPT_TRIM},
    {"keep", no_argument, NULL, OPT_KEEP},             {"seed", required_argument, NULL, OPT_SEED},
    {"junit", required_argument, NULL, OPT_JUNIT},     {"sarif", required_argument, NULL, OPT_SARIF},
    {"jobs", required_argument, NULL, 'j'},            {"out", required_argument, NULL, 'o'},
    {"quiet", no_argument, NULL, 'q'},                 {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static const struct wev_engine *const engines[] = {&wev_engine_libfuzzer, &wev_engine_afl, &wev_engine_replay};

struct asked {
    struct wev_campaign *c;
    const char *command; // "run", "triage"
    const char *target, *out;
    bool any_engine;
};

static struct wev_campaign *running; // for the handler

static void on_signal(int number)
{
    (void)number;
    if (running->stop) { running->hurry = 1; }
    running->stop = 1;
}

static int complain(const struct asked *a, const char *what, const char *value)
{
    fflush(stdout);
    fprintf(stderr, "wevfuzz: %s: %s%s%s%s\n", a->command, what, value ? " \"" : "", value ? value : "", value ? "\"" : "");
    return 2;
}

static bool number(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    return wev_span_u64(wev_span_of(text), out) && *out >= least && *out <= most;
}

static int take_engine(struct asked *a, const char *name)
{
    for (size_t k = 0; k < WEV_COUNT(engines); k++) {
        if (strcmp(name, engines[k]->name) != 0) { continue; }
        a->c->engine = engines[k];
        a->any_engine = false;
        return -1;
    }
    return complain(a, "--engine: not libfuzzer, afl or replay:", name);
}

// -1: go on; else the exit status.
static int take_option(struct asked *a, int opt, const char *first_usage)
{
    struct wev_campaign *c = a->c;
    uint64_t n = 0;
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
        if (!number(optarg, 1, WEV_WORKERS_MAX, &n)) { return complain(a, "--jobs: must be 1 to 64, not", optarg); }
        c->jobs = (unsigned)n;
        break;
    case OPT_TIME:
        if (!number(optarg, 1, 31536000, &n)) { return complain(a, "--time: not 1 to 31536000 seconds:", optarg); }
        c->seconds = (unsigned)n;
        break;
    case OPT_TIMEOUT:
        if (!number(optarg, 1, 3600, &n)) { return complain(a, "--timeout: not 1 to 3600 seconds:", optarg); }
        c->timeout = (unsigned)n;
        break;
    case OPT_MEMORY:
        if (!number(optarg, 0, 1u << 30, &c->memory_mb)) { return complain(a, "--memory: not a number of MB:", optarg); }
        break;
    case OPT_TRIM:
        if (!number(optarg, 0, 86400, &n)) { return complain(a, "--minimise: not 0 to 86400 seconds:", optarg); }
        c->trim_seconds = (unsigned)n;
        break;
    case OPT_SEED:
        if (!number(optarg, 0, UINT64_MAX, &c->seed)) { return complain(a, "--seed: not a number:", optarg); }
        break;
    case OPT_HELP:
        fputs(first_usage, stdout);
        fputs(common_usage, stdout);
        return 0;
    default: fprintf(stderr, "wevfuzz: try %s --help\n", a->command); return 2;
    }
    return -1;
}

// The engine that fits: libFuzzer calls functions, AFL++ programs of its own, our own runs everything.
static const struct wev_engine *choose(const struct asked *a, char **argv)
{
    static const char *const libfuzzer[] = {"ERROR: libFuzzer: ", NULL}, *const afl[] = {"__AFL_SHM_ID", NULL};
    char path[PATH_MAX];
    bool clang = wev_subject_program("clang", path);
    if (a->target) {
        bool built = !a->c->place.root[0] && wev_place_file(&a->c->place, "", "libexec/wevgen/libfuzzer/call", path, sizeof(path));
        return clang || built ? &wev_engine_libfuzzer : wev_subject_program("afl-clang-fast", path) ? &wev_engine_afl : &wev_engine_replay;
    }
    if (wev_subject_holds(argv[0], libfuzzer)) { return &wev_engine_libfuzzer; }
    return wev_subject_holds(argv[0], afl) && wev_subject_program("afl-fuzz", path) ? &wev_engine_afl : &wev_engine_replay;
}

// Children run elsewhere, so our own names become absolute.
static bool set_out(struct asked *a, const char *fallback, struct wev_error *e)
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

static bool set_sync(struct asked *a, struct wev_error *e)
{
    static char real[PATH_MAX];
    if (!a->c->sync) { return true; }
    if (a->c->engine != &wev_engine_afl) {
        snprintf(e->text, sizeof(e->text), "--sync is AFL++'s directory: it needs --engine afl");
        return false;
    }
    if (!wev_folder(a->c->sync, e) || !realpath(a->c->sync, real)) { return false; }
    a->c->sync = real;
    return true;
}

static bool find_parts(struct asked *a, struct wev_error *e)
{
    struct wev_campaign *c = a->c;
    enum wev_engine_kind kind = c->engine ? (enum wev_engine_kind)c->engine->kind : WEV_ENGINE_REPLAY;
    if (!wev_place_parts(&c->place, kind, c->dict, c->mutator, e)) { return false; }
    if (!c->keep || c->place.root[0]) { return true; }
    snprintf(e->text, sizeof(e->text), "--keep writes to tests/regress/ of a source tree, and this program is not in one");
    return false;
}

static void say_coverage(const struct wev_campaign *c)
{
    if (c->quiet || c->engine == &wev_engine_replay || c->subject.kind == WEV_SUBJECT_HARNESS || c->subject.covered) { return; }
    const char *how = c->engine == &wev_engine_afl ? "build it with afl-clang-fast" : "build it with clang -fsanitize=fuzzer-no-link,address";
    fprintf(stderr, "wevfuzz: %s has no coverage of this engine, which then works blind: %s\n", c->subject.name, how);
}

static void *run(void *status)
{
    *(int *)status = wev_campaign_run(running);
    return NULL;
}

// Not in the first thread: what that has for children are orphans, and wev_child_run ends them.
static int begin(struct wev_campaign *c)
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

static struct wev_campaign *new_campaign(void)
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

static void free_campaign(struct wev_campaign *c)
{
    wev_subject_free(&c->subject);
    free(c);
}

static int parse(struct asked *a, int argc, char **argv, const char *first_usage)
{
    int c, status = -1;
    while (status < 0 && (c = getopt_long(argc, argv, "+j:o:q", options, NULL)) != -1) { status = take_option(a, c, first_usage); }
    return status;
}

int wev_fuzz_run_main(int argc, char **argv)
{
    struct wev_campaign *c = new_campaign();
    struct asked a = {.c = c, .command = "run", .any_engine = true};
    struct wev_error e = {.code = WEV_OK};
    char fallback[PATH_MAX + 300];
    if (!c) { return complain(&a, "out of memory", NULL); }
    int status = parse(&a, argc, argv, run_usage);
    char **command = argv + optind;
    if (status < 0 && !a.target == !command[0]) {
        status = complain(&a, a.target ? "--target and a program behind -- are two targets:" : "no target; try --help", a.target ? command[0] : NULL);
    }
    if (status < 0 && a.any_engine) { c->engine = choose(&a, command); }
    if (status < 0 && !wev_subject_find(&c->subject, &c->place, a.target, command, c->engine->kind, &e)) { status = complain(&a, e.text, NULL); }
    if (status < 0) {
        snprintf(fallback, sizeof(fallback), "%s%s%s", c->place.root[0] ? c->place.root : "wevfuzz-", c->place.root[0] ? "/build/campaign/" : "",
                 c->subject.name);
        bool good = find_parts(&a, &e) && set_sync(&a, &e) && set_out(&a, fallback, &e);
        status = good ? -1 : complain(&a, e.text, NULL);
    }
    if (status < 0) {
        say_coverage(c);
        status = begin(c);
    }
    free_campaign(c);
    return status;
}

// ---- triage

// What lies under DIR, to three folders deep: links in out/crashes would do, but copies outlive DIR.
static bool collect(struct wev_campaign *c, const char *folder, unsigned depth, size_t *count, struct wev_error *e);

// The command that AFL++ wrote down: one word a line.
static bool afl_command(const char *folder, char **argv, char *room, size_t cap)
{
    static const char *const places[] = {"cmdline", "default/cmdline", "main/cmdline", "../cmdline"};
    for (size_t k = 0; k < WEV_COUNT(places); k++) {
        char path[PATH_MAX];
        struct wev_span text;
        struct wev_error ignored;
        snprintf(path, sizeof(path), "%.3900s/%s", folder, places[k]);
        if (!wev_file_read(path, cap - 1, &text, &ignored)) { continue; }
        memcpy(room, text.p, text.n);
        room[text.n] = 0;
        free((char *)(uintptr_t)text.p);
        size_t n = 0;
        for (char *p = room, *end; n < WEV_SUBJECT_ARGS && *p; p = end + 1) {
            end = strchrnul(p, '\n');
            bool last = !*end;
            *end = 0;
            if (*p) { argv[n++] = p; }
            if (last) { break; }
        }
        argv[n] = NULL;
        return n > 0;
    }
    return false;
}

#include "gen/choice.h"
#include "gen/sink.h"

#include <dirent.h>

static bool take_find(struct wev_campaign *c, const char *path, size_t *count, struct wev_error *e)
{
    struct wev_span bytes;
    if (!wev_file_read(path, 64 << 20, &bytes, e)) { return false; }
    bool good = wev_campaign_found(c, bytes, e);
    free((char *)(uintptr_t)bytes.p);
    *count += good;
    return good;
}

static bool collect(struct wev_campaign *c, const char *folder, unsigned depth, size_t *count, struct wev_error *e)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort);
    if (n < 0) { return snprintf(e->text, sizeof(e->text), "%.300s: %s", folder, strerror(errno)), false; }
    bool good = true;
    for (int k = 0; k < n; k++) {
        char path[PATH_MAX + 300];
        struct stat st;
        const char *name = names[k]->d_name;
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        bool queue = !strcmp(name, "queue") || !strcmp(name, "corpus") || !strcmp(name, "seeds");
        if (good && name[0] != '.' && lstat(path, &st) == 0) {
            if (S_ISDIR(st.st_mode) && depth && !queue) { good = collect(c, path, depth - 1, count, e); }
            if (S_ISREG(st.st_mode) && wev_campaign_is_find(name)) { good = take_find(c, path, count, e); }
        }
        free(names[k]);
    }
    free(names);
    return good;
}

static bool gather(struct asked *a, const char *dir, struct wev_error *e)
{
    char path[PATH_MAX];
    size_t count = 0;
    snprintf(path, sizeof(path), "%s/crashes", a->c->out);
    if (!wev_folder(path, e) || !collect(a->c, dir, 4, &count, e)) { return false; }
    a->c->to_sort = count;
    if (count) { return true; }
    snprintf(e->text, sizeof(e->text), "%.300s: no crash-*, leak-*, oom-*, timeout-* or id:* in it", dir);
    return false;
}

static int triage(struct asked *a, const char *dir, char **command)
{
    struct wev_campaign *c = a->c;
    char *written[WEV_SUBJECT_ARGS + 1], fallback[PATH_MAX + 300];
    static char room[65536];
    struct wev_error e = {.code = WEV_OK};
    if (!a->target && !command[0]) {
        if (!afl_command(dir, written, room, sizeof(room))) {
            return complain(a, "no target: give --target, or the program behind --; no cmdline of AFL++ in", dir);
        }
        command = written;
        fprintf(stderr, "wevfuzz: the target is %s, as AFL++ wrote down\n", command[0]);
    }
    if (!wev_subject_find(&c->subject, &c->place, a->target, command, WEV_ENGINE_REPLAY, &e)) { return complain(a, e.text, NULL); }
    size_t n = strlen(dir);
    while (n > 1 && dir[n - 1] == '/') { n--; }
    snprintf(fallback, sizeof(fallback), "%.*s-triage", (int)n, dir);
    if (!find_parts(a, &e) || !set_out(a, fallback, &e) || !gather(a, dir, &e)) { return complain(a, e.text, NULL); }
    return begin(c);
}

int wev_fuzz_triage_main(int argc, char **argv)
{
    struct wev_campaign *c = new_campaign();
    struct asked a = {.c = c, .command = "triage"};
    if (!c) { return complain(&a, "out of memory", NULL); }
    int status = parse(&a, argc, argv, triage_usage);
    const char *dir = argv[optind];
    if (status < 0 && !dir) { status = complain(&a, "no DIR; try --help", NULL); }
    if (status < 0) {
        bool ended = !strcmp(argv[optind - 1], "--"); // options may stand behind DIR, too
        optind++;
        if (!ended && argv[optind] && argv[optind][0] == '-') { status = parse(&a, argc, argv, triage_usage); }
    }
    if (status < 0) { status = triage(&a, dir, argv + optind); }
    free_campaign(c);
    return status;
}
