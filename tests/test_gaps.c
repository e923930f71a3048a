// When the acts of a scenario happen: as far from each other as its file says, however much or little happens around them.
#include "tests/world.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SOON (3600ull * WEV_SECOND)
enum { RUNS = 2048, STORIES = 64 };

struct begun { // the act of a run that was seen last
    uint64_t time;
    bool any;
};
struct gaps {
    uint64_t each; // acts soon after another, in one run of every scenario
    uint64_t checked, other; // other: not as the file says
    char first[300];
};

static void check_gap(struct gaps *g, const struct wev_frame *f, uint64_t gap)
{
    uint64_t mean = f->act->act->after_100ns;
    g->checked++;
    if (gap >= mean / 2 && gap <= mean + mean / 2 + 2) { return; }
    if (!g->other++) {
        snprintf(g->first, sizeof(g->first), "%s, run %" PRIu64 ", step %u: %" PRIu64 " ms after the act before, not %" PRIu64,
                 f->story->story->name.p, f->run_number, f->step, gap / 10000, mean / 10000);
    }
}

static struct gaps gaps_of(struct wev_config c)
{
    static struct begun begun[STORIES][RUNS];
    struct gaps g = {.checked = 0};
    struct world own = wev_test_world(c);
    const struct wev_world *w = own.options->plan->world;
    assert_true(w->count - w->everyday > 20 && w->count < STORIES);
    memset(begun, 0, sizeof(begun));
    for (uint32_t k = w->everyday; k < w->count; k++) {
        for (uint32_t a = 1; a < w->stories[k].story->act_count; a++) { g.each += w->stories[k].story->acts[a].after_100ns < SOON; }
    }
    for (uint64_t i = 0; i < w->total; i++) {
        struct wev_frame f;
        wev_layout_find(own.state->layout, w, i, &f);
        if (f.story->story->weight || f.step != f.act->first_step) { continue; }
        assert_in_range(f.run_number, 0, RUNS - 1);
        struct begun *b = &begun[f.story - w->stories][f.run_number];
        if (b->any && f.act->act->after_100ns < SOON) { check_gap(&g, &f, f.time - b->time); }
        *b = (struct begun){f.time, true};
    }
    wev_test_close(&own);
    return g;
}

// forall scenarios and densities, from an event every eight minutes to one every three seconds, forall acts less than an hour
// after the one before: the time between their begins is what the file says, give or take half of it
static void acts_keep_their_gaps(void **state)
{
    (void)state;
    static const struct { uint64_t total, runs; const char *scenarios; } rows[] = {
        {5000, 1, "all:1"}, {12000, 3, "all:3"}, {100000, 3, "all:3"}, {900000, 3, "all:3"}};
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
        struct gaps g = gaps_of((struct wev_config){.seed = k + 1, .total = rows[k].total, .scenarios = rows[k].scenarios});
        if (g.other) { fail_msg("%" PRIu64 " events: %s", rows[k].total, g.first); }
        assert_int_equal(g.checked, rows[k].runs * g.each);
    }
}

// Where acts of several runs want the same time one of them waits: that is rare, though a fifth of all events are theirs.
static void crowds_keep_nearly_all(void **state)
{
    (void)state;
    struct gaps g = gaps_of((struct wev_config){.seed = 7, .total = 100000, .attack_rate = "10%"});
    assert_in_range(g.checked, 5000, 10000);
    if (g.other * 50 > g.checked) { fail_msg("%" PRIu64 " of %" PRIu64 " gaps are others: %s", g.other, g.checked, g.first); }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(acts_keep_their_gaps), cmocka_unit_test(crowds_keep_nearly_all)};
    return cmocka_run_group_tests_name("gaps", tests, NULL, NULL);
}
