// Spans, arena, messages and bounded reading, each by its law.
#include "schema/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct wev_span span(const char *text)
{
    return wev_span_of(text);
}

static void numbers(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        uint64_t value;
    } rows[] = {
        {"0", true, 0}, {"007", true, 7}, {"0x1F", true, 31}, {"0Xff", true, 255}, {"18446744073709551615", true, UINT64_MAX},
        {"0xffffffffffffffff", true, UINT64_MAX}, {"18446744073709551616", false, 0}, {"0x10000000000000000", false, 0},
        {"", false, 0}, {"0x", false, 0}, {"-1", false, 0}, {"+1", false, 0}, {" 1", false, 0}, {"1 ", false, 0}, {"1a", false, 0},
        {"0xg", false, 0},
    };
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        uint64_t got = 0;
        bool ok = wev_span_u64(span(rows[k].text), &got);
        if (ok != rows[k].ok || got != rows[k].value) {
            fail_msg("\"%s\": got %d %llu", rows[k].text, ok, (unsigned long long)got);
        }
    }
}

static void spans(void **state)
{
    (void)state;
    assert_null(wev_span_of(NULL).p);
    assert_true(wev_span_eq(wev_span_of(NULL), span("")));
    assert_true(wev_span_eq_nocase(span("EN-us"), span("en-US")));
    assert_false(wev_span_eq_nocase(span("[a"), span("{a"))); // 0x5b and 0x7b differ in the bit of the case alone
    assert_true(wev_span_is(wev_span_trim(span(" \t\r\n a b \n")), "a b"));
    assert_true(wev_span_trim(span(" \n")).n == 0);
}

static void nearest_suggests_what_is_near(void **state)
{
    static const struct wev_span types[] = {{"UnicodeString", 13}, {"UInt32", 6}, {"UInt16", 6}, {"SID", 3}};
    static const struct {
        const char *word, *near;
    } rows[] = {
        {"UnicodeStrng", "UnicodeString"}, {"unicodestring", "UnicodeString"}, {"UInt31", "UInt32"}, {"UInt", "UInt32"},
        {"SDI", NULL}, {"SI", "SID"}, {"Banana", NULL}, {"", NULL},
    };
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        struct wev_span got = wev_nearest(span(rows[k].word), types, WEV_COUNT(types));
        if (!wev_span_eq(got, span(rows[k].near))) { fail_msg("\"%s\": got \"%.*s\"", rows[k].word, (int)got.n, got.p ? got.p : ""); }
    }
}

// forall takes: aligned, zeroed, apart from each other; a copy of the arena is scratch.
static void arena_gives_zeroed_memory(void **state)
{
    struct wev_arena a;
    jmp_buf full;
    (void)state;
    assert_true(wev_arena_new(&a, 1 << 20));
    a.full = &full;
    if (setjmp(full)) { fail_msg("full after less than it holds"); }
    for (size_t round = 0; round < 2; round++) {
        struct wev_arena scratch = a;
        unsigned char *last = NULL;
        for (size_t k = 1; k < 200; k++) {
            size_t align = (size_t)1 << k % 7;
            unsigned char *p = wev_arena_take(&scratch, k, 3, align);
            assert_int_equal((uintptr_t)p & (align - 1), 0);
            assert_true(p > last);
            for (size_t m = 0; m < 3 * k; m++) { assert_int_equal(p[m], 0); }
            memset(p, 0xa5, 3 * k);
            last = p + 3 * k - 1;
        }
    }
    static const struct wev_span ab = {"abc", 2};
    struct wev_span text = wev_arena_text(&a, ab);
    assert_string_equal(text.p, "ab");
    assert_int_equal(text.n, 2);
    wev_arena_free(&a);
    wev_arena_free(&a); // once more does nothing
}

static bool takes(size_t count, size_t size)
{
    struct wev_arena a;
    jmp_buf full;
    assert_true(wev_arena_new(&a, 4096));
    a.full = &full;
    if (setjmp(full)) {
        wev_arena_free(&a);
        return false;
    }
    wev_arena_take(&a, count, size, 1);
    wev_arena_free(&a);
    return true;
}

static void arena_says_when_it_is_full(void **state)
{
    (void)state;
    assert_true(takes(1, 1));
    assert_true(takes(1000, 4));
    assert_false(takes(1, 4096));
    assert_false(takes(SIZE_MAX, 1));
    assert_false(takes(SIZE_MAX / 2, 4)); // the product is beyond size_t
}

static void failed(struct wev_load *load, unsigned line, const char *value)
{
    if (setjmp(load->out)) { return; }
    wev_fail(load, WEV_E_SYNTAX, line, "bad value \"%s\"", value);
}

// forall bytes: a message is one line of UTF-8 without control characters.
static void messages_are_clean(void **state)
{
    static const struct {
        unsigned line;
        const char *value, *text;
    } rows[] = {
        {12, "x", "a.man:12: bad value \"x\""},
        {0, "x", "a.man: bad value \"x\""},
        {1, "a\nb\x1b[31m\x7f", "a.man:1: bad value \"a?b?[31m?\""},
        {1, "\xc3\xa4 \xe2\x82\xac \xf0\x9d\x84\x9e", "a.man:1: bad value \"\xc3\xa4 \xe2\x82\xac \xf0\x9d\x84\x9e\""},
        {1, "\xff\xfe", "a.man:1: bad value \"\?\?\""},
        {1, "\xc0\xaf", "a.man:1: bad value \"\?\?\""},       // overlong
        {1, "\xe0\x80\x80", "a.man:1: bad value \"\?\?\?\""}, // overlong
        {1, "\xed\xa0\x80", "a.man:1: bad value \"\?\?\?\""}, // a surrogate
        {1, "\xc2\x9b" "31m", "a.man:1: bad value \"\?\?31m\""}, // C1 control: CSI
    };
    struct wev_error error;
    struct wev_load load = {.error = &error, .file = "a.man"};
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        failed(&load, rows[k].line, rows[k].value);
        assert_int_equal(error.code, WEV_E_SYNTAX);
        assert_string_equal(error.text, rows[k].text);
    }
    char *huge = malloc(10000);
    assert_non_null(huge);
    memset(huge, 'x', 9999);
    huge[9999] = 0;
    failed(&load, 1, huge);
    assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
    free(huge);
}

static void files_are_bounded(void **state)
{
    char path[] = "/tmp/wev-base-XXXXXX", want[128];
    struct wev_span got = {NULL, 0};
    struct wev_error error;
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a\0bcd", 5), 5);
    assert_true(wev_file_read(path, 5, &got, &error)); // exactly the limit
    assert_int_equal(got.n, 5);
    assert_memory_equal(got.p, "a\0bcd", 5);
    free((char *)(uintptr_t)got.p);

    assert_int_equal(ftruncate(fd, 104857600), 0);
    assert_false(wev_file_read(path, 16777216, &got, &error));
    assert_int_equal(error.code, WEV_E_LIMIT);
    snprintf(want, sizeof(want), "%s: 104857600 bytes, the limit is 16777216", path);
    assert_string_equal(error.text, want);
    close(fd);
    unlink(path);

    assert_false(wev_file_read(path, 5, &got, &error));
    snprintf(want, sizeof(want), "%s: No such file or directory", path);
    assert_string_equal(error.text, want);
    assert_false(wev_file_read("/", 5, &got, &error));
    assert_string_equal(error.text, "/: is a folder");
    assert_false(wev_file_read("/dev/null", 5, &got, &error));
    assert_string_equal(error.text, "/dev/null: is neither a file nor a pipe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(spans),
        cmocka_unit_test(nearest_suggests_what_is_near),
        cmocka_unit_test(arena_gives_zeroed_memory),
        cmocka_unit_test(arena_says_when_it_is_full),
        cmocka_unit_test(messages_are_clean),
        cmocka_unit_test(files_are_bounded),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
