// The one source of choice: a draw is the hash of its own address {seed, unit, path, n}, or, with a tape,
// the tape's next bytes. Nothing is remembered between draws of a seed, so a unit can be made anywhere.
#ifndef WEV_CHOICE_H
#define WEV_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>

__extension__ typedef unsigned __int128 wev_u128; // ISO C has none; gcc and clang do

// Bytes that answer in place of the hash; when they are used up every draw is 0, and row 0 of every table
// is the plainest choice.
struct wev_tape {
    const uint8_t *bytes;
    size_t size, at;
};

struct wev_choice {
    uint64_t seed;
    struct wev_tape *tape; // NULL: the hash answers
};

static inline uint64_t wev_choice_tape(struct wev_tape *t)
{
    uint64_t v = 0;
    for (unsigned k = 0; k < 4; k++) { // four bytes a draw, spread to the top: high halves decide
        v = v << 8 | (t->at < t->size ? t->bytes[t->at++] : 0u);
    }
    return v << 32 | v;
}

// XXH3_64bits over the 32 bytes {seed, unit, path, n}, little-endian, in its two independent halves: of an event's
// draws the first half is the same, of a generator's draws the second, so each is taken once and joined.
// tests/test_choice.c holds it against XXH3_64bits itself.
static inline uint64_t wev_choice_fold(uint64_t a, uint64_t b, unsigned secret)
{
    wev_u128 product = (wev_u128)(a ^ XXH_readLE64(XXH3_kSecret + secret)) * (b ^ XXH_readLE64(XXH3_kSecret + secret + 8));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t wev_choice_who(uint64_t seed, uint64_t unit)
{
    return wev_choice_fold(seed, unit, 0);
}

static inline uint64_t wev_choice_where(uint64_t path, uint64_t n) // n counts the draws of one path
{
    return wev_choice_fold(path, n, 16);
}

static inline uint64_t wev_choice_join(uint64_t who, uint64_t where)
{
    return XXH3_avalanche(32 * XXH_PRIME64_1 + who + where);
}

static inline uint64_t wev_choice_draw(const struct wev_choice *c, uint64_t unit, uint64_t path, uint64_t n)
{
    if (c->tape) { return wev_choice_tape(c->tape); }
    return wev_choice_join(wev_choice_who(c->seed, unit), wev_choice_where(path, n));
}

// 0 <= result < n; n of 0 gives 0. The high half of the product: no division, bias below n / 2^64.
static inline uint64_t wev_choice_below(uint64_t draw, uint64_t n)
{
    return (uint64_t)((wev_u128)draw * n >> 64);
}

#endif
