// Crashes by their bug: a bucket is a kind and a function, a folder with the smallest input, its stack, what the reference
// decoder says of it, and the command that runs it again.
#ifndef WEV_BUCKET_H
#define WEV_BUCKET_H

#include "fuzz/subject.h"
#include "schema/wev.h"

#include <pthread.h>
#include <stdatomic.h>

enum { WEV_BUCKETS_MAX = 1000 };

struct wev_bucket {
    struct wev_crash crash; // without the report
    char name[WEV_CRASH_NAME];
    size_t count;           // inputs that led here, in this run
    size_t size;            // bytes of the smallest
    bool known;             // the baseline has it
    bool steady;            // it happened again when run alone
    bool trimmed;
    struct wev_result is;   // the reference decoder on the smallest input
    char *report;           // malloc
    size_t report_n;
};

struct wev_buckets {
    // set by the caller
    const struct wev_subject *subject;
    struct wev_child_limits limits;
    const char *project;     // NULL: see wev_crash_read
    const char *folder;      // of the buckets
    const char *scratch;
    const char *gdb;         // its path, for stacks of programs without sanitizers; NULL: there is none
    // here
    pthread_mutex_t lock;
    struct wev_bucket *list[WEV_BUCKETS_MAX];
    atomic_size_t count, fresh; // fresh: not known
    atomic_size_t quiet;     // inputs that did nothing when run again
    char (*known)[WEV_CRASH_NAME];
    size_t known_count;
    struct wev_schema *schema;
    struct wev_decoder *decoder;
};

// baseline: a folder of buckets, or NULL. False: error says why. wev_buckets_close in either case.
bool wev_buckets_open(struct wev_buckets *b, const char *baseline, struct wev_error *error);
void wev_buckets_close(struct wev_buckets *b);

enum wev_added { WEV_ADDED_NONE, WEV_ADDED_BUCKET, WEV_ADDED_MORE, WEV_ADDED_FAILED };
// Runs the input of a file and puts it where it belongs. `said` is what the engine printed about it, absent when that is not known:
// an input that does nothing when run alone is put where that says. `name`, of WEV_CRASH_NAME, gets the bucket's. Threads may add at once.
enum wev_added wev_buckets_add(struct wev_buckets *b, const char *path, struct wev_span said, char *name, struct wev_error *error);

// Makes the smallest inputs smaller for so many seconds each, as long as *stop is 0.
bool wev_buckets_trim(struct wev_buckets *b, unsigned seconds, const atomic_int *stop, struct wev_error *error);

// For reports: a name, a tab, one line. To standard output.
void wev_buckets_print(const struct wev_buckets *b);
bool wev_buckets_junit(const struct wev_buckets *b, double seconds, const char *path, struct wev_error *error);
bool wev_buckets_sarif(const struct wev_buckets *b, const char *path, struct wev_error *error);
// The smallest inputs as regression inputs: folder/NAME. Says how many on standard output.
bool wev_buckets_keep(const struct wev_buckets *b, const char *folder, struct wev_error *error);

// For trimming: whether these bytes end in the same bucket.
bool wev_buckets_same(struct wev_buckets *b, const struct wev_crash *want, struct wev_span bytes, unsigned slot);

// Makes bytes smaller in place while `same` holds, by elements, attributes, then halves down to bytes; until it says so.
struct wev_trim {
    bool (*same)(void *context, struct wev_span bytes);
    bool (*enough)(void *context); // time is up
    void *context;
};
size_t wev_trim(const struct wev_trim *t, char *p, size_t n);

// A folder and those above it. False: error.
bool wev_folder(const char *path, struct wev_error *error);

#endif
