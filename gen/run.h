// A run: units from..from+count made in blocks by threads, written in order by whoever's turn it is.
#ifndef WEV_RUN_H
#define WEV_RUN_H

#include "gen/make.h"
#include "gen/sink.h"

#include <stdatomic.h>

struct wev_run {
    const struct wev_options *options;
    struct wev_sink *sink;
    struct wev_sink *labels;              // NULL: none
    uint64_t from, count;
    uint64_t offset;                      // of the first event in the sink
    unsigned threads;                     // 1 or more
    const atomic_int *stop;               // not 0: end on a whole event; lock-free, so a handler may set it
    void (*progress)(void *context, uint64_t units, uint64_t bytes); // NULL: none; called in order, one at a time
    void *context;
    // out
    uint64_t units, bytes;                // made and written
    uint64_t broken;                      // of the units
    uint64_t left_out;                    // of the units: they are missing from their stream
};

// False: error is filled; what was written before it stays the sink's business.
bool wev_run(struct wev_run *run, struct wev_error *error);

#endif
