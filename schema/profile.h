// A profile, resolved: how each value is chosen, and which rules tie values together.
// The language is described in schema/README.md. Loaded by schema/profile.c, executed by gen/values.c,
// and checked by schema/decode.c (rules) and schema/support.c (can this value be made?).
#ifndef WEV_PROFILE_H
#define WEV_PROFILE_H

#include "schema/event.h"

// Where a name points. Names are looked up from the inside out: the record or entity that the
// reference stands in, then the event (its lets, headers, fields).
// A reference is a walk of `hop_count` links (each an index into the links of the scope reached so
// far) and then one attribute. A let that is a record choice is followed by its own attribute list.
enum wev_ref_kind {
    WEV_R_FIELD,  // a field of the event: `slot` is its index among the template's top fields
    WEV_R_HEADER, // enum wev_header in `slot`
    WEV_R_ATTR,   // attribute `slot` of the entity that the hops lead to
    WEV_R_RECORD, // attribute `slot` of record let `let` of the event (index into names of that let)
    WEV_R_INDEX,  // the entity's own index, after the hops
    WEV_R_ORDINAL, // which record of let `let` was chosen, counted from 0 in file order
    WEV_R_UNIT,   // the unit number i
    WEV_R_MOMENT, // when the episode begins; without a world the unit's own time
    WEV_R_PERSON, // 1: a person's doing, as the calendar has it at that hour; 0: a machine's
    WEV_R_RUN,    // which run of its scenario
};
enum { WEV_HOPS_MAX = 6 };

struct wev_ref {
    uint8_t kind;      // enum wev_ref_kind
    uint8_t from;      // 0: the event's scope; 1: the entity or record that the reference stands in
    uint8_t hop_count;
    uint8_t type;      // enum wev_type of what it gives
    uint16_t hop[WEV_HOPS_MAX]; // link indices: first in the scope `from`, then in each entity reached
    uint16_t let;      // RECORD, ORDINAL: index into wev_event_profile.lets
    uint16_t slot;
};

enum wev_fold { WEV_FOLD_NONE, WEV_FOLD_UPPER, WEV_FOLD_LOWER }; // ASCII letters only

enum wev_op { WEV_OP_EQ, WEV_OP_NE, WEV_OP_LT, WEV_OP_LE, WEV_OP_GT, WEV_OP_GE, WEV_OP_IN, WEV_OP_LIKE, WEV_OP_NOT_IN, WEV_OP_NOT_LIKE };

// One comparison. Numbers compare as numbers, text as bytes, SIDs and GUIDs as values (EQ, NE, IN only).
// LIKE takes a text pattern with `*` (any run) and `?` (one byte), ASCII case folded.
struct wev_cond {
    struct wev_ref left;
    uint8_t op;                       // enum wev_op
    bool right_is_ref;
    struct wev_ref right;             // when right_is_ref
    const struct wev_value *values;   // else: 1 value, or all of IN / NOT_IN; already of left's type
    uint32_t value_count;
    unsigned line;
};

// One step of an alias table (Vose): draw u64; column = high half of draw * count; keep the column when
// the low 32 bits of the draw are below `keep`, else take `other`. `keep` 0xffffffff: always.
struct wev_alias {
    uint32_t keep;
    uint32_t other;
};

enum wev_gen {
    WEV_G_AUTO,    // a valid value of the inType (no profile says anything)
    WEV_G_VALUE,   // `value`
    WEV_G_CHOICE,  // one of `kids` by weight
    WEV_G_POOL,    // one of `values` by weight (TSV rows)
    WEV_G_PATTERN, // the texts of `kids` joined; each kid is VALUE, REF or any generator, see fold, width
    WEV_G_INT,     // min + step * (0 .. (max - min) / step), uniform; `log`: log-uniform
    WEV_G_TEXT,    // min..max characters from `value`'s text
    WEV_G_GUID,    // random version 4 GUID; as text when type is a string (fold; braces)
    WEV_G_SID,     // `value` or `ref` to one, `random` sub-authorities drawn, then `kids` as numbers; wide: `value`, then five from
                   // the name in `ref`, in the case of `fold`
    WEV_G_TIME,    // the time `ref` minus (min..max) 100 ns; `log` as INT
    WEV_G_REF,     // the value of `ref`
    WEV_G_SWITCH,  // kids[k] of the first case k whose conditions all hold; the last case has none
    WEV_G_CALC,    // (value of ref) * times + plus (+ plus_ref), modulo `modulo` when that is not 0
    WEV_G_RECORD,  // only in a record let: chooses record `ordinal`
    WEV_G_CLOCK,   // header TimeCreated alone: the unit's time, with `digits`
    WEV_G_SEQUENCE, // header EventRecordID alone: grows with the unit, from `ref` (the host's first number)
    WEV_G_KEYFILE, // the key container's file name: MD5 rule over `ref` (the key name) + "_" + `plus_ref` (machine GUID)
    WEV_G_ABSENT,  // the header attribute is not written
    WEV_G_SHARES,  // only in an entity: kid by the index, each its share of the entity's count, in order
    WEV_G_AMONG,   // only for a link: one of those whose attribute `ordinal` (a SHARES) gives `value`
    WEV_G_PERIOD,  // the number of the period of `step` 100 ns that `ref` lies in; they begin `plus_ref` seconds late
    WEV_G_SINCE,   // when that period began
    WEV_G_PINNED,  // only in an entity: `values` by the index, kid 0 for the rest
};

// What a let, field or header draws once for: the unit, its episode, or its scenario's run. Without a world all are the unit.
enum wev_each { WEV_EACH_UNIT, WEV_EACH_EPISODE, WEV_EACH_RUN };

struct wev_case {
    const struct wev_cond *conds; // all must hold
    uint32_t cond_count;          // 0: otherwise
};

struct wev_node {
    uint8_t gen;       // enum wev_gen
    uint8_t type;      // enum wev_type of the value it gives
    uint8_t fold;      // enum wev_fold, on the text this node contributes to a pattern (or gives)
    uint8_t width;     // PATTERN kid that is a number: zero-padded to this many digits
    bool log, braces, wide; // INT, TIME: log-uniform; GUID as text: with braces; KEYFILE: UTF-16LE (CNG) not ASCII (CAPI)
    bool unique;       // POOL in an entity: rows by index, not by draw: (index / radix) % count, then permuted
    uint8_t digits;    // CLOCK, TIME
    uint8_t each;      // of a field's or header's whole value
    uint16_t entity, attr;   // AMONG; PINNED: the attribute that must give `value` for an index to count, when entity is not 0
    const uint64_t *weights; // SHARES, one per kid
    uint64_t path;     // hash of the address of this node's draws: see choice.h
    uint64_t cardinality; // not 0: draw k in 0..cardinality first, and all below is addressed by k, not the unit
    uint64_t min, max, step; // INT (as the type's two's complement), TEXT, TIME (100 ns)
    uint64_t times, plus, modulo;
    uint64_t radix;
    uint32_t random;
    uint32_t ordinal;
    struct wev_value value;
    struct wev_ref ref, plus_ref; // plus_ref.type WEV_T_NULL: none. TIME: 100 ns more to go back
    const struct wev_node *const *kids;
    const struct wev_value *values;  // POOL
    const struct wev_alias *alias;   // CHOICE (over kids), POOL (over values)
    const struct wev_case *cases;    // SWITCH, one per kid
    uint32_t kid_count, value_count;
    unsigned line;
    const char *file; // for messages while loading; gone after it
};

struct wev_link {
    struct wev_span name;
    uint16_t entity;              // index into wev_profile.entities
    const struct wev_node *index; // gives UInt64 in 0..entity count (taken modulo it); NULL: uniform draw
    uint64_t path;
    uint8_t each; // of a let
};

struct wev_attr {
    struct wev_span name;
    const struct wev_node *node;
    uint64_t path;
    uint8_t type; // enum wev_type
    bool open;    // a user's own world may pin it: support takes any text that is not empty
    struct wev_span like; // and looks like one of these patterns, separated by '|'. {NULL, 0}: any
};

struct wev_entity {
    struct wev_span name;
    uint64_t count; // 1 or more
    const struct wev_link *links;
    const struct wev_attr *attrs;
    uint32_t link_count, attr_count;
};

// A named group of values chosen together: `subject`, `key`. `pick` is a tree of CHOICE and SWITCH with
// RECORD leaves. Every record has all the attributes of the let, in `names` order, at
// records[ordinal].attrs; a record's own links come after the event's links in its scope.
struct wev_record {
    const struct wev_attr *attrs;
    const struct wev_link *links; // its own
    uint32_t link_count;
};
struct wev_let {
    struct wev_span name;
    const struct wev_node *pick;
    const struct wev_span *names; // attribute names
    const uint8_t *types;         // their types
    const struct wev_record *records;
    uint32_t name_count, record_count;
    uint64_t path;
    uint8_t each;
};

// if all `when` hold, all `then` must hold; else all `otherwise`.
struct wev_rule {
    struct wev_span name;   // "outcome"
    struct wev_span text;   // what it says, in words
    struct wev_span source; // citation; "judgement: …" where no source tells
    const struct wev_cond *when, *then, *otherwise;
    uint32_t when_count, then_count, otherwise_count;
};

// All blocks that match one event version, merged in order.
struct wev_event_profile {
    const struct wev_profile *world; // whose entities the links lead to
    const struct wev_link *links;  // lets that are one entity: host
    const struct wev_let *lets;    // lets that are record choices: subject, key
    uint32_t link_count, let_count;
    const struct wev_node *header[WEV_H_COUNT]; // NULL: the manifest's value, or absent
    const struct wev_node *const *fields;       // per top field of the template; never NULL entries
    const struct wev_cond *require;             // the links drawn must satisfy these
    uint32_t require_count;
    const struct wev_rule *rules;
    uint32_t rule_count;
    uint32_t weight; // share of this event id in a mix; default 1
};

struct wev_parameter {
    uint32_t id; // 2464
    struct wev_span text;
};

// A story is a row of acts, an act a row of steps that follow each other at once, and a step one event of what the act's
// blocks say of it. Everyday stories have a weight and one act; others are the scenarios.
struct wev_story_step {
    const struct wev_event_def *defs; // the event's versions, with profiles of their own
    size_t def_count;
    uint64_t after_100ns; // mean time since the step before, or since the act's last repetition
};
struct wev_act {
    const struct wev_story_step *steps;
    uint32_t step_count, repeat; // each repetition is an episode
    uint64_t after_100ns; // mean time since the act before began; from an hour on, on the clock of the fleet's activity
};
struct wev_story {
    struct wev_span name, techniques, source; // NUL-terminated
    uint64_t weight; // 0: a scenario
    bool malicious;
    uint8_t hour, hours; // of the wall's day, in which its runs begin, and for how long; hours 0: at any
    const struct wev_act *acts;
    uint32_t act_count, step_count; // steps of all acts
    unsigned line;
    const char *file;
};

enum { WEV_DAY_KINDS = 8, WEV_DATES_MAX = 256 };
struct wev_calendar_date { // year 0: every year; month 0: the nth weekday of each month
    uint16_t year;
    uint8_t month, day, nth, weekday, kind;
};
struct wev_calendar {
    uint8_t people[WEV_DAY_KINDS][24], machines[WEV_DAY_KINDS][24]; // activity by hour
    uint8_t week[7]; // kind of Monday to Sunday
    const struct wev_calendar_date *dates; // other kinds; a later one counts
    uint32_t date_count;
};

struct wev_profile {
    const struct wev_story *stories;
    uint32_t story_count;
    const struct wev_calendar *calendar; // NULL: none
    const struct wev_entity *entities;
    uint32_t entity_count;
    const struct wev_parameter *parameters; // sorted by id
    uint32_t parameter_count;
};

// The text of %%id, absent when no table has it.
struct wev_span wev_profile_parameter(const struct wev_profile *profile, uint64_t id);

// Called by wev_manifest_load after all manifests are in: reads the profiles, resolves every name, and
// fills def->profile of every event. Fails by wev_fail. `events` is the mutable array being built.
struct wev_source;
struct wev_schema;
struct wev_event_def;
struct wev_profile *wev_profile_load(struct wev_load *load, const struct wev_source *profiles, size_t profile_count,
                                     struct wev_event_def *events, size_t event_count);

#endif
