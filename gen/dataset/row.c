// Rows of a dataset as text: JSON Lines (RFC 8259) and CSV (RFC 4180).
#include "gen/dataset/row.h"

#include "gen/out.h"

#include <string.h>

#define LIT(p, s) (memcpy((p), (s), sizeof(s) - 1), (p) + sizeof(s) - 1)

static const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;

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

char *wev_row_base64(char *p, struct wev_span s) // RFC 4648
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

static char *copy(char *p, struct wev_span s)
{
    if (s.n) { memcpy(p, s.p, s.n); }
    return p + s.n;
}

size_t wev_row_room(const struct wev_columns *c, const struct wev_cells *cells)
{
    return 6 * cells->text_n + c->count * (WEV_TEXT_VALUE_MAX + 32) + c->names_n + 64;
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

static char *json_cell(char *p, const struct wev_cell *c)
{
    switch ((enum wev_cell_kind)c->kind) {
    case WEV_CELL_NULL: return LIT(p, "null");
    case WEV_CELL_NUMBER: return wev_text_u64(p, c->is.number);
    case WEV_CELL_BARE: return wev_out_spell(p, c->is.value, c->lex);
    case WEV_CELL_REAL: return copy(p, c->is.text);
    case WEV_CELL_LIST: return json_list(p, c->is.text);
    default: break;
    }
    *p++ = '"';
    switch ((enum wev_cell_kind)c->kind) {
    case WEV_CELL_SPELLED: p = wev_out_spell(p, c->is.value, c->lex); break;
    case WEV_CELL_BASE64: p = wev_row_base64(p, c->is.text); break;
    case WEV_CELL_HEX: p = wev_text_bytes(p, (const uint8_t *)c->is.text.p, c->is.text.n, WEV_TEXT_UPPER); break;
    case WEV_CELL_WORD: p = copy(p, c->is.text); break;
    default: p = wev_json_escape(p, c->is.text.p, c->is.text.n); break;
    }
    *p++ = '"';
    return p;
}

// An empty field is null, an empty text is "".
static char *csv_cell(char *p, const struct wev_cell *c)
{
    switch ((enum wev_cell_kind)c->kind) {
    case WEV_CELL_NULL: return p;
    case WEV_CELL_NUMBER: return wev_text_u64(p, c->is.number);
    case WEV_CELL_BARE: case WEV_CELL_SPELLED: return wev_out_spell(p, c->is.value, c->lex);
    case WEV_CELL_REAL: case WEV_CELL_WORD: return copy(p, c->is.text);
    case WEV_CELL_BASE64: return wev_row_base64(p, c->is.text);
    case WEV_CELL_HEX: return wev_text_bytes(p, (const uint8_t *)c->is.text.p, c->is.text.n, WEV_TEXT_UPPER);
    case WEV_CELL_LIST:
        if (!c->is.text.n) { return p; }
        break;
    case WEV_CELL_TEXT: break;
    }
    *p++ = '"';
    p = csv_escape(p, c->is.text.p, c->is.text.n);
    *p++ = '"';
    return p;
}

char *wev_row_json(char *p, const struct wev_columns *c, const struct wev_cells *cells)
{
    *p++ = '{';
    for (size_t k = 0; k < c->count; k++) {
        memcpy(p, c->column[k].json, c->column[k].json_n);
        p = json_cell(p + c->column[k].json_n, &cells->at[k]);
    }
    return LIT(p, "}\n");
}

char *wev_row_csv(char *p, const struct wev_columns *c, const struct wev_cells *cells)
{
    for (size_t k = 0; k < c->count; k++) {
        if (k) { *p++ = ','; }
        p = csv_cell(p, &cells->at[k]);
    }
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
