// How many units of scenarios may meet in one block of a world: a bound from the clock's extremes, which costs nothing, or, where
// that is too much, block by block.
#include "gen/world.h"

#define HOUR (3600ull * WEV_SECOND)
enum { BLOCKS_MAX = 1 << 16 };

struct extremes {
    uint64_t most, swing[2]; // wev_clock_most; wev_clock_swing, any and near
};

// Units that began while `units` of them may have.
static uint64_t at_once(const struct wev_world_story *s, const struct wev_world_act *a, uint64_t units)
{
    uint64_t runs = (uint64_t)((wev_u128)units * s->runs / s->starts) + 2;
    return (runs < s->runs ? runs : s->runs) * a->length;
}

// The most units in which the runs began whose act falls into one block of units. An act comes after its run's begin, where
// more may happen in the same time.
static uint64_t reach(const struct wev_world *w, const struct extremes *x, const struct wev_world_act *a, uint64_t block)
{
    uint64_t late = a->after_100ns + a->early_100ns;
    wev_u128 dense = (wev_u128)x->most * w->total, wide = 2 * (wev_u128)a->early_100ns * dense / w->clock.span;
    wev_u128 longer = block + late * dense / w->clock.span + wide, denser = (wev_u128)block * x->swing[late < HOUR] / 10 + wide;
    wev_u128 least = longer < denser ? longer : denser;
    if (!late) { return block; }
    return least < w->total ? (uint64_t)least + 2 : w->total;
}

static uint64_t bound(const struct wev_world *w, uint64_t block)
{
    uint64_t sum = 0;
    struct extremes x = {.most = wev_clock_most(&w->clock)};
    for (unsigned near = 0; near < 2; near++) { x.swing[near] = wev_clock_swing(&w->clock, near); }
    for (uint32_t k = w->everyday; k < w->count; k++) {
        const struct wev_world_story *s = &w->stories[k];
        for (uint32_t n = 0; n < s->story->act_count; n++) { sum += at_once(s, &s->acts[n], reach(w, &x, &s->acts[n], block)); }
    }
    return sum;
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

static uint64_t block_by_block(const struct wev_world *w, uint64_t block, uint64_t blocks)
{
    uint64_t most = 0;
    struct wev_clock_hint hint = {.day = 0};
    for (uint64_t b = 0; b < blocks; b++) {
        uint64_t size = b + 1 == blocks ? w->total - b * block : block, sum = 0; // the last one takes the rest
        uint64_t start = wev_clock_at(&w->clock, b * block, w->total, &hint), end = wev_clock_at(&w->clock, b * block + size, w->total, &hint);
        for (uint32_t k = w->everyday; k < w->count; k++) {
            const struct wev_world_story *s = &w->stories[k];
            for (uint32_t n = 0; n < s->story->act_count; n++) { sum += at_once(s, &s->acts[n], began(w, s, &s->acts[n], start, end)); }
        }
        sum = (sum * block + size - 1) / size;
        most = sum > most ? sum : most;
    }
    return most;
}

uint64_t wev_world_meet(const struct wev_world *w)
{
    uint64_t block = w->block < w->total ? w->block : w->total, blocks = w->total / block, most = bound(w, block);
    return most > block && blocks <= BLOCKS_MAX ? block_by_block(w, block, blocks) : most;
}
