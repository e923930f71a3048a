// Makes a test's world, and keeps what was seen of its things.
#include "tests/world.h"

#include "schema/builtin.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct wev_schema *wev_test_schema(const char *more)
{
    struct wev_error e = {.code = WEV_OK};
    const char *profiles[] = {WEV_BUILTIN_WORLD, more};
    struct wev_schema *s = wev_builtin_load(NULL, 0, profiles, more ? 2 : 1, &e);
    if (!s) { fail_msg("%s", e.text); }
    return s;
}

struct world wev_test_world(struct wev_config c)
{
    char error[480];
    struct world w = {.schema = wev_test_schema(NULL)};
    c.world = 1;
    w.options = wev_options_new(w.schema, &c, error, sizeof(error));
    if (!w.options) { fail_msg("%s", error); }
    w.state = malloc(sizeof(*w.state));
    w.buf = malloc(CAP);
    assert_non_null(w.state);
    assert_non_null(w.buf);
    wev_values_init(w.state, w.options->plan, w.options->seed);
    w.state->broken = NULL;
    w.state->layout = wev_layout_new();
    assert_non_null(w.state->layout);
    return w;
}

void wev_test_close(struct world *w)
{
    wev_layout_free(w->state->layout);
    free(w->state);
    free(w->buf);
    wev_options_free(w->options);
    wev_schema_free(w->schema);
}

void wev_test_make(struct world *w, uint64_t i)
{
    w->n = wev_make_event(w->options, w->state, i, w->buf, CAP, &w->note, &w->event);
    assert_in_range(w->n, 1, CAP);
}

uint64_t wev_test_scaled(uint64_t n)
{
    const char *share = getenv("WEV_TEST_SHARE");
    unsigned long k = share ? strtoul(share, NULL, 10) : 1;
    return k > 1 ? n / k + 1 : n;
}

struct wev_value wev_test_field(const struct wev_event *e, const char *name)
{
    for (size_t k = 0; k < e->value_count; k++) {
        if (wev_span_is(e->def->body->fields[k].name, name)) { return e->value[k]; }
    }
    return (struct wev_value){.type = WEV_T_NULL};
}

void wev_test_keep(char *out, size_t cap, struct wev_value v)
{
    if (v.type == WEV_T_UNICODE_STRING) {
        snprintf(out, cap, "%.*s", (int)v.n, v.is.text);
    } else if (v.type == WEV_T_SID) {
        int n = snprintf(out, cap, "S-1-%" PRIu64, v.is.sid->authority);
        for (uint32_t k = 0; k < v.is.sid->count; k++) { n += snprintf(out + n, cap - (size_t)n, "-%u", v.is.sid->sub[k]); }
    } else {
        snprintf(out, cap, "%" PRIu64, v.type == WEV_T_NULL ? 0 : v.is.u);
    }
}

void wev_test_keep_field(char *out, size_t cap, const struct wev_event *e, const char *name)
{
    wev_test_keep(out, cap, wev_test_field(e, name));
}

// ---- what was seen of each name

struct table wev_test_table(void)
{
    struct table t = {calloc(NAMES, sizeof(struct seen)), 0};
    assert_non_null(t.rows);
    return t;
}

struct seen *wev_test_row(struct table *t, const char *key)
{
    size_t at = (size_t)XXH3_64bits(key, strlen(key)) % NAMES;
    while (t->rows[at].key[0] && strcmp(t->rows[at].key, key) != 0) { at = (at + 1) % NAMES; }
    if (!t->rows[at].key[0]) {
        assert_true(++t->count < NAMES);
        snprintf(t->rows[at].key, sizeof(t->rows[at].key), "%s", key);
    }
    return &t->rows[at];
}

void wev_test_same(struct table *t, const char *key, const char *value)
{
    struct seen *s = wev_test_row(t, key);
    if (!s->value[0]) { snprintf(s->value, sizeof(s->value), "%s", value); }
    if (strcmp(s->value, value) != 0) { fail_msg("%s was \"%s\" and is \"%s\"", key, s->value, value); }
}

