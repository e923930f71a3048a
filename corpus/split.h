// Cuts a stream of events into documents, in constant memory.
//
// A document ends at a line end right after "</Event>", or before a line that starts another one while one
// is open. An <Events> document gives its head, then each child. UTF-16 is one document.
#ifndef WEV_SPLIT_H
#define WEV_SPLIT_H

#include "schema/base.h"

#include <sys/types.h>

enum wev_split_kind {
    WEV_SPLIT_DOCUMENT,
    WEV_SPLIT_CHILD,   // a child of <Events>; the head is in `head`
    WEV_SPLIT_WRAPPER, // the start tag of <Events>
    WEV_SPLIT_CUT,     // the end of the input where </Events> should be
};

struct wev_slice {
    enum wev_split_kind kind;
    char *p;         // the splitter's; may be changed, gone at the next call
    size_t n;        // more than the limit: too large, only its size is true
    uint64_t offset; // in the input
    struct wev_span head;
};

struct wev_split {
    int fd;
    size_t limit; // bytes of one document
    bool one;     // the whole input is one document
    char *buf;
    size_t cap, start, line, scan, end;
    uint64_t base;      // offset of buf[0]
    uint64_t from;      // offset of the document in progress
    bool eof, over, open, inside, any, wide;
    int error;          // errno of a failed read
    char head[4096];
    size_t head_n;
};

bool wev_split_open(struct wev_split *s, int fd, size_t limit, bool one); // false: out of memory
bool wev_split_next(struct wev_split *s, struct wev_slice *out);          // false: the end, or s->error
void wev_split_close(struct wev_split *s);                                // not the descriptor

#endif
