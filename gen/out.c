// Runs a form's pieces over an event's values. Knows nothing of how either came to be.
#include "gen/out.h"

#include "gen/skeleton.h"
#include "schema/san.h"

#include <string.h>

// A text's readable slack is poisoned in sanitizer builds: there it is copied to the byte.
#define BLOCKS (!WEV_ASAN)

// One block at any address: a register of AVX2, or two of SSE2.
typedef char block __attribute__((vector_size(32), aligned(1), may_alias));
enum { BLOCK = sizeof(block) };

// Bytes that did not fit are counted, not written: the first one that does not fit ends the writing, and the room.
struct out {
    char *p, *end;
    size_t lost;
};

static inline bool room(const struct out *o, size_t n)
{
    return __builtin_expect(n <= (size_t)(o->end - o->p), 1);
}

static void put_slow(struct out *o, const char *s, size_t n)
{
    if (!room(o, n)) {
        o->end = o->p;
        o->lost += n;
        return;
    }
    if (n) { memcpy(o->p, s, n); }
    o->p += n;
}

// With room for n and a block more, and as much to read behind s. Returns the end.
static inline char *copy_blocks(char *p, const char *s, size_t n)
{
    char *end = p + n;
    do {
        *(block *)p = *(const block *)s;
        p += BLOCK;
        s += BLOCK;
    } while (p < end);
    return end;
}

static inline char *copy_literal(char *p, const char *s, size_t n)
{
    char *end = p + n;
    do {
        *(block *)p = *(const block *)s;
        *(block *)(p + BLOCK) = *(const block *)(s + BLOCK);
        p += WEV_LITERAL_PAD;
        s += WEV_LITERAL_PAD;
    } while (p < end);
    return end;
}

static inline void put_literal(struct out *o, const char *s, size_t n)
{
    if (room(o, n + WEV_LITERAL_PAD)) { o->p = copy_literal(o->p, s, n); } else { put_slow(o, s, n); }
}

static inline void put(struct out *o, const char *s, size_t n)
{
    put_slow(o, s, n);
}

// EvtRender writes the five predefined entities; CR must be a reference or
// a reader makes LF of it (XML 1.0 2.11), and in attributes LF and TAB too (3.3.3).
const char *wev_out_escape(unsigned char c, uint8_t escape)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&apos;";
    case '\r': return "&#13;";
    case '\n': return escape == WEV_ESCAPE_ATTRIBUTE ? "&#10;" : NULL;
    case '\t': return escape == WEV_ESCAPE_ATTRIBUTE ? "&#9;" : NULL;
    default: return NULL;
    }
}

static void put_escaped(struct out *o, const char *s, size_t n, uint8_t escape)
{
    size_t from = 0;
    for (size_t k = 0; k < n; k++) {
        const char *e = (unsigned char)s[k] <= '>' ? wev_out_escape((unsigned char)s[k], escape) : NULL;
        if (!e) { continue; }
        put(o, s + from, k - from);
        put(o, e, strlen(e));
        from = k + 1;
    }
    put(o, s + from, n - from);
}

static inline void put_text(struct out *o, const struct wev_value *v, uint8_t escape)
{
    if (BLOCKS && v->flags & WEV_F_PLAIN && room(o, v->n + BLOCK)) {
        o->p = copy_blocks(o->p, v->is.text, v->n);
    } else if (escape == WEV_ESCAPE_NONE || v->flags & WEV_F_PLAIN) {
        put(o, v->is.text, v->n);
    } else {
        put_escaped(o, v->is.text, v->n, escape);
    }
}

static void put_binary(struct out *o, const struct wev_value *v)
{
    for (uint32_t k = 0; k < v->n; k++) {
        char two[2];
        wev_text_bytes(two, v->is.bin + k, 1, WEV_TEXT_UPPER);
        put(o, two, 2);
    }
}

// RFC 5952: lower case, no leading zeros, the first longest run of two and more zero groups as "::".
static char *ipv6(char *p, const uint8_t *b)
{
    unsigned group[8], best = 8, best_n = 1;
    for (unsigned k = 0; k < 8; k++) { group[k] = (unsigned)b[2 * k] << 8 | b[2 * k + 1]; }
    for (unsigned k = 0; k < 8; k++) {
        unsigned n = 0;
        while (k + n < 8 && group[k + n] == 0) { n++; }
        if (n > best_n) { best = k; best_n = n; }
    }
    for (unsigned k = 0; k < 8; k++) {
        if (k == best) {
            *p++ = ':';
            *p++ = ':';
            k += best_n - 1;
            continue;
        }
        if (k > 0 && !(best < 8 && k == best + best_n)) { *p++ = ':'; }
        char hex[24];
        char *end = wev_text_hex(hex, group[k], WEV_TEXT_LOWER);
        memcpy(p, hex + 2, (size_t)(end - hex - 2));
        p += end - hex - 2;
    }
    return p;
}

static char *ipv4(char *p, uint64_t address)
{
    for (int k = 3; k >= 0; k--) {
        p = wev_text_u64(p, address >> (8 * k) & 255);
        if (k) { *p++ = '.'; }
    }
    return p;
}

// sockaddr_in and sockaddr_in6 of Windows: family little-endian, port and address in network order.
static char *sockaddr(char *p, const uint8_t *b, uint32_t n)
{
    unsigned port = (unsigned)b[2] << 8 | b[3];
    if (n >= 24 && b[0] == 23) {
        *p++ = '[';
        p = ipv6(p, b + 8);
        *p++ = ']';
    } else {
        p = ipv4(p, (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 | (uint64_t)b[6] << 8 | b[7]);
    }
    *p++ = ':';
    return wev_text_u64(p, port);
}

// Any value but text and long binary, at most WEV_TEXT_VALUE_MAX bytes. `message`: as messages write it.
static char *spell(char *p, const struct wev_value *v, uint8_t lex, bool message)
{
    switch ((enum wev_lex)lex) {
    case WEV_L_INT: return wev_text_i64(p, v->is.i);
    case WEV_L_UINT: return wev_text_u64(p, v->is.u);
    case WEV_L_HEX: // messages fold HexInt32 and HexInt64 up, pointers not (recorded 4689: 0x10fc)
        return wev_text_hex(p, v->is.u, message && v->type != WEV_T_POINTER ? WEV_TEXT_UPPER : WEV_TEXT_LOWER);
    case WEV_L_BOOL:
        memcpy(p, v->is.u ? "true" : "false", 5);
        return p + (v->is.u ? 4 : 5);
    case WEV_L_GUID:
        *p++ = '{';
        p = wev_text_guid(p, v->is.guid, v->flags & WEV_F_UPPER ? WEV_TEXT_UPPER : WEV_TEXT_LOWER);
        *p++ = '}';
        return p;
    case WEV_L_TIME: return wev_text_time(p, v->is.u, v->digits, message ? "\xe2\x80\x8e" : "");
    case WEV_L_SID: return wev_text_sid(p, v->is.sid);
    case WEV_L_IPV4: return ipv4(p, v->is.u);
    case WEV_L_IPV6: return v->n == 16 ? ipv6(p, v->is.bin) : p;
    case WEV_L_SOCKADDR: return v->n >= 8 ? sockaddr(p, v->is.bin, v->n) : p;
    case WEV_L_TEXT: case WEV_L_FLOAT: case WEV_L_BINARY: case WEV_L_COUNT: break;
    }
    return p;
}

static inline __attribute__((always_inline)) char *spell_time(char *p, const struct wev_value *v, struct wev_date *date)
{
    uint64_t second = v->is.u / 10000000u, day = second / 86400u;
    if (date->day == day) {
        memcpy(p, date->text, sizeof(date->text));
        p += 10;
    } else {
        char *from = p;
        p = wev_text_date(p, day, "");
        if (p - from == 10) {
            date->day = day;
            memcpy(date->text, from, 10);
        }
    }
    return wev_text_clock(p, second % 86400u, v->is.u % 10000000u, v->digits);
}

char *wev_out_spell(char *p, const struct wev_value *v, uint8_t lex)
{
    return spell(p, v, lex, false);
}

static void put_rare(struct out *o, const struct wev_value *v, uint8_t lex, bool message)
{
    char small[WEV_TEXT_VALUE_MAX];
    if (lex == WEV_L_FLOAT) {
        put(o, v->is.text, v->n);
    } else if (lex == WEV_L_BINARY) {
        put_binary(o, v);
    } else if (room(o, WEV_TEXT_VALUE_MAX)) {
        o->p = spell(o->p, v, lex, message);
    } else {
        put(o, small, (size_t)(spell(small, v, lex, message) - small));
    }
}

static void put_value(struct out *o, const struct wev_value *v, uint8_t lex, uint8_t escape, bool message)
{
    if (lex == WEV_L_TEXT) { put_text(o, v, escape); } else { put_rare(o, v, lex, message); }
}

// %%2500 reads "User key." in a message; an id that no table has stays as it is.
static void put_message(struct out *o, const struct wev_plan_event *e, const struct wev_value *v, const struct wev_field *f,
                        uint8_t escape)
{
    uint64_t id;
    if (f->lex == WEV_L_TEXT && v->n > 2 && v->is.text[0] == '%' && v->is.text[1] == '%' &&
        wev_span_u64((struct wev_span){v->is.text + 2, v->n - 2}, &id)) {
        struct wev_span s = wev_profile_parameter(e->plan->schema->profile, id);
        if (s.p) {
            put_escaped(o, s.p, s.n, escape);
            return;
        }
    }
    if (f->map && !f->map->bits) {
        for (size_t k = 0; k < f->map->count; k++) {
            if (f->map->entries[k].value != v->is.u) { continue; }
            put_escaped(o, f->map->entries[k].text.p, f->map->entries[k].text.n, escape);
            return;
        }
    }
    put_value(o, v, f->lex, escape, true);
}

// Data and ComplexData of an event with arrays or structs; `n` leaves were used before. quote '"' asks for
// the Event Viewer's lines.
static size_t put_tree(struct out *o, const struct wev_event *event, const struct wev_field *fields, size_t count, size_t n,
                       char quote)
{
    const char *before = quote == '"' ? " " : "", *after = quote == '"' ? " \n" : "";
    uint64_t seen[1024] = {0};
    for (size_t k = 0; k < count; k++) {
        const struct wev_field *f = &fields[k];
        uint64_t repeat = f->count.kind == WEV_X_NONE ? 1 : f->count.kind == WEV_X_CONST ? f->count.n : seen[f->count.n & 1023];
        for (uint64_t r = 0; r < repeat && r < 64 && n < event->value_count; r++) {
            put(o, before, strlen(before));
            put(o, f->field_count ? "<ComplexData Name=" : "<Data Name=", f->field_count ? 18 : 11);
            put(o, &quote, 1);
            put_escaped(o, f->name.p, f->name.n, WEV_ESCAPE_ATTRIBUTE);
            put(o, &quote, 1);
            put(o, ">", 1);
            if (f->field_count) {
                n = put_tree(o, event, f->fields, f->field_count, n, '\'');
                put(o, "</ComplexData>", 14);
            } else {
                seen[k & 1023] = event->value[n].is.u;
                put_value(o, &event->value[n++], f->lex, WEV_ESCAPE_TEXT, false);
                put(o, "</Data>", 7);
            }
            put(o, after, strlen(after));
        }
    }
    return n;
}

static void put_keywords(struct out *o, const struct wev_event *event)
{
    const struct wev_event_def *d = event->def;
    uint64_t mask = event->header[WEV_H_KEYWORDS].is.u;
    for (size_t k = 0; k < d->keyword_text_count; k++) {
        const struct wev_map_entry *w = &d->keyword_texts[k];
        if (!w->value || (mask & w->value) != w->value) { continue; }
        put(o, "<Keyword>", 9);
        put_escaped(o, w->text.p, w->text.n, WEV_ESCAPE_TEXT);
        put(o, "</Keyword>", 10);
    }
}

// Where a printer finds values: an event's own, or the slots and items of the state that made it.
struct from {
    const struct wev_plan_event *e;
    const struct wev_event *event; // for TREE and KEYWORDS; NULL with a state
    struct wev_state *st;          // NULL with an event
};

static const struct wev_value *value_of(const struct from *f, const struct wev_piece *p)
{
    bool header = p->kind == WEV_P_HEADER || p->kind == WEV_P_OPTION;
    if (!f->st) { return (header ? f->event->header : f->event->value) + p->arg; }
    return wev_values_at(f->st, p->slot);
}

static void put_piece(struct out *o, const struct from *f, const struct wev_piece *p)
{
    struct wev_event copy;
    const struct wev_event *event = f->event;
    const struct wev_value *v = NULL;
    if (p->code == WEV_C_CELL) {
        const char *cell = p->cells + wev_values_at(f->st, p->slot)->is.u * p->stride;
        put_literal(o, p->literal, p->n);
        put(o, cell + 1, (uint8_t)*cell);
        return;
    }
    if (p->kind == WEV_P_TREE || p->kind == WEV_P_KEYWORDS) {
        if (f->st) {
            wev_values_copy(f->st, &copy);
            event = &copy;
        }
    } else if (p->kind != WEV_P_END) {
        v = value_of(f, p);
        if (p->kind == WEV_P_OPTION && v->flags & WEV_F_ABSENT) { return; }
    }
    put_literal(o, p->literal, p->n);
    switch ((enum wev_piece_kind)p->kind) {
    case WEV_P_HEADER: case WEV_P_VALUE: case WEV_P_OPTION:
        if (!(v->flags & WEV_F_ABSENT)) { put_value(o, v, p->lex, p->escape, false); }
        if (p->kind == WEV_P_OPTION) { put(o, &p->quote, 1); }
        break;
    case WEV_P_MESSAGE: put_message(o, f->e, v, &f->e->def->body->fields[p->arg], p->escape); break;
    case WEV_P_TREE: put_tree(o, event, f->e->def->body->fields, f->e->def->body->field_count, 0, p->quote); break;
    case WEV_P_KEYWORDS: put_keywords(o, event); break;
    case WEV_P_END: break;
    }
}

// A piece the long way: it is rare, or may not fit.
static __attribute__((noinline)) char *put_slowly(struct out *o, char *w, const struct from *f, const struct wev_piece *p)
{
    bool absent = p->code == WEV_C_OPTION && f->st->value[p->slot].flags & WEV_F_ABSENT;
    o->p = w;
    if (!absent) { put_piece(o, f, p); }
    return o->p;
}

// A text that may be copied in blocks, within what a variant's room has for it.
static inline bool is_short(const struct wev_value *v)
{
    return BLOCKS && v->flags & WEV_F_PLAIN && v->n <= WEV_SHORT_TEXT;
}

// A variant's marks, from where its pieces begin.
static uint32_t *put_marks(uint32_t *marks, const struct wev_variant *v, const uint32_t *starts)
{
    for (uint32_t k = 0; k < v->mark_count; k++) { *marks++ = starts[v->marks[k].piece] + v->marks[k].y; }
    return marks;
}

// Nearly every piece is a literal and a value of six kinds, for which its variant's room was found. The last piece of a
// variant leads to the next segment: one jump says what a piece is and what follows it.
static inline __attribute__((always_inline)) size_t made(struct wev_state *st, char *buf, size_t cap, uint32_t *marks)
{
    const struct wev_plan_event *e = st->event;
    const struct from f = {e, NULL, st};
    struct out o = {buf, buf + cap, 0};
    uint32_t starts[WEV_SKELETON_PIECES + 2], n = 0;
    const struct wev_segment *s = e->segments, *end = s + e->segment_count;
    const struct wev_variant *variant = wev_variant_of(st, s);
    bool fits = room(&o, variant->room);
    char *w = buf;
    if (marks) { *marks++ = 0; }
    for (const struct wev_piece *p = variant->pieces;; p++) {
        const struct wev_value *v = &st->value[p->slot];
        if (marks) { starts[n++] = (uint32_t)(w - buf); }
        char *at = w;
        if (__builtin_expect(fits, 1)) { at = copy_literal(w, p->literal, p->n); } else if (p->code != WEV_C_NEXT) { goto slowly; }
        switch ((enum wev_piece_code)p->code) {
        case WEV_C_CELL: {
            const char *cell = p->cells + v->is.u * p->stride;
            w = copy_blocks(at, cell + 1, (uint8_t)*cell);
            continue;
        }
        case WEV_C_TEXT:
            if (!is_short(v)) { break; }
            w = copy_blocks(at, v->is.text, v->n);
            continue;
        case WEV_C_UINT: w = wev_text_u64(at, v->is.u); continue;
        case WEV_C_HEX: w = wev_text_hex(at, v->is.u, WEV_TEXT_LOWER); continue;
        case WEV_C_TIME: w = spell_time(at, v, &st->date); continue;
        case WEV_C_SID: w = wev_text_sid(at, v->is.sid); continue;
        case WEV_C_GUID: w = wev_out_spell(at, v, WEV_L_GUID); continue;
        case WEV_C_NOTHING: w = at; continue;
        case WEV_C_OPTION:
            if (v->flags & WEV_F_ABSENT) { continue; }
            break;
        case WEV_C_NEXT:
            w = fits ? at : put_slowly(&o, w, &f, p);
            if (marks) {
                starts[n] = (uint32_t)(w - buf);
                marks = put_marks(marks, variant, starts);
                n = 0;
            }
            o.p = w;
            if (++s == end) { return (size_t)(w - buf) + o.lost; }
            variant = wev_variant_of(st, s);
            fits = room(&o, variant->room);
            p = variant->pieces - 1;
            continue;
        case WEV_C_RARE: break;
        default: __builtin_unreachable();
        }
    slowly:
        w = put_slowly(&o, w, &f, p);
        fits = room(&o, variant->room);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t made_avx2(struct wev_state *st, char *buf, size_t cap)
{
    return made(st, buf, cap, NULL);
}

__attribute__((target("avx2"))) static size_t marked_avx2(struct wev_state *st, char *buf, size_t cap, uint32_t *marks)
{
    return made(st, buf, cap, marks);
}
#endif

size_t wev_out_made(struct wev_state *st, char *buf, size_t cap)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) { return made_avx2(st, buf, cap); }
#endif
    return made(st, buf, cap, NULL);
}

size_t wev_out_marked(struct wev_state *st, char *buf, size_t cap, uint32_t *marks)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) { return marked_avx2(st, buf, cap, marks); }
#endif
    return made(st, buf, cap, marks);
}

size_t wev_out_event(const struct wev_plan_event *e, const struct wev_event *event, char *buf, size_t cap)
{
    const struct from f = {e, event, NULL};
    struct out o = {buf, buf + cap, 0};
    for (size_t k = 0; k < e->piece_count; k++) { put_piece(&o, &f, &e->pieces[k]); }
    return (size_t)(o.p - buf) + o.lost;
}

size_t wev_out_value(const struct wev_value *v, uint8_t lex, char *buf, size_t cap)
{
    struct out o = {.p = buf, .end = buf + cap};
    put_value(&o, v, lex, WEV_ESCAPE_TEXT, false);
    return (size_t)(o.p - buf) + o.lost;
}
