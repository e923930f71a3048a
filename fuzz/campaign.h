// A campaign: one engine on one subject for a while. Engines are rows of three functions over the same struct.
#ifndef WEV_CAMPAIGN_H
#define WEV_CAMPAIGN_H

#include "fuzz/bucket.h"

#include <sys/types.h>

enum { WEV_WORKERS_MAX = 64 };

struct wev_worker {
    pid_t pid;             // 0: does not run
    char log[PATH_MAX];
    size_t read;           // bytes of the log that were looked at
    unsigned restarts;
};

struct wev_campaign;
struct wev_engine {
    const char *name;
    uint8_t kind;
    bool (*start)(struct wev_campaign *c, struct wev_error *error);
    void (*look)(struct wev_campaign *c); // fills the figures, now and then
    void (*stop)(struct wev_campaign *c); // ends what start began; called once, also after a start that failed
};
extern const struct wev_engine wev_engine_libfuzzer, wev_engine_afl, wev_engine_replay;

struct wev_campaign {
    const struct wev_engine *engine;
    struct wev_place place;
    struct wev_subject subject;
    struct wev_buckets buckets;
    // as asked for
    unsigned jobs, seconds, timeout; // seconds 0: until interrupted
    const char *corpus, *baseline, *junit, *sarif, *sync, *project;
    uint64_t memory_mb, seed, runs; // runs 0: any number of executions
    unsigned trim_seconds;
    bool keep, quiet;
    // folders, all absolute
    char out[PATH_MAX - 512];     // buckets/, crashes/, corpus/, log/
    char scratch[PATH_MAX - 512]; // work/: where children run; seeds/: what they start from; tmp/
    char buckets_folder[PATH_MAX];
    char dict[PATH_MAX], mutator[PATH_MAX]; // "": there is none
    struct wev_worker workers[WEV_WORKERS_MAX];
    unsigned worker_count;
    void *own; // the engine's
    char finds[PATH_MAX - 512], finds_prefix[100]; // AFL++'s folder and the names of our instances in it; "": crashes/ alone
    // figures
    _Atomic uint64_t execs;
    atomic_size_t sorted; // finds that were looked at
    size_t to_sort;       // triage: of so many
    uint64_t coverage; // 0: not known
    size_t seeds;
    atomic_int stop;     // set by a signal, by time, by failure
    atomic_int hurry;    // a second signal: no trimming
    pthread_mutex_t lock; // guards error
    bool failed;
    struct wev_error error;
};

// The whole of it: prints, reports, and gives the exit status.
int wev_campaign_run(struct wev_campaign *c);

// For engines.
void wev_campaign_fail(struct wev_campaign *c, const struct wev_error *error); // the first one counts
// Starts argv as a worker in a session of its own, in scratch/work, its output in out/log/NAME.log; env: "NAME=VALUE", NULL at the end.
bool wev_campaign_spawn(struct wev_campaign *c, const char *name, const char *const *argv, const char *const *env, struct wev_error *error);
void wev_campaign_end_workers(struct wev_campaign *c); // interrupts them, waits a while, kills what is left
// Whether a file's name is that of a find: crash-*, leak-*, oom-*, timeout-*, id:*.
bool wev_campaign_is_find(const char *name);
// A file of out/crashes with these bytes, named crash-HASH.
bool wev_campaign_found(struct wev_campaign *c, struct wev_span bytes, struct wev_error *error);
// The whole lines that were added to a worker's log since the last call, each given to `take`.
void wev_campaign_lines(struct wev_campaign *c, struct wev_worker *w, void (*take)(struct wev_campaign *c, struct wev_span line));
// A line of the terminal's own, above the status line.
void wev_campaign_say(struct wev_campaign *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
