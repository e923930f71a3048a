// wevfuzz run: the engine that fits, and what is under test.
#include "fuzz/cmd.h"
#include "fuzz/cmd_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char run_usage[] =
    "usage: wevfuzz run [OPTIONS] --target NAME | LIB.so:SYMBOL\n"
    "       wevfuzz run [OPTIONS] -- CMD [ARGS]\n"
    "\n"
    "  NAME is a harness of ours (fuzz/fuzz_NAME.c); SYMBOL is int f(const uint8_t *, size_t), of a shared object as it is; CMD is\n"
    "  any program, which reads standard input, or a file where an argument is @@. What is missing is built in a source tree.\n"
    "  It ends by time, runs or ^C, makes the inputs smaller (a second ^C does not wait for that), and prints the buckets.\n"
    "\n"
    "      --engine E       libfuzzer, afl or replay: our own inputs, no coverage, any program (default: the best there is)\n"
    "      --time S         seconds (default: until ^C)\n"
    "      --runs N         executions: exactly so many of the replay engine, at least so many of the others (default: any number)\n"
    "      --corpus DIR     what to start from, never written to (default corpus/seeds, or installed)\n"
    "  -o, --out DIR        buckets/, crashes/, corpus/, log/ (default build/campaign/NAME, outside a source tree wevfuzz-NAME)\n"
    "      --sync DIR       AFL++: a directory shared with other instances and machines\n"
    "      --seed N         of the replay engine (default 1)\n";

// The engine that fits: libFuzzer calls functions, AFL++ programs of its own, our own runs everything.
static const struct wev_engine *choose(const struct wev_asked *a, char **argv)
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

static bool set_sync(struct wev_asked *a, struct wev_error *e)
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

static void say_coverage(const struct wev_campaign *c)
{
    if (c->quiet || c->engine == &wev_engine_replay || c->subject.kind == WEV_SUBJECT_HARNESS || c->subject.covered) { return; }
    const char *how = c->engine == &wev_engine_afl ? "build it with afl-clang-fast" : "build it with clang -fsanitize=fuzzer-no-link,address";
    fprintf(stderr, "wevfuzz: %s has no coverage of this engine, which then works blind: %s\n", c->subject.name, how);
}

int wev_fuzz_run_main(int argc, char **argv)
{
    struct wev_campaign *c = wev_asked_new();
    struct wev_asked a = {.c = c, .command = "run", .any_engine = true};
    struct wev_error e = {.code = WEV_OK};
    char fallback[PATH_MAX + 300];
    if (!c) { return wev_asked_complain(&a, "out of memory", NULL); }
    int status = wev_asked_parse(&a, argc, argv, run_usage);
    char **command = argv + optind;
    if (status < 0 && !a.target == !command[0]) {
        status = wev_asked_complain(&a, a.target ? "--target and a program behind -- are two targets:" : "no target; try --help", a.target ? command[0] : NULL);
    }
    if (status < 0 && a.any_engine) { c->engine = choose(&a, command); }
    if (status < 0 && !wev_subject_find(&c->subject, &c->place, a.target, command, c->engine->kind, &e)) { status = wev_asked_complain(&a, e.text, NULL); }
    if (status < 0) {
        snprintf(fallback, sizeof(fallback), "%s%s%s", c->place.root[0] ? c->place.root : "wevfuzz-", c->place.root[0] ? "/build/campaign/" : "",
                 c->subject.name);
        bool good = wev_asked_parts(&a, &e) && set_sync(&a, &e) && wev_asked_out(&a, fallback, &e);
        status = good ? -1 : wev_asked_complain(&a, e.text, NULL);
    }
    if (status < 0) {
        say_coverage(c);
        status = wev_asked_run(c);
    }
    wev_asked_free(c);
    return status;
}
