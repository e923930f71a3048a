// One field's value: its type, its map, its length, its %% references. Knows no XML.
#include "schema/decode_run.h"

#include <stdlib.h>
#include <string.h>

// Room for one more value. False: no memory, or the limit.
bool wev_decode_field_add(struct wev_decoder *d, size_t *index)
{
    if (*index == d->limits.fields) { return wev_decode_stop(d, WEV_V_LIMIT_FIELDS, wev_decode_here(d)); }
    if (*index < d->cap) { return true; }
    size_t cap = d->cap ? 2 * d->cap : 64;
    struct wev_value *values = realloc(d->values, cap * sizeof(*values));
    if (values) { d->values = values; }
    struct wev_span *names = realloc(d->names, cap * sizeof(*names));
    if (names) { d->names = names; }
    struct wev_span *texts = realloc(d->texts, cap * sizeof(*texts));
    if (texts) { d->texts = texts; }
    size_t *value_at = realloc(d->value_at, cap * sizeof(*value_at));
    if (value_at) { d->value_at = value_at; }
    if (!values || !names || !texts || !value_at) {
        d->no_memory = true;
        return wev_decode_stop(d, WEV_V_LIMIT_FIELDS, wev_decode_here(d));
    }
    d->cap = cap;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// "%%" and 1 to 5 digits; `id` is the number.
static bool is_parameter(struct wev_span s, uint64_t *id)
{
    return s.n >= 3 && s.n <= 7 && s.p[0] == '%' && s.p[1] == '%' && is_digit(s.p[2]) &&
           wev_span_u64((struct wev_span){s.p + 2, s.n - 2}, id);
}

// Windows joins several references by blanks (the access lists of 4656 and 4663).
static bool cut_word(struct wev_span *s, struct wev_span *word)
{
    *s = wev_span_trim(*s);
    size_t n = 0;
    while (n < s->n && !memchr(" \t\r\n", s->p[n], 4)) { n++; }
    *word = (struct wev_span){s->p, n};
    s->p += n;
    s->n -= n;
    return n > 0;
}

// Only a value that is nothing but % and digits was meant as a reference; "%%TEMP%%" and "100%%" are text.
static bool check_parameter(struct wev_decoder *d, struct wev_span s)
{
    uint64_t id = 0;
    size_t k = 0;
    struct wev_span rest = s, word;
    if (s.n < 2 || s.p[0] != '%' || s.p[1] != '%') { return true; }
    while (k < s.n && s.p[k] == '%') { k++; }
    while (k < s.n && is_digit(s.p[k])) { k++; }
    if (k == s.n && !is_parameter(s, &id)) { return wev_decode_stop(d, WEV_V_PARAMETER, wev_decode_text_at(d, 0)); }
    while (cut_word(&rest, &word)) {
        if (!is_parameter(word, &id)) { return true; }
    }
    rest = s;
    while (cut_word(&rest, &word)) {
        is_parameter(word, &id);
        if (wev_profile_parameter(d->schema->profile, id).p) { continue; }
        wev_decode_note(d, WEV_V_PARAMETER_UNKNOWN, wev_decode_text_at(d, (size_t)(word.p - s.p)));
        return true;
    }
    return true;
}

static void check_map(struct wev_decoder *d, const struct wev_map *map, uint64_t value)
{
    uint64_t bits = 0;
    for (size_t k = 0; k < map->count; k++) {
        if (!map->bits && map->entries[k].value == value) { return; }
        bits |= map->entries[k].value;
    }
    if (map->bits && (value & ~bits) == 0) { return; }
    wev_decode_note(d, WEV_V_MAP_UNKNOWN, wev_decode_text_at(d, 0));
}

static uint64_t utf16_units(struct wev_span s)
{
    uint64_t n = 0;
    for (size_t k = 0; k < s.n; k++) {
        unsigned char c = (unsigned char)s.p[k];
        n += (c & 0xc0) != 0x80;
        n += c >= 0xf0;
    }
    return n;
}

// The number of the sibling that an extent names. False: it has none that was read as a number.
static bool extent_of(const struct wev_decoder *d, const struct wev_extent *x, const uint32_t *first, uint64_t *out)
{
    *out = x->n;
    if (x->kind != WEV_X_FIELD) { return x->kind == WEV_X_CONST; }
    if (!first || x->n >= d->field_max || first[x->n] >= d->value_count) { return false; }
    *out = d->values[first[x->n]].is.u;
    return true;
}

static bool check_length(struct wev_decoder *d, const struct wev_field *f, const uint32_t *first, const struct wev_value *v)
{
    uint64_t want, size = v->n;
    bool text = f->lex == WEV_L_TEXT;
    if (f->length.kind == WEV_X_NONE || (!text && f->lex != WEV_L_BINARY)) { return true; }
    if (!extent_of(d, &f->length, first, &want)) { return true; }
    if (v->type == WEV_T_UNICODE_STRING) { size = utf16_units((struct wev_span){v->is.text, v->n}); }
    if (text && f->length.kind == WEV_X_CONST) { // a constant is the room for it, the text may be shorter
        return size <= want || wev_decode_stop(d, WEV_V_TEXT_LONG, wev_decode_text_at(d, 0));
    }
    return size == want || wev_decode_stop(d, WEV_V_LENGTH_DIFFERS, wev_decode_text_at(d, 0));
}

// Appends the value of the current text as field f (NULL: text of a field that nothing is known of).
bool wev_decode_field(struct wev_decoder *d, const struct wev_field *f, const uint32_t *first, struct wev_span text)
{
    struct wev_value v = {.type = WEV_T_UNICODE_STRING, .n = (uint32_t)text.n, .is.text = text.p};
    if (!wev_decode_field_add(d, &d->value_count)) { return false; }
    if (f) {
        if (!wev_decode_text_typed(d, f->type, f->lex, text, NULL, 0, &v)) { return false; }
        if (v.type == WEV_T_UNICODE_STRING && !check_parameter(d, text)) { return false; }
        if (!check_length(d, f, first, &v)) { return false; }
        if (f->map && (f->lex == WEV_L_UINT || f->lex == WEV_L_INT || f->lex == WEV_L_HEX)) { check_map(d, f->map, v.is.u); }
    }
    d->value_at[d->value_count] = wev_decode_text_at(d, 0);
    d->values[d->value_count++] = v;
    return true;
}
