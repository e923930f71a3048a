// Evaluates one event: chooses it, and gives every header and field its value. No I/O, no malloc, no
// floating point; what it needs lies in struct wev_state and is gone with the event.
#include "gen/values_eval.h"

#include <string.h>

enum {
    TRIES = 8,                // draws of a host before the next ones are walked to
    RECORD_STEP = 3,          // record ids leave gaps for the events that are not made
    SIBLINGS_MAX = 1024,      // fields of one level, as the loader bounds them
    REPEAT_MAX = 64,          // of an array whose count is a number
};

// Paths of the draws that no profile names. Odd constants without meaning; no two alike.
#define PATH_GROUP 0x9fb21c651e98df25u
#define PATH_TIME 0xc2b2ae3d27d4eb4fu
#define PATH_RECORD 0x165667b19e3779f9u

// A slot that nobody has evaluated yet.
struct wev_value wev_values_late(struct wev_state *st, unsigned s)
{
    struct wev_value v = wev_values_eval(st, st->base[s / WEV_LOCAL] + s % WEV_LOCAL);
    st->mark[s] = st->now;
    st->value[s] = v;
    return v;
}

// A draw from the tape, one of a repetition, or one that a value addresses.
uint64_t wev_values_draw_special(struct wev_state *st, const struct wev_step *op, uint64_t n)
{
    if (st->choice.tape) { return wev_choice_tape(st->choice.tape); }
    uint64_t who = op->scope < WEV_SLOT_FIRST ? st->who[op->scope] : wev_choice_who(st->choice.seed, number_at(st, op->scope));
    return wev_choice_join(who, wev_choice_where(op->path + st->salt, n));
}

static inline uint64_t draw_of_unit(struct wev_state *st, uint64_t path)
{
    if (__builtin_expect(st->choice.tape != NULL, 0)) { return wev_choice_tape(st->choice.tape); }
    return wev_choice_join(st->who[0], wev_choice_where(path, 0));
}

static inline uint32_t by_weight(uint64_t d, const struct wev_alias *alias, uint32_t count)
{
    uint32_t k = (uint32_t)wev_choice_below(d, count);
    const struct wev_alias *a = &alias[k];
    return a->other ^ ((k ^ a->other) & (0 - (uint32_t)((uint32_t)d < a->keep))); // no branch: nothing can predict it
}

static struct wev_value number(const struct wev_step *op, uint64_t u)
{
    return (struct wev_value){.type = op->type, .is.u = u};
}

// ---- numbers, times, ids

static inline uint64_t span_draw(uint64_t d, uint64_t steps) // 0 to steps
{
    return steps == UINT64_MAX ? d : wev_choice_below(d, steps + 1);
}

static inline uint64_t steps_of(struct wev_state *st, const struct wev_step *op)
{
    uint64_t steps = op->is.range.steps;
    if (op->log && steps > 0) { // every order of magnitude alike: draw the number of bits, then the number
        unsigned bits = 64u - (unsigned)__builtin_clzll(steps);
        unsigned b = (unsigned)wev_choice_below(draw(st, op, 1), bits + 1);
        uint64_t top = b >= 64 ? UINT64_MAX : (1ull << b) - 1;
        steps = top < steps ? top : steps;
    }
    return span_draw(draw(st, op, 0), steps);
}

CALLED static uint64_t eval_range(struct wev_state *st, const struct wev_step *op)
{
    return op->is.range.min + op->is.range.step * steps_of(st, op);
}

CALLED static struct wev_value eval_time(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value v = slot(st, op->slot);
    uint64_t back = eval_range(st, op) + (op->slot2 ? number_at(st, op->slot2) : 0);
    v.type = op->type;
    v.is.u = back < v.is.u ? v.is.u - back : 0;
    if (op->digits) { v.digits = op->digits; }
    return v;
}

static inline struct wev_value eval_clock(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value v = number(op, st->frame.time);
    if (!st->plan->world) {
        uint64_t jitter = wev_choice_below(draw_of_unit(st, PATH_TIME), WEV_STEP_100NS);
        v.is.u = st->plan->start_100ns + st->unit * WEV_STEP_100NS + jitter;
    }
    v.digits = op->digits ? op->digits : 7;
    return v;
}

static inline struct wev_value eval_sequence(struct wev_state *st, const struct wev_step *op)
{
    if (st->plan->world) { return number(op, slot(st, op->slot).is.u + st->frame.record); }
    uint64_t jitter = wev_choice_below(draw_of_unit(st, PATH_RECORD), RECORD_STEP);
    return number(op, slot(st, op->slot).is.u + st->unit * RECORD_STEP + jitter);
}

// ---- choices

CALLED static struct wev_value eval_link(struct wev_state *st, const struct wev_step *op)
{
    uint64_t count = op->is.range.steps;
    if (op->kids) {
        uint64_t u = wev_values_eval(st, op->kids).is.u;
        return number(op, u < count ? u : u % count);
    }
    if (op->scope) { return number(op, wev_choice_below(draw(st, op, 0), count)); }
    uint64_t n = st->attempt < TRIES ? st->attempt : TRIES - 1;
    return number(op, (wev_choice_below(draw(st, op, n), count) + (st->attempt - n)) % count);
}

// Row for index k so that no row repeats before all are used, and pools of one attribute do not march in
// step: digit k / radix, turned by a draw that belongs to the digits below it. 7919 is prime.
// A name of a world's entity is of the seed alone, tape or none: who looks twice sees the same.
CALLED static struct wev_value eval_nth(struct wev_state *st, const struct wev_step *op)
{
    uint64_t index = slot(st, op->scope).is.u, radix = op->is.pool.radix;
    uint64_t turn = wev_choice_join(wev_choice_who(st->choice.seed, index % radix), wev_choice_where(op->path, 0)) >> 32;
    uint64_t digit = index / radix % op->count;
    uint64_t spread = op->count % 7919u ? 7919u : 1u;
    return op->is.pool.values[(digit * spread + turn) % op->count];
}

CALLED static struct wev_value eval_shares(struct wev_state *st, const struct wev_step *op)
{
    uint64_t index = number_at(st, op->scope);
    uint32_t k = 0;
    while (k + 1 < op->count && index >= op->is.shares.until[k]) { k++; }
    return op->is.shares.values[k];
}

CALLED static struct wev_value eval_pinned(struct wev_state *st, const struct wev_step *op)
{
    uint64_t index = number_at(st, op->scope), at = index - op->is.pinned.low;
    if (index >= op->is.pinned.low && index < op->is.pinned.high && at < op->is.pinned.count) { return op->is.pinned.values[at]; }
    return wev_values_eval(st, op->kids);
}

// Which period a time lies in, or when that one began.
CALLED static struct wev_value eval_period(struct wev_state *st, const struct wev_step *op)
{
    uint64_t late = op->slot2 ? number_at(st, op->slot2) * WEV_SECOND : 0, time = number_at(st, op->slot), step = op->is.period.step, since;
    const struct wev_clock *clock = st->plan->world ? &st->plan->world->clock : NULL;
    late -= clock ? (uint64_t)clock->zone.offset_100ns : 0;
    uint64_t n = (time - late) / step;
    since = n * step + late;
    if (clock && clock->zone.shift) { n = wev_clock_period(clock, time, step, late + (uint64_t)clock->zone.offset_100ns, &since); }
    struct wev_value v = number(op, op->gen == WEV_G_PERIOD ? n : since);
    v.digits = 7;
    return v;
}

static bool holds(struct wev_state *st, const struct wev_compare *c)
{
    if (c->known) { return c->known[slot(st, c->right).is.u]; }
    if (c->number) { return (slot(st, c->left).is.u == c->values[0].is.u) == (c->op == WEV_OP_EQ); }
    struct wev_value left = slot(st, c->left), right = c->right ? slot(st, c->right) : c->values[0];
    return wev_compare_holds(c, &left, &right);
}

static bool all_hold(struct wev_state *st, const struct wev_test *t)
{
    for (uint32_t k = 0; k < t->count; k++) {
        if (!holds(st, &t->compares[k])) { return false; }
    }
    return true;
}

CALLED static struct wev_value eval_switch(struct wev_state *st, const struct wev_step *op)
{
    uint32_t k = 0;
    while (k + 1 < op->count && !all_hold(st, &op->tests[k])) { k++; }
    return wev_values_eval(st, &op->kids[k]);
}

CALLED static struct wev_value eval_calc(struct wev_state *st, const struct wev_step *op)
{
    uint64_t u = slot(st, op->slot).is.u * op->is.calc.times + op->is.calc.plus;
    if (op->slot2) { u += slot(st, op->slot2).is.u; }
    return number(op, op->is.calc.modulo ? u % op->is.calc.modulo : u);
}

// The common kinds without a call, into *out: a value that is copied whole goes there in one piece. Inlined where slots are
// filled in a row, and once as eval for all others.
static inline __attribute__((always_inline)) void step(struct wev_state *st, const struct wev_step *op, uint8_t gen, struct wev_value *out)
{
    for (;; gen = op->gen) {
        switch (gen) {
        case WEV_G_VALUE: *out = op->is.value; return;
        case WEV_G_TABLE: *out = op->is.pool.values[number_at(st, op->slot)]; return;
        case WEV_G_POOL: *out = op->is.pool.values[by_weight(draw(st, op, 0), op->is.pool.alias, op->count)]; return;
        case WEV_G_CHOICE: op = &op->kids[by_weight(draw(st, op, 0), op->is.pick.alias, op->count)]; continue;
        case WEV_G_BRANCH: op = &op->kids[op->is.branch.kid[number_at(st, op->slot)]]; continue;
        case WEV_G_LET: op = &op->kids[number_at(st, op->slot)]; continue;
        case WEV_G_MATCH: {
            const struct wev_step *last = op->kids + op->count - 1, *kid = op->kids;
            uint64_t v = number_at(st, op->slot);
            for (const uint64_t *n = op->is.numbers; kid < last && *n != v; n++) { kid++; }
            op = kid;
            continue;
        }
        case WEV_G_EITHER: *out = op->kids[number_at(st, op->slot) != op->is.number].is.value; return;
        case WEV_G_INT:
            if (op->log) {
                *out = number(op, eval_range(st, op));
            } else {
                *out = number(op, op->is.range.min + op->is.range.step * span_draw(draw(st, op, 0), op->is.range.steps));
            }
            return;
        case WEV_G_REF:
            *out = slot(st, op->slot);
            out->type = op->type;
            return;
        case WEV_G_LINK:
            if (op->kids || (!op->scope && st->attempt)) {
                *out = eval_link(st, op);
            } else {
                *out = number(op, wev_choice_below(draw(st, op, 0), op->is.range.steps));
            }
            return;
        case WEV_G_CLOCK: *out = eval_clock(st, op); return;
        case WEV_G_SEQUENCE: *out = eval_sequence(st, op); return;
        case WEV_G_SWITCH: *out = eval_switch(st, op); return;
        case WEV_G_PATTERN: *out = wev_values_pattern(st, op); return;
        case WEV_G_NTH: *out = eval_nth(st, op); return;
        case WEV_G_CALC: *out = eval_calc(st, op); return;
        case WEV_G_TEXT: *out = wev_values_text(st, op); return;
        case WEV_G_GUID: *out = wev_values_guid(st, op); return;
        case WEV_G_SID: *out = wev_values_sid(st, op); return;
        case WEV_G_TIME: *out = eval_time(st, op); return;
        case WEV_G_KEYFILE: *out = wev_values_keyfile(st, op); return;
        case WEV_G_TO_TEXT: *out = wev_values_to_text(st, op); return;
        case WEV_G_SHARES: *out = eval_shares(st, op); return;
        case WEV_G_PINNED: *out = eval_pinned(st, op); return;
        case WEV_G_PERIOD: case WEV_G_SINCE: *out = eval_period(st, op); return;
        case WEV_G_AUTO: case WEV_G_RECORD: case WEV_G_ABSENT: case WEV_G_AMONG: case WEV_G_FRAME: *out = wev_values_auto(st, op); return;
        default: __builtin_unreachable();
        }
    }
}

struct wev_value wev_values_eval(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value v;
    step(st, op, op->gen, &v);
    return v;
}

// A tape's next draw is another: there each slot is evaluated once.
CALLED static void fill_from_tape(struct wev_state *st, const struct wev_need *need, uint32_t count)
{
    for (const struct wev_need *end = need + count; need < end; need++) { slot(st, need->slot); }
}

// What had to be evaluated early, because a value looked at it, is evaluated again: that is rare, and gives the same.
static inline __attribute__((always_inline)) void fill(struct wev_state *st, const struct wev_need *need, uint32_t count)
{
    if (__builtin_expect(st->choice.tape != NULL, 0)) {
        fill_from_tape(st, need, count);
        return;
    }
    for (const struct wev_need *end = need + count; need < end; need++) {
        unsigned s = need->slot;
        step(st, need->op, need->gen, &st->value[s]);
        st->mark[s] = st->now;
    }
}

// ---- events

// Whether draws are those of the unit's plain addresses.
static void set_special(struct wev_state *st, bool special)
{
    st->plain_scopes = special ? 0 : WEV_SLOT_FIRST;
}

static void reset(struct wev_state *st)
{
    if (++st->now == 0) { // after 2^32 events the marks of old ones would count again
        memset(st->mark, 0, sizeof(st->mark));
        st->now = 1;
    }
    st->mark[0] = st->now; // slot 0: the unit
    st->value[0] = (struct wev_value){.type = WEV_T_UINT64, .is.u = st->unit};
    st->who[0] = wev_choice_who(st->choice.seed, st->unit);
    st->at = st->scratch;
    st->salt = 0;
    set_special(st, st->choice.tape);
}

static void choose(struct wev_state *st, const struct wev_plan_event *e)
{
    st->event = e;
    st->base[0] = e->shared;
    st->base[1] = e->locals;
}

void wev_values_init(struct wev_state *st, const struct wev_plan *plan, uint64_t seed)
{
    st->plan = plan;
    st->choice = (struct wev_choice){.seed = seed};
    st->broken = NULL;
    st->base[0] = st->base[1] = plan->slots;
    st->now = 0;
    st->attempt = 0;
    st->date.day = UINT64_MAX;
    memset(st->mark, 0, sizeof(st->mark));
    memset(st->keys, 0, sizeof(st->keys));
}

static const struct wev_plan_group *group_of(struct wev_state *st)
{
    const struct wev_plan *p = st->plan;
    if (p->group_count == 1) { return p->groups; }
    uint64_t at = wev_choice_below(draw_of_unit(st, PATH_GROUP), p->weight);
    size_t low = 0, high = p->group_count - 1;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (p->groups[mid].until > at) { high = mid; } else { low = mid + 1; }
    }
    return &p->groups[low];
}

// The first version whose requirements hold for the host that was drawn; if none does, another host, and
// after some draws the next host and the next: every host is tried before the first version is taken.
static const struct wev_plan_event *event_of(struct wev_state *st, const struct wev_plan_group *g)
{
    st->attempt = 0;
    if (g->version) {
        choose(st, &g->events[0]);
        fill(st, &g->version_need, 1);
        uint8_t k = g->version[st->value[g->version_need.slot].is.u];
        if (k < g->event_count) {
            choose(st, &g->events[k]);
            return st->event;
        }
    }
    for (; st->attempt < TRIES + st->plan->links_max; st->attempt++) {
        for (uint32_t k = 0; k < g->event_count; k++) {
            choose(st, &g->events[k]);
            if (all_hold(st, &g->events[k].require)) { return st->event; }
        }
        reset(st);
    }
    st->attempt = 0;
    choose(st, &g->events[0]);
    return st->event;
}

static void set_frame(struct wev_state *st, unsigned s, uint8_t type, uint64_t u)
{
    st->value[s] = (struct wev_value){.type = type, .digits = 7, .is.u = u};
    st->mark[s] = st->now;
    st->who[s] = wev_choice_who(st->choice.seed, u);
}

// In a world the unit is a step: where it stands says which event it is; its episode's host decides the version.
static const struct wev_plan_event *event_of_step(struct wev_state *st)
{
    wev_layout_find(st->layout, st->plan->world, st->unit, &st->frame);
    set_frame(st, WEV_SLOT_EPISODE, WEV_T_UINT64, st->frame.episode);
    set_frame(st, WEV_SLOT_RUN, WEV_T_UINT64, st->frame.run);
    set_frame(st, WEV_SLOT_MOMENT, WEV_T_FILETIME, st->frame.moment);
    set_frame(st, WEV_SLOT_PERSON, WEV_T_UINT64, st->frame.person);
    const struct wev_plan_group *g = &st->frame.act->groups[st->frame.at];
    uint32_t k = 0;
    choose(st, &g->events[0]);
    if (g->version) {
        k = g->version[number_at(st, g->version_need.slot)];
    } else {
        while (k < g->event_count && !all_hold(st, &g->events[k].require)) { k++; }
    }
    choose(st, &g->events[k < g->event_count ? k : 0]);
    return st->event;
}

// The number that an extent stands for, given the numbers of the earlier siblings.
static uint64_t extent(const struct wev_extent *x, const uint64_t *seen, uint64_t none)
{
    return x->kind == WEV_X_NONE ? none : x->kind == WEV_X_CONST ? x->n : seen[x->n % SIBLINGS_MAX];
}

// Leaves of arrays and structs, in document order. Every repetition has draws of its own. `slots` is NULL
// inside a struct, whose members no profile names.
static size_t eval_leaves(struct wev_state *st, const struct wev_field *fields, size_t count, const uint16_t *slots,
                          size_t n)
{
    uint64_t seen[SIBLINGS_MAX] = {0}, salt = st->salt;
    for (size_t k = 0; k < count && n < WEV_ITEMS_MAX; k++) {
        struct wev_field f = fields[k];
        uint64_t repeat = extent(&f.count, seen, 1);
        if (f.length.kind == WEV_X_FIELD) { f.length = (struct wev_extent){WEV_X_CONST, (uint32_t)extent(&f.length, seen, 0)}; }
        for (uint64_t r = 0; r < repeat && r < REPEAT_MAX && n < WEV_ITEMS_MAX; r++) {
            st->salt = salt + (r + 1) * 0x9e3779b97f4a7c15u + k;
            set_special(st, true);
            if (f.field_count) {
                n = eval_leaves(st, f.fields, f.field_count, NULL, n);
                continue;
            }
            struct wev_step op = {.gen = WEV_G_AUTO, .type = f.type, .path = 0x5bd1e995u + k, .is.field = &f};
            if (slots && r == 0) {
                st->salt = salt;
                set_special(st, salt || st->choice.tape);
            }
            struct wev_value v = slots && r == 0 ? slot(st, slots[k]) : wev_values_eval(st, &op);
            seen[k % SIBLINGS_MAX] = v.is.u;
            st->item[n++] = v;
        }
    }
    st->salt = salt;
    set_special(st, salt || st->choice.tape);
    return n;
}

struct wev_value wev_values_shared(struct wev_state *st, uint16_t slot_wanted, uint16_t link, uint64_t index)
{
    st->unit = 0;
    reset(st);
    st->value[link] = (struct wev_value){.type = WEV_T_UINT64, .is.u = index};
    st->mark[link] = st->now;
    return slot(st, slot_wanted);
}

static const struct wev_plan_event *evaluate(struct wev_state *st, const struct wev_plan_event *e)
{
    const struct wev_need *need = e->needed;
    uint32_t count = e->needed_count;
    const struct wev_segment *s = e->segments, *end = s + e->segment_count;
    for (;;) { // one loop that fills: the common list, then each segment's
        fill(st, need, count);
        while (s < end && !s->slot) { s++; }
        if (s == end) { break; }
        const struct wev_variant *v = wev_variant_of(st, s++);
        need = v->needed;
        count = v->needed_count;
    }
    const struct wev_template *body = e->def->body;
    if (!body->flat) { st->item_count = eval_leaves(st, body->fields, body->field_count, e->field, 0); }
    return e;
}

const struct wev_plan_event *wev_values_event(struct wev_state *st, uint64_t i)
{
    st->unit = i;
    reset(st);
    return evaluate(st, st->plan->world ? event_of_step(st) : event_of(st, group_of(st)));
}

void wev_values_as(struct wev_state *st, const struct wev_plan_event *e, uint64_t i)
{
    const struct wev_plan_group alone = {.events = e, .event_count = 1};
    st->unit = i;
    reset(st);
    evaluate(st, event_of(st, &alone));
}

const struct wev_value *wev_values_at(struct wev_state *st, uint16_t s)
{
    slot(st, s);
    return &st->value[s];
}

void wev_values_copy(struct wev_state *st, struct wev_event *event)
{
    const struct wev_plan_event *e = st->event;
    event->def = e->def;
    event->value = st->item; // a flat event leaves them unused
    event->value_count = e->def->body->flat ? e->def->body->field_count : st->item_count;
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        event->header[h] = e->fixed[h].type != WEV_T_NULL ? e->fixed[h] : *wev_values_at(st, e->header[h]);
    }
    for (size_t k = 0; e->def->body->flat && k < event->value_count; k++) { st->item[k] = *wev_values_at(st, e->field[k]); }
}
