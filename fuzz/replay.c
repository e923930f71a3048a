// A main for a harness without a fuzzing engine: runs it on files and on the files of folders.
#include "fuzz/law.h"

#include "schema/base.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { INPUT_MAX = 64 << 20, SECONDS = 20 };

static const char usage[] =
    "usage: %s [--rate SECONDS] FILE|DIR...\n"
    "\n"
    "  Runs this harness on each file, and on each file of a folder, and says how many it ran. A law that does not hold\n"
    "  or a sanitizer's finding ends the run; the last line names the input. An input that takes 20 s ends it, too.\n"
    "\n"
    "      --rate SECONDS  goes on with the same inputs for so much CPU time and prints executions per second\n"
    "\n"
    "exit status: 0 every input ran, 2 usage or failure; else it ends by a signal, or as the sanitizer does\n";

// For the handler: async-signal-safe functions are all that it may use.
static const char *current = "";

static void on_signal(int number)
{
    static const char before[] = "replay: died on ", end[] = "\n";
    ssize_t ignored = write(STDERR_FILENO, before, sizeof(before) - 1);
    ignored += write(STDERR_FILENO, current, strlen(current));
    ignored += write(STDERR_FILENO, end, 1);
    (void)ignored;
    signal(number, SIG_DFL);
    raise(number);
}

static void watch(int number)
{
    struct sigaction before;
    if (!sigaction(number, NULL, &before) && before.sa_handler == SIG_DFL) { signal(number, on_signal); } // else a sanitizer's
}

struct input {
    char *path;
    struct wev_span bytes;
};

struct inputs {
    struct input *list;
    size_t count, cap;
};

static bool complain(const char *path, const char *why)
{
    fprintf(stderr, "replay: %s: %s\n", path, why);
    return false;
}

static bool add_file(struct inputs *in, const char *path)
{
    struct wev_error error;
    struct input one = {.path = strdup(path)};
    if (in->count == in->cap) {
        size_t cap = in->cap ? 2 * in->cap : 256;
        struct input *list = realloc(in->list, cap * sizeof(*list));
        if (!list) { free(one.path); return complain(path, "out of memory"); }
        in->list = list;
        in->cap = cap;
    }
    if (!one.path || !wev_file_read(path, INPUT_MAX, &one.bytes, &error)) {
        fprintf(stderr, "replay: %s\n", one.path ? error.text : "out of memory");
        free(one.path);
        return false;
    }
    in->list[in->count++] = one;
    return true;
}

// Not into folders of folders: that is what git and fuzzers keep beside.
static bool add_folder(struct inputs *in, const char *folder)
{
    struct dirent **names;
    bool ok = true;
    int n = scandir(folder, &names, NULL, alphasort);
    if (n < 0) { return complain(folder, "cannot be listed"); }
    for (int k = 0; k < n; k++) {
        char path[4096];
        struct stat st;
        snprintf(path, sizeof(path), "%.3000s/%.1000s", folder, names[k]->d_name);
        if (ok && names[k]->d_name[0] != '.' && !stat(path, &st) && S_ISREG(st.st_mode)) { ok = add_file(in, path); }
        free(names[k]);
    }
    free(names);
    return ok;
}

static void run(const struct input *in)
{
    current = in->path;
    alarm(SECONDS);
    LLVMFuzzerTestOneInput((const uint8_t *)in->bytes.p, in->bytes.n);
    alarm(0);
}

// Of CPU: what else the machine does is not this rate's.
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run_all(const struct inputs *in, double seconds)
{
    size_t runs = 0;
    double from = now(), took;
    do {
        for (size_t k = 0; k < in->count; k++) { run(&in->list[k]); }
        runs += in->count;
        took = now() - from;
    } while (took < seconds);
    if (seconds > 0) {
        printf("%zu executions in %.1f s of CPU, %.0f a second\n", runs, took, (double)runs / took);
    } else {
        printf("%zu inputs\n", runs);
    }
}

static void drop(struct inputs *in)
{
    for (size_t k = 0; k < in->count; k++) {
        free(in->list[k].path);
        free((char *)(uintptr_t)in->list[k].bytes.p);
    }
    free(in->list);
}

int main(int argc, char **argv)
{
    static const int deaths[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    struct inputs in = {.list = NULL};
    double seconds = 0;
    bool ok = true;
    int k = 1;
    if (argc > 1 && !strcmp(argv[1], "--help")) { return printf(usage, argv[0]) < 0 ? 2 : 0; }
    if (argc > 2 && !strcmp(argv[1], "--rate")) {
        seconds = strtod(argv[2], NULL);
        k = 3;
    }
    if (k == argc || argv[k][0] == '-' || (k == 3 && !(seconds > 0))) { return fprintf(stderr, usage, argv[0]), 2; }
    for (; ok && k < argc; k++) {
        struct stat st;
        ok = !stat(argv[k], &st) && S_ISDIR(st.st_mode) ? add_folder(&in, argv[k]) : add_file(&in, argv[k]);
    }
    if (ok && !in.count) { ok = complain(argv[argc - 1], "no inputs"); }
    for (size_t m = 0; m < WEV_COUNT(deaths); m++) { watch(deaths[m]); }
    if (ok) { run_all(&in, seconds); }
    drop(&in);
    return ok ? 0 : 2;
}
