// The two sides against each other: what gen/ writes, schema/decode.c must read as the same event.
#include "fuzz/same.h"
#include "gen/make.h"
#include "gen/out.h"
#include "schema/builtin.h"
#include "schema/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAP = 1 << 20 };

struct bench {
    struct wev_schema *schema;
    struct wev_options *options;
    struct wev_decoder *decoder;
    struct wev_state *state;
    char *buf;
};

static struct wev_schema *load(const char *manifest, const char *profile)
{
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *s = wev_builtin_load(&manifest, manifest ? 1 : 0, &profile, profile ? 1 : 0, &e);
    if (!s) { fail_msg("%s", e.text); }
    return s;
}

static struct bench open_with(const char *manifest, const char *profile, const char *events, const char *format, uint64_t seed)
{
    char error[480];
    struct bench b = {.schema = load(manifest, profile)};
    struct wev_config c = {.seed = seed, .events = events, .format = format};
    b.options = wev_options_new(b.schema, &c, error, sizeof(error));
    if (!b.options) { fail_msg("%s", error); }
    b.decoder = wev_decode_new(b.schema, NULL);
    b.state = malloc(sizeof(*b.state));
    b.buf = malloc(CAP);
    assert_non_null(b.decoder);
    assert_non_null(b.state);
    wev_values_init(b.state, b.options->plan, seed);
    assert_non_null(b.buf);
    return b;
}

static struct bench open_bench(const char *manifest, const char *events, const char *format, uint64_t seed)
{
    return open_with(manifest, NULL, events, format, seed);
}

static void close_bench(struct bench *b)
{
    free(b->buf);
    free(b->state);
    wev_decode_free(b->decoder);
    wev_options_free(b->options);
    wev_schema_free(b->schema);
}

static void check_unit(struct bench *b, uint64_t i)
{
    struct wev_event made;
    struct wev_decoded read;
    size_t n = wev_make_event(b->options, b->state, i, b->buf, CAP, NULL, &made);
    assert_in_range(n, 1, CAP);
    assert_int_equal(wev_decode_run(b->decoder, b->buf, n, &read), WEV_OK);
    if (read.code != WEV_V_OK) {
        fail_msg("unit %llu: %s at %zu%s%.*s\n%.*s", (unsigned long long)i, wev_verdict_rows[read.code].slug, read.at,
                 read.rule ? " rule " : "", read.rule ? (int)read.rule->name.n : 0, read.rule ? read.rule->name.p : "",
                 (int)n, b->buf);
    }
    char what[160];
    if (!wev_same_event(&made, &read.event, what, sizeof(what))) {
        fail_msg("unit %llu: %s\n%.*s", (unsigned long long)i, what, (int)n, b->buf);
    }
}

static uint64_t scaled(uint64_t n) // WEV_TEST_SHARE=k: one k-th of the units, for sanitizer builds
{
    const char *share = getenv("WEV_TEST_SHARE");
    unsigned long k = share ? strtoul(share, NULL, 10) : 1;
    return k > 1 ? n / k + 1 : n;
}

// forall i: decode(make(i)) == event(i), for the default mix
static void million_units(void **state)
{
    (void)state;
    struct bench b = open_bench(NULL, NULL, "xml", 1);
    uint64_t n = scaled(1000000);
    for (uint64_t i = 0; i < n; i++) { check_unit(&b, i); }
    close_bench(&b);
}

// the same for every event of the built-in manifest, other seeds, distant units, and the rendered form
static void all_events(void **state)
{
    (void)state;
    static const char *const formats[] = {"xml", "rendered"};
    for (uint64_t seed = 0; seed < 4; seed++) {
        struct bench b = open_bench(NULL, "all", formats[seed & 1], seed * 0x123456789abcdefu);
        uint64_t n = scaled(20000);
        for (uint64_t i = 0; i < n; i++) { check_unit(&b, i + seed * 1000000000u); }
        close_bench(&b);
    }
}

// a foreign manifest without a profile: every inType and outType, arrays, structs, UserData
static void foreign_manifests(void **state)
{
    (void)state;
    static const char *const files[] = {"tests/cases/manifests/types.man", "tests/cases/manifests/wild.man",
                                        "tests/cases/manifests/dump.man", "tests/cases/profiles/example.man"};
    for (size_t k = 0; k < sizeof(files) / sizeof(files[0]); k++) {
        struct bench b = open_bench(files[k], NULL, "xml", 7);
        uint64_t n = scaled(20000);
        for (uint64_t i = 0; i < n; i++) { check_unit(&b, i); }
        close_bench(&b);
    }
}

// values of small tables, which are spelled with the plan: every text that has to be escaped, or is too long for a cell, and
// the bytes that the other path prints, which spells each value anew
static void tables(void **state)
{
    (void)state;
    static const char *const formats[] = {"xml", "rendered"};
    for (unsigned k = 0; k < 2; k++) {
        struct bench b = open_with("tests/cases/profiles/example.man", "tests/cases/profiles/tables.profile.xml", NULL, formats[k], k);
        char *again = malloc(CAP);
        assert_non_null(again);
        bool cells = false;
        for (uint64_t i = 0; i < 2000; i++) {
            struct wev_event made;
            check_unit(&b, i);
            size_t n = wev_make_event(b.options, b.state, i, b.buf, CAP, NULL, &made);
            assert_int_equal(wev_out_event(b.state->event, &made, again, CAP), n);
            assert_memory_equal(again, b.buf, n);
            for (uint32_t s = 0; s < b.state->event->segment_count; s++) {
                const struct wev_variant *v = wev_variant_of(b.state, &b.state->event->segments[s]);
                for (uint32_t p = 0; p < v->piece_count; p++) { cells = cells || v->pieces[p].code == WEV_C_CELL; }
            }
        }
        assert_true(cells);
        free(again);
        close_bench(&b);
    }
}

// forall i, cap: a buffer that is too small gets the same size back, and a guard byte stays
static void small_buffers(void **state)
{
    (void)state;
    struct bench b = open_bench(NULL, "all", "rendered", 3);
    for (uint64_t i = 0; i < 50; i++) {
        size_t n = wev_make(b.schema, b.options, i, b.buf, CAP, NULL);
        char *whole = malloc(n);
        assert_non_null(whole);
        memcpy(whole, b.buf, n);
        for (size_t cap = 0; cap <= n; cap += 1 + (size_t)i % 7) {
            char *small = malloc(cap + 1);
            assert_non_null(small);
            small[cap] = '#';
            assert_int_equal(wev_make(b.schema, b.options, i, small, cap, NULL), n);
            assert_int_equal(small[cap], '#');
            free(small);
        }
        char *exact = malloc(n);
        assert_non_null(exact);
        assert_int_equal(wev_make(b.schema, b.options, i, exact, n, NULL), n);
        assert_memory_equal(exact, whole, n);
        free(exact);
        free(whole);
    }
    close_bench(&b);
}

struct seen {
    char computer[256];
    uint64_t record, time;
};

// per computer: record ids strictly increase, times never run back
static void order_per_computer(void **state)
{
    (void)state;
    enum { HOSTS = 4096, UNITS = 200000 };
    struct bench b = open_bench(NULL, "all", "xml", 5);
    struct seen *seen = calloc(HOSTS, sizeof(*seen));
    assert_non_null(seen);
    size_t hosts = 0;
    for (uint64_t i = 0; i < UNITS; i++) {
        struct wev_note note;
        struct wev_event e;
        wev_make_event(b.options, b.state, i, b.buf, CAP, &note, &e);
        size_t k = 0;
        while (k < hosts && strcmp(seen[k].computer, note.computer) != 0) { k++; }
        uint64_t time = e.header[WEV_H_TIME].is.u;
        if (k < hosts) {
            assert_true(note.record_id > seen[k].record);
            assert_true(time >= seen[k].time);
        } else {
            assert_true(hosts < HOSTS);
            hosts++;
            snprintf(seen[k].computer, sizeof(seen[k].computer), "%s", note.computer);
        }
        seen[k].record = note.record_id;
        seen[k].time = time;
    }
    assert_true(hosts > 10);
    free(seen);
    close_bench(&b);
}

static void decoded_by_public_abi(void **state)
{
    (void)state;
    struct bench b = open_bench(NULL, "5059:1", "xml", 1);
    struct wev_note note;
    struct wev_result r;
    size_t n = wev_make(b.schema, b.options, 42, b.buf, CAP, &note);
    assert_int_equal(note.event, 5059);
    assert_int_equal(note.version, 1);
    assert_int_equal(note.unit, 42);
    assert_int_equal(wev_decode(b.schema, NULL, b.buf, n, &r), 0);
    assert_int_equal(r.verdict, 'y');
    assert_int_equal(r.event, 5059);
    assert_int_equal(r.version, 1);
    assert_int_equal(wev_decode(b.schema, NULL, b.buf, n / 2, &r), 0);
    assert_int_equal(r.verdict, 'n');
    assert_string_equal(r.layer, "bytes");
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(million_units),      cmocka_unit_test(all_events),         cmocka_unit_test(foreign_manifests),
        cmocka_unit_test(tables), cmocka_unit_test(small_buffers),      cmocka_unit_test(order_per_computer), cmocka_unit_test(decoded_by_public_abi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
