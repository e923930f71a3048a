// The server's side of run --persistent: reads frames, and answers each by a function of yours.
#ifndef WEV_FRAMES_H
#define WEV_FRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct wev_frames {
    const char *who; // in front of messages
    int cannot;      // the exit status of one who could not serve
    // Writes the answer, one line, to the descriptor. 0: go on; else the worker ends with this status, which is `cannot` or a crash.
    int (*answer)(void *context, const uint8_t *p, size_t n, int answers);
    void *context;
};
// Until standard input ends. What the answerer prints on standard output goes to standard error. The exit status.
int wev_frames_serve(const struct wev_frames *f);

// Standard input so far.
struct wev_input {
    uint8_t *p; // malloc
    size_t n, cap;
};
// More of it. 0: the end; negative: it cannot be read, or is too large.
ssize_t wev_input_more(struct wev_input *in);

#endif
