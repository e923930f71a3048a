// A profile and its manifest compiled for one set of events and one form: what the event loop runs.
// Everything here is made once by gen/plan.c and then const.
#ifndef WEV_PLAN_H
#define WEV_PLAN_H

#include "gen/layout.h"
#include "schema/manifest.h"
#include "schema/profile.h"

enum {
    WEV_SLOTS_MAX = 2048,  // values of one event: shared slots below WEV_LOCAL, the event's own from there
    WEV_LOCAL = 1024,
    WEV_ITEMS_MAX = 1024,  // leaf values of one event
    WEV_SCRATCH = 96 << 10, // bytes that the values of one event may need, each made twice
};

// Slots that a world gives with the unit; without one they are 0.
enum wev_frame_slot { WEV_SLOT_UNIT, WEV_SLOT_EPISODE, WEV_SLOT_RUN, WEV_SLOT_MOMENT, WEV_SLOT_PERSON, WEV_SLOT_FIRST };

// Draws are addressed by the value of slot `scope`; slot 0 is the unit's own number. What the common kinds read is one line
// of cache.
struct wev_step {
    _Alignas(64) uint8_t gen; // enum wev_gen, or one of enum wev_step_gen
    uint8_t type; // enum wev_type
    uint8_t fold, width, digits;
    bool log, braces, wide;
    uint16_t scope;
    uint16_t slot, slot2; // REF and its like: where the operand is
    uint32_t count;       // kids, values, conditions
    uint64_t where; // wev_choice_where(path, 0)
    const struct wev_step *kids;
    union {
        struct wev_value value;                                     // VALUE
        struct { uint64_t min, steps, step; } range;                // INT, TEXT, TIME: min + step * (0..steps)
        struct { uint64_t times, plus, modulo; } calc;
        struct { const struct wev_alias *alias; const struct wev_value *values; uint64_t radix; } pool;
        struct { const struct wev_alias *alias; uint32_t random; } pick;
        struct { const uint8_t *kid; uint32_t count; } branch;      // BRANCH: kid by the value of slot
        uint64_t number;                                            // EITHER
        const uint64_t *numbers;                                    // MATCH: one per kid but the last
        const struct wev_field *field;                              // AUTO
        struct { const uint64_t *until; const struct wev_value *values; } shares;
        struct { const struct wev_value *values; uint64_t low, high; uint32_t count; } pinned; // of index low on, below high
        struct { uint64_t step; } period;                           // of ref, as the world's wall shows it; seconds of slot2 are its phase
    } is;
    uint64_t path;
    const struct wev_test *tests; // SWITCH: one per kid
    struct wev_value text;        // TEXT: its alphabet; SID: its base
};

enum wev_step_gen {
    WEV_G_LINK = 64, // an entity's index: uniform, or kid 0 modulo range.steps
    WEV_G_LET,       // kid number (value of slot): an attribute of the record that was chosen
    WEV_G_NTH,       // POOL with `unique`
    WEV_G_TO_TEXT,   // slot's value as text
    WEV_G_TABLE,     // is.pool.values[value of slot]: what follows from that slot alone, made once with the plan
    WEV_G_BRANCH,    // a SWITCH whose case follows from slot alone
    WEV_G_FRAME,     // a slot of enum wev_frame_slot
    WEV_G_MATCH,     // a SWITCH whose cases each compare slot's value with one number, or one text at its one address
    WEV_G_EITHER,    // a SWITCH of two constants: kid 0 when slot's value is is.number, else kid 1
};

struct wev_compare {
    uint16_t left, right; // slots; right 0: against values
    uint8_t op;
    bool number; // EQ or NE with one constant number, or one text where all texts have one address each
    uint32_t count, known_count;
    const struct wev_value *values;
    const uint8_t *known; // when `left` is a table over slot `right`: whether it holds, by index; else NULL
};
struct wev_form;     // gen/form.h
struct wev_skeleton; // gen/skeleton.h
struct wev_test {
    const struct wev_compare *compares; // all must hold
    uint32_t count;
};

enum { WEV_LITERAL_PAD = 64, WEV_SHORT_TEXT = 256 };

// Printing: a literal, then one value. Kinds from WEV_P_LOOP on print more than one.
enum wev_piece_kind {
    WEV_P_END,      // literal alone
    WEV_P_HEADER,   // header `arg`
    WEV_P_OPTION,   // header `arg`, literal and value only when it is there, then `quote`
    WEV_P_VALUE,    // leaf `arg` of a flat event
    WEV_P_MESSAGE,  // the same as messages write it
    WEV_P_TREE,     // all leaves of an event with arrays or structs
    WEV_P_KEYWORDS, // RenderingInfo's Keyword elements, from the keywords' value
};
struct wev_piece {
    uint8_t kind, lex;
    uint8_t escape;     // enum wev_escape
    char quote;
    uint16_t arg;       // header, or field
    uint16_t slot;      // where its value is while an event is being made
    uint8_t code;       // enum wev_piece_code: the way for nearly all of them
    uint16_t stride;    // CELL: bytes from row to row
    uint32_t n;
    const char *literal; // with WEV_LITERAL_PAD readable bytes behind it: it is copied in such blocks
    const char *cells;   // CELL: of row 0; row k holds a length in one byte, then the text of index k, spelled and escaped
};
enum wev_piece_code {
    WEV_C_RARE, WEV_C_OPTION, WEV_C_NOTHING, WEV_C_CELL, WEV_C_TEXT, WEV_C_UINT, WEV_C_HEX, WEV_C_TIME, WEV_C_SID, WEV_C_GUID,
    WEV_C_NEXT, // the last of a variant: its literal alone
};
enum wev_escape { WEV_ESCAPE_NONE, WEV_ESCAPE_TEXT, WEV_ESCAPE_ATTRIBUTE };

// What an event prints is a row of segments. Where neighbouring values are attributes of one record, their segment has a
// variant per record, in which everything that the record fixes has become literal.
struct wev_mark {
    uint32_t piece, y; // y bytes behind the start of the variant's piece
};
struct wev_need {
    const struct wev_step *op;
    uint16_t slot; // op's
    uint8_t gen;   // op's: what is to be done is known before op itself is there
};
struct wev_variant {
    const struct wev_piece *pieces;
    const uint16_t *slots;         // that they print
    const struct wev_need *needed; // what to evaluate for this variant alone, operands first
    const struct wev_mark *marks;  // where the pieces of the event end that this variant stands for
    uint32_t piece_count, slot_count, needed_count, mark_count;
    uint32_t room; // the most that its pieces write, when no text is longer than WEV_SHORT_TEXT
};
struct wev_segment {
    const struct wev_variant *variants;
    uint32_t count;
    uint16_t slot; // its value is the variant's index; 0: there is one variant
};

// One event version, ready to be made.
struct wev_plan_event {
    const struct wev_event_def *def;
    const struct wev_plan *plan;
    uint16_t header[WEV_H_COUNT]; // slots
    struct wev_value fixed[WEV_H_COUNT]; // values of the headers that never vary
    const struct wev_need *needed; // what to evaluate for every event, operands first
    uint32_t needed_count;
    const uint16_t *field;        // slots per top field
    const struct wev_step *shared;  // ops of the slots below WEV_LOCAL
    const struct wev_step *locals;  // ops of the slots from WEV_LOCAL on
    uint32_t local_count;
    struct wev_test require;
    const struct wev_piece *pieces; // for any event of this version; those of the segments are for the event in a state
    size_t piece_count;
    const struct wev_segment *segments;
    uint32_t segment_count;
    const struct wev_skeleton *skeleton; // NULL: where its parts stand must be scanned for
};

// Versions of one event id of one provider: the first whose `require` holds is made.
struct wev_plan_group {
    const struct wev_plan_event *events;
    uint32_t event_count;
    struct wev_need version_need;
    const uint8_t *version; // when that slot alone decides: the event by its value, UINT8_MAX: none; else NULL
    uint64_t until;         // cumulative weight
};

struct wev_plan {
    const struct wev_schema *schema;
    const struct wev_step *slots; // ops of the shared slots of all groups, but for a world's, which have their own
    const struct wev_plan_group *groups;
    uint32_t group_count;
    uint64_t weight;      // of all groups
    uint64_t links_max;   // the largest entity that an event draws
    uint64_t start_100ns; // of unit 0
    const struct wev_world *world; // NULL: each unit stands alone
};

// The date of the last time that was printed: most events share theirs with the one before.
struct wev_date {
    uint64_t day; // since 1601-01-01; UINT64_MAX: none
    char text[16]; // "2024-03-04"
};

// Names of key files that were computed lately: many events are about few keys.
enum { WEV_KEYS = 64, WEV_KEY_MAX = 95 };
struct wev_key {
    uint8_t n, wide; // n 0: none
    char name[WEV_KEY_MAX];
    char file[32];
};

// The evaluation of one event; lives on the caller's stack or in a worker. wev_values_init before its first use.
// Nothing that an event's bytes depend on outlives the event.
struct wev_state {
    const struct wev_plan *plan;
    struct wev_break *broken; // room for malformed units; set after wev_values_init, NULL: none are made
    struct wev_layout *layout; // of a world; set after wev_values_init
    struct wev_frame frame;
    const struct wev_plan_event *event; // whose locals are meant
    const struct wev_step *base[2];     // ops of the shared slots, of the locals
    struct wev_choice choice;
    uint64_t unit, salt, attempt;
    uint64_t who[WEV_SLOT_FIRST]; // wev_choice_who of the frame's slots; without a world of the unit alone
    char *at; // free scratch
    uint16_t plain_scopes; // WEV_SLOT_FIRST, or 0 where no draw is at a plain address: with a tape, in a repetition (salt)
    uint32_t now; // slots whose mark is this have their value
    uint32_t mark[WEV_SLOTS_MAX];
    struct wev_date date;
    struct wev_key keys[WEV_KEYS];
    struct wev_value value[WEV_SLOTS_MAX];
    struct wev_value item[WEV_ITEMS_MAX]; // leaves of an event with arrays or structs
    size_t item_count;
    _Alignas(16) char scratch[WEV_SCRATCH + 64];
};

// Compiles the events that `wanted` names (see struct wev_config.events), or those of the world's stories. Returns NULL and fills error on
// failure. Lives in `arena`.
const struct wev_plan *wev_plan_make(struct wev_arena *arena, const struct wev_schema *schema, const char *wanted,
                                     const struct wev_form *form, uint64_t seed, uint64_t start_100ns,
                                     struct wev_world *world, struct wev_error *error);

void wev_values_init(struct wev_state *st, const struct wev_plan *plan, uint64_t seed);

// Chooses unit i's event, and evaluates all its values into st's slots and items.
const struct wev_plan_event *wev_values_event(struct wev_state *st, uint64_t i);
// Unit i as event version `e` of the plan, whichever the unit would have chosen.
void wev_values_as(struct wev_state *st, const struct wev_plan_event *e, uint64_t i);
static inline const struct wev_variant *wev_variant_of(const struct wev_state *st, const struct wev_segment *s)
{
    return s->slot ? &s->variants[st->value[s->slot].is.u] : s->variants;
}
// A slot's value, evaluated now if it was not yet.
const struct wev_value *wev_values_at(struct wev_state *st, uint16_t slot);
// All values as an event; it points into st.
void wev_values_copy(struct wev_state *st, struct wev_event *event);

// Whether a comparison holds. right: the first of c's constants when c has no slot there; IN looks at all of them.
bool wev_compare_holds(const struct wev_compare *c, const struct wev_value *left, const struct wev_value *right);

// The value of shared slot `slot` when the entity index in slot `link` is `index`; for plans in the making.
struct wev_value wev_values_shared(struct wev_state *st, uint16_t slot, uint16_t link, uint64_t index);

#endif
