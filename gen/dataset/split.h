// Who goes into which part of a dataset: no run, host or account may be in two. Names are 64-bit hashes; two that collide
// are taken for one, which only keeps together what could be apart.
#ifndef WEV_DATASET_SPLIT_H
#define WEV_DATASET_SPLIT_H

#include "schema/base.h"

enum { WEV_SPLITS = 3, WEV_SPLIT_NONE = WEV_SPLITS, WEV_ACCOUNTS_MAX = 4 };

extern const char *const wev_split_names[WEV_SPLITS]; // "train", "validation", "test"

// Whom one event names. 0: nobody.
struct wev_who {
    uint64_t host, run;
    uint64_t account[WEV_ACCOUNTS_MAX];
    unsigned account_count;
};

struct wev_split; // the table of all that were seen

struct wev_split *wev_split_new(void); // NULL: out of memory
void wev_split_free(struct wev_split *s);

// First pass: one event. False: out of memory.
bool wev_split_see(struct wev_split *s, const struct wev_who *who, bool malicious);

// Between the passes: hosts, accounts and runs that occur together form groups, up to a size, and groups are dealt to the parts.
// percent: of the events, sums to 100; a part of 0 stays empty. False: error says which part is too small for its groups.
bool wev_split_deal(struct wev_split *s, const unsigned percent[WEV_SPLITS], uint64_t seed, struct wev_error *error);

// Second pass: the event's part, or WEV_SPLIT_NONE when it, or another event of its run, names hosts or accounts of two parts.
unsigned wev_split_of(const struct wev_split *s, const struct wev_who *who);

// Says that the event is in the dataset; the sizes count who is named by one that is.
void wev_split_keep(struct wev_split *s, const struct wev_who *who);
struct wev_split_size {
    uint64_t hosts, accounts, runs;
};
void wev_split_sizes(const struct wev_split *s, struct wev_split_size size[WEV_SPLITS]);

#endif
