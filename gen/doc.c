// One scan over event XML, for classes and mutators that edit it in place. Knows names, judges nothing.
#include "gen/doc.h"

#include "schema/profile.h"

#include <string.h>

// ---- finding bytes: eight at a time, distances are short

static inline uint64_t load(const char *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

#define ONES 0x0101010101010101u

static inline uint64_t zeros(uint64_t v) // a bit set in each byte that is zero, exact up to the first
{
    return (v - ONES) & ~v & (ONES << 7);
}

static inline uint32_t find(const char *p, uint32_t k, uint32_t n, char c)
{
    const uint64_t all = ONES * (unsigned char)c;
    while (k + 8 <= n && !zeros(load(p + k) ^ all)) { k += 8; }
    while (k < n && p[k] != c) { k++; }
    return k;
}

static uint32_t find_text(const struct wev_doc *d, uint32_t k, const char *text)
{
    const char *at = k < d->n ? memmem(d->p + k, d->n - k, text, strlen(text)) : NULL;
    return at ? (uint32_t)(at - d->p + (ptrdiff_t)strlen(text)) : d->n;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static inline bool ends_name(char c)
{
    return is_blank(c) || c == '>' || c == '/' || c == '=' || c == '<';
}

// Behind the '>' that ends the tag, 0 when there is none; quotes may hold a '>'.
static uint32_t tag_end(const char *p, uint32_t k, uint32_t n)
{
    while (k < n && p[k] != '>') {
        char c = p[k++];
        if (c == '"' || c == '\'') {
            k = find(p, k, n, c);
            k += k < n;
        } else if (c == '<') {
            return 0;
        }
    }
    return k < n ? k + 1 : 0;
}

// ---- elements

struct walk {
    struct wev_doc *d;
    uint32_t open[WEV_DOC_DEPTH_MAX];
    uint32_t depth;
    uint32_t over; // elements below the greatest depth, which are not noted
};

static bool is(const struct wev_doc *d, const struct wev_element *element, const char *name)
{
    return wev_span_is(wev_doc_name(d, element), name);
}

static void take_role(struct wev_doc *d, uint32_t k)
{
    const struct wev_element *element = &d->elements[k];
    if (d->event == WEV_DOC_NONE) {
        if (is(d, element, "Event")) { d->event = k; }
    } else if (element->parent == d->event) {
        if (d->system == WEV_DOC_NONE && is(d, element, "System")) {
            d->system = k;
        } else if (d->rendering == WEV_DOC_NONE && is(d, element, "RenderingInfo")) {
            d->rendering = k;
        } else if (d->body == WEV_DOC_NONE && (is(d, element, "EventData") || is(d, element, "UserData"))) {
            d->body = k;
        }
    }
}

static uint32_t start_tag(struct walk *w, uint32_t at)
{
    struct wev_doc *d = w->d;
    uint32_t k = at + 1;
    while (k < d->n && !ends_name(d->p[k])) { k++; }
    uint32_t name_n = k - at - 1, end = tag_end(d->p, k, d->n);
    if (!end) { return at + 1; }
    bool empty = d->p[end - 2] == '/';
    if (w->depth == WEV_DOC_DEPTH_MAX || d->count == d->cap || name_n > UINT16_MAX) {
        w->over += !empty;
        return end;
    }
    struct wev_element *element = &d->elements[d->count];
    *element = (struct wev_element){.at = at, .head_end = end, .tail = end, .end = end, .name_n = (uint16_t)name_n,
                              .parent = w->depth ? w->open[w->depth - 1] : WEV_DOC_NONE, .depth = (uint8_t)w->depth,
                              .flags = empty ? WEV_ELEMENT_EMPTY : WEV_ELEMENT_UNCLOSED};
    if (w->depth <= 2) { take_role(d, d->count); }
    if (!empty) { w->open[w->depth++] = d->count; }
    d->count++;
    return end;
}

// Closes the innermost open element of that name; those inside it end where it does.
static uint32_t end_tag(struct walk *w, uint32_t at)
{
    struct wev_doc *d = w->d;
    uint32_t k = at + 2, depth = w->depth, end;
    while (k < d->n && !ends_name(d->p[k])) { k++; }
    end = find(d->p, k, d->n, '>');
    if (end == d->n) { return k; }
    if (w->over) {
        w->over--;
        return end + 1;
    }
    struct wev_span name = {d->p + at + 2, k - at - 2};
    while (depth > 0 && !wev_span_eq(wev_doc_name(d, &d->elements[w->open[depth - 1]]), name)) { depth--; }
    if (depth == 0) { return end + 1; }
    for (uint32_t m = w->depth; m >= depth; m--) {
        struct wev_element *element = &d->elements[w->open[m - 1]];
        element->tail = at;
        element->end = m == depth ? end + 1 : at;
        if (m == depth) { element->flags = 0; }
    }
    w->depth = depth - 1;
    return end + 1;
}

static uint32_t other_markup(const struct wev_doc *d, uint32_t at)
{
    const char *p = d->p + at;
    uint32_t left = d->n - at;
    if (left >= 4 && !memcmp(p, "<!--", 4)) { return find_text(d, at + 4, "-->"); }
    if (left >= 9 && !memcmp(p, "<![CDATA[", 9)) { return find_text(d, at + 9, "]]>"); }
    if (p[1] == '?') { return find_text(d, at + 2, "?>"); }
    uint32_t end = tag_end(d->p, at + 2, d->n);
    return end ? end : at + 1;
}

void wev_doc_scan(struct wev_doc *d, const char *p, size_t n)
{
    struct walk w = {.d = d};
    uint32_t k = 0;
    d->p = p;
    d->n = n < UINT32_MAX ? (uint32_t)n : 0;
    d->count = 0;
    d->event = d->system = d->body = d->rendering = WEV_DOC_NONE;
    while ((k = find(d->p, k, d->n, '<')) + 1 < d->n) {
        char c = d->p[k + 1];
        if (c == '/') {
            k = end_tag(&w, k);
        } else if (c == '!' || c == '?') {
            k = other_markup(d, k);
        } else if (ends_name(c)) {
            k++;
        } else {
            k = start_tag(&w, k);
        }
    }
    for (uint32_t m = 0; m < w.depth; m++) { d->elements[w.open[m]].tail = d->elements[w.open[m]].end = d->n; }
}

uint32_t wev_doc_child(const struct wev_doc *d, uint32_t parent, uint32_t from)
{
    for (uint32_t k = from > parent ? from : parent + 1; k < d->count && d->elements[k].at < d->elements[parent].end; k++) {
        if (d->elements[k].parent == parent) { return k; }
    }
    return WEV_DOC_NONE;
}

// ---- attributes

static bool next_attribute(const struct wev_doc *d, uint32_t k, uint32_t end, struct wev_attribute *a)
{
    a->at = k;
    while (k < end && is_blank(d->p[k])) { k++; }
    a->name = k;
    while (k < end && !ends_name(d->p[k])) { k++; }
    a->name_n = k - a->name;
    while (k < end && is_blank(d->p[k])) { k++; }
    if (!a->name_n || k >= end || d->p[k] != '=') { return false; }
    for (k++; k < end && is_blank(d->p[k]); k++) {}
    if (k >= end || (d->p[k] != '"' && d->p[k] != '\'')) { return false; }
    a->value = k + 1;
    k = find(d->p, k + 1, end, d->p[k]);
    a->value_n = k - a->value;
    a->end = k + 1;
    return k < end;
}

size_t wev_doc_attributes(const struct wev_doc *d, const struct wev_element *element, struct wev_attribute *out, size_t cap)
{
    size_t count = 0;
    uint32_t k = element->at + 1 + element->name_n;
    while (count < cap && next_attribute(d, k, element->head_end, &out[count])) { k = out[count++].end; }
    return count;
}

bool wev_doc_attribute(const struct wev_doc *d, const struct wev_element *element, const char *name, struct wev_attribute *out)
{
    uint32_t k = element->at + 1 + element->name_n;
    while (next_attribute(d, k, element->head_end, out)) {
        if (wev_span_is((struct wev_span){d->p + out->name, out->name_n}, name)) { return true; }
        k = out->end;
    }
    return false;
}

// ---- values

// Where each header stands, in document order; attribute NULL: the element's text.
static const struct place {
    const char *element, *attribute;
    uint8_t header;
} places[] = {
    {"Provider", "Name", WEV_H_PROVIDER},
    {"Provider", "Guid", WEV_H_GUID},
    {"Provider", "EventSourceName", WEV_H_SOURCE},
    {"EventID", NULL, WEV_H_EVENT_ID},
    {"EventID", "Qualifiers", WEV_H_QUALIFIERS},
    {"Version", NULL, WEV_H_VERSION},
    {"Level", NULL, WEV_H_LEVEL},
    {"Task", NULL, WEV_H_TASK},
    {"Opcode", NULL, WEV_H_OPCODE},
    {"Keywords", NULL, WEV_H_KEYWORDS},
    {"TimeCreated", "SystemTime", WEV_H_TIME},
    {"EventRecordID", NULL, WEV_H_RECORD_ID},
    {"Correlation", "ActivityID", WEV_H_ACTIVITY},
    {"Correlation", "RelatedActivityID", WEV_H_RELATED},
    {"Execution", "ProcessID", WEV_H_PROCESS_ID},
    {"Execution", "ThreadID", WEV_H_THREAD_ID},
    {"Channel", NULL, WEV_H_CHANNEL},
    {"Computer", NULL, WEV_H_COMPUTER},
    {"Security", "UserID", WEV_H_USER_ID},
};

enum { FIELDS_MAX = 1024 }; // of one level, as the loader bounds them

struct spots {
    const struct wev_doc *d;
    uint32_t ruled_headers;                  // bit sets: some rule of the profile looks at them
    uint64_t ruled_fields[FIELDS_MAX / 64];
    struct wev_spot *out;
    size_t count, cap;
};

static void mark(struct spots *s, const struct wev_ref *r)
{
    if (r->kind == WEV_R_HEADER) { s->ruled_headers |= 1u << r->slot; }
    if (r->kind == WEV_R_FIELD && r->slot < FIELDS_MAX) { s->ruled_fields[r->slot / 64] |= 1ull << r->slot % 64; }
}

static void mark_all(struct spots *s, const struct wev_cond *c, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        mark(s, &c[k].left);
        if (c[k].right_is_ref) { mark(s, &c[k].right); }
    }
}

static void mark_ruled(struct spots *s, const struct wev_event_profile *p)
{
    for (uint32_t k = 0; p && k < p->rule_count; k++) {
        mark_all(s, p->rules[k].when, p->rules[k].when_count);
        mark_all(s, p->rules[k].then, p->rules[k].then_count);
        mark_all(s, p->rules[k].otherwise, p->rules[k].otherwise_count);
    }
}

static void add(struct spots *s, struct wev_spot spot)
{
    if (s->count < s->cap) { s->out[s->count++] = spot; }
}

static void add_header(struct spots *s, const struct place *place, uint32_t element)
{
    const struct wev_element *e = &s->d->elements[element];
    uint8_t type = wev_header_types[place->header];
    struct wev_attribute a;
    struct wev_spot spot = {.at = e->head_end, .n = e->tail - e->head_end, .element = element, .type = type,
                            .lex = wev_type_rows[type - 1].lex, .header = place->header, .attribute = place->attribute,
                            .ruled = s->ruled_headers >> place->header & 1};
    if (place->attribute) {
        if (!wev_doc_attribute(s->d, e, place->attribute, &a)) { return; }
        spot.at = a.value;
        spot.n = a.value_n;
    }
    add(s, spot);
}

static void add_headers(struct spots *s)
{
    const struct wev_doc *d = s->d;
    size_t row = 0;
    for (uint32_t k = wev_doc_child(d, d->system, 0); k != WEV_DOC_NONE; k = wev_doc_child(d, d->system, k + 1)) {
        size_t m = row;
        while (m < WEV_COUNT(places) && !is(d, &d->elements[k], places[m].element)) { m++; }
        if (m == WEV_COUNT(places)) { continue; }
        const char *element = places[m].element;
        for (; m < WEV_COUNT(places) && !strcmp(places[m].element, element); m++) { add_header(s, &places[m], k); }
        row = m;
    }
}

// The leaf of that name from `next` on, else anywhere; arrays repeat theirs.
static const struct wev_field *leaf_named(const struct wev_field *fields, size_t count, struct wev_span name, size_t *next)
{
    for (size_t n = 0; n < count; n++) {
        size_t k = (*next + n) % count;
        if (!fields[k].field_count && wev_span_eq(fields[k].name, name)) {
            *next = k + 1;
            return &fields[k];
        }
    }
    for (size_t k = 0; k < count; k++) {
        size_t from = 0;
        const struct wev_field *f = fields[k].field_count ? leaf_named(fields[k].fields, fields[k].field_count, name, &from) : NULL;
        if (f) { return f; }
    }
    return NULL;
}

static void add_fields(struct spots *s, const struct wev_template *t)
{
    const struct wev_doc *d = s->d;
    const struct wev_element *body = &d->elements[d->body];
    size_t next = 0;
    for (uint32_t k = d->body + 1; k < d->count && d->elements[k].at < body->end; k++) {
        const struct wev_element *e = &d->elements[k];
        struct wev_attribute a;
        if (k + 1 < d->count && d->elements[k + 1].parent == k) { continue; } // not a leaf
        bool named = wev_doc_attribute(d, e, "Name", &a);
        struct wev_span name = named ? (struct wev_span){d->p + a.value, a.value_n} : wev_doc_name(d, e);
        const struct wev_field *f = t && t->field_count ? leaf_named(t->fields, t->field_count, name, &next) : NULL;
        struct wev_spot spot = {.at = e->head_end, .n = e->tail - e->head_end, .element = k, .type = WEV_T_UNICODE_STRING,
                                .lex = WEV_L_TEXT, .header = WEV_H_COUNT, .field = f};
        if (f) {
            bool top = f >= t->fields && f < t->fields + t->field_count;
            spot.type = f->type;
            spot.lex = f->lex;
            size_t slot = top ? (size_t)(f - t->fields) : FIELDS_MAX;
            spot.ruled = slot < FIELDS_MAX && (s->ruled_fields[slot / 64] >> slot % 64 & 1);
        }
        if (!(e->flags & WEV_ELEMENT_EMPTY)) { add(s, spot); }
    }
}

size_t wev_doc_spots(const struct wev_doc *d, const struct wev_event_def *def, struct wev_spot *out, size_t cap)
{
    struct spots s = {.d = d, .out = out, .cap = cap};
    mark_ruled(&s, def ? def->profile : NULL);
    if (d->system != WEV_DOC_NONE) { add_headers(&s); }
    if (d->body != WEV_DOC_NONE) { add_fields(&s, def ? def->body : NULL); }
    return s.count;
}
