// A parser that stays: it reads frames from its standard input and writes a line of answer to each.
//
// A frame is the document's length in decimal, LF, and that many bytes. The answer is one line: "accept", "reject" or
// "crash", a blank and words if it likes, or an object {"header": {...}, "data": {...}} on one line, which accepts. One
// document is under way at a time; the end of its input is the end of its work.
#ifndef WEV_SERVER_H
#define WEV_SERVER_H

#include "corpus/child.h"

struct wev_server {
    char *const *argv;
    const struct wev_child_limits *limits;
    struct wev_spawn process;
    char *manifest;    // that it was started with; malloc
    uint64_t answered; // documents since it was started
};

enum wev_ask {
    WEV_ASK_ANSWERED, // child says how; a process that did not answer is gone
    WEV_ASK_STALE,    // the document was not sent: since its last answer the process said more, or ended; child says which
    WEV_ASK_FAILED,   // it cannot be started: error says why
};

// Whether it may be asked about a document that needs that manifest; else it is to be stopped first.
bool wev_server_suits(const struct wev_server *s, const char *manifest);
// Starts the process when there is none.
enum wev_ask wev_server_ask(struct wev_server *s, struct wev_span document, const char *manifest, struct wev_child *child,
                            struct wev_error *error);
// Ends its input and waits for its end; what does not end is killed, and that is all. False: child says what went wrong,
// more output or a signal.
bool wev_server_stop(struct wev_server *s, struct wev_child *child);
void wev_server_kill(struct wev_server *s);

#endif
