// AFL++'s interface to the mutator (its custom mutator API), with trimming by whole elements.
#include "fuzz/env.h"
#include "fuzz/mutator.h"

#include "gen/choice.h"
#include "schema/wev.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIM_MAX = 1 << 20, PER_ELEMENT = 20, CALLS_MIN = 64, CALLS_MAX = 2048 };

struct context {
    struct wev_schema *schema;
    struct wev_mutator *mutator;
    uint64_t seed, calls;
    uint8_t *out;
    size_t cap;
    // trimming
    uint8_t *whole, *tried;
    size_t whole_n, tried_n, stages, steps, next; // stages: what AFL++ was told
};

void *afl_custom_init(void *afl, unsigned int seed);
void afl_custom_deinit(void *context);
unsigned int afl_custom_fuzz_count(void *context, const unsigned char *buf, size_t n);
size_t afl_custom_fuzz(void *context, uint8_t *buf, size_t n, uint8_t **out, uint8_t *add, size_t add_n, size_t max);
const char *afl_custom_describe(void *context, size_t max);
size_t afl_custom_havoc_mutation(void *context, uint8_t *buf, size_t n, uint8_t **out, size_t max);
uint8_t afl_custom_havoc_mutation_probability(void *context);
int afl_custom_init_trim(void *context, uint8_t *buf, size_t n);
size_t afl_custom_trim(void *context, uint8_t **out);
int afl_custom_post_trim(void *context, uint8_t success);

void afl_custom_deinit(void *context)
{
    struct context *c = context;
    wev_mutator_free(c->mutator);
    wev_schema_free(c->schema);
    free(c->out);
    free(c->whole);
    free(c->tried);
    free(c);
}

void *afl_custom_init(void *afl, unsigned int seed)
{
    struct wev_error error = {.text = "out of memory"};
    struct context *c = calloc(1, sizeof(*c));
    (void)afl;
    if (!c) { return NULL; }
    c->seed = seed;
    c->schema = wev_env_schema(error.text, sizeof(error.text));
    c->mutator = c->schema ? wev_mutator_new(c->schema, NULL, &error) : NULL;
    if (c->mutator) { return c; }
    fprintf(stderr, "wevmutator: %s\n", error.text);
    afl_custom_deinit(c);
    return NULL;
}

static bool room(uint8_t **buf, size_t *cap, size_t n)
{
    if (n <= *cap) { return true; }
    uint8_t *more = realloc(*buf, n);
    if (!more) { return false; }
    *buf = more;
    *cap = n;
    return true;
}

static size_t run(struct context *c, const uint8_t *buf, size_t n, const uint8_t *add, size_t add_n, uint8_t **out, size_t max)
{
    struct wev_span input = {(const char *)buf, n}, other = {add ? (const char *)add : NULL, add ? add_n : 0};
    uint64_t call = c->calls++, seed = XXH3_64bits_withSeed(&call, sizeof(call), c->seed);
    if (seed % 3) { other = (struct wev_span){NULL, 0}; } // AFL++ always has a second input to offer
    if (!room(&c->out, &c->cap, max)) { return 0; }
    *out = c->out;
    return wev_mutator_run(c->mutator, input, other, seed, c->out, max);
}

size_t afl_custom_fuzz(void *context, uint8_t *buf, size_t n, uint8_t **out, uint8_t *add, size_t add_n, size_t max)
{
    return run(context, buf, n, add, add_n, out, max);
}

// Calls per entry of the queue: more where there is more to change.
unsigned int afl_custom_fuzz_count(void *context, const unsigned char *buf, size_t n)
{
    struct context *c = context;
    size_t count = PER_ELEMENT * wev_mutator_elements(c->mutator, (struct wev_span){(const char *)buf, n});
    return (unsigned int)(count < CALLS_MIN ? CALLS_MIN : count > CALLS_MAX ? CALLS_MAX : count);
}

const char *afl_custom_describe(void *context, size_t max)
{
    struct context *c = context;
    const char *text = wev_mutator_describe(c->mutator);
    return strlen(text) < max ? text : "wev";
}

// One of ours among the stacked ones of havoc.
size_t afl_custom_havoc_mutation(void *context, uint8_t *buf, size_t n, uint8_t **out, size_t max)
{
    return run(context, buf, n, NULL, 0, out, max);
}

uint8_t afl_custom_havoc_mutation_probability(void *context)
{
    (void)context;
    return 10; // percent
}

// ---- trimming: elements are left out one by one, from the last to the first, so that places before them stay

static bool next_element(struct context *c, size_t *at, size_t *end)
{
    while (c->next < c->steps) {
        if (wev_mutator_element(c->mutator, c->next++, at, end) && *end - *at < c->whole_n &&
            *end <= c->whole_n) { return true; }
    }
    return false;
}

static size_t scan(struct context *c)
{
    return wev_mutator_elements(c->mutator, (struct wev_span){(const char *)c->whole, c->whole_n});
}

int afl_custom_init_trim(void *context, uint8_t *buf, size_t n)
{
    struct context *c = context;
    c->stages = c->steps = c->next = 0;
    if (n == 0 || n > TRIM_MAX) { return 0; }
    uint8_t *whole = realloc(c->whole, n), *tried;
    if (!whole) { return 0; }
    c->whole = whole;
    tried = realloc(c->tried, n);
    if (!tried) { return 0; }
    c->tried = tried;
    memcpy(c->whole, buf, n);
    c->whole_n = n;
    c->stages = c->steps = scan(c);
    return (int)c->steps;
}

size_t afl_custom_trim(void *context, uint8_t **out)
{
    struct context *c = context;
    size_t at, end;
    c->tried_n = c->whole_n;
    memcpy(c->tried, c->whole, c->whole_n);
    scan(c);
    if (next_element(c, &at, &end)) {
        memmove(c->tried + at, c->tried + end, c->whole_n - end);
        c->tried_n = c->whole_n - (end - at);
    }
    *out = c->tried;
    return c->tried_n;
}

int afl_custom_post_trim(void *context, uint8_t success)
{
    struct context *c = context;
    if (success && c->tried_n < c->whole_n) {
        size_t before = scan(c);
        memcpy(c->whole, c->tried, c->tried_n);
        c->whole_n = c->tried_n;
        size_t after = scan(c), gone = before > after ? before - after : 0;
        c->steps = c->steps > gone ? c->steps - gone : 0;
        c->next = c->next > gone ? c->next - gone : 0; // those behind it are gone with it, and counted from the end
    }
    return (int)(c->next < c->steps ? c->next : c->stages);
}
