// Templates of a manifest: fields with their types, maps and extents, structs, and UserData.
#include "schema/manifest_load.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 1024, STRUCT_DEPTH_MAX = 8 };

struct maps {
    const struct wev_map *rows;
    size_t count;
};

static size_t count_named(const struct wev_elem *e, const char *a, const char *b)
{
    size_t n = 0;
    for (const struct wev_elem *k = e ? e->kids : NULL; k; k = k->next) { n += wev_span_is(k->name, a) || (b && wev_span_is(k->name, b)); }
    return n;
}

static struct maps read_maps(struct wev_manifest_load *ml, const struct wev_elem *provider)
{
    const struct wev_elem *group = wev_manifest_kid(provider, "maps");
    struct wev_map *maps = WEV_NEW_N(ml->load->arena, count_named(group, "valueMap", "bitMap") + 1, struct wev_map);
    size_t n = 0;
    for (const struct wev_elem *m = group ? group->kids : NULL; m; m = m->next) {
        if (!wev_span_is(m->name, "valueMap") && !wev_span_is(m->name, "bitMap")) { continue; }
        struct wev_map_entry *entries = WEV_NEW_N(ml->load->arena, count_named(m, "map", NULL) + 1, struct wev_map_entry);
        size_t count = 0;
        for (const struct wev_elem *e = m->kids; e; e = e->next) {
            if (!wev_span_is(e->name, "map")) { continue; }
            entries[count++] = (struct wev_map_entry){wev_manifest_number(ml, e, "value", UINT64_MAX), wev_manifest_text(ml, wev_tree_attr(e, "message"))};
        }
        maps[n++] = (struct wev_map){wev_manifest_need(ml, m, "name"), wev_span_is(m->name, "bitMap"), entries, count};
    }
    return (struct maps){maps, n};
}

static const struct wev_map *find_map(struct wev_manifest_load *ml, struct maps maps, struct wev_span name, unsigned line)
{
    for (size_t k = 0; k < maps.count; k++) {
        if (wev_span_eq(maps.rows[k].name, name)) { return &maps.rows[k]; }
    }
    struct wev_span *list = WEV_NEW_N(ml->load->arena, maps.count + 1, struct wev_span);
    for (size_t k = 0; k < maps.count; k++) { list[k] = maps.rows[k].name; }
    wev_manifest_unknown(ml, line, "map", name, list, maps.count);
}

static void read_type(struct wev_manifest_load *ml, const struct wev_elem *e, struct wev_field *f)
{
    struct wev_span in = wev_manifest_need(ml, e, "inType"), out = wev_tree_attr(e, "outType"), bare = in, list[64];
    size_t k = 0, o = 0;
    if (bare.n > 4 && !memcmp(bare.p, "win:", 4)) { bare = (struct wev_span){bare.p + 4, bare.n - 4}; }
    while (k < wev_type_row_count && !wev_span_is(bare, wev_type_rows[k].name)) { k++; }
    if (k == wev_type_row_count) {
        for (size_t m = 0; m < wev_type_row_count && m < 64; m++) { list[m] = wev_span_of(wev_type_rows[m].name); }
        wev_manifest_unknown(ml, e->line, "inType", bare, list, wev_type_row_count);
    }
    f->type = wev_type_rows[k].type;
    f->lex = wev_type_rows[k].lex;
    f->in_name = in;
    f->out_name = out;
    if (!out.n) { return; }
    while (o < wev_out_row_count && !wev_span_is(out, wev_out_rows[o].name)) { o++; }
    if (o == wev_out_row_count) {
        for (size_t m = 0; m < wev_out_row_count && m < 64; m++) { list[m] = wev_span_of(wev_out_rows[m].name); }
        wev_manifest_unknown(ml, e->line, "outType", out, list, wev_out_row_count);
    }
    if (!(wev_out_rows[o].in >> f->type & 1)) {
        wev_fail(ml->load, WEV_E_SYNTAX, e->line, "outType \"%.*s\" does not go with inType \"%.*s\"", (int)out.n, out.p, (int)in.n, in.p);
    }
    if (wev_out_rows[o].lex != WEV_L_COUNT) { f->lex = wev_out_rows[o].lex; }
}

// A number, or the name of an earlier field of the same level.
static struct wev_extent read_extent(struct wev_manifest_load *ml, const struct wev_elem *e, const char *attr, struct wev_field *fields,
                                     size_t before)
{
    struct wev_span s = wev_tree_attr(e, attr), list[FIELDS_MAX];
    uint64_t n;
    if (!s.n) { return (struct wev_extent){WEV_X_NONE, 0}; }
    if (wev_span_u64(s, &n)) { // eventman.xsd: UInt16Type
        if (n > UINT16_MAX) { wev_fail(ml->load, WEV_E_SYNTAX, e->line, "%s \"%.*s\" is more than 65535", attr, (int)s.n, s.p); }
        return (struct wev_extent){WEV_X_CONST, (uint32_t)n};
    }
    for (size_t k = 0; k < before; k++) {
        list[k] = fields[k].name;
        if (!wev_span_eq(fields[k].name, s)) { continue; }
        uint8_t lex = fields[k].lex;
        if (fields[k].field_count || (lex != WEV_L_UINT && lex != WEV_L_INT && lex != WEV_L_HEX)) {
            wev_fail(ml->load, WEV_E_SYNTAX, e->line, "%s \"%.*s\" is not a number field", attr, (int)s.n, s.p);
        }
        fields[k].is_extent = true;
        return (struct wev_extent){WEV_X_FIELD, (uint32_t)k};
    }
    char what[64] = "earlier field for ";
    memcpy(what + strlen(what), attr, strlen(attr) + 1);
    wev_manifest_unknown(ml, e->line, what, s, list, before);
}

static size_t read_fields(struct wev_manifest_load *ml, const struct wev_elem *e, struct maps maps, const struct wev_field **out,
                          unsigned depth)
{
    size_t count = count_named(e, "data", "struct"), n = 0;
    ml->field_count += count;
    if (ml->field_count > FIELDS_MAX) {
        wev_fail(ml->load, WEV_E_LIMIT, e->line, "%zu fields, the limit is %d", ml->field_count, (int)FIELDS_MAX);
    }
    if (depth > STRUCT_DEPTH_MAX) { wev_fail(ml->load, WEV_E_LIMIT, e->line, "structs nest deeper than %d", (int)STRUCT_DEPTH_MAX); }
    struct wev_field *fields = WEV_NEW_N(ml->load->arena, count + 1, struct wev_field);
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        bool is_struct = wev_span_is(k->name, "struct");
        if (!is_struct && !wev_span_is(k->name, "data")) { continue; }
        struct wev_field *f = &fields[n];
        f->name = wev_manifest_need(ml, k, "name");
        f->line = k->line;
        f->count = read_extent(ml, k, "count", fields, n);
        if (is_struct) {
            f->field_count = read_fields(ml, k, maps, &f->fields, depth + 1);
            if (!f->field_count) { wev_fail(ml->load, WEV_E_SYNTAX, k->line, "an empty struct \"%.*s\"", (int)f->name.n, f->name.p); }
        } else {
            struct wev_span map = wev_tree_attr(k, "map");
            read_type(ml, k, f);
            f->length = read_extent(ml, k, "length", fields, n);
            f->map = map.n ? find_map(ml, maps, map, k->line) : NULL;
        }
        n++;
    }
    *out = fields;
    return n;
}

// ---- UserData

struct user {
    struct wev_user_part *parts;
    size_t count, cap;
};

static void add_part(struct wev_manifest_load *ml, struct user *u, struct wev_user_part part)
{
    if (u->count == u->cap) {
        size_t cap = u->cap ? 2 * u->cap : 64;
        struct wev_user_part *parts = WEV_NEW_N(ml->load->arena, cap, struct wev_user_part);
        if (u->count) { memcpy(parts, u->parts, u->count * sizeof(*parts)); }
        u->parts = parts;
        u->cap = cap;
    }
    u->parts[u->count++] = part;
}

static void add_text(struct wev_manifest_load *ml, struct user *u, struct wev_span text, size_t fields, unsigned line)
{
    struct wev_span s = wev_span_trim(text);
    uint64_t n;
    if (!s.n) { return; }
    if (s.p[0] != '%') {
        add_part(ml, u, (struct wev_user_part){.kind = WEV_U_TEXT, .name = s});
        return;
    }
    if (!wev_span_u64((struct wev_span){s.p + 1, s.n - 1}, &n) || n < 1 || n > fields) {
        wev_fail(ml->load, WEV_E_SYNTAX, line, "\"%.*s\" is not a field of the template, %%1 to %%%zu", (int)s.n, s.p, fields);
    }
    add_part(ml, u, (struct wev_user_part){.kind = WEV_U_FIELD, .field = (uint32_t)n - 1});
}

// The namespace of the manifest itself is not the data's.
static void read_user(struct wev_manifest_load *ml, struct user *u, const struct wev_elem *e, struct wev_span outer, size_t fields)
{
    struct wev_span space = e->space.n && !wev_span_eq(e->space, outer) ? e->space : (struct wev_span){NULL, 0};
    add_part(ml, u, (struct wev_user_part){.kind = WEV_U_OPEN, .name = e->name, .space = space});
    if (!e->kids) { add_text(ml, u, e->text, fields, e->line); }
    for (const struct wev_elem *k = e->kids; k; k = k->next) { read_user(ml, u, k, outer, fields); }
    add_part(ml, u, (struct wev_user_part){.kind = WEV_U_CLOSE, .name = e->name, .space = space});
}

static bool is_flat(const struct wev_field *fields, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (fields[k].field_count || fields[k].count.kind != WEV_X_NONE) { return false; }
    }
    return true;
}

static void read_template(struct wev_manifest_load *ml, const struct wev_elem *e, struct maps maps, struct wev_template *t)
{
    const struct wev_elem *data = wev_manifest_kid(e, "UserData");
    t->tid = wev_manifest_need(ml, e, "tid");
    ml->field_count = 0;
    t->field_count = read_fields(ml, e, maps, &t->fields, 0);
    t->flat = is_flat(t->fields, t->field_count);
    if (!data || !data->kids) { return; }
    if (!t->flat) { wev_fail(ml->load, WEV_E_SYNTAX, data->line, "UserData over arrays or structs"); }
    struct user u = {.parts = NULL};
    for (const struct wev_elem *k = data->kids; k; k = k->next) { read_user(ml, &u, k, e->space, t->field_count); }
    t->user = u.parts;
    t->user_count = u.count;
}

static int by_tid(const void *a, const void *b)
{
    const struct wev_template *x = *(const struct wev_template *const *)a, *y = *(const struct wev_template *const *)b;
    int d = wev_manifest_by_text(x->tid, y->tid);
    return d ? d : (x > y) - (x < y); // of one array, so by place in the file
}

struct wev_templates wev_manifest_templates(struct wev_manifest_load *ml, const struct wev_elem *provider)
{
    const struct wev_elem *group = wev_manifest_kid(provider, "templates");
    struct maps maps = read_maps(ml, provider);
    struct wev_template *rows = WEV_NEW_N(ml->load->arena, count_named(group, "template", NULL) + 1, struct wev_template);
    size_t n = 0;
    for (const struct wev_elem *k = group ? group->kids : NULL; k; k = k->next) {
        if (wev_span_is(k->name, "template")) { read_template(ml, k, maps, &rows[n++]); }
    }
    const struct wev_template **index = WEV_NEW_N(ml->load->arena, n + 1, const struct wev_template *);
    for (size_t k = 0; k < n; k++) { index[k] = &rows[k]; }
    qsort(index, n, sizeof(*index), by_tid);
    return (struct wev_templates){rows, index, n};
}

const struct wev_template *wev_manifest_template_find(struct wev_manifest_load *ml, const struct wev_templates *templates,
                                                      struct wev_span tid, unsigned line)
{
    size_t low = 0, high = templates->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (wev_manifest_by_text(templates->index[mid]->tid, tid) < 0) { low = mid + 1; } else { high = mid; }
    }
    if (low < templates->count && wev_span_eq(templates->index[low]->tid, tid)) { return templates->index[low]; }
    struct wev_span *list = WEV_NEW_N(ml->load->arena, templates->count + 1, struct wev_span);
    for (size_t k = 0; k < templates->count; k++) { list[k] = templates->rows[k].tid; }
    wev_manifest_unknown(ml, line, "template", tid, list, templates->count);
}
