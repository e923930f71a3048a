// Operations on elements and attributes: dropped, repeated, exchanged, nested, moved, renamed. Knows no event.
#include "fuzz/mutator_run.h"

#include <string.h>

enum { KIDS_MAX = 20 }; // children that one operation reorders

static const struct wev_span nothing = {"", 0};

static struct wev_span slice(const struct wev_mutator *m, size_t from, size_t to)
{
    return wev_break_slice(m->b, from, to);
}

static struct wev_span whole(const struct wev_mutator *m, const struct wev_element *e)
{
    return slice(m, e->at, e->end);
}

// An element, leaves and children of System and the body above all; not the root, unless it is the only one.
static const struct wev_element *element(struct wev_mutator *m)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    if (!d->count) { return NULL; }
    size_t k = wev_mutator_draw(m, d->count);
    if (d->elements[k].parent == WEV_DOC_NONE) { k = wev_mutator_draw(m, d->count); }
    return &d->elements[k];
}

// The children of the element's parent, at most KIDS_MAX in a row. Returns how many.
static size_t siblings(struct wev_mutator *m, const struct wev_element *e, const struct wev_element **out)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    size_t count = 0, skip;
    if (e->parent == WEV_DOC_NONE) { return 0; }
    for (uint32_t k = wev_doc_child(d, e->parent, 0); k != WEV_DOC_NONE; k = wev_doc_child(d, e->parent, k + 1)) { count++; }
    skip = count > KIDS_MAX ? wev_mutator_draw(m, count - KIDS_MAX + 1) : 0;
    count = 0;
    for (uint32_t k = wev_doc_child(d, e->parent, 0); k != WEV_DOC_NONE && count < KIDS_MAX; k = wev_doc_child(d,
        e->parent, k + 1)) {
        if (skip > 0) { skip--; } else { out[count++] = &d->elements[k]; }
    }
    return count;
}

// A place between elements.
static bool gap(struct wev_mutator *m, size_t *at)
{
    const struct wev_element *e = element(m);
    if (!e) { return false; }
    switch (wev_mutator_draw(m, 4)) {
    case 0: *at = e->at; break;
    case 1: *at = e->head_end; break;
    default: *at = e->end; break;
    }
    return true;
}

// ---- elements

static bool drop(struct wev_mutator *m)
{
    const struct wev_element *e = element(m);
    if (!e || e->parent == WEV_DOC_NONE) { return false; }
    switch (wev_mutator_draw(m, 6)) {
    case 0: return e->tail < e->end && wev_break_edit(m->b, e->tail, e->end - e->tail, nothing);  // the end tag
    case 1: return wev_break_edit(m->b, e->at, e->head_end - e->at, nothing);                     // the start tag
    case 2: return wev_break_edit(m->b, e->at, e->head_end - e->at, nothing) && wev_break_edit(m->b, e->tail,
        e->end - e->tail, nothing);
    default: return wev_break_edit(m->b, e->at, e->end - e->at, nothing);
    }
}

static bool repeat(struct wev_mutator *m)
{
    const struct wev_element *e = element(m);
    size_t times = wev_mutator_times(m), room = m->cap > m->b->size ? m->cap - m->b->size : 0;
    if (!e) { return false; }
    struct wev_span text = whole(m, e);
    if (times > room / text.n) { times = room / text.n; }
    return times && wev_break_fill(m->b, e->end, 0, text, times);
}

// The same name twice with another value: the copy beside it, or far from it.
static bool twin(struct wev_mutator *m)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    struct wev_spot s;
    struct wev_words w = {.n = 0};
    if (!wev_mutator_value(m, &s) || s.element >= d->count) { return false; }
    const struct wev_element *e = &d->elements[s.element];
    if (s.at < e->at || (size_t)s.at + s.n > e->end) { return false; }
    size_t kind = wev_mutator_draw(m, 8); // 0: another that is empty, 1: the very same, else another value
    if (kind > 1 && !wev_mutator_other_value(m, &s, &w)) { return false; }
    if (kind == 1) { wev_words_put(&w, wev_mutator_text(m, &s)); }
    struct wev_span parts[3] = {slice(m, e->at, s.at), {w.p, w.n}, slice(m, (size_t)s.at + s.n, e->end)};
    struct wev_span text = wev_break_compose(m->b, parts, 3);
    size_t at = wev_mutator_chance(m, 3) ? e->at : e->end;
    if (wev_mutator_chance(m, 3) && !gap(m, &at)) { return false; }
    if (at != e->at && at != e->end && (at < e->at || at > e->end) && wev_mutator_chance(m, 2)) { // it alone, moved there
        return text.p && wev_break_edit(m->b, at, 0, text) && wev_break_edit(m->b, e->at, e->end - e->at, nothing);
    }
    return text.p && wev_break_fill(m->b, at, 0, text, wev_mutator_chance(m, 6) ? 1 + wev_mutator_draw(m, 4) : 1);
}

static bool swap(struct wev_mutator *m)
{
    const struct wev_element *a = element(m), *b = element(m), *kids[KIDS_MAX];
    if (!a || !b) { return false; }
    if (wev_mutator_chance(m, 2)) { // neighbours
        size_t count = siblings(m, a, kids), k = 0;
        while (k + 1 < count && kids[k] != a) { k++; }
        if (k + 1 >= count) { return false; }
        b = kids[k + 1];
    }
    if (a->at > b->at) { const struct wev_element *t = a; a = b; b = t; }
    if (a->end > b->at || a == b) { return false; }
    return wev_break_edit(m->b, a->at, a->end - a->at, whole(m, b)) && wev_break_edit(m->b, b->at, b->end - b->at, whole(m, a));
}

// All children in another order: reversed, turned by some, or any.
static bool permute(struct wev_mutator *m)
{
    const struct wev_element *e = element(m), *kids[KIDS_MAX];
    uint8_t order[KIDS_MAX];
    size_t count = e ? siblings(m, e, kids) : 0, kind = wev_mutator_draw(m, 4), by = count ? wev_mutator_draw(m, count) : 0;
    if (count < 2) { return false; }
    for (size_t k = 0; k < count; k++) { order[k] = (uint8_t)(kind == 0 ? count - 1 - k : kind == 1 ? (k + by) % count : k); }
    for (size_t k = count - 1; k > 0 && kind > 1; k--) {
        size_t o = wev_mutator_draw(m, k + 1);
        uint8_t t = order[k];
        order[k] = order[o];
        order[o] = t;
    }
    bool changed = false;
    for (size_t k = 0; k < count; k++) {
        const struct wev_element *to = kids[k], *of = kids[order[k]];
        if (to == of || to->end > (k + 1 < count ? kids[k + 1]->at : m->b->size)) { continue; }
        if (!wev_break_edit(m->b, to->at, to->end - to->at, whole(m, of))) { return false; }
        changed = true;
    }
    return changed;
}

static bool move(struct wev_mutator *m)
{
    const struct wev_element *e = element(m);
    size_t at;
    if (!e || e->parent == WEV_DOC_NONE || !gap(m, &at) || (at > e->at && at < e->end)) { return false; }
    return wev_break_edit(m->b, at, 0, whole(m, e)) && (wev_mutator_chance(m, 4) ||
        wev_break_edit(m->b, e->at, e->end - e->at, nothing));
}

// Into itself, into a wrapper, into another element; or as deep as the room goes.
static bool nest(struct wev_mutator *m)
{
    static const char *const wraps[][2] = {{"<Data>", "</Data>"}, {"<EventData>", "</EventData>"},
        {"<System>", "</System>"}, {"<ComplexData Name='a'>", "</ComplexData>"},
                                           {"<Event>", "</Event>"}, {"<Events>", "</Events>"},
                                               {"<UserData>", "</UserData>"}, {"<x xmlns='urn:x'>", "</x>"},
                                               {"<![CDATA[", "]]>"}, {"<!--", "-->"}};
    const struct wev_element *e = element(m), *o = element(m);
    size_t row = wev_mutator_draw(m, WEV_COUNT(wraps));
    size_t times = wev_mutator_chance(m, 3) ? wev_mutator_times(m) : 1;
    if (!e) { return false; }
    struct wev_span head = slice(m, e->at, e->head_end), tail = slice(m, e->tail, e->end);
    switch (wev_mutator_draw(m, 4)) {
    case 0: return wev_break_edit(m->b, e->head_end, 0, whole(m, e)); // a copy inside
    case 1: return wev_break_edit(m->b, o->head_end, 0, whole(m, e)); // a copy inside another
    case 2:
        head = wev_span_of(wraps[row][0]);
        tail = wev_span_of(wraps[row][1]);
        break;
    default: // its own tags again
        if (!tail.n) { return false; }
        break;
    }
    size_t room = m->cap > m->b->size ? m->cap - m->b->size : 0;
    if (times > room / (head.n + tail.n)) { times = room / (head.n + tail.n); }
    return times && wev_break_fill(m->b, e->at, 0, head, times) && wev_break_fill(m->b, e->end, 0, tail, times);
}

// The name and a byte more, or only its start.
static struct wev_span near_name(struct wev_mutator *m, struct wev_span name)
{
    static const char more[] = "2-:sX.";
    struct wev_span parts[2] = {name, {&more[wev_mutator_draw(m, 6)], 1}};
    if (name.n > 1 && wev_mutator_chance(m, 2)) { return (struct wev_span){name.p, 1 + wev_mutator_draw(m, name.n - 1)}; }
    return wev_break_compose(m->b, parts, 2);
}

static bool rename_one(struct wev_mutator *m)
{
    static const char *const names[] = {"Data", "data", "DATA", "e:Data", "Event", "EventData", "UserData", "System",
        "EventID", "Binary", "ComplexData", "Provider", "x", "Version", "Message",
        "Correlation", "xml", "Data-", "_", "D\xc3\xa4ta", "RenderingInfo", "Keywords",
        "a:b:c", "ProcessingErrorData"};
    const struct wev_element *e = element(m), *o = element(m);
    if (!e) { return false; }
    struct wev_span old = slice(m, e->at + 1, e->at + 1u + e->name_n), name = slice(m, o->at + 1, o->at + 1u + o->name_n);
    switch (wev_mutator_draw(m, 4)) {
    case 0: case 1: name = wev_span_of(names[wev_mutator_draw(m, WEV_COUNT(names))]); break;
    case 2: name = near_name(m, old); break;
    default: break;
    }
    if (!name.n || wev_span_eq(old, name) || !wev_break_edit(m->b, e->at + 1, e->name_n, name)) { return false; }
    bool closed = !e->flags && !wev_mutator_chance(m, 8); // its end tag with it
    return !closed || wev_break_edit(m->b, e->tail + 2, e->name_n, name);
}

// <x/>, <x></x>, <x> </x>, <x>…</x>
static bool empty_one(struct wev_mutator *m, const struct wev_element *e)
{
    static const char *const insides[] = {"", " ", "\n", "<!---->", "<![CDATA[]]>", "x", "0", "<x/>", "&#32;"};
    if (e->head_end - e->at < 3) { return false; }
    struct wev_span inside = wev_span_of(insides[wev_mutator_draw(m, WEV_COUNT(insides))]),
        name = slice(m, e->at + 1, e->at + 1u + e->name_n);
    if (e->flags & WEV_ELEMENT_EMPTY) {
        struct wev_span parts[] = {WEV_SPAN(">"), inside, WEV_SPAN("</"), name, WEV_SPAN(">")};
        struct wev_span text = wev_break_compose(m->b, parts, WEV_COUNT(parts));
        return text.p && wev_break_edit(m->b, e->head_end - 2u, 2, text);
    }
    if (wev_mutator_chance(m, 2)) { return wev_break_edit(m->b, e->head_end - 1u, e->end - e->head_end + 1, WEV_SPAN("/>")); }
    return wev_break_edit(m->b, e->head_end, e->tail - e->head_end, inside);
}

// One, or several that stand side by side.
static bool empty(struct wev_mutator *m)
{
    const struct wev_element *e = element(m), *kids[KIDS_MAX];
    if (!e || !empty_one(m, e)) { return false; }
    size_t count = wev_mutator_chance(m, 3) ? siblings(m, e, kids) : 0, k = 0, run = 1 + wev_mutator_draw(m, 3);
    while (k < count && kids[k] != e) { k++; }
    for (size_t n = 1; n <= run && k + n < count; n++) { empty_one(m, kids[k + n]); }
    return true;
}

// ---- attributes

struct pair {
    const struct wev_element *e;
    struct wev_attribute a[WEV_DOC_ATTRIBUTES_MAX];
    size_t count, k;
};

static bool attribute(struct wev_mutator *m, struct pair *p)
{
    for (unsigned k = 0; k < 4; k++) {
        p->e = element(m);
        p->count = p->e ? wev_doc_attributes(&m->b->doc, p->e, p->a, WEV_COUNT(p->a)) : 0;
        p->k = p->count ? wev_mutator_draw(m, p->count) : 0;
        if (p->count) { return true; }
    }
    return false;
}

static bool attribute_drop(struct wev_mutator *m)
{
    struct pair p;
    if (!attribute(m, &p)) { return false; }
    const struct wev_attribute *a = &p.a[p.k];
    switch (wev_mutator_draw(m, 5)) {
    case 0: return wev_break_edit(m->b, a->value - 1u, 1, nothing);
    case 1: return wev_break_edit(m->b, a->name + a->name_n, a->end - a->name - a->name_n, nothing);
    default: return wev_break_edit(m->b, a->at, a->end - a->at, nothing);
    }
}

static bool attribute_repeat(struct wev_mutator *m)
{
    struct pair p;
    struct wev_words w = {.n = 0};
    size_t times = wev_mutator_times(m), room = m->cap > m->b->size ? m->cap - m->b->size : 0;
    if (!attribute(m, &p)) { return false; }
    const struct wev_attribute *a = &p.a[p.k];
    struct wev_span one = slice(m, a->at, a->end);
    if (wev_mutator_chance(m, 2)) { // the same name, another value
        struct wev_spot s = {.at = a->value, .n = a->value_n, .element = WEV_DOC_NONE, .lex = WEV_L_TEXT,
            .header = WEV_H_COUNT, .attribute = true};
        if (!wev_mutator_other_value(m, &s, &w)) { return false; }
        struct wev_span parts[3] = {slice(m, a->at, a->value), {w.p, w.n}, slice(m, a->end - 1u, a->end)};
        one = wev_break_compose(m->b, parts, 3);
        times = 1;
    } else if (wev_mutator_chance(m, 2)) { // other names, each new
        struct wev_span parts[3] = {slice(m, a->at, a->name + a->name_n), WEV_SPAN("#"), slice(m, a->name + a->name_n, a->end)};
        one = wev_break_compose(m->b, parts, 3);
        if (!one.p || memchr(m->b->page + a->at, '#', a->end - a->at)) { return false; }
        if (times > room / (one.n + 4)) { times = room / (one.n + 4); }
        return times && wev_break_number(m->b, a->end, one, times);
    }
    if (!one.p || !one.n) { return false; }
    if (times > room / one.n) { times = room / one.n; }
    return times && wev_break_fill(m->b, wev_mutator_chance(m, 3) ? a->at : a->end, 0, one, times);
}

// Quotes, blanks, order: the same attribute otherwise written.
static bool attribute_form(struct wev_mutator *m)
{
    static const char *const equals[] = {" = ", "\n=\n", "= ", " =", "\t=\t", "\r\n=", "=  ", "=="};
    static const char *const blanks[] = {"  ", "\n", "\t", "\r\n", "\n    ", "", "/", ","};
    struct pair p;
    if (!attribute(m, &p)) { return false; }
    const struct wev_attribute *a = &p.a[p.k], *o = &p.a[wev_mutator_draw(m, p.count)];
    char other = m->b->page[a->value - 1] == '"' ? '\'' : '"';
    struct wev_span quote = wev_break_compose(m->b, &(struct wev_span){&other, 1}, 1);
    switch (wev_mutator_draw(m, 5)) {
    case 0: return quote.p && wev_break_edit(m->b, a->value - 1u, 1, quote) && wev_break_edit(m->b, a->end - 1u, 1, quote);
    case 1: return wev_break_edit(m->b, a->name + a->name_n, a->value - 1u - a->name - a->name_n,
        wev_span_of(equals[wev_mutator_draw(m, WEV_COUNT(equals))]));
    case 2: return wev_break_edit(m->b, a->at, a->name - a->at, wev_span_of(blanks[wev_mutator_draw(m, WEV_COUNT(blanks))]));
    case 3: return wev_break_edit(m->b, a->end, 0, wev_span_of(blanks[wev_mutator_draw(m, WEV_COUNT(blanks))]));
    default:
        if (o == a) { return false; }
        return wev_break_edit(m->b, a->at, a->end - a->at, slice(m, o->at, o->end)) &&
            wev_break_edit(m->b, o->at, o->end - o->at, slice(m, a->at, a->end));
    }
}

// An attribute that belongs there, and is not there or is once more: with nothing, or a value of some form.
static bool attribute_own(struct wev_mutator *m)
{
    static const struct {
        const char *element, *attribute;
        uint8_t lex;
    } rows[] = {{"EventID", "Qualifiers", WEV_L_UINT}, {"Provider", "EventSourceName", WEV_L_TEXT},
        {"Provider", "Guid", WEV_L_GUID},
        {"Provider", "Name", WEV_L_TEXT}, {"Correlation", "ActivityID", WEV_L_GUID},
            {"Correlation", "RelatedActivityID", WEV_L_GUID},
        {"Security", "UserID", WEV_L_SID}, {"Execution", "ProcessorID", WEV_L_UINT}, {"Execution", "SessionID", WEV_L_UINT},
        {"Execution", "KernelTime", WEV_L_UINT}, {"Execution", "ProcessID", WEV_L_UINT}, {"Execution", "ThreadID", WEV_L_UINT},
        {"TimeCreated", "SystemTime", WEV_L_TIME}, {"TimeCreated", "RawTime", WEV_L_UINT}, {"Data", "Name", WEV_L_TEXT},
        {"RenderingInfo", "Culture", WEV_L_TEXT}, {"Event", "xmlns", WEV_L_TEXT}};
    const struct wev_doc *d = wev_break_doc(m->b);
    size_t row = wev_mutator_draw(m, WEV_COUNT(rows));
    struct wev_words w = {.n = 0};
    for (uint32_t k = 0; k < d->count; k++) {
        const struct wev_element *e = &d->elements[k];
        if (!wev_span_is(wev_doc_name(d, e), rows[row].element) || (rows[row].lex == WEV_L_TEXT && k + 1 < d->count &&
            wev_mutator_chance(m, 2))) { continue; }
        if (!wev_mutator_chance(m, 3)) { wev_mutator_lex_boundary(m, rows[row].lex, (struct wev_span){"", 0}, &w); }
        struct wev_span parts[5] = {WEV_SPAN(" "), wev_span_of(rows[row].attribute), WEV_SPAN("='"), {w.p, w.n}, WEV_SPAN("'")};
        struct wev_span text = wev_break_compose(m->b, parts, 5);
        return text.p && wev_break_edit(m->b, e->at + 1u + e->name_n, 0, text);
    }
    return false;
}

static bool attribute_add(struct wev_mutator *m)
{
    static const char *const rows[] = {" Qualifiers='0'", " Qualifiers=''", " Qualifiers='65536'",
        " ActivityID='{54849625-5478-4994-a5ba-3e3b0328c30d}'", " UserID='S-1-5-18'", " UserID=''",
        " RelatedActivityID=''", " EventSourceName='x'", " RawTime='1'",
        " SystemTime='2024-02-29T00:00:00Z'", " xmlns=''", " xmlns='urn:x'",
        " xmlns:e='urn:e'", " xml:space='preserve'",
        " xml:lang='en'", " Name=''", " Name='x'", " Guid='{}'", " ProcessorID='0'",
        " SessionID='1'", " KernelTime='1'", " e:x='1'", " x", " x=1", " x='&amp;'",
        " x=\"'\"",
        " ProcessID='0'", " Culture=''", " x='<'", " xsi:nil='true'"};
    const struct wev_doc *d = wev_break_doc(m->b);
    const struct wev_element *e = element(m);
    struct pair p;
    struct wev_span text = wev_span_of(rows[wev_mutator_draw(m, WEV_COUNT(rows))]);
    if (!e || !d->count) { return false; }
    if (wev_mutator_chance(m, 3) && attribute(m, &p)) { text = slice(m, p.a[p.k].at, p.a[p.k].end); } // one from elsewhere
    return wev_break_edit(m->b, e->at + 1u + e->name_n, 0, text);
}

// The name that a Data carries: that of another, none, or one nearly like it.
static bool field_name(struct wev_mutator *m)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    struct wev_attribute a, o;
    if (!d->count) { return false; }
    const struct wev_element *e = element(m), *f = element(m);
    if (!wev_doc_attribute(d, e, "Name", &a)) { return false; }
    struct wev_span old = slice(m, a.value, (size_t)a.value + a.value_n);
    struct wev_spot s = {.at = a.value, .n = a.value_n, .lex = WEV_L_TEXT, .header = WEV_H_COUNT, .attribute = true};
    struct wev_words w = {.n = 0};
    switch (wev_mutator_draw(m, 6)) {
    case 0: case 1: return wev_doc_attribute(d, f, "Name", &o) && wev_mutator_set(m, &s,
        slice(m, o.value, (size_t)o.value + o.value_n));
    case 2: return wev_break_edit(m->b, a.at, a.end - a.at, nothing);
    case 3: return wev_mutator_spell(m, &s, &w) && wev_mutator_set(m, &s, (struct wev_span){w.p, w.n});
    case 4: // a prefix of it, or it and more
        wev_words_put(&w, old);
        if (w.n && wev_mutator_chance(m, 2)) { w.n = wev_mutator_draw(m, w.n); } else { wev_words_text(&w,
            wev_mutator_chance(m, 2) ? "2" : " "); }
        return wev_mutator_set(m, &s, (struct wev_span){w.p, w.n});
    default:
        if (m->b->def && m->b->def->body->field_count) { // another field of the schema
            return wev_mutator_set(m, &s, m->b->def->body->fields[wev_mutator_draw(m, m->b->def->body->field_count)].name);
        }
        return false;
    }
}

const struct wev_mutator_op wev_mutator_tree_ops[] = {
    {"tree-drop", 30, drop}, {"tree-repeat", 25, repeat}, {"tree-twin", 60, twin}, {"tree-swap", 25, swap},
    {"tree-permute", 25, permute}, {"tree-move", 20, move}, {"tree-nest", 20, nest},
    {"tree-rename", 15, rename_one}, {"tree-empty", 20, empty}, {"attribute-drop", 12, attribute_drop},
    {"attribute-repeat", 15, attribute_repeat},
    {"attribute-form", 25, attribute_form}, {"attribute-own", 25, attribute_own}, {"attribute-add", 15, attribute_add},
        {"field-name", 25, field_name},
};
const size_t wev_mutator_tree_op_count = WEV_COUNT(wev_mutator_tree_ops);
