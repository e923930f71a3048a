// The text of a value: gathered, typed, and where its bytes stand in the document.
#include "schema/decode_run.h"

#include "schema/types.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void wev_decode_text_begin(struct wev_decoder *d)
{
    d->text = d->top;
    d->text_n = 0;
    d->segments = 0;
}

struct wev_span wev_decode_text_end(struct wev_decoder *d)
{
    struct wev_span s = {d->text, d->text_n};
    if (!d->segments) { d->segment[d->segments++] = (struct wev_segment){0, wev_decode_here(d)}; }
    d->top = d->text + d->text_n;
    return s;
}

size_t wev_decode_text_at(const struct wev_decoder *d, size_t offset)
{
    size_t k = d->segments;
    if (!k) { return wev_decode_here(d); }
    while (k > 1 && d->segment[k - 1].from > offset) { k--; }
    size_t at = d->segment[k - 1].at + (d->wide ? 0 : offset - d->segment[k - 1].from);
    return at < d->n ? at : d->n;
}

void wev_decode_text_add(struct wev_decoder *d, const char *s, size_t n)
{
    size_t at = wev_decode_here(d);
    if (n > d->limits.field - d->text_n || n > (size_t)(d->end - d->text) - d->text_n) {
        wev_decode_stop(d, WEV_V_LIMIT_FIELD, at);
        return;
    }
    struct wev_segment *last = d->segments ? &d->segment[d->segments - 1] : NULL;
    bool joined = last && last->at + (d->text_n - last->from) == at;
    if (!joined && d->segments < WEV_SEGMENTS) { d->segment[d->segments++] = (struct wev_segment){d->text_n, at}; }
    memcpy(d->text + d->text_n, s, n);
    d->text_n += n;
}

// ---- offsets of attributes

// How many bytes of the value the reference at p stands for, and its length in *raw.
static size_t reference(const char *p, size_t n, size_t *raw)
{
    uint32_t c = 0;
    size_t k = 2;
    bool hex = n > 2 && p[2] == 'x';
    const char *semicolon = memchr(p, ';', n);
    *raw = semicolon ? (size_t)(semicolon - p) + 1 : n;
    if (n < 2 || p[1] != '#') { return 1; }
    for (k += hex; k < *raw && p[k] != ';' && c < 0x110000; k++) {
        uint32_t digit = (uint32_t)(p[k] <= '9' ? p[k] - '0' : (p[k] | 32) - 'a' + 10);
        c = c * (hex ? 16 : 10) + digit;
    }
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

size_t wev_decode_text_attribute_at(const struct wev_decoder *d, size_t tag, const char *name, size_t offset)
{
    const char *p = d->doc;
    size_t k = tag, length = strlen(name);
    if (d->wide) { return tag; }
    while (k < d->n && !is_blank(p[k]) && p[k] != '>') { k++; }
    while (k < d->n && p[k] != '>') {
        while (k < d->n && is_blank(p[k])) { k++; }
        size_t from = k;
        while (k < d->n && p[k] != '=' && p[k] != '>' && !is_blank(p[k])) { k++; }
        bool found = k - from == length && memcmp(p + from, name, length) == 0;
        while (k < d->n && (is_blank(p[k]) || p[k] == '=')) { k++; }
        if (k >= d->n || (p[k] != '"' && p[k] != '\'')) { return tag; }
        char quote = p[k++];
        for (size_t m = 0; found && m < offset && k < d->n && p[k] != quote;) {
            size_t raw = 1;
            m += p[k] == '&' ? reference(p + k, d->n - k, &raw) : 1;
            k += raw;
        }
        if (found) { return k < d->n ? k : d->n; }
        while (k < d->n && p[k] != quote) { k++; }
        k++;
    }
    return tag;
}

// ---- typed values

static bool keep_value(struct wev_decoder *d, const struct wev_types_room *room, struct wev_value *v)
{
    size_t n = v->type == WEV_T_GUID ? sizeof(room->guid) : v->type == WEV_T_SID ? sizeof(room->sid) : 0;
    size_t pad = (size_t)(-(uintptr_t)d->top & (_Alignof(struct wev_sid) - 1));
    if (n == 0) { return true; }
    if ((size_t)(d->end - d->top) < pad + n) { return wev_decode_stop(d, WEV_V_LIMIT_FIELD, wev_decode_here(d)); }
    d->top += pad;
    memcpy(d->top, v->type == WEV_T_GUID ? (const void *)&room->guid : (const void *)&room->sid, n);
    if (v->type == WEV_T_GUID) { v->is.guid = (const void *)d->top; } else { v->is.sid = (const void *)d->top; }
    d->top += n;
    return true;
}

// A time that has a blank for its T may lack its Z too; one parse names one of them.
static void note_zone(struct wev_decoder *d, struct wev_span s, const char *attribute, size_t tag)
{
    size_t k = s.n;
    if (s.n < 11 || s.p[s.n - 1] == 'Z') { return; }
    for (; k > 11 && s.p[k - 1] != '+' && s.p[k - 1] != '-';) { k--; }
    k = k > 11 ? k - 1 : s.n;
    size_t at = attribute ? wev_decode_text_attribute_at(d, tag, attribute, k) : wev_decode_text_at(d, k);
    wev_decode_note(d, WEV_V_TIME_ZONE, at);
}

bool wev_decode_text_typed(struct wev_decoder *d, uint8_t type, uint8_t lex, struct wev_span s, const char *attribute, size_t tag,
                      struct wev_value *out)
{
    struct wev_types_room room;
    size_t at = 0;
    room.bin = (uint8_t *)d->top;
    room.bin_cap = (size_t)(d->end - d->top);
    enum wev_verdict code = wev_types_parse(type, lex, s, &room, out, &at);
    if (code == WEV_V_HEX_ZEROS && d->header == WEV_H_KEYWORDS && s.n == 18) { code = WEV_V_OK; } // Windows pads these
    if (code != WEV_V_OK) {
        size_t where = attribute ? wev_decode_text_attribute_at(d, tag, attribute, at) : wev_decode_text_at(d, at);
        if (wev_verdict_rows[code].verdict == 'n') { return wev_decode_stop(d, code, where); }
        wev_decode_note(d, code, where);
        if (code == WEV_V_TIME_BLANK) { note_zone(d, s, attribute, tag); }
    }
    if (out->type == WEV_T_BINARY && out->n) { d->top += out->n; }
    return keep_value(d, &room, out);
}
