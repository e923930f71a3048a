// Loading a profile: what its files share. Private to schema/profile*.c and schema/pool.c.
#ifndef WEV_PROFILE_LOAD_H
#define WEV_PROFILE_LOAD_H

#include "schema/profile.h"
#include "schema/tree.h"

// Where a generator stands, which is where its names are looked up.
struct wev_place {
    const struct wev_event_def *def;       // NULL inside an entity
    struct wev_event_profile *event;       // of def: links and lets have their names by now
    const struct wev_entity *entity;       // NULL inside an event
    const struct wev_let *let;             // the record's let; its names and types are there
    const struct wev_record *record;
    const struct wev_elem *const *parts;   // <part> elements of the pattern in work
    size_t part_count;
    int header; // 1 + the header whose whole value this is; 0: none
};

struct wev_profile_load {
    struct wev_load *load;
    struct wev_profile *profile;
    struct wev_entity *entities; // mutable view of profile->entities
    void *items, *made;          // profile_event.c's: room for one event after the other; what was made for each
    const struct wev_elem **records;
    bool met_field;              // set by each name that was found to be a field of the event
};

struct wev_profile_block { // one <event>
    const struct wev_elem *elem;
    const char *file;
    bool any;     // every event of every provider: what an event lacks is passed over
    size_t seen;  // events it matched
};

// ---- schema/profile.c
struct wev_span wev_profile_name(struct wev_profile_load *pl, const struct wev_elem *e); // attribute `name`
struct wev_link wev_profile_link(struct wev_profile_load *pl, const struct wev_elem *e, uint64_t parent); // without its generator
struct wev_attr wev_profile_attr(struct wev_profile_load *pl, const struct wev_elem *e, uint64_t parent); // without its node
bool wev_profile_holds(const struct wev_elem *e); // a generator
bool wev_profile_any(struct wev_span list);       // absent or `*`

// ---- schema/profile_event.c
void wev_profile_events(struct wev_profile_load *pl, struct wev_profile_block *blocks, size_t block_count,
                        struct wev_event_def *events, size_t event_count);

// def, a copy of event number `event`, with what its blocks and these say of it, under a profile of its own. Blocks without
// events to match are for all.
void wev_profile_variant(struct wev_profile_load *pl, struct wev_profile_block *blocks, size_t block_count,
                         size_t event, struct wev_event_def *def);
uint8_t wev_profile_each(struct wev_profile_load *pl, const struct wev_elem *e); // attribute `each`

// ---- schema/profile_story.c
struct wev_story_elem {
    const struct wev_elem *elem;
    const char *file;
};
void wev_profile_stories(struct wev_profile_load *pl, const struct wev_story_elem *elems, size_t count,
                         const struct wev_profile_block *blocks, size_t block_count, const struct wev_event_def *events,
                         size_t event_count);
// ---- schema/profile_calendar.c
const struct wev_calendar *wev_profile_calendar(struct wev_profile_load *pl, const struct wev_elem *e);
// ---- schema/profile_pin.c: counts and names that a world file fixes
void wev_profile_count(struct wev_profile_load *pl, const struct wev_elem *e);
void wev_profile_pin(struct wev_profile_load *pl, const struct wev_elem *e);
void wev_profile_among(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_node *n); // what <among> says
size_t wev_profile_entity(struct wev_profile_load *pl, const struct wev_elem *e); // that its attribute `entity` names

// "1s", "10h36m", "250ms": to 100 ns.
uint64_t wev_profile_duration(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr, uint64_t none);

// ---- schema/profile_node.c
uint64_t wev_profile_path(uint64_t parent, const char *kind, struct wev_span name);
// The generator that `holder` holds, by attribute (value, ref, pattern) or as its one child.
const struct wev_node *wev_profile_node(struct wev_profile_load *pl, const struct wev_place *at,
                                        const struct wev_elem *holder, uint8_t type, uint64_t path);
// One tree of choice, switch and record; records are counted as they are met.
const struct wev_node *wev_profile_pick(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e,
                                        uint64_t path, const struct wev_elem **records, uint32_t *count);
uint8_t wev_profile_type(struct wev_profile_load *pl, const struct wev_elem *e); // attribute `type`
struct wev_span wev_profile_need(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr);
uint64_t wev_profile_number(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr, uint64_t none);
struct wev_node *wev_profile_new(struct wev_profile_load *pl, const struct wev_elem *e, enum wev_gen gen, uint8_t type, uint64_t path);
const struct wev_node **wev_profile_kids(struct wev_profile_load *pl, struct wev_node *n, size_t count);
// Fails with "unknown <what> <word>" and the nearest of the list.
_Noreturn void wev_profile_unknown(struct wev_profile_load *pl, unsigned line, const char *what, struct wev_span word,
                                   const struct wev_span *list, size_t count);
_Noreturn void wev_profile_unknown_word(struct wev_profile_load *pl, unsigned line, const char *what, struct wev_span word,
                                        const char *const *list, size_t count);
bool wev_profile_flag(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr, const char *yes, const char *no);
bool wev_profile_is_text(uint8_t type);
bool wev_profile_is_integer(uint8_t type);
bool wev_profile_same_kind(uint8_t a, uint8_t b); // one may stand for the other: two integers, two times, two SIDs

// ---- schema/profile_cond.c
struct wev_cond wev_profile_cond(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e);
struct wev_case wev_profile_case(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e); // of a <when>
bool wev_profile_names(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e); // all refs known

// ---- schema/profile_pattern.c
const struct wev_node *wev_profile_pattern(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e,
                                           struct wev_span text, uint8_t type, uint64_t path);

// ---- schema/profile_ref.c
bool wev_profile_find(struct wev_profile_load *pl, const struct wev_place *at, struct wev_span name, struct wev_ref *out);
struct wev_ref wev_profile_ref(struct wev_profile_load *pl, const struct wev_place *at, struct wev_span name, unsigned line);
bool wev_profile_sid_name(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n); // false: no name
void wev_profile_check_recursion(struct wev_profile_load *pl, const struct wev_event_def *def); // NULL: entities

// ---- schema/pool.c
struct wev_pool {
    const struct wev_value *values;
    const struct wev_alias *alias;
    uint32_t count;
    const uint64_t *ids; // of the column `id`, when asked for
};
struct wev_value wev_pool_literal(struct wev_profile_load *pl, struct wev_span text, uint8_t type, unsigned line);
const struct wev_alias *wev_pool_alias(struct wev_profile_load *pl, const uint64_t *weights, uint32_t count, unsigned line);
struct wev_pool wev_pool_load(struct wev_profile_load *pl, struct wev_span file, struct wev_span column, uint8_t type,
                              bool with_ids, unsigned line);

#endif
