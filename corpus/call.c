// wevcorpus call: a function of a shared object on the document at standard input, or, for run --so, on frames of it.
#include "corpus/commands.h"

#include <dlfcn.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DOCUMENT_MAX = 256 << 20, ROOM_FIRST = 1 << 16, HEAD_MAX = 12 };

static const char usage[] =
    "usage: wevcorpus call [--frames] LIB.so:SYMBOL\n"
    "\n"
    "  Calls int SYMBOL(const uint8_t *, size_t) on the document at standard input. Exit status: 0 it gave 0, 1 it did not,\n"
    "  125 it could not be called.\n"
    "\n"
    "      --frames   many documents, each as its length in decimal, LF, and its bytes; a line of answer to each. A worker\n"
    "                 is forked that serves until it dies, then the next; what SYMBOL prints goes to standard error.\n"
    "      --help\n";

static int complain(const char *what, const char *value)
{
    fprintf(stderr, "wevcorpus: call: %s \"%s\"\n", what, value);
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

struct input {
    uint8_t *p;
    size_t n, cap;
};

// More of standard input. 0: the end; negative: it cannot be read, or is too large.
static ssize_t more(struct input *in)
{
    ssize_t got;
    if (in->n == in->cap) {
        size_t cap = in->cap ? 2 * in->cap : ROOM_FIRST;
        uint8_t *p = cap <= DOCUMENT_MAX + ROOM_FIRST ? realloc(in->p, cap) : NULL;
        if (!p) { return -1; }
        in->p = p;
        in->cap = cap;
    }
    while ((got = read(STDIN_FILENO, in->p + in->n, in->cap - in->n)) < 0 && errno == EINTR) {}
    if (got > 0) { in->n += (size_t)got; }
    return got;
}

static int call_once(entry f)
{
    struct input in = {NULL, 0, 0};
    ssize_t got;
    while ((got = more(&in)) > 0) {}
    int status = got < 0 ? complain("cannot read", "standard input") : call(f, in.p, in.n);
    free(in.p);
    return status;
}

// ---- frames

// The length in front, and where the document begins; false: more must be read, or *bad.
static bool head_of(const struct input *in, size_t *size, size_t *from, bool *bad)
{
    size_t k = 0;
    *size = 0;
    for (; k < in->n && in->p[k] >= '0' && in->p[k] <= '9' && k < HEAD_MAX; k++) { *size = *size * 10 + (size_t)(in->p[k] - '0'); }
    *from = k + 1;
    *bad = (k < in->n && (k == 0 || in->p[k] != '\n')) || *size > DOCUMENT_MAX;
    return !*bad && k < in->n;
}

// Never returns. What was read beyond a frame is the next one's beginning.
static _Noreturn void serve(entry f, int answers, volatile bool *ended)
{
    static const char *const words[] = {"accept\n", "reject\n"};
    struct input in = {NULL, 0, 0};
    for (;;) {
        size_t size = 0, from = 0;
        bool bad = false;
        ssize_t got = 1;
        while (!bad && (!head_of(&in, &size, &from, &bad) || in.n - from < size) && !bad && (got = more(&in)) > 0) {}
        *ended = got == 0 && in.n == 0;
        if (*ended) { break; }
        if (got <= 0 || bad) { exit(complain("not a frame", "standard input")); }
        int status = call(f, in.p + from, size);
        if (status == WEV_CALL_CANNOT) { exit(WEV_CALL_CANNOT); }
        fflush(stdout);
        if (write(answers, words[status], strlen(words[status])) < 0) { break; }
        in.n -= from + size;
        memmove(in.p, in.p + from + size, in.n);
    }
    free(in.p);
    exit(0); // where sanitizers tell of leaks
}

// A worker's death is answered for it: its frame was read whole before the call, and nothing of the next is there yet.
static int call_many(entry f)
{
    int answers = dup(STDOUT_FILENO);
    volatile bool *ended = mmap(NULL, sizeof(*ended), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (answers < 0 || ended == MAP_FAILED || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) { return complain("cannot use", "standard output"); }
    for (;;) {
        char line[64];
        int status = 0, n;
        pid_t pid = fork();
        if (pid < 0) { return complain("cannot fork for", strerror(errno)); }
        if (pid == 0) { serve(f, answers, ended); }
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        if (*ended && WIFSIGNALED(status)) { return 128 + WTERMSIG(status); }
        if (*ended || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) { return WEXITSTATUS(status); }
        if (WIFEXITED(status) && WEXITSTATUS(status) == WEV_CALL_CANNOT) { return WEV_CALL_CANNOT; }
        if (WIFSIGNALED(status)) {
            n = snprintf(line, sizeof(line), "crash signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
        } else {
            n = snprintf(line, sizeof(line), "crash exit status %d\n", WEXITSTATUS(status));
        }
        if (write(answers, line, (size_t)n) < 0) { return WEV_CALL_CANNOT; }
    }
}

int wev_call_main(int argc, char **argv)
{
    static const struct option options[] = {{"frames", no_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    bool frames = false;
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'f') { frames = true; }
        if (c == 'h') { return fputs(usage, stdout) < 0 ? WEV_CALL_CANNOT : 0; }
        if (c == '?') { return complain("try", "call --help"); }
    }
    if (optind + 1 != argc) { return complain("wanted LIB.so:SYMBOL, not", optind < argc ? argv[optind + 1] : ""); }
    entry f = find(argv[optind]);
    if (!f) { return WEV_CALL_CANNOT; }
    return frames ? call_many(f) : call_once(f);
}
