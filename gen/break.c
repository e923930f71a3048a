// Draws classes for a unit, keeps their edits, and applies them in one pass. Knows no class by name.
#include "gen/break/classes.h"
#include "gen/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 16 << 10, TRIES = 16 };
#define PATH 0x62726b2d756e6974u // the address of breaking among a unit's draws

static const struct {
    const struct wev_class *rows;
    const size_t *count;
    const char *layer;
} tables[] = {
    {wev_break_bytes, &wev_break_bytes_count, "bytes"},    {wev_break_xml, &wev_break_xml_count, "xml"},
    {wev_break_schema, &wev_break_schema_count, "schema"}, {wev_break_wrapper, &wev_break_wrapper_count, "schema"},
    {wev_break_type, &wev_break_type_count, "type"},
    {wev_break_rule, &wev_break_rule_count, "rule"},       {wev_break_stream, &wev_break_stream_count, "rule"},
};

size_t wev_class_count(void)
{
    size_t n = 0;
    for (size_t k = 0; k < WEV_COUNT(tables); k++) { n += *tables[k].count; }
    return n;
}

const struct wev_class *wev_class_at(size_t k)
{
    size_t table = 0;
    while (k >= *tables[table].count) { k -= *tables[table++].count; }
    return &tables[table].rows[k];
}

const char *wev_class_layer(const struct wev_class *c)
{
    for (size_t k = 0; k < WEV_COUNT(tables); k++) {
        if (c >= tables[k].rows && c < tables[k].rows + *tables[k].count) { return tables[k].layer; }
    }
    return "none";
}

// ---- for classes

uint64_t wev_break_draw(struct wev_break *b, uint64_t n)
{
    return wev_choice_below(wev_choice_draw(&b->choice, b->unit, PATH, b->draws++), n);
}

const struct wev_doc *wev_break_doc(struct wev_break *b)
{
    if (!b->scanned) {
        b->doc.elements = b->elements;
        b->doc.cap = WEV_BREAK_ELEMENTS;
        if (b->skeleton) {
            wev_skeleton_doc(b->skeleton, b->marks, b->page, b->size, &b->doc);
        } else {
            wev_doc_scan(&b->doc, b->page, b->size);
        }
        b->scanned = true;
    }
    return &b->doc;
}

static bool add(struct wev_break *b, struct wev_edit e)
{
    uint32_t k = b->edit_count;
    assert(e.at + (size_t)e.cut <= b->size);
    e.turn = b->turn;
    for (uint32_t m = 0; m < b->edit_count; m++) { // two breaks side by side could make each other good
        const struct wev_edit *o = &b->edits[m];
        if (o->turn != e.turn && e.at <= o->at + o->cut && o->at <= e.at + e.cut) { return false; }
    }
    while (k > 0 && b->edits[k - 1].at > e.at) { k--; }
    bool before = k > 0 && b->edits[k - 1].at + b->edits[k - 1].cut > e.at;
    bool after = k < b->edit_count && e.at + e.cut > b->edits[k].at;
    if (b->edit_count == WEV_EDITS_MAX || before || after) { return false; }
    memmove(b->edits + k + 1, b->edits + k, (b->edit_count - k) * sizeof(e));
    b->edits[k] = e;
    b->edit_count++;
    return true;
}

bool wev_break_fill(struct wev_break *b, size_t at, size_t cut, struct wev_span text, size_t times)
{
    return add(b, (struct wev_edit){.at = (uint32_t)at, .cut = (uint32_t)cut, .text = text.p, .n = text.n, .times = times});
}

bool wev_break_number(struct wev_break *b, size_t at, struct wev_span text, size_t times)
{
    return add(b, (struct wev_edit){.at = (uint32_t)at, .text = text.p, .n = text.n, .times = times, .numbered = true});
}

bool wev_break_edit(struct wev_break *b, size_t at, size_t cut, struct wev_span text)
{
    return wev_break_fill(b, at, cut, text, 1);
}

bool wev_break_raw(struct wev_break *b, size_t at, struct wev_span bytes)
{
    return add(b, (struct wev_edit){.at = (uint32_t)at, .text = bytes.p, .n = bytes.n, .times = 1, .raw = true});
}

struct wev_span wev_break_compose(struct wev_break *b, const struct wev_span *parts, size_t count)
{
    uint32_t from = b->text_n;
    for (size_t k = 0; k < count; k++) {
        if (parts[k].n > WEV_BREAK_TEXT - b->text_n) {
            b->text_n = from;
            return (struct wev_span){NULL, 0};
        }
        if (parts[k].n) { memcpy(b->text + b->text_n, parts[k].p, parts[k].n); }
        b->text_n += (uint32_t)parts[k].n;
    }
    return (struct wev_span){b->text + from, b->text_n - from};
}

struct wev_span wev_break_slice(const struct wev_break *b, size_t from, size_t to)
{
    assert(from <= to && to <= b->size);
    return (struct wev_span){b->page + from, to - from};
}

static void list_spots(struct wev_break *b)
{
    if (b->listed) { return; }
    if (b->skeleton) { // the elements are for those who ask
        b->spot_count = wev_skeleton_spots(b->skeleton, b->marks, b->spots);
    } else {
        wev_break_doc(b);
        b->spot_count = (uint32_t)wev_doc_spots(&b->doc, b->def, b->spots, WEV_BREAK_SPOTS);
    }
    b->listed = true;
}

static bool is_free(const struct wev_spot *s)
{
    const struct wev_field *f = s->field;
    return f && !s->ruled && !f->is_extent && f->length.kind == WEV_X_NONE && !f->map;
}

static bool passes(const struct wev_spot *s, uint32_t lexes, unsigned filter)
{
    if (lexes && !(lexes >> s->lex & 1)) { return false; }
    if (filter & WEV_SPOT_FIELD && s->header != WEV_H_COUNT) { return false; }
    if (filter & WEV_SPOT_FREE && !is_free(s)) { return false; }
    if (filter & WEV_SPOT_ELEMENT && s->attribute) { return false; }
    if (filter & WEV_SPOT_FILLED && s->n == 0) { return false; }
    return !(filter & WEV_SPOT_TYPED) || s->field || s->header != WEV_H_COUNT;
}

const struct wev_spot *wev_break_spot(struct wev_break *b, unsigned filter)
{
    uint32_t count = 0, lexes = b->class->lexes;
    uint16_t found[WEV_BREAK_SPOTS];
    list_spots(b);
    for (uint32_t k = 0; k < b->spot_count; k++) {
        found[count] = (uint16_t)k;
        count += passes(&b->spots[k], lexes, filter);
    }
    return count ? &b->spots[found[wev_break_draw(b, count)]] : NULL;
}

size_t wev_break_inside(struct wev_break *b, const struct wev_spot *s)
{
    size_t at = s->at + (size_t)wev_break_draw(b, s->n + 1u), from = at;
    for (size_t k = 0; k < 10 && from > s->at && b->page[from - 1] != ';'; k++) {
        if (b->page[--from] == '&') { return from; }
    }
    while (at > s->at && ((unsigned char)b->page[at] & 0xc0) == 0x80) { at--; }
    return at;
}

const struct wev_spot *wev_break_header(struct wev_break *b, enum wev_header h)
{
    list_spots(b);
    for (uint32_t k = 0; k < b->spot_count; k++) {
        if (b->spots[k].header == h) { return &b->spots[k]; }
    }
    return NULL;
}

const struct wev_spot *wev_break_field(struct wev_break *b, struct wev_span name)
{
    list_spots(b);
    for (uint32_t k = 0; k < b->spot_count; k++) {
        if (b->spots[k].field && wev_span_eq(b->spots[k].field->name, name)) { return &b->spots[k]; }
    }
    return NULL;
}

// ---- applying

struct paper {
    char *buf;
    size_t cap, n; // n counts on past cap
    size_t limit;
    uint8_t wide;
    bool escaped;
};

static void put(struct paper *o, const char *p, size_t n)
{
    if (n > o->limit - o->n) { n = o->limit - o->n; }
    if (n && o->n <= o->cap && n <= o->cap - o->n) { memcpy(o->buf + o->n, p, n); }
    o->n += n;
}

static size_t unit16(char *to, uint32_t unit, uint8_t wide)
{
    to[wide == WEV_UTF16_BE] = (char)(unit & 255);
    to[wide != WEV_UTF16_BE] = (char)(unit >> 8);
    return 2;
}

// As much ASCII as there is, in one go. Returns how many bytes it was.
static size_t put_wide_ascii(struct paper *o, const char *p, size_t n)
{
    size_t k = 0, high = o->wide != WEV_UTF16_LE; // which of the two bytes is the character
    if (o->limit != SIZE_MAX || o->n > o->cap || n > (o->cap - o->n) / 2) { return 0; }
    char *to = o->buf + o->n;
    for (uint64_t w; n - k >= sizeof(w); k += sizeof(w)) { // eight at a time
        memcpy(&w, p + k, sizeof(w));
        w = le64toh(w);
        if (w & 0x8080808080808080u) { break; }
        wev_text_store(to + 2 * k, wev_text_spread((uint32_t)w) << (8 * high));
        wev_text_store(to + 2 * k + 8, wev_text_spread((uint32_t)(w >> 32)) << (8 * high));
    }
    for (; k < n && !(p[k] & 0x80); k++) {
        to[2 * k + !high] = 0;
        to[2 * k + high] = p[k];
    }
    o->n += 2 * k;
    return k;
}

// UTF-8 that we printed ourselves, or a row's.
static void put_wide(struct paper *o, const char *p, size_t n)
{
    for (size_t k = 0; k < n;) {
        k += put_wide_ascii(o, p + k, n - k);
        if (k == n) { return; }
        const unsigned char *c = (const unsigned char *)p + k;
        size_t size = *c < 0x80 ? 1 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : 4;
        uint32_t code = size == 1 ? *c : *c & (0x7fu >> size);
        char two[4];
        if (size > n - k) { size = n - k; }
        for (size_t m = 1; m < size; m++) { code = code << 6 | (c[m] & 0x3fu); }
        size_t units = code < 0x10000 ? unit16(two, code, o->wide) : unit16(two, 0xd800 + ((code - 0x10000) >> 10), o->wide);
        if (code >= 0x10000) { units += unit16(two + 2, 0xdc00 + ((code - 0x10000) & 0x3ff), o->wide); }
        put(o, two, units);
        k += size;
    }
}

static void put_escaped(struct paper *o, const char *p, size_t n)
{
    size_t from = 0;
    for (size_t k = 0; k < n; k++) {
        const char *e = p[k] == '<' ? "&lt;" : p[k] == '>' ? "&gt;" : p[k] == '&' ? "&amp;" : NULL;
        if (!e) { continue; }
        put(o, p + from, k - from);
        put(o, e, strlen(e));
        from = k + 1;
    }
    put(o, p + from, n - from);
}

static void put_text(struct paper *o, const char *p, size_t n)
{
    if (o->escaped) {
        put_escaped(o, p, n);
    } else if (o->wide) { 
        put_wide(o, p, n);
    } else {
        put(o, p, n);
    }
}

// The text with the number of the copy for each '#'.
static void put_numbered(struct paper *o, const struct wev_edit *e, size_t number)
{
    char digits[20];
    size_t n = 0, from = 0;
    do { digits[sizeof(digits) - ++n] = (char)('0' + number % 10); } while ((number /= 10) > 0);
    for (size_t k = 0; k < e->n; k++) {
        if (e->text[k] != '#') { continue; }
        put_text(o, e->text + from, k - from);
        put_text(o, digits + sizeof(digits) - n, n);
        from = k + 1;
    }
    put_text(o, e->text + from, e->n - from);
}

// Copies of plain text: what is there already is copied, twice as much each time.
static bool put_copies(struct paper *o, const struct wev_edit *e)
{
    size_t size = e->n * e->times, have = e->n;
    if (e->times < 8 || o->wide || o->escaped || o->n > o->cap || size > o->cap - o->n || size > o->limit - o->n) { return false; }
    char *to = o->buf + o->n;
    if (have) { memcpy(to, e->text, have); }
    while (have < size) {
        size_t n = have < size - have ? have : size - have;
        memcpy(to + have, to, n);
        have += n;
    }
    o->n += size;
    return true;
}

static void put_edit(struct paper *o, const struct wev_edit *e)
{
    if (!e->numbered && put_copies(o, e)) { return; }
    for (size_t k = 0; k < e->times && o->n < o->limit; k++) {
        if (e->numbered) {
            put_numbered(o, e, k);
        } else if (e->raw) {
            put(o, e->text, e->n);
        } else {
            put_text(o, e->text, e->n);
        }
    }
}

size_t wev_break_apply(const struct wev_break *b, char *buf, size_t cap, struct wev_broken *out)
{
    struct paper o = {.buf = buf, .cap = cap, .limit = b->limit, .wide = b->wide, .escaped = b->escaped};
    size_t at = 0;
    for (uint32_t k = 0; k < b->edit_count; k++) {
        const struct wev_edit *e = &b->edits[k];
        put_text(&o, b->page + at, e->at - at);
        if (k == 0) { out->at = o.n; }
        put_edit(&o, e);
        out->at_length = o.n - out->at;
        at = e->at + e->cut;
    }
    put_text(&o, b->page + at, b->size - at);
    if (o.n == b->limit) { // it was cut: there is the break
        out->at = o.n;
        out->at_length = 0;
    }
    o.limit = SIZE_MAX;
    o.escaped = false;
    put_text(&o, b->page + b->size, b->line_end);
    return o.n;
}

// ---- one unit

struct wev_break *wev_break_new(void)
{
    struct wev_break *b = malloc(sizeof(*b));
    if (!b) { return NULL; }
    b->cap = PAGE;
    b->frame = NULL;
    b->page = malloc(PAGE);
    if (b->page) { return b; }
    free(b);
    return NULL;
}

void wev_break_free(struct wev_break *b)
{
    if (!b) { return; }
    free(b->page);
    free(b);
}

bool wev_break_room(struct wev_break *b, size_t n)
{
    if (n <= b->cap) { return true; }
    char *page = realloc(b->page, n + n / 2);
    if (!page) { return false; }
    b->page = page;
    b->cap = n + n / 2;
    return true;
}

bool wev_break_drawn(const struct wev_breaks *o, const struct wev_choice *choice, uint64_t unit)
{
    return wev_choice_draw(choice, unit, PATH, UINT32_MAX) >> 32 < o->rate;
}

static const struct wev_class *class_of(const struct wev_breaks *o, uint64_t want) // below the sum of the weights
{
    uint32_t low = 0, high = o->count - 1;
    while (low < high) { // the first whose `until` is above
        uint32_t mid = (low + high) / 2;
        if (o->until[mid] > want) { high = mid; } else { low = mid + 1; }
    }
    return o->classes[low];
}

static const struct wev_class *draw_class(struct wev_break *b, const struct wev_breaks *o)
{
    return class_of(o, wev_break_draw(b, o->until[o->count - 1]));
}

const struct wev_class *wev_break_nth_class(const struct wev_breaks *o, const struct wev_choice *choice, uint64_t unit, uint32_t n)
{
    return class_of(o, wev_choice_below(wev_choice_draw(choice, unit, PATH, n), o->until[o->count - 1]));
}

static bool break_once(struct wev_break *b, const struct wev_breaks *o)
{
    for (unsigned k = 0; k < TRIES; k++) {
        uint32_t edits = b->edit_count;
        struct wev_edit kept[WEV_EDITS_MAX];
        memcpy(kept, b->edits, edits * sizeof(kept[0]));
        b->class = draw_class(b, o);
        bool odd = o->per_unit > 1 && wev_class_verdict(b->class) == 'y'; // could make right what another break does
        if (!odd && b->class->apply(b)) { return true; }
        memcpy(b->edits, kept, edits * sizeof(kept[0]));
        b->edit_count = edits;
    }
    return false;
}

void wev_break_begin(struct wev_break *b, size_t n)
{
    b->line_end = n > 0 && b->page[n - 1] == '\n';
    b->size = n - b->line_end;
    b->draws = b->edit_count = b->text_n = b->spot_count = b->turn = 0;
    b->wide = WEV_NARROW;
    b->limit = SIZE_MAX;
    b->scanned = b->listed = b->escaped = false;
}

size_t wev_break_unit(struct wev_break *b, const struct wev_breaks *o, size_t n, char *buf, size_t cap, struct wev_broken *out)
{
    const struct wev_class *first = NULL;
    char verdict = 'y';
    wev_break_begin(b, n);
    for (uint32_t k = 0; k < o->per_unit && n < UINT32_MAX; k++) {
        b->turn = k;
        if (!break_once(b, o)) { continue; }
        if (!first) { first = b->class; }
        if (verdict != 'n') { verdict = wev_class_verdict(b->class); }
    }
    *out = (struct wev_broken){.class = first, .verdict = verdict};
    return wev_break_apply(b, buf, cap, out);
}
