// Events in profiles: what is merged, and what one event takes over from another. Private to schema/profile_event.c and
// schema/profile_share.c.
#ifndef WEV_PROFILE_MERGE_H
#define WEV_PROFILE_MERGE_H

#include "schema/profile_load.h"

enum { ITEMS_MAX = 2048, RECORDS_MAX = 4096 };

// One thing that a block says, under its name; a later block of the same event replaces it.
struct item {
    const struct wev_elem *elem;
    const struct wev_profile_block *block;
    struct wev_span name;
    enum { ITEM_LET, ITEM_HEADER, ITEM_FIELD, ITEM_RULE, ITEM_REQUIRE } kind;
    bool of_fields; // it names fields, and so is of its event alone
};

// A profile of an event, and what it was made of: a step's differs from its event's in little, so the rest is shared.
struct made {
    const struct wev_event_profile *profile;
    const struct item *items;
    size_t item_count;
};

struct merger {
    struct wev_profile_load pl;
    struct wev_profile_block *blocks;
    size_t block_count;
    struct item *items; // of the event in work
    size_t item_count;
    struct made made[2], other, kept; // of the same event: its own, that of the step before; of another event; and the one in work
};

// ---- schema/profile_event.c
int wev_profile_field_index(const struct wev_event_def *d, struct wev_span name); // -1: none
int wev_profile_header_index(struct wev_span name);                               // -1: none

// ---- schema/profile_share.c
// Forgets what was made for events of another shape than p, the profile of d whose links and lets have names by now.
void wev_share_begin(struct merger *l, const struct wev_event_def *d, const struct wev_event_profile *p);
// The profile in which item k is what it is in this event; NULL: it has to be read.
const struct wev_event_profile *wev_share_from(struct merger *l, size_t k);
struct wev_link wev_share_link(struct merger *l, const struct wev_event_profile *from, const struct wev_link *link);
struct wev_let wev_share_let(struct merger *l, const struct wev_event_profile *from, const struct wev_let *let);
// True: the item is as it was in `from`, or did not fit there.
bool wev_share_take(const struct wev_event_profile *from, const struct wev_event_def *d, struct wev_event_profile *p, const struct item *i,
                    const struct wev_node **fields, struct wev_rule *rules);
void wev_share_keep(struct merger *l, const struct wev_event_profile *p); // for the next

#endif
