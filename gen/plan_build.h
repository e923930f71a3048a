// What the files that make a plan share: the compile in work and its slots. For gen/plan*.c alone.
#ifndef WEV_PLAN_BUILD_H
#define WEV_PLAN_BUILD_H

#include "gen/plan.h"

enum { WEV_PLAN_DEPTH_MAX = 64, WEV_MADE_MAX = 1024, WEV_TEXTS_MAX = 4096, WEV_TABLES_MAX = 256 };

// Where names are looked up: the event (entity NULL, record NULL), a record of it, or one entity.
struct scope {
    const struct wev_entity *entity;
    const struct wev_record *record;
    uint16_t index; // slot that addresses draws; 0: the unit
};

// What a shared slot stands for: an entity's attribute or a link, in the scope of one index slot.
struct key {
    const void *what;
    const struct wev_entity *entity; // of a link
    uint64_t path;
    uint16_t index;
    uint16_t slot;
};

struct made {
    const void *what;
    const struct wev_value *values;
};

struct wev_plan_table {
    const struct wev_value *values;
    uint32_t count;
};

struct compile {
    struct wev_arena *arena;
    struct wev_error *error;
    jmp_buf out;
    const struct wev_schema *schema;
    struct wev_plan *plan;
    struct wev_step *shared;
    struct key *keys;
    uint32_t shared_count;
    struct made *made; // tables of entities' attributes, which groups have in common
    uint32_t made_count;
    struct wev_plan_table tables[WEV_TABLES_MAX]; // that folding made
    uint32_t table_count;
    struct wev_plan_column *columns; // plan_cells.c
    uint32_t column_count;
    struct wev_span *texts; // constants by their content: equal ones have one address, WEV_TEXTS_MAX places
    uint32_t text_count;
    // the event in work
    const struct wev_event_def *def;
    struct wev_step *locals;
    uint32_t local_count;
    uint32_t locals_used; // the most that an event so far has left there
    const void **local_what; // per local slot: the node it was made for
    struct wev_need *needs;  // room for plan_segment.c
    unsigned depth;
};

// Fills the error with the event's place, if one is in work, and jumps out.
_Noreturn void wev_plan_stop(struct compile *c, enum wev_err code, const char *what);

// The op of a slot of event e.
static inline const struct wev_step *step_at(const struct compile *c, const struct wev_plan_event *e, uint16_t slot)
{
    (void)c;
    return slot < WEV_LOCAL ? &e->shared[slot] : &e->locals[slot - WEV_LOCAL];
}

static inline bool is_text(uint8_t type)
{
    return type == WEV_T_UNICODE_STRING || type == WEV_T_ANSI_STRING;
}

static inline struct wev_value number(uint8_t type, uint64_t u)
{
    return (struct wev_value){.type = type, .is.u = u};
}

// plan_pick.c: marks the schema's events that the list names (NULL: the default) and returns how many.
size_t wev_plan_pick(struct compile *c, const char *list, bool *chosen);

// plan_fold.c, once every slot is compiled: small entities to tables; what never varies in one event to values;
// whether an op can give an absent value. Folding fails when an event's values may not fit into scratch.
void wev_plan_tabulate(struct compile *c, struct wev_state *st);
void wev_plan_fold(struct compile *c, struct wev_plan_event *e);
void wev_plan_decide(struct compile *c, struct wev_plan_group *g);
// plan_text.c: a text constant at the one address of its content; whether all that an op can give are such.
// And what the manifest alone says of a header.
struct wev_value wev_plan_manifest_header(const struct wev_event_def *d, enum wev_header h);
struct wev_value wev_plan_intern(struct compile *c, struct wev_value v);
bool wev_plan_is_interned(const struct compile *c, const struct wev_plan_event *e, const struct wev_step *op, unsigned depth);
// plan_entity.c: the slots that come with the unit; what depends on how many there are of an entity.
void wev_plan_frame(struct compile *c);
void wev_plan_shares(struct compile *c, const struct wev_node *n, const struct wev_entity *entity, struct wev_step *op);
void wev_plan_among(struct compile *c, const struct wev_node *n, struct wev_step *op);
void wev_plan_pinned(struct compile *c, const struct wev_node *n, const struct wev_entity *entity, struct wev_step *op);
// plan_cells.c: the piece, printed from a cell when its value is one of a small table; a piece where it will stay; and, once
// all events are compiled, the cells.
struct wev_piece wev_plan_cell(struct compile *c, struct wev_piece p, const struct wev_step *op);
void wev_plan_cell_user(struct compile *c, struct wev_piece *p);
void wev_plan_cells(struct compile *c);
// plan_segment.c: after the form is compiled.
void wev_plan_segments(struct compile *c, struct wev_plan_event *e);
void wev_plan_check_scratch(struct compile *c, const struct wev_plan_event *e); // plan_room.c
bool wev_plan_may_be_absent(const struct compile *c, const struct wev_plan_event *e, const struct wev_step *op);

#endif
