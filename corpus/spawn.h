// Somebody else's process: started in a group of its own with pipes and limits, killed and reaped whole.
#ifndef WEV_SPAWN_H
#define WEV_SPAWN_H

#include "schema/base.h"

#include <sys/types.h>

struct wev_spawn {
    pid_t pid;    // 0: none
    int in;       // what it reads; -1: a file, or closed
    int out, err; // what it writes; -1: it closed them
    bool ended;   // it was reaped, and `status` is waitpid's
    int status;
};

struct wev_spawn_how {
    int in_file;          // its standard input; -1: a pipe
    const char *manifest; // the value of WEV_MANIFEST; NULL: unset
    const char *folder;   // where it runs; NULL: where we do
    uint64_t memory;      // bytes of address space; 0: no limit
    uint64_t file;        // bytes of a file that it writes; 0: no limit
};

// The pipes are not blocking on our side. False: it could not be started, error says why, and nothing is left.
bool wev_spawn_start(struct wev_spawn *s, char *const *argv, const struct wev_spawn_how *how, struct wev_error *error);
void wev_spawn_reap(struct wev_spawn *s, bool wait);
void wev_spawn_close(int *fd);
// Its group is killed, it is reaped, the pipes are closed; `status` stays. Fine on what was never started.
void wev_spawn_end(struct wev_spawn *s);

int64_t wev_spawn_now_ms(void);

// Before the first start: orphans of children become ours. Between: those that left their group are killed, which takes a
// kernel that lists children (CONFIG_PROC_CHILDREN). After the last: all are killed and reaped.
void wev_spawn_begin(void);
void wev_spawn_sweep(void);
void wev_spawn_finish(void);

#endif
