// One document, one answer: from a process started for it, or from one that answers many.
#ifndef WEV_CHILD_H
#define WEV_CHILD_H

#include "corpus/spawn.h"

#include <stdatomic.h>

enum { WEV_CHILD_KEEP = 1 << 18 }; // bytes of each output that are kept

struct wev_child_limits {
    unsigned seconds_100; // hundredths of a second, 1 or more
    uint64_t memory;      // bytes of address space; 0: no limit
    uint64_t output;      // bytes on both outputs together
    uint64_t file;        // bytes of a file that it writes; 0: no limit
    const char *folder;   // where it runs; NULL: where we do
    const char *manifest; // what it finds in WEV_MANIFEST; NULL: that is not set
    const atomic_int *stop; // not 0: it is killed as if its time were over; NULL: nobody asks
};
bool wev_child_stopped(const struct wev_child_limits *limits);

enum wev_child_end {
    WEV_CHILD_EXIT,   // `code` is its exit status
    WEV_CHILD_SIGNAL, // `code` is the signal
    WEV_CHILD_TIME,   // it was killed for the time it took
    WEV_CHILD_OUTPUT, // or for what it printed
    // from a process that answers many
    WEV_CHILD_ACCEPT, // "accept", or an object with values
    WEV_CHILD_REJECT, // "reject"
    WEV_CHILD_WRONG,  // no answer: `note` says what was wrong
    WEV_CHILD_MORE,   // more answers than documents, so that none of them can be trusted
};

struct wev_child {
    uint8_t end; // enum wev_child_end
    int code;
    char note[120];       // about the end; "" when there is nothing to say
    size_t out_n, err_n;
    uint64_t total;       // bytes printed, kept or not
    char out[WEV_CHILD_KEEP + 1], err[WEV_CHILD_KEEP + 1]; // NUL-terminated heads of its outputs
    size_t tail_n;
    char tail[WEV_CHILD_KEEP + 1]; // of its error output, what came last behind the head, at least half of it
};

void wev_child_clear(struct wev_child *child);
// What there is to read of its standard output, or error output, the head of it kept. False: nothing more will come.
bool wev_child_take(struct wev_child *child, int fd, bool error);
// `end` and `code` of a process that was reaped.
void wev_child_ended(struct wev_child *child, int status);

// Runs argv with the file `path` as its standard input; "@@" in an argument is the path instead. False: it could not be
// started, error says why. Its process group is killed before this returns. Threads may run children at once.
bool wev_child_run(char *const *argv, const char *path, const struct wev_child_limits *limits, struct wev_child *child,
                   struct wev_error *error);

#endif
