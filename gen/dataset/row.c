// Rows of a dataset: JSON Lines (RFC 8259) and CSV (RFC 4180), written straight from the event that was made.
#include "gen/dataset/row.h"

#include "gen/out.h"

#include <string.h>

#define LIT(p, s) (memcpy((p), (s), sizeof(s) - 1), (p) + sizeof(s) - 1)

// ---- text

// Bytes of the character at p, 0 when it is not UTF-8 (RFC 3629); p[0] is 0x80 or more.
static size_t character(const unsigned char *p, size_t n)
{
    size_t want = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (want == 0 || want > n) { return 0; }
    for (size_t k = 1; k < want; k++) {
        if ((p[k] & 0xc0) != 0x80) { return 0; }
    }
    bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    bool outside = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
    return overlong || outside ? 0 : want;
}

static const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;

bool wev_row_is_text(struct wev_span s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t k = 0; k < s.n;) {
        uint64_t w;
        if (s.n - k >= sizeof(w)) {
            memcpy(&w, p + k, sizeof(w));
            if (!((w | (w - ones)) & high)) { // eight bytes of ASCII, no NUL
                k += sizeof(w);
                continue;
            }
        }
        size_t step = p[k] == 0 ? 0 : p[k] < 0x80 ? 1 : character(p + k, s.n - k);
        if (step == 0) { return false; }
        k += step;
    }
    return true;
}

// Whether a byte of the word is below 0x20, '"' or '\\'.
static inline uint64_t json_odd(uint64_t w)
{
    uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
    return ((w - ones * 0x20) | (quote - ones) | (slash - ones)) & ~w & high;
}

char *wev_json_escape(char *p, const char *s, size_t n)
{
    for (size_t k = 0; k < n;) {
        uint64_t w;
        if (n - k >= sizeof(w)) {
            memcpy(&w, s + k, sizeof(w));
            memcpy(p, &w, sizeof(w));
            uint64_t odd = json_odd(le64toh(w));
            size_t good = odd ? (size_t)__builtin_ctzll(odd) / 8 : 8; // the lowest mark is exact: borrows go up
            p += good;
            k += good;
            if (!odd) { continue; }
        }
        unsigned char c = (unsigned char)s[k++];
        if (c == '"' || c == '\\') {
            *p++ = '\\';
            *p++ = (char)c;
        } else if (c < 0x20) {
            p = LIT(p, "\\u00");
            p = wev_text_bytes(p, &c, 1, WEV_TEXT_LOWER);
        } else {
            *p++ = (char)c;
        }
    }
    return p;
}

// The inside of a quoted CSV field: a quote is written twice.
static char *csv_escape(char *p, const char *s, size_t n)
{
    while (n > 0) {
        const char *quote = memchr(s, '"', n);
        size_t step = quote ? (size_t)(quote - s) + 1 : n;
        memcpy(p, s, step);
        p += step;
        if (quote) { *p++ = '"'; }
        s += step;
        n -= step;
    }
    return p;
}

static char *base64(char *p, struct wev_span s) // RFC 4648
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *b = (const unsigned char *)s.p;
    for (size_t k = 0; k < s.n; k += 3) {
        size_t left = s.n - k;
        uint32_t v = (uint32_t)b[k] << 16 | (left > 1 ? (uint32_t)b[k + 1] << 8 : 0) | (left > 2 ? b[k + 2] : 0u);
        *p++ = digits[v >> 18];
        *p++ = digits[v >> 12 & 63];
        *p++ = left > 1 ? digits[v >> 6 & 63] : '=';
        *p++ = left > 2 ? digits[v & 63] : '=';
    }
    return p;
}

// ---- cells

// What one cell holds, before a format quotes it.
struct cell {
    enum kind { NOTHING, NUMBER, WORD, TEXT, LIST, BASE64, HEX, LEAVES } kind; // WORD: text with nothing to escape
    struct wev_span text;
    char room[WEV_TEXT_VALUE_MAX + 32];
};

static void number(struct cell *c, uint64_t v)
{
    c->kind = NUMBER;
    c->text = (struct wev_span){c->room, (size_t)(wev_text_u64(c->room, v) - c->room)};
}

static void text(struct cell *c, enum kind kind, const char *s)
{
    c->kind = s[0] ? kind : NOTHING;
    c->text = wev_span_of(s);
}

static void meta(struct cell *c, const struct wev_columns *columns, const struct wev_row *row, enum wev_meta m)
{
    const struct wev_note *note = row->note;
    bool broken = note->defect[0] != 0, staged = note->scenario[0] != 0;
    c->kind = NOTHING;
    switch (m) {
    case WEV_M_SPLIT: text(c, WORD, row->split); break;
    case WEV_M_UNIT: number(c, note->unit); break;
    case WEV_M_SEED: number(c, columns->seed); break;
    case WEV_M_FORM: text(c, WORD, columns->form); break;
    case WEV_M_LABEL: text(c, WORD, note->label[0] ? note->label : "benign"); break;
    case WEV_M_SCENARIO: text(c, TEXT, note->scenario); break;
    case WEV_M_RUN: if (staged) { number(c, note->run); } break;
    case WEV_M_STEP: if (staged) { number(c, note->step); } break;
    case WEV_M_TECHNIQUES: c->kind = LIST; c->text = wev_span_of(note->techniques); break;
    case WEV_M_CLASS: text(c, WORD, note->defect); break;
    case WEV_M_LAYER: text(c, WORD, note->layer); break;
    case WEV_M_VERDICT: c->kind = WORD; c->text = (struct wev_span){&note->verdict, 1}; break;
    case WEV_M_REASON: text(c, WORD, note->reason); break;
    case WEV_M_OFFSET: if (broken) { number(c, note->at); } break;
    case WEV_M_LENGTH: if (broken) { number(c, note->at_length); } break;
    case WEV_M_RAW: c->kind = row->text ? TEXT : NOTHING; c->text = row->raw; break;
    case WEV_M_RAW_BASE64: c->kind = row->text ? NOTHING : BASE64; c->text = row->raw; break;
    case WEV_M_COUNT: break;
    }
}

static void value(struct cell *c, const struct wev_column *column, const struct wev_value *v)
{
    if (v->flags & WEV_F_ABSENT) {
        c->kind = NOTHING;
        return;
    }
    bool is_number = column->type >= WEV_COL_INT8 && column->type <= WEV_COL_BOOL;
    c->kind = is_number ? NUMBER : WORD;
    switch ((enum wev_lex)column->lex) {
    case WEV_L_TEXT: c->kind = TEXT; c->text = (struct wev_span){v->is.text, v->n}; return;
    case WEV_L_FLOAT: c->text = (struct wev_span){v->is.text, v->n}; return;
    case WEV_L_BINARY: c->kind = HEX; c->text = (struct wev_span){(const char *)v->is.bin, v->n}; return;
    default: c->text = (struct wev_span){c->room, (size_t)(wev_out_spell(c->room, v, column->lex) - c->room)}; return;
    }
}

static void cell_of(struct cell *c, const struct wev_columns *columns, const uint16_t *field_of, const struct wev_row *row, size_t k)
{
    const struct wev_column *column = &columns->column[k];
    if (column->header == WEV_COLUMN_LEAVES) {
        c->kind = row->event->def->body->flat ? NOTHING : LEAVES;
    } else if (k < WEV_M_COUNT) {
        meta(c, columns, row, (enum wev_meta)k);
    } else if (column->header >= 0) {
        value(c, column, &row->event->header[column->header]);
    } else if (field_of[k]) {
        value(c, column, &row->event->value[field_of[k] - 1]);
    } else {
        c->kind = NOTHING;
    }
}

// ---- leaves: the values of a template with arrays or structs, in document order, as the text of a JSON array

static char *leaf(char *p, const struct wev_value *v)
{
    *p++ = '"';
    switch ((enum wev_type)v->type) {
    case WEV_T_UNICODE_STRING: case WEV_T_ANSI_STRING: case WEV_T_FLOAT: case WEV_T_DOUBLE:
        p = wev_json_escape(p, v->is.text, v->n);
        break;
    case WEV_T_BINARY: p = wev_text_bytes(p, v->is.bin, v->n, WEV_TEXT_UPPER); break;
    case WEV_T_NULL: case WEV_T_COUNT: break;
    default: p = wev_out_spell(p, v, wev_type_rows[v->type - 1].lex); break;
    }
    *p++ = '"';
    return p;
}

// At `at`, a place in the row's room that nothing else uses.
static struct wev_span leaves(char *at, const struct wev_event *event)
{
    char *p = at;
    *p++ = '[';
    for (size_t k = 0; k < event->value_count; k++) {
        if (k) { *p++ = ','; }
        p = leaf(p, &event->value[k]);
    }
    *p++ = ']';
    return (struct wev_span){at, (size_t)(p - at)};
}

// ---- lines

static size_t text_bytes(const struct wev_value *v, size_t count)
{
    size_t n = 0;
    for (size_t k = 0; k < count; k++) {
        uint8_t t = v[k].type;
        bool has = t == WEV_T_UNICODE_STRING || t == WEV_T_ANSI_STRING || t == WEV_T_BINARY || t == WEV_T_FLOAT || t == WEV_T_DOUBLE;
        n += has && !(v[k].flags & WEV_F_ABSENT) ? v[k].n : 0u;
    }
    return n;
}

// The leaves as text stand in the room's second part while the line is written into the first.
static size_t leaves_room(const struct wev_row *row)
{
    const struct wev_event *e = row->event;
    return e->def->body->flat ? 0 : 6 * text_bytes(e->value, e->value_count) + (WEV_TEXT_VALUE_MAX + 8) * e->value_count + 8;
}

static size_t line_room(const struct wev_columns *c, const struct wev_row *row)
{
    size_t text = row->raw.n + text_bytes(row->event->header, WEV_H_COUNT) + text_bytes(row->event->value, row->event->value_count) +
                  strlen(row->note->scenario) + strlen(row->note->techniques);
    return 6 * text + 6 * leaves_room(row) + c->count * (WEV_TEXT_VALUE_MAX + 32) + c->names_n + 64;
}

size_t wev_row_room(const struct wev_columns *c, const struct wev_row *row)
{
    return line_room(c, row) + leaves_room(row);
}

static char *json_list(char *p, struct wev_span s)
{
    *p++ = '[';
    for (size_t k = 0; k < s.n;) {
        const char *comma = memchr(s.p + k, ',', s.n - k);
        size_t n = comma ? (size_t)(comma - s.p) - k : s.n - k;
        if (k) { *p++ = ','; }
        *p++ = '"';
        p = wev_json_escape(p, s.p + k, n);
        *p++ = '"';
        k += n + 1;
    }
    *p++ = ']';
    return p;
}

static char *json_cell(char *p, const struct cell *c)
{
    if (c->kind == NOTHING) { return LIT(p, "null"); }
    if (c->kind == LIST) { return json_list(p, c->text); }
    if (c->kind == NUMBER) {
        memcpy(p, c->text.p, c->text.n);
        return p + c->text.n;
    }
    *p++ = '"';
    switch (c->kind) {
    case BASE64: p = base64(p, c->text); break;
    case HEX: p = wev_text_bytes(p, (const uint8_t *)c->text.p, c->text.n, WEV_TEXT_UPPER); break;
    case WORD:
        memcpy(p, c->text.p, c->text.n);
        p += c->text.n;
        break;
    default: p = wev_json_escape(p, c->text.p, c->text.n); break;
    }
    *p++ = '"';
    return p;
}

// An empty field is null, an empty text is "".
static char *csv_cell(char *p, const struct cell *c)
{
    switch (c->kind) {
    case NOTHING: return p;
    case NUMBER: case WORD:
        memcpy(p, c->text.p, c->text.n);
        return p + c->text.n;
    case BASE64: return base64(p, c->text);
    case HEX: return wev_text_bytes(p, (const uint8_t *)c->text.p, c->text.n, WEV_TEXT_UPPER);
    case LIST:
        if (!c->text.n) { return p; }
        break;
    case TEXT: case LEAVES: break;
    }
    *p++ = '"';
    p = csv_escape(p, c->text.p, c->text.n);
    *p++ = '"';
    return p;
}

// Every cell, each behind what stands before it in its format. The leaves' text is at `second`.
static inline char *cells(char *p, const struct wev_columns *c, const struct wev_row *row, char *second, bool json)
{
    const uint16_t *field_of = wev_columns_of(c, row->event->def);
    struct cell cell;
    for (size_t k = 0; k < c->count; k++) {
        cell_of(&cell, c, field_of, row, k);
        if (cell.kind == LEAVES) { cell.text = leaves(second, row->event); }
        if (json) {
            memcpy(p, c->column[k].json, c->column[k].json_n);
            p = json_cell(p + c->column[k].json_n, &cell);
        } else {
            if (k) { *p++ = ','; }
            p = csv_cell(p, &cell);
        }
    }
    return p;
}

char *wev_row_json(char *p, const struct wev_columns *c, const struct wev_row *row)
{
    char *second = p + line_room(c, row);
    *p++ = '{';
    p = cells(p, c, row, second, true);
    return LIT(p, "}\n");
}

char *wev_row_csv(char *p, const struct wev_columns *c, const struct wev_row *row)
{
    p = cells(p, c, row, p + line_room(c, row), false);
    return LIT(p, "\r\n");
}

char *wev_row_csv_head(char *p, const struct wev_columns *c)
{
    for (size_t k = 0; k < c->count; k++) {
        if (k) { *p++ = ','; }
        *p++ = '"';
        p = csv_escape(p, c->column[k].name, strlen(c->column[k].name));
        *p++ = '"';
    }
    return LIT(p, "\r\n");
}
