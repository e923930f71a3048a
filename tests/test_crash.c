// Crash reports: kind and first function of the project, from reports as tools print them, and from hostile text.
#include "fuzz/crash.h"

#include "schema/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// The functions were read off the reports by eye.
static const struct {
    const char *file, *project, *kind, *function;
    unsigned line;
} cases[] = {
    {"asan-overflow", NULL, "heap-buffer-overflow", "plant_overflow", 18},
    {"lsan-leak", NULL, "leak", "plant_leak", 31},
    {"ubsan-integer", NULL, "ubsan-signed-integer-overflow", "plant_integer", 39},
    {"asan-assertion", NULL, "assertion", "plant_assert", 44},
    {"gcc-assertion", NULL, "assertion", "plant_assert", 44},
    {"gcc-abort", NULL, "ABRT", "plant_abort", 49},
    {"asan-recursion", NULL, "stack-overflow", "plant_even", 61},
    {"gdb-recursion", NULL, "SIGSEGV", "plant_even", 61},
    {"libfuzzer-timeout", NULL, "timeout", "plant_hang", 54},
    {"tsan-race", NULL, "data-race", "count_event", 31},
    {"tsan-race", "pool.c", "data-race", "worker", 12},
    {"msan-value", NULL, "use-of-uninitialized-value", "ns::Reader::field", 77},
    {"go-panic", NULL, "go-panic", "example.com/evt.(*Reader).next", 41},
    {"rust-panic", NULL, "panic", "reader.rs:41", 41},
    {"python-exception", NULL, "ValueError", "field", 33},
    {"java-exception", NULL, "java.lang.ArrayIndexOutOfBoundsException", "org.example.Reader.next", 41},
    {"no-symbols", NULL, "SEGV", "libmxml.so.1+0x51ab", 0},
    {"law", NULL, "law", "hold_offset", 31},
};

static void test_reports(void **state)
{
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(cases); k++) {
        char path[200];
        struct wev_span text;
        struct wev_error e;
        struct wev_crash c;
        snprintf(path, sizeof(path), "tests/cases/reports/%s.txt", cases[k].file);
        if (!wev_file_read(path, 1 << 20, &text, &e)) { fail_msg("%s", e.text); }
        bool found = wev_crash_read(&c, text, cases[k].project);
        free((char *)(uintptr_t)text.p);
        if (!found || strcmp(c.kind, cases[k].kind) != 0 || strcmp(c.function, cases[k].function) != 0 || c.line != cases[k].line) {
            fail_msg("%s: %s in %s, line %u; wanted %s in %s, line %u", path, found ? c.kind : "(nothing)", c.function, c.line, cases[k].kind,
                     cases[k].function, cases[k].line);
        }
    }
}

static void test_no_report(void **state)
{
    static const char *const texts[] = {"", "\n\n\n", "#0 0x1 in f /a.c:1", "all is well\n", "this is no panic: or is it\n", "assertion"};
    struct wev_crash c;
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(texts); k++) { assert_false(wev_crash_read(&c, wev_span_of(texts[k]), NULL)); }
}

// forall kinds, functions: the name is a file's name, and another one for another pair
static void test_names(void **state)
{
    static const char *const functions[] = {"f", "f/", "f?", "../f", "ns::f<int>", "a.b", "", "operator[]",
                                            "a_very_long_name_a_very_long_name_a_very_long_name_a_very_long_name_a_very_long_name_one",
                                            "a_very_long_name_a_very_long_name_a_very_long_name_a_very_long_name_a_very_long_name_two"};
    char names[WEV_COUNT(functions)][WEV_CRASH_NAME];
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(functions); k++) {
        struct wev_crash c = {.kind = "heap-buffer-overflow-of-a-long-kind"};
        snprintf(c.function, sizeof(c.function), "%s", functions[k]);
        wev_crash_name(&c, names[k]);
        assert_null(strchr(names[k], '/'));
        assert_true(names[k][0] != '.');
        for (size_t m = 0; m < k; m++) { assert_string_not_equal(names[k], names[m]); }
    }
}

// Terminal escapes, NULs and megabytes come out as short printable words.
static void test_hostile(void **state)
{
    size_t n = 3 << 20;
    char *text = malloc(n);
    struct wev_crash c;
    (void)state;
    assert_non_null(text);
    memset(text, 'A', n);
    memcpy(text, "==1==ERROR: AddressSanitizer: \x1b[31mred\0\x07 on\n    #0 0x1 in \x1b]0;title\x07 /a\n", 72);
    assert_true(wev_crash_read(&c, (struct wev_span){text, n}, NULL));
    for (const char *p = c.kind; *p; p++) { assert_in_range(*p, 0x21, 0x7e); }
    for (const char *p = c.function; *p; p++) { assert_in_range(*p, 0x21, 0x7e); }
    assert_true(strlen(c.kind) < WEV_CRASH_WORD);
    free(text);
}

// How a process ended, when it printed nothing.
static void test_ends(void **state)
{
    struct wev_child *child = calloc(1, sizeof(*child));
    struct wev_crash c;
    (void)state;
    assert_non_null(child);
    child->end = WEV_CHILD_EXIT;
    child->code = 1;
    assert_false(wev_crash_of(&c, child, NULL)); // a refusal is no crash
    child->end = WEV_CHILD_SIGNAL;
    child->code = 11;
    assert_true(wev_crash_of(&c, child, NULL));
    assert_string_equal(c.kind, "signal-11");
    child->end = WEV_CHILD_TIME;
    assert_true(wev_crash_of(&c, child, NULL));
    assert_string_equal(c.kind, "timeout");
    // a report behind more than is kept of the head
    child->err_n = WEV_CHILD_KEEP;
    memset(child->err, '.', WEV_CHILD_KEEP);
    child->tail_n = (size_t)snprintf(child->tail, sizeof(child->tail), "==1==ERROR: LeakSanitizer: detected memory leaks\n    #0 0x1 in parse /a.c:1:1\n");
    assert_true(wev_crash_of(&c, child, NULL));
    assert_string_equal(c.kind, "leak");
    assert_string_equal(c.function, "parse");
    free(child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reports), cmocka_unit_test(test_no_report), cmocka_unit_test(test_names),
                                       cmocka_unit_test(test_hostile), cmocka_unit_test(test_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
