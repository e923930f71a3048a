// The golden events as input: each has its verdict, so has every prefix and every byte changed, and always the same one.
#include "schema/builtin.h"
#include "schema/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GOLDEN_MAX = 1 << 16, FILES_MAX = 4 };

struct bench {
    struct wev_schema *schema;
    struct wev_decoder *one, *two;
    const char *form;
    char path[640];
    struct wev_span text;
};

static unsigned long share(void) // WEV_TEST_SHARE=k: one k-th of the changes, for sanitizer builds
{
    const char *s = getenv("WEV_TEST_SHARE");
    unsigned long k = s ? strtoul(s, NULL, 10) : 1;
    return k ? k : 1;
}

static bool is(const struct bench *b, const char *form)
{
    return !strcmp(b->form, form);
}

// ---- one document

static void same(const struct bench *b, const char *what, size_t k, const struct wev_decoded *x, const struct wev_decoded *y)
{
    if (x->code != y->code || x->at != y->at || x->rule != y->rule || x->also_count != y->also_count ||
        memcmp(x->also, y->also, x->also_count * sizeof(x->also[0])) != 0 || x->data_count != y->data_count) {
        fail_msg("%s, %s %zu: %s at %zu, then %s at %zu", b->path, what, k, wev_verdict_rows[x->code].slug, x->at,
                 wev_verdict_rows[y->code].slug, y->at);
    }
}

// Twice, by two decoders whose pasts differ, each from memory of exactly that size.
static struct wev_decoded judge(const struct bench *b, const char *what, size_t k, const char *p, size_t n)
{
    struct wev_decoded x, y;
    char *exact = malloc(n ? n : 1);
    assert_non_null(exact);
    memcpy(exact, p, n);
    assert_int_equal(wev_decode_run(b->one, exact, n, &x), WEV_OK);
    if (k % 16 == 0) { assert_int_equal(wev_decode_run(b->two, b->text.p, b->text.n, &y), WEV_OK); }
    assert_int_equal(wev_decode_run(b->two, exact, n, &y), WEV_OK);
    free(exact);
    assert_true(x.code < WEV_V_COUNT);
    if (x.at > n) { fail_msg("%s, %s %zu: stops at %zu of %zu", b->path, what, k, x.at, n); }
    if (x.code == WEV_V_OK && x.at != n) { fail_msg("%s, %s %zu: accepted at %zu of %zu", b->path, what, k, x.at, n); }
    same(b, what, k, &x, &y);
    return x;
}

// ---- the laws

static void whole(const struct bench *b)
{
    static const struct { const char *form; enum wev_verdict code; } rows[] = {
        {"xml", WEV_V_OK}, {"rendered", WEV_V_OK}, {"events", WEV_V_WRAPPER_EVENTS}, {"view", WEV_V_WRAPPER_VIEW},
        {"text", WEV_V_XML_OUTSIDE}};
    bool many = strstr(b->path, "default") != NULL; // two events where one belongs
    size_t k = 0;
    while (strcmp(rows[k].form, b->form) != 0) { k++; }
    struct wev_decoded d = judge(b, "whole", 0, b->text.p, b->text.n);
    enum wev_verdict want = many && k < 2 ? WEV_V_XML_OUTSIDE : rows[k].code;
    if (d.code != want) { fail_msg("%s: %s at %zu", b->path, wev_verdict_rows[d.code].slug, d.at); }
}

// forall n: the first n bytes are rejected, but for those that end an event whole
static void prefixes(const struct bench *b)
{
    const char *close = is(b, "events") ? "</Events>" : "</Event>", *end = strstr(b->text.p, close);
    size_t first = end ? (size_t)(end - b->text.p) + strlen(close) : b->text.n; // from here on an event stands there
    for (size_t n = 0; n < b->text.n; n++) {
        struct wev_decoded d = judge(b, "prefix", n, b->text.p, n);
        char verdict = wev_verdict_rows[d.code].verdict;
        if (n < first && verdict != 'n') { fail_msg("%s: %zu bytes are %s", b->path, n, wev_verdict_rows[d.code].slug); }
        if (n < first && !is(b, "view") && !is(b, "text") && d.code != (n ? WEV_V_TRUNCATED : WEV_V_EMPTY)) {
            fail_msg("%s: %zu bytes are %s", b->path, n, wev_verdict_rows[d.code].slug);
        }
    }
}

// forall bytes k, changes c: the document has a verdict. One document in three forms is changed in every bit, what only
// differs in form or in wrapper by one bit a byte.
static void changes(const struct bench *b)
{
    char *p = malloc(b->text.n);
    assert_non_null(p);
    memcpy(p, b->text.p, b->text.n);
    size_t bits = is(b, "xml") ? 8 : is(b, "rendered") ? 2 : 1;
    for (size_t m = 0; m < b->text.n * bits; m += share()) {
        size_t k = m / bits, bit = bits == 8 ? m % 8 : (k + m % bits * 4) % 8;
        p[k] = (char)(p[k] ^ 1 << bit);
        judge(b, "change", m, p, b->text.n);
        p[k] = b->text.p[k];
    }
    free(p);
}

// ---- the list

static void load(struct bench *b, char *arguments)
{
    const char *manifests[FILES_MAX], *profiles[FILES_MAX];
    size_t manifest_count = 0, profile_count = 0;
    struct wev_error e;
    for (char *word = strtok(arguments, " \n"); word; word = strtok(NULL, " \n")) {
        if (!strcmp(word, "--schema")) { manifests[manifest_count++] = strtok(NULL, " \n"); }
        if (!strcmp(word, "--profile")) { profiles[profile_count++] = strtok(NULL, " \n"); }
    }
    b->schema = wev_builtin_load(manifests, manifest_count, profiles, profile_count, &e);
    if (!b->schema) { fail_msg("%s", e.text); }
    b->one = wev_decode_new(b->schema, NULL);
    b->two = wev_decode_new(b->schema, NULL);
    assert_non_null(b->one);
    assert_non_null(b->two);
}

static void drop(struct bench *b)
{
    wev_decode_free(b->one);
    wev_decode_free(b->two);
    wev_schema_free(b->schema);
}

static void check_file(struct bench *b, const char *name, void (*law)(const struct bench *))
{
    struct wev_error e;
    struct wev_span s;
    snprintf(b->path, sizeof(b->path), "tests/golden/events/%s.%s", name, b->form);
    if (!wev_file_read(b->path, GOLDEN_MAX, &s, &e)) { fail_msg("%s", e.text); }
    char *text = malloc(s.n + 1); // NUL-terminated for strstr
    assert_non_null(text);
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    free((char *)(uintptr_t)s.p);
    b->text = (struct wev_span){text, s.n};
    law(b);
    free(text);
}

static void each_golden(void (*law)(const struct bench *))
{
    char line[512];
    size_t files = 0;
    FILE *f = fopen("tests/golden/list", "r");
    assert_non_null(f);
    while (fgets(line, sizeof(line), f)) {
        if (line[0] == '#') { continue; }
        char *forms = strchr(line, '\t'), *arguments = forms ? strchr(forms + 1, '\t') : NULL;
        if (!arguments) { fail_msg("tests/golden/list: not name, forms, arguments: %s", line); }
        *forms++ = *arguments++ = 0;
        struct bench b;
        load(&b, arguments);
        for (char *rest = forms; (b.form = strsep(&rest, " ")) != NULL; files++) { check_file(&b, line, law); }
        drop(&b);
    }
    fclose(f);
    assert_true(files >= 40);
}

static void goldens_are_judged_right(void **state)
{
    (void)state;
    each_golden(whole);
}

static void every_prefix_is_rejected(void **state)
{
    (void)state;
    each_golden(prefixes);
}

static void every_change_has_one_verdict(void **state)
{
    (void)state;
    each_golden(changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goldens_are_judged_right),
        cmocka_unit_test(every_prefix_is_rejected),
        cmocka_unit_test(every_change_has_one_verdict),
    };
    return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
