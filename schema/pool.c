// Values in TSV files, literals in profiles, and the alias tables by which they are drawn.
#include "schema/profile_load.h"

#include "schema/builtin.h"
#include "schema/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 4 << 20, ROWS_MAX = 1000000, COLUMNS_MAX = 16, PATH_LONGEST = 1024 };

static bool is_text(uint8_t type)
{
    return type == WEV_T_UNICODE_STRING || type == WEV_T_ANSI_STRING;
}

static uint8_t plain_flag(struct wev_span s)
{
    for (size_t k = 0; k < s.n; k++) {
        unsigned char c = (unsigned char)s.p[k];
        if (c < 0x20 || c > 0x7e || strchr("&<>\"'", c)) { return 0; }
    }
    return WEV_F_PLAIN;
}

static bool integer(struct wev_span s, uint8_t type, uint64_t *out)
{
    bool minus = s.n > 1 && s.p[0] == '-';
    uint64_t v;
    unsigned bytes = wev_type_rows[type - 1].bytes;
    uint8_t lex = wev_type_rows[type - 1].lex;
    if (minus) {
        s.p++;
        s.n--;
    }
    if (!wev_span_u64(s, &v) || (minus && lex != WEV_L_INT)) { return false; }
    unsigned bits = 8 * bytes;
    uint64_t top = lex == WEV_L_INT ? (1ull << (bits - 1)) - (minus ? 0 : 1) : bits == 64 ? UINT64_MAX : (1ull << bits) - 1;
    if (v > top) { return false; }
    *out = minus ? 0 - v : v;
    return true;
}

// A GUID keeps the case that its profile writes.
static uint8_t upper_flag(struct wev_span s)
{
    for (size_t k = 0; k < s.n; k++) {
        if (s.p[k] >= 'A' && s.p[k] <= 'F') { return WEV_F_UPPER; }
    }
    return 0;
}

struct wev_value wev_pool_literal(struct wev_profile_load *pl, struct wev_span text, uint8_t type, unsigned line)
{
    struct wev_arena *a = pl->load->arena;
    struct wev_value v = {.type = type};
    const struct wev_type_row *row = &wev_type_rows[type - 1];
    size_t at = 0;
    if (text.n > UINT32_MAX) { wev_fail(pl->load, WEV_E_LIMIT, line, "a value of %zu bytes", text.n); }
    if (is_text(type)) {
        v.is.text = wev_arena_text(a, text).p;
        v.n = (uint32_t)text.n;
        v.flags = plain_flag(text);
        return v;
    }
    bool number = row->lex == WEV_L_INT || row->lex == WEV_L_UINT || row->lex == WEV_L_HEX;
    if (number) {
        if (integer(text, type, &v.is.u)) { return v; }
    } else {
        struct wev_types_room *room = WEV_NEW(a, struct wev_types_room);
        room->bin_cap = text.n + 20;
        room->bin = wev_arena_take(a, room->bin_cap, 1, 1);
        enum wev_verdict code = wev_types_parse(type, row->lex, wev_arena_text(a, text), room, &v, &at);
        if (type == WEV_T_GUID) { v.flags = upper_flag(text); }
        if (wev_verdict_rows[code].verdict != 'n') { return v; }
    }
    wev_fail(pl->load, WEV_E_SYNTAX, line, "\"%.*s\" is not a %s", (int)(text.n > 100 ? 100 : text.n), text.p, row->name);
}

// Vose's alias method in integers: column k keeps itself with probability weight * count / sum, in 2^-32.
const struct wev_alias *wev_pool_alias(struct wev_profile_load *pl, const uint64_t *weights, uint32_t count, unsigned line)
{
    struct wev_arena *arena = pl->load->arena;
    struct wev_alias *alias = WEV_NEW_N(arena, count, struct wev_alias);
    struct wev_arena scratch = *arena;
    uint64_t *share = WEV_NEW_N(&scratch, count, uint64_t), sum = 0;
    uint32_t *small = WEV_NEW_N(&scratch, count, uint32_t), *large = WEV_NEW_N(&scratch, count, uint32_t);
    uint32_t smalls = 0, larges = 0;
    for (uint32_t k = 0; k < count; k++) { sum += weights[k]; }
    if (!sum) { wev_fail(pl->load, WEV_E_SYNTAX, line, "all weights are 0"); }
    for (uint32_t k = 0; k < count; k++) {
        share[k] = weights[k] * count; // weights below 2^32, counts below 2^20
        if (share[k] < sum) { small[smalls++] = k; } else { large[larges++] = k; }
    }
    while (smalls && larges) {
        uint32_t s = small[--smalls], l = large[larges - 1];
        __extension__ unsigned __int128 part = (unsigned __int128)share[s] << 32;
        alias[s] = (struct wev_alias){(uint32_t)(part / sum), l};
        share[l] -= sum - share[s];
        if (share[l] < sum) {
            larges--;
            small[smalls++] = l;
        }
    }
    while (larges) { larges--; alias[large[larges]] = (struct wev_alias){UINT32_MAX, large[larges]}; }
    while (smalls) { smalls--; alias[small[smalls]] = (struct wev_alias){UINT32_MAX, small[smalls]}; }
    return alias;
}

// ---- TSV

struct table {
    struct wev_span rest;
    unsigned line;
    struct wev_span column[COLUMNS_MAX];
    size_t columns;
};

static bool next_row(struct table *t, struct wev_span *row)
{
    while (t->rest.n > 0) {
        *row = wev_span_cut(&t->rest, '\n');
        t->line++;
        if (row->n && row->p[row->n - 1] == '\r') { row->n--; }
        if (row->n && row->p[0] != '#') { return true; }
    }
    return false;
}

static struct wev_span cell(struct wev_span row, size_t column)
{
    struct wev_span s = {NULL, 0};
    for (size_t k = 0; k <= column; k++) { s = row.n || k == 0 ? wev_span_cut(&row, '\t') : (struct wev_span){NULL, 0}; }
    return s;
}

static size_t column_of(struct wev_profile_load *pl, const struct table *t, struct wev_span name)
{
    for (size_t k = 0; k < t->columns; k++) {
        if (wev_span_eq(t->column[k], name)) { return k; }
    }
    struct wev_span near = wev_nearest(name, t->column, t->columns);
    wev_fail(pl->load, WEV_E_SYNTAX, t->line, "no column \"%.*s\"%s%.*s%s", (int)name.n, name.p,
             near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
}

static struct wev_pool read_rows(struct wev_profile_load *pl, struct table *t, struct wev_span column, uint8_t type, bool with_ids)
{
    struct wev_arena *a = pl->load->arena;
    struct wev_span row;
    if (!next_row(t, &row)) { wev_fail(pl->load, WEV_E_SYNTAX, 0, "an empty pool"); }
    for (struct wev_span r = row; (r.n || t->columns == 0) && t->columns < COLUMNS_MAX;) { t->column[t->columns++] = wev_span_cut(&r, '\t'); }
    size_t value = column_of(pl, t, column), weight = column_of(pl, t, WEV_SPAN("weight"));
    size_t id = with_ids ? column_of(pl, t, WEV_SPAN("id")) : 0;
    size_t lines = 1;
    for (size_t k = 0; k < t->rest.n; k++) { lines += t->rest.p[k] == '\n'; }
    if (lines > ROWS_MAX) { wev_fail(pl->load, WEV_E_LIMIT, 0, "%zu rows, the limit is %d", lines, (int)ROWS_MAX); }
    struct wev_value *values = WEV_NEW_N(a, lines, struct wev_value);
    uint64_t *weights = WEV_NEW_N(a, lines, uint64_t), *ids = WEV_NEW_N(a, lines, uint64_t);
    uint32_t n = 0;
    while (next_row(t, &row)) {
        struct wev_span w = cell(row, weight);
        if (!wev_span_u64(w, &weights[n]) || weights[n] > UINT32_MAX) {
            wev_fail(pl->load, WEV_E_SYNTAX, t->line, "weight \"%.*s\" is not a number of 32 bits", (int)w.n, w.n ? w.p : "");
        }
        struct wev_span i = with_ids ? cell(row, id) : (struct wev_span){NULL, 0};
        if (with_ids && !wev_span_u64(i, &ids[n])) {
            wev_fail(pl->load, WEV_E_SYNTAX, t->line, "id \"%.*s\" is not a number", (int)i.n, i.n ? i.p : "");
        }
        values[n++] = wev_pool_literal(pl, cell(row, value), type, t->line);
    }
    if (!n) { wev_fail(pl->load, WEV_E_SYNTAX, 0, "an empty pool"); }
    return (struct wev_pool){values, wev_pool_alias(pl, weights, n, 0), n, ids};
}

// `file` stands beside the profile that names it; "builtin:" names what is inside the program.
static void locate(struct wev_profile_load *pl, struct wev_span file, char *path, size_t cap, unsigned line)
{
    const char *base = pl->load->file, *slash = strrchr(base, '/');
    bool builtin = !strncmp(base, "builtin:", 8);
    size_t dir = slash ? (size_t)(slash + 1 - base) : builtin ? 8 : 0;
    if ((file.n >= 8 && !memcmp(file.p, "builtin:", 8)) || (file.n && file.p[0] == '/')) { dir = 0; }
    while (builtin && dir > 8 && file.n > 3 && !memcmp(file.p, "../", 3)) {
        file.p += 3;
        file.n -= 3;
        for (dir--; dir > 8 && base[dir - 1] != '/'; dir--) {}
    }
    if (dir + file.n + 1 > cap) { wev_fail(pl->load, WEV_E_LIMIT, line, "a path of %zu bytes", dir + file.n); }
    memcpy(path, base, dir);
    if (file.n) { memcpy(path + dir, file.p, file.n); }
    path[dir + file.n] = 0;
}

struct wev_pool wev_pool_load(struct wev_profile_load *pl, struct wev_span file, struct wev_span column, uint8_t type,
                              bool with_ids, unsigned line)
{
    char path[PATH_LONGEST];
    const char *profile = pl->load->file;
    struct table t = {.line = 0};
    struct wev_span owned = {NULL, 0}, bytes;
    locate(pl, file, path, sizeof(path), line);
    if (!strncmp(path, "builtin:", 8)) {
        if (!wev_builtin_file(wev_span_of(path + 8), &bytes)) {
            wev_fail(pl->load, WEV_E_FILE, line, "no built-in file \"%s\"", path + 8);
        }
    } else {
        struct wev_error e;
        if (!wev_file_read(path, FILE_MAX, &owned, &e)) { wev_fail(pl->load, e.code, line, "pool %s", e.text); }
        bytes = wev_arena_text(pl->load->arena, owned); // so that a failure below leaks nothing
        free((char *)(uintptr_t)owned.p);
    }
    pl->load->file = wev_arena_text(pl->load->arena, wev_span_of(path)).p;
    t.rest = bytes;
    struct wev_pool pool = read_rows(pl, &t, column, type, with_ids);
    pl->load->file = profile;
    return pool;
}
