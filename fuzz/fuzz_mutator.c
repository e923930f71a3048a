// The mutator on any bytes: within its room, the same again whatever was done between, and nothing read past an input.
// Eight bytes of seed, two of room, two of the second input's length, then both inputs.
#include "fuzz/law.h"
#include "fuzz/mutator.h"

#include "schema/base.h"

#include <stdlib.h>
#include <string.h>

static struct wev_mutator *mutator(void)
{
    static struct wev_mutator *one;
    struct wev_error error;
    if (!one) { one = wev_mutator_new(wev_law_schema(), NULL, &error); }
    WEV_LAW(one, "no mutator: %s", error.text);
    return one;
}

static size_t run(struct wev_span input, struct wev_span other, uint64_t seed, uint8_t *out, size_t cap)
{
    size_t n = wev_mutator_run(mutator(), input, other, seed, out, cap);
    WEV_LAW(n <= cap, "%zu bytes into room for %zu", n, cap);
    return n;
}

static uint64_t take(const uint8_t **p, size_t *n, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned k = 0; k < bytes && *n > 0; k++, ++*p, --*n) { v = v << 8 | **p; }
    return v;
}

static void check_repeats(struct wev_span input, struct wev_span other, uint64_t seed, size_t cap)
{
    uint8_t *first = malloc(cap ? cap : 1), *second = malloc(cap ? cap : 1);
    WEV_LAW(first && second, "out of memory");
    size_t n = run(input, other, seed, first, cap);
    run((struct wev_span){(const char *)first, n}, input, seed + 1, second, cap); // something else between
    size_t m = run(input, other, seed, second, cap);
    WEV_LAW(n == m && !memcmp(first, second, n), "seed %llu gives %zu bytes, then %zu others", (unsigned long long)seed, n, m);
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    uint64_t seed = take(&p, &n, 8);
    size_t cap = (size_t)take(&p, &n, 2), other_n = (size_t)take(&p, &n, 2);
    if (other_n > n) { other_n = n; }
    uint8_t *input = wev_law_copy(p + other_n, n - other_n), *other = wev_law_copy(p, other_n);
    struct wev_span second = {other_n ? (const char *)other : NULL, other_n};
    check_repeats((struct wev_span){(const char *)input, n - other_n}, second, seed, cap);
    free(input);
    free(other);
    return 0;
}
