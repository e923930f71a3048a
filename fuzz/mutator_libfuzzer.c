// libFuzzer's interface to the mutator. It has no place for a context, so the mutator is made at the first call and kept
// for the process; libFuzzer calls from one thread.
#include "fuzz/env.h"
#include "fuzz/mutator.h"

#include <stdio.h>
#include <stdlib.h>

size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t cap) __attribute__((weak)); // libFuzzer's; not there in a replay
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t cap, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, uint8_t *out, size_t cap,
    unsigned int seed);

static struct wev_mutator *mutator(void)
{
    static struct wev_mutator *one;
    struct wev_error error;
    if (one) { return one; }
    struct wev_schema *schema = wev_env_schema(error.text, sizeof(error.text));
    one = schema ? wev_mutator_new(schema, LLVMFuzzerMutate, &error) : NULL;
    if (!one) { // the interface has no way to say so
        fprintf(stderr, "wevmutator: %s\n", error.text);
        _Exit(2);
    }
    return one;
}

// libFuzzer takes no empty result.
static size_t at_least_one(uint8_t *out, size_t n, size_t cap)
{
    if (n || !cap) { return n; }
    out[0] = ' ';
    return 1;
}

size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t cap, unsigned int seed)
{
    const struct wev_span input = {(const char *)p, n}, none = {NULL, 0};
    return at_least_one(p, wev_mutator_run(mutator(), input, none, seed, p, cap), cap);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, uint8_t *out, size_t cap,
    unsigned int seed)
{
    const struct wev_span first = {(const char *)a, a_n}, second = {(const char *)b, b_n};
    return at_least_one(out, wev_mutator_run(mutator(), first, second, seed, out, cap), cap);
}
