// The one source of choice: a draw is XXH3 of its address however it is put together, and bounded draws are fair.
#include "gen/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ADDRESSES = 200000, BINS_MAX = 256 };

// Addresses to try: SplitMix64 (Steele, Lea, Flood 2014), which shares nothing with XXH3.
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint64_t hash_of(const uint64_t word[4])
{
    uint8_t bytes[32];
    for (size_t k = 0; k < 32; k++) { bytes[k] = (uint8_t)(word[k / 8] >> (8 * (k % 8))); }
    return XXH3_64bits(bytes, sizeof(bytes));
}

static void check_address(const uint64_t w[4])
{
    struct wev_choice c = {.seed = w[0]};
    uint64_t want = hash_of(w), joined = wev_choice_join(wev_choice_who(w[0], w[1]), wev_choice_where(w[2], w[3]));
    uint64_t drawn = wev_choice_draw(&c, w[1], w[2], w[3]);
    if (joined != want || drawn != want) {
        fail_msg("seed %#llx unit %#llx path %#llx n %#llx: XXH3 %#llx, halves %#llx, draw %#llx", (unsigned long long)w[0],
                 (unsigned long long)w[1], (unsigned long long)w[2], (unsigned long long)w[3], (unsigned long long)want,
                 (unsigned long long)joined, (unsigned long long)drawn);
    }
}

// forall seed, unit, path, n: join(who(seed, unit), where(path, n)) == XXH3_64bits({seed, unit, path, n})
static void halves_are_the_hash(void **state)
{
    (void)state;
    static const uint64_t edges[] = {0, 1, 2, 0xff, 0x100, UINT32_MAX, 1ull << 32, INT64_MAX, 1ull << 63, UINT64_MAX - 1, UINT64_MAX};
    enum { EDGES = sizeof(edges) / sizeof(edges[0]) };
    for (size_t k = 0; k < (size_t)EDGES * EDGES * EDGES * EDGES; k++) {
        const uint64_t w[4] = {edges[k % EDGES], edges[k / EDGES % EDGES], edges[k / EDGES / EDGES % EDGES],
                               edges[k / EDGES / EDGES / EDGES]};
        check_address(w);
    }
    uint64_t seed = 1;
    for (size_t k = 0; k < ADDRESSES; k++) {
        uint64_t w[4] = {next(&seed), next(&seed), next(&seed), next(&seed)};
        if (k & 1) { w[0] = 1; } // as they come in a run: a small seed, consecutive units, the first draws of a path
        if (k & 2) { w[1] = k; }
        if (k & 4) { w[3] = k % 5; }
        check_address(w);
    }
}

// The value is what another program says: head -c 32 /dev/zero | xxhsum -H3
static void the_hash_is_the_published_one(void **state)
{
    (void)state;
    static const uint64_t zero[4] = {0, 0, 0, 0};
    struct wev_choice c = {.seed = 0};
    assert_true(hash_of(zero) == 0xa057271c9071c99du);
    assert_true(wev_choice_draw(&c, 0, 0, 0) == 0xa057271c9071c99du);
}

// forall draw, n > 0: below(draw, n) < n, it grows with the draw, and both ends are reached
static void bounded_draws_are_bounded(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (size_t k = 0; k < ADDRESSES; k++) {
        uint64_t n = next(&seed) >> (next(&seed) % 64), a = next(&seed), b = next(&seed);
        n = n ? n : 1;
        assert_true(wev_choice_below(a, n) < n);
        assert_true(wev_choice_below(0, n) == 0);
        assert_true(wev_choice_below(UINT64_MAX, n) == n - 1);
        assert_true(wev_choice_below(a < b ? a : b, n) <= wev_choice_below(a < b ? b : a, n));
    }
    assert_true(wev_choice_below(UINT64_MAX, 0) == 0);
    assert_true(wev_choice_below(UINT64_MAX, UINT64_MAX) == UINT64_MAX - 1);
}

// Pearson's chi-square of `draws` over n bins, in thousandths.
static uint64_t chi_square(const uint64_t *seen, uint64_t n, uint64_t draws)
{
    uint64_t sum = 0;
    for (uint64_t k = 0; k < n; k++) { sum += seen[k] * seen[k]; } // sum o²/e - draws, e = draws / n
    return sum * 1000 / draws * n - draws * 1000;
}

enum vary { SEED, UNIT, PATH, NUMBER, VARY_COUNT };
static const char *const vary_names[] = {"seeds", "units", "paths", "numbers"};

static uint64_t draw_at(enum vary v, uint64_t k)
{
    const uint64_t w[4] = {v == SEED ? k : 1, v == UNIT ? k : 7, v == PATH ? k : 0x8f1d2c3b4a596877u, v == NUMBER ? k : 0};
    struct wev_choice c = {.seed = w[0]};
    return wev_choice_draw(&c, w[1], w[2], w[3]);
}

// Degrees of freedom d: the 0.9999 quantile lies below d + 4 sqrt(2d) + 14 for every d used here; the fixed seed either
// passes or does not, so there is no flake.
static void check_fair(const uint64_t *seen, uint64_t n, uint64_t draws, const char *what)
{
    uint64_t root = 0, d = n - 1;
    while (root * root < 2 * d) { root++; }
    uint64_t got = chi_square(seen, n, draws), most = (d + 4 * root + 14) * 1000;
    uint64_t least = d > 4 * root ? (d - 4 * root) * 1000 : 0; // too even is no chance either
    if (got > most || got < least) {
        fail_msg("%s, %llu bins: chi-square %llu/1000, expected %llu to %llu", what, (unsigned long long)n,
                 (unsigned long long)got, (unsigned long long)least, (unsigned long long)most);
    }
}

// consecutive seeds, units, paths or draws: each bin gets its share
static void bounded_draws_are_fair(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {2, 3, 5, 7, 10, 16, 37, 100, 255, 256};
    enum { DRAWS = 100000 };
    for (int v = 0; v < VARY_COUNT; v++) {
        for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
            uint64_t seen[BINS_MAX] = {0};
            for (uint64_t k = 0; k < DRAWS; k++) { seen[wev_choice_below(draw_at((enum vary)v, k), sizes[s])]++; }
            check_fair(seen, sizes[s], DRAWS, vary_names[v]);
        }
    }
}

// neighbours know nothing of each other: pairs of draws fill 16 x 16 bins evenly
static void neighbours_are_independent(void **state)
{
    (void)state;
    enum { PAIRS = 200000 };
    for (int v = 0; v < VARY_COUNT; v++) {
        uint64_t seen[BINS_MAX] = {0};
        for (uint64_t k = 0; k < PAIRS; k++) {
            uint64_t a = draw_at((enum vary)v, 2 * k), b = draw_at((enum vary)v, 2 * k + 1);
            seen[16 * wev_choice_below(a, 16) + wev_choice_below(b, 16)]++;
        }
        check_fair(seen, BINS_MAX, PAIRS, vary_names[v]);
    }
    // two fields of one event: their difference must not be one and the same
    uint64_t seen[BINS_MAX] = {0};
    for (uint64_t unit = 0; unit < PAIRS; unit++) {
        struct wev_choice c = {.seed = 1};
        uint64_t a = wev_choice_draw(&c, unit, 11, 0), b = wev_choice_draw(&c, unit, 12, 0);
        seen[(a - b) >> 56]++;
    }
    check_fair(seen, BINS_MAX, PAIRS, "fields");
}

// a tape answers in order, four bytes a draw, whatever the address; after its end every draw is 0
static void tape_answers_in_place_of_the_hash(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x12, 0x34};
    struct wev_tape tape = {bytes, sizeof(bytes), 0};
    struct wev_choice c = {.seed = 9, .tape = &tape};
    assert_true(wev_choice_below(wev_choice_draw(&c, 1, 2, 3), 100) == 50);
    assert_true(wev_choice_draw(&c, 4, 5, 6) == UINT64_MAX);
    assert_true(wev_choice_draw(&c, 4, 5, 6) == 0x1234000012340000u); // what is missing counts as 0
    for (int k = 0; k < 3; k++) { assert_true(wev_choice_draw(&c, 4, 5, 6) == 0); }
    assert_int_equal(tape.at, sizeof(bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_are_the_hash),       cmocka_unit_test(the_hash_is_the_published_one),
        cmocka_unit_test(bounded_draws_are_bounded), cmocka_unit_test(bounded_draws_are_fair),
        cmocka_unit_test(neighbours_are_independent), cmocka_unit_test(tape_answers_in_place_of_the_hash),
    };
    return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}
