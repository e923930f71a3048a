// Label lines are JSON that another reader takes: the keys in their order, the values back as they were, one line each.
#include "gen/choice.h"
#include "gen/label.h"
#include "gen/make.h"
#include "schema/builtin.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

enum { CAP = 1 << 16 };

static const char *const keys[] = {"unit", "event", "version", "computer", "record_id", "offset", "length", "xxh3", "verdict"};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static char line[WEV_LABEL_MAX + 16];

// One line, nothing behind its end touched.
static size_t write_line(const struct wev_note *note, struct wev_span bytes, uint64_t offset)
{
    memset(line, '#', sizeof(line));
    size_t n = (size_t)(wev_label_line(line, note, bytes, offset) - line);
    if (n > WEV_LABEL_MAX) { fail_msg("%zu bytes, the most is %d", n, WEV_LABEL_MAX); }
    for (size_t k = WEV_LABEL_MAX; k < sizeof(line); k++) { assert_int_equal(line[k], '#'); }
    assert_ptr_equal(memchr(line, '\n', n), line + n - 1);
    line[n] = 0; // for messages
    return n;
}

static json_t *parse(size_t n)
{
    json_error_t e;
    json_t *root = json_loadb(line, n, JSON_REJECT_DUPLICATES, &e);
    if (!root) { fail_msg("%s at %d: %.*s", e.text, e.position, (int)n, line); }
    return root;
}

static void has_keys(json_t *root, size_t n)
{
    const char *key;
    json_t *value;
    size_t k = 0;
    json_object_foreach(root, key, value) { // jansson keeps the order
        if (k == KEYS || strcmp(key, keys[k]) != 0) { fail_msg("key %zu is \"%s\": %.*s", k, key, (int)n, line); }
        k++;
    }
    assert_int_equal(k, KEYS);
}

static void number_is(json_t *root, const char *key, uint64_t want)
{
    json_t *v = json_object_get(root, key);
    if (!json_is_integer(v) || (uint64_t)json_integer_value(v) != want) { fail_msg("%s is not %" PRIu64 ": %s", key, want, line); }
}

static void text_is(json_t *root, const char *key, const char *want)
{
    json_t *v = json_object_get(root, key);
    if (!json_is_string(v) || strcmp(json_string_value(v), want) != 0) { fail_msg("%s is not \"%s\": %s", key, want, line); }
}

// forall notes, bytes, offsets: parse(line(note, bytes, offset)) == note, offset, length, hash
static void check(const struct wev_note *note, struct wev_span bytes, uint64_t offset)
{
    char hash[24], verdict[2] = {note->verdict, 0};
    size_t n = write_line(note, bytes, offset);
    json_t *root = parse(n);
    has_keys(root, n);
    number_is(root, "unit", note->unit);
    number_is(root, "event", note->event);
    number_is(root, "version", note->version);
    text_is(root, "computer", note->computer);
    number_is(root, "record_id", note->record_id);
    number_is(root, "offset", offset);
    number_is(root, "length", bytes.n);
    snprintf(hash, sizeof(hash), "%016" PRIx64, (uint64_t)XXH3_64bits(bytes.p, bytes.n));
    text_is(root, "xxh3", hash);
    text_is(root, "verdict", verdict);
    json_decref(root);
}

static struct wev_note note_of(const char *computer)
{
    struct wev_note note = {.unit = 1, .record_id = 2, .event = 5059, .version = 1, .verdict = 'y', .defect = "", .label = ""};
    assert_true(strlen(computer) < sizeof(note.computer));
    memcpy(note.computer, computer, strlen(computer) + 1);
    return note;
}

static void numbers_come_back(void **state)
{
    (void)state;
    static const uint64_t values[] = {0, 1, 9, 10, 99, 4294967295u, 4294967296u, 9007199254740993u, INT64_MAX};
    for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
        for (size_t v = 0; v < 3; v++) {
            struct wev_note note = note_of("WS0017.contoso.local");
            note.unit = note.record_id = values[k];
            note.event = (uint16_t)values[k];
            note.version = (uint8_t)values[k];
            note.verdict = "yni"[v];
            check(&note, (struct wev_span){"<Event/>", 8}, values[k]);
        }
    }
    check(&(struct wev_note){.verdict = 'y', .defect = "", .label = ""}, (struct wev_span){"", 0}, 0);
    struct wev_note most = note_of("x"); // more than jansson's integers hold
    most.unit = most.record_id = UINT64_MAX;
    size_t n = write_line(&most, (struct wev_span){"x", 1}, UINT64_MAX);
    static const char want[] = "{\"unit\":18446744073709551615,\"event\":5059,\"version\":1,\"computer\":\"x\","
                               "\"record_id\":18446744073709551615,\"offset\":18446744073709551615,\"length\":1,\"xxh3\":\"";
    assert_true(n > sizeof(want));
    assert_memory_equal(line, want, sizeof(want) - 1);
}

static void hostile_computers_come_back(void **state)
{
    (void)state;
    static const char *const names[] = {
        "", "\"", "\\", "\\\"", "\\u0041", "a\"b\\c/d", "\n\r\t\b\f\x01\x1f\x7f", "\",\"verdict\":\"n", "}\n{",
        "\xc3\xa4\xe2\x82\xac\xf0\x9d\x84\x9e", "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x8e\xef\xbb\xbf\xef\xbf\xbf", "\xf4\x8f\xbf\xbf",
        "</script><!-- &amp;"};
    struct wev_span bytes = {"<Event/>", 8};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        struct wev_note note = note_of(names[k]);
        check(&note, bytes, 7);
    }
    for (char c = 1; c > 0 && c < 127; c++) { // alone, and filling the name: the longest line
        struct wev_note note = note_of((const char[]){c, 0});
        check(&note, bytes, 7);
        memset(note.computer, c, sizeof(note.computer) - 1);
        check(&note, bytes, INT64_MAX);
    }
}

// What an event is in its world: the label alone for everyday life, run and techniques for a scenario's step.
static void truth_comes_back(void **state)
{
    (void)state;
    struct wev_note note = note_of("x");
    note.label = "benign";
    note.scenario = note.techniques = "";
    json_t *root = parse(write_line(&note, (struct wev_span){"x", 1}, 0));
    text_is(root, "label", "benign");
    assert_null(json_object_get(root, "scenario"));
    json_decref(root);
    note.label = "malicious";
    note.scenario = "user-export";
    note.techniques = "T1649,T1552.004";
    note.run = 7;
    note.step = 2;
    root = parse(write_line(&note, (struct wev_span){"x", 1}, 0));
    text_is(root, "scenario", "user-export");
    number_is(root, "run", 7);
    number_is(root, "step", 2);
    json_t *ids = json_object_get(root, "techniques");
    assert_int_equal(json_array_size(ids), 2);
    assert_string_equal(json_string_value(json_array_get(ids, 0)), "T1649");
    assert_string_equal(json_string_value(json_array_get(ids, 1)), "T1552.004");
    json_decref(root);
    note.techniques = "";
    root = parse(write_line(&note, (struct wev_span){"x", 1}, 0));
    assert_int_equal(json_array_size(json_object_get(root, "techniques")), 0);
    json_decref(root);
}

// forall units of a run with a hostile name: the line says what the note says
static void a_run_of_hostile_names(void **state)
{
    (void)state;
    static const char *const manifest = "tests/golden/hostile.man", *const profile = "tests/golden/hostile.profile.xml";
    struct wev_error e;
    char error[480];
    struct wev_schema *s = wev_builtin_load(&manifest, 1, &profile, 1, &e);
    if (!s) { fail_msg("%s", e.text); }
    struct wev_config c = {.seed = 1, .events = "1:7"};
    struct wev_options *o = wev_options_new(s, &c, error, sizeof(error));
    if (!o) { fail_msg("%s", error); }
    char *buf = malloc(CAP);
    assert_non_null(buf);
    uint64_t offset = 0;
    for (uint64_t i = 0; i < 50; i++) {
        struct wev_note note;
        size_t n = wev_make(s, o, i, buf, CAP, &note);
        assert_in_range(n, 1, CAP);
        assert_string_equal(note.computer, "a<b>&'c'\"d\"\\e");
        assert_int_equal(note.unit, i);
        check(&note, (struct wev_span){buf, n}, offset);
        offset += n;
    }
    free(buf);
    wev_options_free(o);
    wev_schema_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(hostile_computers_come_back),
        cmocka_unit_test(truth_comes_back),
        cmocka_unit_test(a_run_of_hostile_names),
    };
    return cmocka_run_group_tests_name("label", tests, NULL, NULL);
}
