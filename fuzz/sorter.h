// Sorts what an engine finds, in a thread of its own.
#ifndef WEV_SORTER_H
#define WEV_SORTER_H

#include "fuzz/campaign.h"

struct wev_sorter {
    struct wev_campaign *c;
    pthread_t thread;
    bool started;
    unsigned part, parts; // of several that share the work by the names of files
    atomic_int last;   // the engine has ended: once more through all, then end
    uint64_t *seen;    // hashes of paths
    size_t count, cap;
    size_t waiting;    // not sorted when time was up
    double until;      // when last: give up then
};

void *wev_sorter_run(void *sorter); // for pthread_create; ends after `last` is set and all is sorted, or time is up

#endif
