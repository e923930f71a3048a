// The mutator as AFL++ and libFuzzer call it: seeds that repeat, trimming by whole elements, never an empty result.
#include "schema/builtin.h"
#include "schema/wev.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct wev_schema *schema;
static char sample[2][4096];
static size_t sample_n[2];

static int setup(void **state)
{
    struct wev_error e;
    char why[480];
    (void)state;
    schema = wev_builtin_load(NULL, 0, NULL, 0, &e);
    assert_non_null(schema);
    for (size_t k = 0; k < 2; k++) {
        struct wev_options *o = wev_options_new(schema, &(struct wev_config){.seed = 7 + k}, why, sizeof(why));
        assert_non_null(o);
        sample_n[k] = wev_make(schema, o, 0, sample[k], sizeof(sample[k]), NULL);
        wev_options_free(o);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wev_schema_free(schema);
    return 0;
}

void *afl_custom_init(void *afl, unsigned int seed);
void afl_custom_deinit(void *context);
unsigned int afl_custom_fuzz_count(void *context, const unsigned char *buf, size_t n);
size_t afl_custom_fuzz(void *context, uint8_t *buf, size_t n, uint8_t **to, uint8_t *add, size_t add_n, size_t max);
const char *afl_custom_describe(void *context, size_t max);
int afl_custom_init_trim(void *context, uint8_t *buf, size_t n);
size_t afl_custom_trim(void *context, uint8_t **to);
int afl_custom_post_trim(void *context, uint8_t success);
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t cap, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, uint8_t *to, size_t cap,
    unsigned int seed);

static void afl_repeats_by_seed(void **state)
{
    uint8_t *a, *b;
    void *x = afl_custom_init(NULL, 7), *y = afl_custom_init(NULL, 7);
    (void)state;
    assert_true(x && y);
    assert_in_range(afl_custom_fuzz_count(x, (uint8_t *)sample[0], sample_n[0]), 64, 2048);
    for (unsigned k = 0; k < 500; k++) {
        size_t n = afl_custom_fuzz(x, (uint8_t *)sample[0], sample_n[0], &a, (uint8_t *)sample[1], sample_n[1], 4096);
        assert_in_range(n, 0, 4096);
        assert_int_equal(afl_custom_fuzz(y, (uint8_t *)sample[0], sample_n[0], &b, (uint8_t *)sample[1], sample_n[1], 4096), n);
        assert_memory_equal(a, b, n);
        assert_true(strlen(afl_custom_describe(x, 64)) < 64);
    }
    afl_custom_deinit(x);
    afl_custom_deinit(y);
}

// What is kept contains `needle`; the loop is AFL++'s. Returns the steps it took.
static size_t trim(void *x, const char *needle, uint8_t *p, size_t *n)
{
    int stage = 0, stages = afl_custom_init_trim(x, p, *n);
    size_t steps = 0;
    while (stage < stages) {
        uint8_t *tried;
        size_t m = afl_custom_trim(x, &tried);
        bool good = memmem(tried, m, needle, strlen(needle)) != NULL;
        assert_in_range(m, 0, *n);
        if (good) {
            memcpy(p, tried, m);
            *n = m;
        }
        stage = afl_custom_post_trim(x, good);
        assert_true(++steps < 1000);
    }
    return steps;
}

// Whole elements go, and only those: what is left is well-formed and holds what was asked for, and no more.
static void afl_trims_by_elements(void **state)
{
    static uint8_t p[4096];
    size_t n = sample_n[0];
    void *x = afl_custom_init(NULL, 1);
    (void)state;
    assert_non_null(x);
    memcpy(p, sample[0], n);
    assert_in_range(trim(x, "'KeyName'", p, &n), 10, 60);
    assert_true(n < sample_n[0] / 3);
    assert_non_null(memmem(p, n, "<EventData><Data Name='KeyName'>", 32));
    assert_null(memmem(p, n, "ProviderName", 12));
    struct wev_result r;
    assert_int_equal(wev_decode(schema, NULL, (const char *)p, n, &r), 0);
    assert_string_equal(r.layer, "schema"); // fields are missing; it is well-formed
    n = 0;
    assert_int_equal(trim(x, "", p, &n), 0);
    afl_custom_deinit(x);
}

static void libfuzzer_never_empty(void **state)
{
    static uint8_t p[4096];
    (void)state;
    for (unsigned seed = 0; seed < 3000; seed++) {
        size_t cap = 1 + seed % 2000, n = sample_n[0] < cap ? sample_n[0] : cap;
        memcpy(p, sample[0], n);
        assert_in_range(LLVMFuzzerCustomMutator(p, n, cap, seed), 1, cap);
        assert_in_range(LLVMFuzzerCustomCrossOver((uint8_t *)sample[0], sample_n[0], (uint8_t *)sample[1], sample_n[1], p,
            cap, seed), 1, cap);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(afl_repeats_by_seed),
        cmocka_unit_test(afl_trims_by_elements),
        cmocka_unit_test(libfuzzer_never_empty),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
