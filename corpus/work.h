// The workers of a run: every case of a suite given to the parser, a result for each.
#ifndef WEV_WORK_H
#define WEV_WORK_H

#include "corpus/result.h"

#include <pthread.h>
#include <stdatomic.h>

struct wev_work {
    char *const *argv;
    bool persistent; // argv is started once a worker and answers frames
    bool manifests;  // argv reads what WEV_MANIFEST names
    bool show;       // progress, on a terminal
    const char *layers; // what it answers for
    struct wev_child_limits limits;
    struct wev_rejects rejects;
    enum wev_result_values values;
    unsigned threads;
    const struct wev_suite *suite;
    struct wev_outcome *outcomes; // one a case, zeroed
    const atomic_int *stop;       // not 0: end early
    // the workers'
    const char *scratch;          // a folder for documents that are made; NULL: none is needed
    atomic_size_t next, done;
    atomic_bool failed;
    atomic_int probes;            // whether the parser answers to probes: 0 nobody knows, 1 it does, 2 it does not
    pthread_mutex_t lock;         // guards error
    struct wev_error error;
};

// Fills outcomes. False: the run could not go on, w->error says why. No process is left either way.
bool wev_work_run(struct wev_work *w);

#endif
