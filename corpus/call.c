// wevcorpus call: a function of a shared object on the document at standard input, or, for run --so, on frames of it.
#include "corpus/commands.h"
#include "corpus/frames.h"

#include <dlfcn.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: %s call [--frames] LIB.so:SYMBOL\n"
    "\n"
    "  Calls int SYMBOL(const uint8_t *, size_t) on the document at standard input. Exit status: 0 it gave 0, 1 it did not,\n"
    "  125 it could not be called.\n"
    "\n"
    "      --frames   many documents, each as its length in decimal, LF, and its bytes; a line of answer to each. A worker\n"
    "                 is forked that serves until it dies, then the next; what SYMBOL prints goes to standard error.\n"
    "      --help\n";

static const char *program = "wevcorpus"; // wevfuzz has this command, too

static int complain(const char *what, const char *value)
{
    fprintf(stderr, "%s: call: %s \"%s\"\n", program, what, value);
    return WEV_CALL_CANNOT;
}

typedef int (*entry)(const uint8_t *, size_t);

static entry find(char *where)
{
    char *colon = strrchr(where, ':');
    entry f = NULL;
    if (!colon) {
        complain("wanted LIB.so:SYMBOL, not", where);
        return NULL;
    }
    *colon = 0;
    void *lib = dlopen(where, RTLD_NOW | RTLD_LOCAL);
    if (!lib) {
        complain("cannot load", dlerror());
        return NULL;
    }
    void *symbol = dlsym(lib, colon + 1);
    *colon = ':';
    if (!symbol) { complain("has no such symbol:", where); }
    memcpy(&f, &symbol, sizeof(f)); // ISO C has no cast from object to function
    return f;
}

// The document in memory of its own size, so that a sanitizer or a guard page sees who reads on.
static int call(entry f, const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy) { return complain("no memory for", "a document"); }
    if (n) { memcpy(copy, p, n); }
    int status = f(copy, n) != 0;
    free(copy);
    return status;
}

static int call_once(entry f)
{
    struct wev_input in = {NULL, 0, 0};
    ssize_t got;
    while ((got = wev_input_more(&in)) > 0) {}
    int status = got < 0 ? complain("cannot read", "standard input") : call(f, in.p, in.n);
    free(in.p);
    return status;
}

static int answer(void *context, const uint8_t *p, size_t n, int answers)
{
    static const char *const words[] = {"accept\n", "reject\n"};
    entry f;
    memcpy(&f, context, sizeof(f));
    int status = call(f, p, n);
    if (status == WEV_CALL_CANNOT) { return status; }
    fflush(stdout);
    return write(answers, words[status], strlen(words[status])) < 0 ? WEV_CALL_CANNOT : 0;
}

static int call_many(entry f)
{
    char who[40];
    snprintf(who, sizeof(who), "%.20s: call", program);
    return wev_frames_serve(&(struct wev_frames){.who = who, .cannot = WEV_CALL_CANNOT, .answer = answer, .context = &f});
}

int wev_call_main(int argc, char **argv)
{
    static const struct option options[] = {{"frames", no_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    bool frames = false;
    int c;
    program = argv[0];
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'f') { frames = true; }
        if (c == 'h') { return printf(usage, program) < 0 ? WEV_CALL_CANNOT : 0; }
        if (c == '?') { return complain("try", "call --help"); }
    }
    if (optind + 1 != argc) { return complain("wanted LIB.so:SYMBOL, not", optind < argc ? argv[optind + 1] : ""); }
    entry f = find(argv[optind]);
    if (!f) { return WEV_CALL_CANNOT; }
    return frames ? call_many(f) : call_once(f);
}
