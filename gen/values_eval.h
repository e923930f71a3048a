// What the files that evaluate values share: slots, draws, and the kinds that one calls of another. For gen/values*.c alone.
#ifndef WEV_VALUES_EVAL_H
#define WEV_VALUES_EVAL_H

#include "gen/plan.h"

// Kept apart, so that the common kinds pay for no other's registers.
#define CALLED __attribute__((noinline))

enum { WEV_STEP_100NS = 27000000 }; // mean distance of two units: 2.7 s

// values.c: any op; a slot that nobody has evaluated yet; a draw from the tape, or one of a repetition.
struct wev_value wev_values_eval(struct wev_state *st, const struct wev_step *op);
struct wev_value wev_values_late(struct wev_state *st, unsigned slot);
uint64_t wev_values_draw_special(struct wev_state *st, const struct wev_step *op, uint64_t n);
// values_text.c, values_auto.c: one kind each.
struct wev_value wev_values_pattern(struct wev_state *st, const struct wev_step *op);
struct wev_value wev_values_to_text(struct wev_state *st, const struct wev_step *op);
struct wev_value wev_values_text(struct wev_state *st, const struct wev_step *op);
struct wev_value wev_values_guid(struct wev_state *st, const struct wev_step *op);
struct wev_value wev_values_sid(struct wev_state *st, const struct wev_step *op);
struct wev_value wev_values_keyfile(struct wev_state *st, const struct wev_step *op);
struct wev_value wev_values_auto(struct wev_state *st, const struct wev_step *op);

static inline bool wev_values_is_text(uint8_t type)
{
    return type == WEV_T_UNICODE_STRING || type == WEV_T_ANSI_STRING;
}

static inline struct wev_value slot(struct wev_state *st, unsigned s)
{
    return __builtin_expect(st->mark[s] == st->now, 1) ? st->value[s] : wev_values_late(st, s);
}

static inline uint64_t number_at(struct wev_state *st, unsigned s)
{
    return __builtin_expect(st->mark[s] == st->now, 1) ? st->value[s].is.u : wev_values_late(st, s).is.u;
}

static inline uint64_t draw(struct wev_state *st, const struct wev_step *op, uint64_t n)
{
    if (__builtin_expect(op->scope >= st->plain_scopes, 0)) { return wev_values_draw_special(st, op, n); }
    return wev_choice_join(st->who[op->scope], n == 0 ? op->where : wev_choice_where(op->path, n));
}

static inline struct wev_value text_done(struct wev_state *st, const struct wev_step *op, char *from, uint8_t flags)
{
    struct wev_value v = {.type = op->type, .flags = flags, .n = (uint32_t)(st->at - from), .is.text = from};
    return v;
}

static inline void align(struct wev_state *st)
{
    st->at += -(uintptr_t)st->at & 7;
}

#endif
