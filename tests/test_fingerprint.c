// Each form of each event version, over its first 10,000 units, has the bytes that tests/golden/fingerprints says.
//
// The law: a change of a line there is named in the commit that makes it, with the reason. Speed is never one.
// UPDATE=1 build/tests/test_fingerprint, in the top folder, writes the file again.
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

#define PATH "tests/golden/fingerprints"

enum { UNITS = 10000, CAP = 1 << 17, LINE = 160, ROWS_MAX = 512 };

struct rows {
    char line[ROWS_MAX][LINE];
    size_t count;
};

static const char head[] =
    "# XXH3-128 over the first 10,000 units of seed 1: form, events, hash. labels: over their label lines.\n"
    "# A glob for a form: units of all events broken by those classes, and their label lines.\n"
    "# A change is named in its commit, with the reason. UPDATE=1 build/tests/test_fingerprint writes this file again.\n";

struct work {
    struct wev_state state;
    char buf[CAP], label[WEV_LABEL_MAX];
};

static void add(struct rows *rows, struct work *w, const struct wev_schema *schema, const char *form, const char *events)
{
    bool broken = strchr(form, '*') != NULL, labels = broken || !strcmp(form, "labels");
    char error[480];
    struct wev_config c = {.seed = 1, .events = events, .format = labels ? "xml" : form, .total = UNITS,
                           .classes = broken ? form : NULL};
    struct wev_options *o = wev_options_new(schema, &c, error, sizeof(error));
    if (!o) { fail_msg("%s %s: %s", form, events ? events : "default", error); }
    wev_values_init(&w->state, o->plan, o->seed);
    w->state.broken = broken ? wev_break_new() : NULL;
    assert_true(!broken || w->state.broken);
    XXH3_state_t hash;
    XXH3_128bits_reset(&hash);
    uint64_t offset = 0;
    for (uint64_t i = 0; i < UNITS; i++) {
        struct wev_note note;
        size_t n = wev_make_event(o, &w->state, i, w->buf, CAP, &note, NULL);
        assert_in_range(n, broken ? 0 : 1, CAP);
        if (broken || !labels) { XXH3_128bits_update(&hash, w->buf, n); }
        if (labels) {
            char *end = wev_label_line(w->label, &note, (struct wev_span){w->buf, n}, offset);
            XXH3_128bits_update(&hash, w->label, (size_t)(end - w->label));
        }
        offset += n;
    }
    wev_break_free(w->state.broken);
    wev_options_free(o);
    XXH128_hash_t h = XXH3_128bits_digest(&hash);
    assert_true(rows->count < ROWS_MAX);
    snprintf(rows->line[rows->count++], LINE, "%s\t%s\t%016" PRIx64 "%016" PRIx64 "\n", form, events ? events : "default",
             (uint64_t)h.high64, (uint64_t)h.low64);
}

static struct wev_schema *load(const char *manifest)
{
    struct wev_error e;
    struct wev_schema *s = wev_builtin_load(&manifest, manifest ? 1 : 0, NULL, 0, &e);
    if (!s) { fail_msg("%s", e.text); }
    return s;
}

static void add_all(struct rows *rows)
{
    static const char *const foreign[][2] = {
        {"tests/cases/manifests/types.man", "Types/1,Types/2"}, {"tests/cases/manifests/wild.man", "Wild-One/1,Wild-One/65535"}};
    static const char *const layers[] = {"bytes.*", "xml.*", "schema.*", "type.*", "rule.*"};
    struct work *w = malloc(sizeof(*w));
    assert_non_null(w);
    struct wev_schema *s = load(NULL);
    for (size_t f = 0; f < wev_form_count; f++) {
        add(rows, w, s, wev_forms[f].name, NULL);
        add(rows, w, s, wev_forms[f].name, "all");
        for (size_t k = 0; k < s->event_count; k++) {
            char events[32];
            snprintf(events, sizeof(events), "%" PRIu32 ":%" PRIu32, s->events[k].id, s->events[k].version);
            add(rows, w, s, wev_forms[f].name, events);
        }
    }
    add(rows, w, s, "labels", "all");
    for (size_t k = 0; k < WEV_COUNT(layers); k++) { add(rows, w, s, layers[k], "all"); }
    wev_schema_free(s);
    for (size_t m = 0; m < sizeof(foreign) / sizeof(foreign[0]); m++) {
        s = load(foreign[m][0]);
        for (size_t f = 0; f < wev_form_count; f++) { add(rows, w, s, wev_forms[f].name, foreign[m][1]); }
        wev_schema_free(s);
    }
    free(w);
}

static void update(const struct rows *rows)
{
    FILE *f = fopen(PATH, "w");
    if (!f) { fail_msg(PATH " cannot be written"); }
    fputs(head, f);
    for (size_t k = 0; k < rows->count; k++) { fputs(rows->line[k], f); }
    assert_int_equal(fclose(f), 0);
}

static const char *find(const struct rows *rows, const char *line)
{
    const char *tab = strrchr(line, '\t');
    size_t n = tab ? (size_t)(tab + 1 - line) : strlen(line);
    for (size_t k = 0; k < rows->count; k++) {
        if (strncmp(rows->line[k], line, n) == 0) { return rows->line[k]; }
    }
    return NULL;
}

static size_t compare(const struct rows *rows)
{
    char line[LINE];
    size_t number = 0, seen = 0, wrong = 0;
    FILE *f = fopen(PATH, "r");
    if (!f) { fail_msg(PATH " is missing: UPDATE=1 writes it"); }
    while (fgets(line, sizeof(line), f)) {
        number++;
        if (line[0] == '#') { continue; }
        const char *now = find(rows, line);
        seen += now != NULL;
        if (now && !strcmp(now, line)) { continue; }
        print_error(PATH ":%zu: is   %s", number, line);
        print_error(PATH ":%zu: made %s", number, now ? now : "nothing: no such form or event\n");
        wrong++;
    }
    fclose(f);
    if (seen != rows->count) { print_error(PATH ": %zu of %zu rows are there\n", seen, rows->count); }
    return wrong + (seen != rows->count);
}

// forall forms, events: bytes of units 0 to 9999 == what they were
static void bytes_are_what_they_were(void **state)
{
    (void)state;
    static struct rows rows;
    add_all(&rows);
    if (getenv("UPDATE")) {
        update(&rows);
    } else if (compare(&rows)) {
        fail_msg("bytes changed: if that is meant, UPDATE=1 build/tests/test_fingerprint, and name it in the commit");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bytes_are_what_they_were)};
    return cmocka_run_group_tests_name("fingerprint", tests, NULL, NULL);
}
