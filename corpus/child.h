// One run of somebody else's parser on one document: bounded in time, memory and output, and gone afterwards.
#ifndef WEV_CHILD_H
#define WEV_CHILD_H

#include "schema/base.h"

enum { WEV_CHILD_KEEP = 16384 }; // bytes of each output that are kept

struct wev_child_limits {
    unsigned seconds_100; // hundredths of a second, 1 or more
    uint64_t memory;      // bytes of address space; 0: no limit
    uint64_t output;      // bytes on both outputs together
};

enum wev_child_end {
    WEV_CHILD_EXIT,   // `code` is its exit status
    WEV_CHILD_SIGNAL, // `code` is the signal
    WEV_CHILD_TIME,   // it was killed for the time it took
    WEV_CHILD_OUTPUT, // or for what it printed
};

struct wev_child {
    uint8_t end; // enum wev_child_end
    int code;
    size_t out_n, err_n;
    char out[WEV_CHILD_KEEP + 1], err[WEV_CHILD_KEEP + 1]; // NUL-terminated heads of its outputs
};

// Runs argv with the file `path` as its standard input; "@@" in an argument is the path instead. False: it could not be
// started, error says why. Its process group is killed before this returns. Threads may run children at once.
bool wev_child_run(char *const *argv, const char *path, const struct wev_child_limits *limits, struct wev_child *child,
                   struct wev_error *error);

// Before the first run: orphans of children become ours. After the last: they are killed and reaped.
void wev_child_begin(void);
void wev_child_finish(void);

#endif
