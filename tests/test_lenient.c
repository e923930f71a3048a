// Targets against the reference decoder on every class: a difference is a row of fuzz/lenient.c, and every row is earned.
#include "fuzz/lenient.h"
#include "gen/break.h"
#include "gen/make.h"
#include "schema/builtin.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAP = 8 << 20, UNITS = 12, ROWS = 256 };

struct bench {
    struct wev_schema *schema;
    struct wev_decoder *decoder;
    struct wev_state *state;
    void *targets[8]; // by number of the target; NULL: left out
    char *buf;
    unsigned earned[ROWS];
    unsigned wrong;
};

static struct bench *open_bench(void)
{
    struct wev_error e = {.code = WEV_OK};
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    b->schema = wev_builtin_load(NULL, 0, NULL, 0, &e);
    if (!b->schema) { fail_msg("%s", e.text); }
    b->decoder = wev_decode_new(b->schema, NULL);
    b->state = malloc(sizeof(*b->state));
    b->buf = malloc(CAP);
    assert_non_null(b->decoder);
    assert_non_null(b->state);
    assert_non_null(b->buf);
    assert_in_range(wev_target_count(), 2, WEV_COUNT(b->targets));
    assert_in_range(wev_lenient_count(), 1, ROWS);
    for (size_t k = 1; k < wev_target_count(); k++) {
        if (!strcmp(wev_target_at(k)->name, "mxml")) { continue; } // reads past its input: see fuzz_mxml.c
        b->targets[k] = wev_target_at(k)->open(b->schema);
        assert_non_null(b->targets[k]);
    }
    return b;
}

static void close_bench(struct bench *b)
{
    for (size_t k = 0; k < wev_target_count(); k++) { wev_target_at(k)->close(b->targets[k]); }
    free(b->buf);
    free(b->state);
    wev_decode_free(b->decoder);
    wev_schema_free(b->schema);
    free(b);
}

static void ask_all(struct bench *b, size_t n, const char *of)
{
    struct wev_decoded read;
    assert_int_equal(wev_decode_run(b->decoder, b->buf, n, &read), WEV_OK);
    for (size_t k = 1; k < wev_target_count(); k++) {
        struct wev_target_result got;
        char where[200] = "";
        if (!b->targets[k]) { continue; }
        wev_target_at(k)->run(b->targets[k], (const uint8_t *)b->buf, n, &got);
        const char *how = wev_lenient_differ(&read, &got, where, sizeof(where));
        if (!how) { continue; }
        size_t row = wev_lenient_find(wev_target_at(k), &read, (struct wev_span){b->buf, n});
        if (row != SIZE_MAX) {
            b->earned[row]++;
        } else if (b->wrong++ < 40) {
            print_error("%s: %s %s: reference %s, it %s %s\n", of, wev_target_at(k)->name, how, wev_verdict_rows[read.code].slug, got.reason, where);
            if (getenv("WEV_TEST_SHOW")) { print_error("%.*s\n", (int)(n < 3000 ? n : 3000), b->buf); }
        }
    }
}

// A valid event that is longer than a careful program takes.
static void ask_large(struct bench *b)
{
    char error[480];
    struct wev_options *o = wev_options_new(b->schema, &(struct wev_config){.seed = 5}, error, sizeof(error));
    if (!o) { fail_msg("%s", error); }
    size_t n = wev_make(b->schema, o, 0, b->buf, CAP, NULL);
    memset(b->buf + n, '\n', 70000);
    ask_all(b, n + 70000, "large");
    wev_options_free(o);
}

// What fuzzing found and no class makes: the harness's regressions.
static void ask_regressions(struct bench *b)
{
    static const char folder[] = "tests/regress/diff";
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort);
    assert_in_range(n, 1, 4096);
    for (int k = 0; k < n; k++) {
        char path[512];
        struct wev_error e;
        struct wev_span s;
        snprintf(path, sizeof(path), "%s/%.255s", folder, names[k]->d_name);
        if (names[k]->d_name[0] != '.') {
            if (!wev_file_read(path, CAP, &s, &e)) { fail_msg("%s", e.text); }
            if (s.n) { memcpy(b->buf, s.p, s.n); }
            free((char *)(uintptr_t)s.p);
            ask_all(b, s.n, path);
        }
        free(names[k]);
    }
    free(names);
}

static void ask_class(struct bench *b, const char *class, const char *events, const char *format)
{
    char error[480];
    struct wev_config config = {.seed = 5, .events = events, .format = format, .classes = class};
    struct wev_options *o = wev_options_new(b->schema, &config, error, sizeof(error));
    if (!o) { fail_msg("%s: %s", class ? class : "valid", error); }
    wev_values_init(b->state, o->plan, o->seed);
    b->state->broken = wev_break_new();
    assert_non_null(b->state->broken);
    for (uint64_t i = 0; i < UNITS; i++) {
        size_t n = wev_make_event(o, b->state, i, b->buf, CAP, NULL, NULL);
        assert_in_range(n, 1, CAP);
        ask_all(b, n, class ? class : "valid");
    }
    wev_break_free(b->state->broken);
    wev_options_free(o);
}

// forall classes that are not huge, targets: agreement, or a row
static void differences_are_listed(void **state)
{
    struct bench *b = *state;
    ask_class(b, NULL, "all", "xml");
    ask_class(b, NULL, "all", "rendered");
    ask_large(b);
    ask_regressions(b);
    for (size_t k = 0; k < wev_class_count(); k++) {
        if (!wev_class_at(k)->weight) { continue; }
        ask_class(b, wev_class_at(k)->id, "5059", "xml");
        ask_class(b, wev_class_at(k)->id, "all", "rendered");
    }
    assert_int_equal(b->wrong, 0);
}

// forall rows: some class needs it
static void rows_are_earned(void **state)
{
    struct bench *b = *state;
    unsigned idle = 0;
    for (size_t k = 0; k < wev_lenient_count(); k++) {
        if (b->earned[k]) { continue; }
        print_error("row %zu is not needed: %s\n", k, wev_lenient_text(k));
        idle++;
    }
    assert_int_equal(idle, 0);
}

static int set_up(void **state)
{
    *state = open_bench();
    return 0;
}

static int tear_down(void **state)
{
    close_bench(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(differences_are_listed), cmocka_unit_test(rows_are_earned)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
