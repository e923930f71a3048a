// Frames: documents one behind the other on standard input, in a worker that is forked anew when one of them kills it.
#include "corpus/frames.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DOCUMENT_MAX = 256 << 20, ROOM_FIRST = 1 << 16, HEAD_MAX = 12 };

ssize_t wev_input_more(struct wev_input *in)
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

static int complain(const struct wev_frames *f, const char *what, const char *value)
{
    fprintf(stderr, "%s: %s %s\n", f->who, what, value);
    return f->cannot;
}

// The length in front, and where the document begins; false: more must be read, or *bad.
static bool head_of(const struct wev_input *in, size_t *size, size_t *from, bool *bad)
{
    size_t k = 0;
    *size = 0;
    for (; k < in->n && in->p[k] >= '0' && in->p[k] <= '9' && k < HEAD_MAX; k++) { *size = *size * 10 + (size_t)(in->p[k] - '0'); }
    *from = k + 1;
    *bad = (k < in->n && (k == 0 || in->p[k] != '\n')) || *size > DOCUMENT_MAX;
    return !*bad && k < in->n;
}

// Never returns. What was read beyond a frame is the next one's beginning.
static _Noreturn void serve(const struct wev_frames *f, int answers, volatile bool *ended)
{
    struct wev_input in = {NULL, 0, 0};
    for (;;) {
        size_t size = 0, from = 0;
        bool bad = false;
        ssize_t got = 1;
        while (!bad && (!head_of(&in, &size, &from, &bad) || in.n - from < size) && !bad && (got = wev_input_more(&in)) > 0) {}
        *ended = got == 0 && in.n == 0;
        if (*ended) { break; }
        if (got <= 0 || bad) { exit(complain(f, "standard input is", "not a frame")); }
        int status = f->answer(f->context, in.p + from, size, answers);
        if (status) { exit(status); }
        fflush(stdout);
        in.n -= from + size;
        memmove(in.p, in.p + from + size, in.n);
    }
    free(in.p);
    exit(0); // where sanitizers tell of leaks
}

// A worker's death is answered for it: its frame was read whole before the call, and nothing of the next is there yet.
int wev_frames_serve(const struct wev_frames *f)
{
    int answers = dup(STDOUT_FILENO);
    volatile bool *ended = mmap(NULL, sizeof(*ended), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (answers < 0 || ended == MAP_FAILED || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) { return complain(f, "cannot use", "standard output"); }
    for (;;) {
        char line[64];
        int status = 0, n;
        pid_t pid = fork();
        if (pid < 0) { return complain(f, "cannot fork:", strerror(errno)); }
        if (pid == 0) { serve(f, answers, ended); }
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        if (*ended && WIFSIGNALED(status)) { return 128 + WTERMSIG(status); }
        if (*ended || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) { return WEXITSTATUS(status); }
        if (WIFEXITED(status) && WEXITSTATUS(status) == f->cannot) { return f->cannot; }
        if (WIFSIGNALED(status)) {
            n = snprintf(line, sizeof(line), "crash signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
        } else {
            n = snprintf(line, sizeof(line), "crash exit status %d\n", WEXITSTATUS(status));
        }
        if (write(answers, line, (size_t)n) < 0) { return f->cannot; }
    }
}
