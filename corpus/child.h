// One document, one answer: from a process started for it, or from one that answers many.
#ifndef WEV_CHILD_H
#define WEV_CHILD_H

#include "corpus/spawn.h"

enum { WEV_CHILD_KEEP = 1 << 18 }; // bytes of each output that are kept

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
    // from a process that answers many
    WEV_CHILD_ACCEPT, // "accept", or an object with values
    WEV_CHILD_REJECT, // "reject"
    WEV_CHILD_WRONG,  // no answer: `note` says what was wrong
};

struct wev_child {
    uint8_t end; // enum wev_child_end
    int code;
    char note[120];       // about the end; "" when there is nothing to say
    size_t out_n, err_n;
    uint64_t total;       // bytes printed, kept or not
    char out[WEV_CHILD_KEEP + 1], err[WEV_CHILD_KEEP + 1]; // NUL-terminated heads of its outputs
};

void wev_child_clear(struct wev_child *child);
// What there is to read of an output, the head of it kept. False: nothing more will come.
bool wev_child_take(int fd, char *keep, size_t *n, uint64_t *total);
// `end` and `code` of a process that was reaped.
void wev_child_ended(struct wev_child *child, int status);

// A document and what is needed to read it.
struct wev_child_input {
    const char *path;     // a file of its bytes
    const char *manifest; // NULL: none
};
// Runs argv with the file as its standard input; "@@" in an argument is the path instead. False: it could not be
// started, error says why. Its process group is killed before this returns. Threads may run children at once.
bool wev_child_run(char *const *argv, const struct wev_child_input *input, const struct wev_child_limits *limits,
                   struct wev_child *child, struct wev_error *error);

#endif
