// The columns of a dataset: those that every one has, System's, and one for each field of the events that can come.
#include "gen/dataset/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct wev_column_names wev_column_names[WEV_COL_TYPES] = {
    [WEV_COL_TEXT] = {"VARCHAR", "string", "sc:Text"},
    [WEV_COL_LIST] = {"VARCHAR[]", "string", "sc:Text"},
    [WEV_COL_INT8] = {"TINYINT", "int8", "sc:Integer"},
    [WEV_COL_UINT8] = {"UTINYINT", "uint8", "sc:Integer"},
    [WEV_COL_INT16] = {"SMALLINT", "int16", "sc:Integer"},
    [WEV_COL_UINT16] = {"USMALLINT", "uint16", "sc:Integer"},
    [WEV_COL_INT32] = {"INTEGER", "int32", "sc:Integer"},
    [WEV_COL_UINT32] = {"UINTEGER", "uint32", "sc:Integer"},
    [WEV_COL_INT64] = {"BIGINT", "int64", "sc:Integer"},
    [WEV_COL_UINT64] = {"UBIGINT", "uint64", "sc:Integer"},
    [WEV_COL_REAL] = {"DOUBLE", "float64", "sc:Float"},
    [WEV_COL_BOOL] = {"BOOLEAN", "bool", "sc:Boolean"},
    [WEV_COL_TIME] = {"TIMESTAMP_NS", "timestamp[ns]", "sc:DateTime"},
};

static const struct {
    const char *name, *what;
    uint8_t type;
} metas[WEV_M_COUNT] = {
    [WEV_M_SPLIT] = {"split", "train, validation or test", WEV_COL_TEXT},
    [WEV_M_UNIT] = {"unit", "the event's number in the run that the command makes", WEV_COL_UINT64},
    [WEV_M_SEED] = {"seed", "the run's seed", WEV_COL_UINT64},
    [WEV_M_FORM] = {"form", "how the document is written: wevgen's -f", WEV_COL_TEXT},
    [WEV_M_LABEL] = {"label", "benign or malicious", WEV_COL_TEXT},
    [WEV_M_SCENARIO] = {"scenario", "the scenario that the event is part of; null: everyday life", WEV_COL_TEXT},
    [WEV_M_RUN] = {"run", "number of that scenario's run", WEV_COL_UINT64},
    [WEV_M_STEP] = {"step", "number of the event in that run", WEV_COL_UINT32},
    [WEV_M_TECHNIQUES] = {"techniques", "ATT&CK ids", WEV_COL_LIST},
    [WEV_M_CLASS] = {"class", "how the document was broken; null: it was not", WEV_COL_TEXT},
    [WEV_M_LAYER] = {"layer", "the first layer that is broken: bytes, xml, schema, type, rule", WEV_COL_TEXT},
    [WEV_M_VERDICT] = {"verdict", "y: a reader must accept the document, n: must refuse it, i: may do either", WEV_COL_TEXT},
    [WEV_M_REASON] = {"reason", "why a reader must refuse it", WEV_COL_TEXT},
    [WEV_M_OFFSET] = {"offset", "where the break begins, in bytes of the document", WEV_COL_UINT64},
    [WEV_M_LENGTH] = {"length", "bytes of the break", WEV_COL_UINT64},
    [WEV_M_RAW] = {"raw", "the document; null where its bytes are not UTF-8 or hold a NUL", WEV_COL_TEXT},
    [WEV_M_RAW_BASE64] = {"raw_base64", "the document's bytes where raw is null", WEV_COL_TEXT},
};

static const char *const header_what = "System";

static uint8_t type_of(uint8_t type, uint8_t lex)
{
    if (lex == WEV_L_HEX || lex == WEV_L_IPV4 || lex == WEV_L_IPV6 || lex == WEV_L_SOCKADDR) { return WEV_COL_TEXT; }
    if (lex == WEV_L_BOOL) { return WEV_COL_BOOL; }
    switch ((enum wev_type)type) {
    case WEV_T_INT8: return WEV_COL_INT8;
    case WEV_T_UINT8: return WEV_COL_UINT8;
    case WEV_T_INT16: return WEV_COL_INT16;
    case WEV_T_UINT16: return WEV_COL_UINT16;
    case WEV_T_INT32: return WEV_COL_INT32;
    case WEV_T_UINT32: return WEV_COL_UINT32;
    case WEV_T_INT64: return WEV_COL_INT64;
    case WEV_T_UINT64: return WEV_COL_UINT64;
    case WEV_T_FLOAT: case WEV_T_DOUBLE: return WEV_COL_REAL;
    case WEV_T_BOOLEAN: return WEV_COL_BOOL;
    case WEV_T_FILETIME: case WEV_T_SYSTEMTIME: return WEV_COL_TIME;
    default: return WEV_COL_TEXT;
    }
}

// Readers such as DuckDB take names that differ in case alone for one.
static size_t find(const struct wev_columns *c, const char *name)
{
    size_t k = 0;
    while (k < c->count && strcasecmp(c->column[k].name, name) != 0) { k++; }
    return k;
}

static struct wev_column *add(struct wev_columns *c, const char *name, uint8_t type, struct wev_error *e)
{
    if (c->count == WEV_COLUMNS_MAX) {
        e->code = WEV_E_LIMIT;
        snprintf(e->text, sizeof(e->text), "a dataset has at most %d columns, and these events have more: \"%.100s\"", WEV_COLUMNS_MAX, name);
        return NULL;
    }
    struct wev_column *column = &c->column[c->count++];
    *column = (struct wev_column){.type = type, .header = WEV_COLUMN_OTHER};
    snprintf(column->name, sizeof(column->name), "%s", name);
    char *p = column->json;
    if (c->count > 1) { *p++ = ','; }
    *p++ = '"';
    p = wev_json_escape(p, column->name, strlen(column->name));
    *p++ = '"';
    *p++ = ':';
    column->json_n = (uint16_t)(p - column->json);
    c->names_n += column->json_n;
    return column;
}

// Calls use for every event version that the plan may make, some more than once. False as soon as use says so.
static bool each_of(const struct wev_plan_group *groups, uint32_t count, bool (*use)(void *context, const struct wev_plan_event *), void *context)
{
    for (uint32_t g = 0; groups && g < count; g++) {
        for (uint32_t k = 0; k < groups[g].event_count; k++) {
            if (!use(context, &groups[g].events[k])) { return false; }
        }
    }
    return true;
}

static bool each_event(const struct wev_plan *plan, bool (*use)(void *context, const struct wev_plan_event *), void *context)
{
    if (!plan->world) { return each_of(plan->groups, plan->group_count, use, context); }
    for (uint32_t k = 0; k < plan->world->count; k++) {
        const struct wev_world_story *s = &plan->world->stories[k];
        for (uint32_t a = 0; a < s->story->act_count; a++) {
            if (!each_of(s->acts[a].groups, s->acts[a].act->step_count, use, context)) { return false; }
        }
    }
    return true;
}

// A header that no event has would be a column of nulls.
static bool note_headers(void *context, const struct wev_plan_event *e)
{
    bool *there = context;
    for (size_t h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_value *v = &e->fixed[h];
        there[h] = there[h] || v->type == WEV_T_NULL || !(v->flags & WEV_F_ABSENT);
    }
    return true;
}

static bool add_fixed(struct wev_columns *c, const struct wev_plan *plan, struct wev_error *e)
{
    for (size_t k = 0; k < WEV_M_COUNT; k++) {
        struct wev_column *column = add(c, metas[k].name, metas[k].type, e);
        if (!column) { return false; }
        column->what = metas[k].what;
    }
    bool there[WEV_H_COUNT] = {false};
    each_event(plan, note_headers, there);
    for (size_t h = 0; h < WEV_H_COUNT; h++) {
        if (!there[h]) { continue; }
        uint8_t lex = wev_type_rows[wev_header_types[h] - 1].lex;
        struct wev_column *column = add(c, wev_header_names[h], type_of(wev_header_types[h], lex), e);
        if (!column) { return false; }
        column->header = (int16_t)h;
        column->lex = lex;
        column->what = header_what;
    }
    return true;
}

// The column that field k of an event fills: one of its name and spelling that the event has not filled yet; else a new
// one, with a number behind the name where that is taken. SIZE_MAX: too many.
static size_t place(struct wev_columns *c, const struct wev_filled *f, const struct wev_field *field, struct wev_error *e)
{
    char base[WEV_COLUMN_NAME - 16], name[WEV_COLUMN_NAME];
    uint8_t type = type_of(field->type, field->lex);
    size_t n = field->name.n < sizeof(base) - 1 ? field->name.n : sizeof(base) - 1;
    while (n < field->name.n && n > 0 && ((unsigned char)field->name.p[n] & 0xc0) == 0x80) { n--; } // on a whole character
    if (n) { memcpy(base, field->name.p, n); }
    base[n] = 0;
    for (unsigned k = 1;; k++) {
        if (k == 1) { snprintf(name, sizeof(name), "%s", base); } else { snprintf(name, sizeof(name), "%s_%u", base, k); }
        size_t at = find(c, name);
        if (at == c->count) {
            struct wev_column *column = add(c, name, type, e);
            if (!column) { return SIZE_MAX; }
            column->lex = field->lex;
            return at;
        }
        bool same = c->column[at].header == WEV_COLUMN_OTHER && at >= WEV_M_COUNT && c->column[at].type == type && c->column[at].lex == field->lex;
        if (same && !strcmp(c->column[at].name, name) && !f->field_of[at]) { return at; }
    }
}

// Names the provider once; what does not fit is "and others".
static bool note_provider(void *context, const struct wev_plan_event *event)
{
    static const char others[] = " and others";
    struct wev_columns *c = context;
    const struct wev_span name = event->def->provider->name;
    size_t n = strlen(c->providers);
    bool more = n > 0, ended = n >= sizeof(others) && !strcmp(c->providers + n + 1 - sizeof(others), others);
    for (const char *at = c->providers; (at = memmem(at, strlen(at), name.p, name.n)) != NULL; at++) {
        bool begins = at == c->providers || at[-1] == ' ', ends = !at[name.n] || at[name.n] == ',';
        if (begins && ends) { return true; }
    }
    if (ended) { return true; }
    if (name.n + 2 + n + sizeof(others) > sizeof(c->providers)) {
        snprintf(c->providers + n, sizeof(c->providers) - n, "%s", more ? others : "several providers");
    } else {
        snprintf(c->providers + n, sizeof(c->providers) - n, "%s%.*s", more ? ", " : "", (int)name.n, name.p);
    }
    return true;
}

struct filling {
    struct wev_columns *columns;
    struct wev_error *error;
    bool leaves; // some template has arrays or structs
};

static bool fill(void *context, const struct wev_plan_event *event)
{
    struct filling *x = context;
    const struct wev_event_def *def = event->def;
    struct wev_columns *c = x->columns;
    size_t at = 0;
    while (at < c->filled_count && c->filled[at].body != def->body) { at++; }
    if (at < c->filled_count) { return true; }
    struct wev_filled *more = realloc(c->filled, (at + 1) * sizeof(*more)), *f = &more[at];
    if (more) {
        c->filled = more;
        *f = (struct wev_filled){def->body, calloc(WEV_COLUMNS_MAX, sizeof(*f->field_of))};
        c->filled_count++;
    }
    if (!more || !f->field_of) {
        x->error->code = WEV_E_MEMORY;
        snprintf(x->error->text, sizeof(x->error->text), "out of memory for columns");
        return false;
    }
    x->leaves = x->leaves || !def->body->flat;
    for (size_t k = 0; def->body->flat && k < def->body->field_count; k++) {
        size_t column = place(c, f, &def->body->fields[k], x->error);
        if (column == SIZE_MAX) { return false; }
        f->field_of[column] = (uint16_t)(k + 1);
    }
    return true;
}

static int by_body(const void *x, const void *y)
{
    const struct wev_filled *a = x, *b = y;
    return (a->body > b->body) - (a->body < b->body);
}

const uint16_t *wev_columns_of(const struct wev_columns *c, const struct wev_event_def *def)
{
    struct wev_filled key = {.body = def->body};
    const struct wev_filled *f = bsearch(&key, c->filled, c->filled_count, sizeof(key), by_body);
    return f->field_of;
}

static bool add_leaves(struct wev_columns *c, struct wev_error *e)
{
    char name[WEV_COLUMN_NAME] = "Values";
    for (unsigned k = 2; find(c, name) < c->count; k++) { snprintf(name, sizeof(name), "Values_%u", k); }
    struct wev_column *column = add(c, name, WEV_COL_TEXT, e);
    if (!column) { return false; }
    column->header = WEV_COLUMN_LEAVES;
    column->what = "of templates with arrays or structs: all values in document order, as a JSON array of texts";
    return true;
}

bool wev_columns_make(struct wev_columns *c, const struct wev_options *options, struct wev_error *error)
{
    const struct wev_plan *plan = options->plan;
    struct filling filling = {.columns = c, .error = error};
    *c = (struct wev_columns){.schema = plan->schema, .form = options->form->name, .seed = options->seed};
    c->column = malloc(WEV_COLUMNS_MAX * sizeof(*c->column));
    if (!c->column) {
        error->code = WEV_E_MEMORY;
        snprintf(error->text, sizeof(error->text), "out of memory for columns");
        return false;
    }
    each_event(plan, note_provider, c);
    if (!add_fixed(c, plan, error) || !each_event(plan, fill, &filling) || (filling.leaves && !add_leaves(c, error))) { return false; }
    qsort(c->filled, c->filled_count, sizeof(*c->filled), by_body); // for the search alone: no byte depends on it
    return true;
}

void wev_columns_free(struct wev_columns *c)
{
    for (size_t k = 0; k < c->filled_count; k++) { free(c->filled[k].field_of); }
    free(c->filled);
    free(c->column);
    *c = (struct wev_columns){.count = 0};
}
