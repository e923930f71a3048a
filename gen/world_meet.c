// How many units of scenarios may meet in one block of a world: a bound from the clock's extremes, which costs nothing, or, where
// that is too much, from its hours, or from the blocks when there are few.
#include "gen/world.h"

#define HOUR (3600ull * WEV_SECOND)
enum { BLOCKS_MAX = 1 << 11 };

struct extremes {
    uint64_t most, swing[2]; // wev_clock_most; wev_clock_swing, any and near
    uint64_t longest;        // time of a block, if all of it were the quietest hour
};

static uint64_t units_in(const struct wev_world *w, uint64_t most, wev_u128 time)
{
    wev_u128 units = time * most * w->total / w->clock.span + 1;
    return units < w->total ? (uint64_t)units : w->total;
}

// Units of an act whose runs begin among `units`; those are `pieces` pieces of the window, each with two runs in part.
static uint64_t at_once(const struct wev_world_story *s, const struct wev_world_act *a, uint64_t units, uint64_t pieces)
{
    uint64_t starts = units < s->starts ? units : s->starts, runs = (uint64_t)((wev_u128)starts * s->runs / s->starts) + 2 * pieces;
    return (runs < s->runs ? runs : s->runs) * a->length;
}

// The same for runs that are moved into their hours: those of a whole day come there; elsewhere are those alone that stayed at
// the window's ends.
static uint64_t moved_at_once(const struct wev_world *w, const struct wev_world_story *s, const struct wev_world_act *a, const struct extremes *x,
                              uint64_t time, bool there)
{
    wev_u128 from = there ? (wev_u128)time * (24u + s->story->hours) / s->story->hours : time;
    return at_once(s, a, units_in(w, x->most, from), x->longest / (24 * HOUR) + 2);
}

// The most units in which the runs began whose act falls into `block` units, when up to `tenths` tenths as much happened in the
// same time then. Or: as many as there may be in the time that passed since.
static uint64_t reach(const struct wev_world *w, const struct extremes *x, const struct wev_world_act *a, uint64_t block, uint64_t tenths)
{
    uint64_t late = a->after_100ns + a->early_100ns, wide = units_in(w, x->most, 2 * a->early_100ns);
    uint64_t longer = block + units_in(w, x->most, late), denser = (uint64_t)((wev_u128)block * tenths / 10);
    return late ? (longer < denser ? longer : denser) + wide + 2 : block;
}

static uint64_t bound(const struct wev_world *w, const struct extremes *x, uint64_t block)
{
    uint64_t sum = 0;
    for (uint32_t k = w->everyday; k < w->count; k++) {
        const struct wev_world_story *s = &w->stories[k];
        for (uint32_t n = 0; n < s->story->act_count; n++) {
            const struct wev_world_act *a = &s->acts[n];
            bool near = a->after_100ns + a->early_100ns < HOUR;
            sum += s->moved ? moved_at_once(w, s, a, x, x->longest, true) : at_once(s, a, reach(w, x, a, block, x->swing[near]), 1);
        }
    }
    return sum;
}

// A block is made of parts of hours, and holds no more than it would if all were the worst of them.
static uint64_t hour_by_hour(const struct wev_world *w, const struct extremes *x, uint64_t block)
{
    uint64_t most = 0, before = 0;
    for (uint64_t h = 0; h < 24 * w->clock.days; h++) {
        unsigned shown;
        uint64_t weight = wev_clock_weight(&w->clock, h, &shown), sum = 0, busier = before > weight ? (10 * before + weight - 1) / weight : 10;
        uint64_t time = (uint64_t)((wev_u128)(block + 1) * w->clock.span / w->total / weight) + 1;
        for (uint32_t k = w->everyday; k < w->count; k++) {
            const struct wev_world_story *s = &w->stories[k];
            bool there = (shown + 24u - s->story->hour) % 24 <= s->story->hours; // and the hour behind them: acts come later
            for (uint32_t n = 0; n < s->story->act_count; n++) {
                const struct wev_world_act *a = &s->acts[n];
                uint64_t tenths = a->after_100ns + a->early_100ns < HOUR ? busier : x->swing[0];
                sum += s->moved ? moved_at_once(w, s, a, x, time, there || a->after_100ns + a->early_100ns >= HOUR) : at_once(s, a, reach(w, x, a, block, tenths), 1);
            }
        }
        most = sum > most ? sum : most;
        before = weight;
    }
    return most;
}

// Units in which the runs began whose act falls between two times.
static uint64_t began(const struct wev_world *w, const struct wev_world_story *s, const struct wev_world_act *a, uint64_t start, uint64_t end)
{
    struct wev_clock_hint hint = {.day = 0};
    uint64_t sooner = a->after_100ns - a->early_100ns, later = a->after_100ns + a->early_100ns;
    if (end - w->clock.start <= sooner) { return 0; }
    uint64_t low = start - w->clock.start > later ? wev_clock_unit(&w->clock, start - later, w->total, &hint) : 0;
    uint64_t high = wev_clock_unit(&w->clock, end - 1 - sooner, w->total, &hint), last = a->offset + s->starts - 1;
    low = low < a->offset ? a->offset : low;
    high = high > last ? last : high;
    return low <= high ? high - low + 1 : 0;
}

static uint64_t block_by_block(const struct wev_world *w, const struct extremes *x, uint64_t block, uint64_t blocks)
{
    uint64_t most = 0;
    struct wev_clock_hint hint = {.day = 0};
    for (uint64_t b = 0; b < blocks; b++) {
        uint64_t size = b + 1 == blocks ? w->total - b * block : block, sum = 0; // the last one takes the rest
        uint64_t start = wev_clock_at(&w->clock, b * block, w->total, &hint), end = wev_clock_at(&w->clock, b * block + size, w->total, &hint);
        for (uint32_t k = w->everyday; k < w->count; k++) {
            const struct wev_world_story *s = &w->stories[k];
            for (uint32_t n = 0; n < s->story->act_count; n++) {
                const struct wev_world_act *a = &s->acts[n];
                sum += s->moved ? moved_at_once(w, s, a, x, end - start, true) : at_once(s, a, began(w, s, a, start, end), 1);
            }
        }
        sum = (sum * block + size - 1) / size;
        most = sum > most ? sum : most;
    }
    return most;
}

uint64_t wev_world_meet(const struct wev_world *w)
{
    uint64_t block = w->block < w->total ? w->block : w->total, blocks = w->total / block;
    struct extremes x = {.most = wev_clock_most(&w->clock)};
    for (unsigned near = 0; near < 2; near++) { x.swing[near] = wev_clock_swing(&w->clock, near); }
    x.longest = (uint64_t)((wev_u128)(block + 1) * w->clock.span / w->total * x.swing[0] / 10 / x.most) + 1;
    uint64_t most = bound(w, &x, block);
    if (most > block) {
        uint64_t other = blocks > BLOCKS_MAX ? hour_by_hour(w, &x, block) : block_by_block(w, &x, block, blocks);
        most = other < most ? other : most;
    }
    return most;
}
