// Operations that take parts from a second input, or from a fresh event where there is none.
#include "fuzz/mutator_run.h"

#include <string.h>

const struct wev_source_doc *wev_mutator_other(struct wev_mutator *m)
{
    struct wev_source_doc *o = &m->other;
    if (!m->other_input.p) { return wev_mutator_donor(m, m->b->def); }
    if (!m->other_scanned) {
        o->doc.elements = o->elements;
        o->doc.cap = WEV_MUTATOR_ELEMENTS;
        wev_doc_scan(&o->doc, m->other_input.p, m->other_input.n);
        o->spot_count = (uint32_t)wev_doc_spots(&o->doc, m->b->def, o->spots, WEV_MUTATOR_SPOTS);
        m->other_scanned = true;
    }
    return o;
}

// a donor is overwritten by the next; a second input stays
static struct wev_span keep(struct wev_mutator *m, struct wev_span s)
{
    return m->other_input.p ? s : wev_break_compose(m->b, &s, 1);
}

static struct wev_span of(const struct wev_source_doc *o, uint32_t element)
{
    const struct wev_element *e = &o->doc.elements[element];
    return (struct wev_span){o->doc.p + e->at, e->end - e->at};
}

// The same place's value; some places at once.
static bool values(struct wev_mutator *m)
{
    const struct wev_source_doc *o = wev_mutator_other(m);
    bool changed = false, any = wev_mutator_chance(m, 6);
    size_t share = 1 + wev_mutator_draw(m, 4);
    if (!o->spot_count) { return false; }
    if (wev_mutator_chance(m, 2)) { // one
        struct wev_spot s;
        const struct wev_spot *f = &o->spots[wev_mutator_draw(m, o->spot_count)];
        if (!wev_mutator_value(m, &s)) { return false; }
        for (uint32_t k = 0; k < o->spot_count && !any; k++) {
            if (o->spots[k].header == s.header && o->spots[k].field == s.field) { f = &o->spots[k]; }
        }
        return wev_mutator_set(m, &s, (struct wev_span){o->doc.p + f->at, f->n});
    }
    wev_break_header(m->b, WEV_H_PROVIDER);
    for (uint32_t k = 0; k < o->spot_count; k++) {
        const struct wev_spot *s = &o->spots[k], *to = s->header != WEV_H_COUNT ? wev_break_header(m->b,
            (enum wev_header)s->header)
                                                       : s->field               ? wev_break_field(m->b, s->field->name) : NULL;
        if (to && wev_mutator_draw(m, 5) < share) { changed |= wev_mutator_set(m, to,
            (struct wev_span){o->doc.p + s->at, s->n}); }
    }
    return changed;
}

static bool like(const struct wev_doc *d, const struct wev_element *a, const struct wev_doc *od, const struct wev_element *b)
{
    struct wev_attribute x, y;
    if (!wev_span_eq(wev_doc_name(d, a), wev_doc_name(od, b))) { return false; }
    bool has = wev_doc_attribute(d, a, "Name", &x), other = wev_doc_attribute(od, b, "Name", &y);
    return has == other && (!has || wev_span_eq((struct wev_span){d->p + x.value, x.value_n},
        (struct wev_span){od->p + y.value, y.value_n}));
}

// An element in another's place, its like first, or beside it.
static bool element(struct wev_mutator *m)
{
    const struct wev_source_doc *o = wev_mutator_other(m);
    const struct wev_doc *d = wev_break_doc(m->b);
    if (!o->doc.count || !d->count) { return false; }
    const struct wev_element *to = &d->elements[wev_mutator_draw(m, d->count)];
    uint32_t k = (uint32_t)wev_mutator_draw(m, o->doc.count);
    for (uint32_t n = 0; n < o->doc.count && !wev_mutator_chance(m, 32); n++) {
        if (like(d, to, &o->doc, &o->doc.elements[n])) { k = n; break; }
    }
    struct wev_span text = keep(m, of(o, k));
    if (!text.p) { return false; }
    switch (wev_mutator_draw(m, 4)) {
    case 0: return wev_break_edit(m->b, to->end, 0, text);
    case 1: return wev_break_edit(m->b, to->at, 0, text);
    default: return !wev_span_eq(text, wev_break_slice(m->b, to->at, to->end)) &&
        wev_break_edit(m->b, to->at, to->end - to->at, text);
    }
}

// Head of one, tail of the other: at elements of one name, else anywhere.
static bool splice(struct wev_mutator *m)
{
    const struct wev_source_doc *o = wev_mutator_other(m);
    const struct wev_doc *d = wev_break_doc(m->b);
    if (!o->doc.n || !m->b->size) { return false; }
    size_t at = wev_mutator_draw(m, m->b->size), from = wev_mutator_draw(m, o->doc.n);
    if (d->count && o->doc.count && !wev_mutator_chance(m, 3)) {
        const struct wev_element *a = &d->elements[wev_mutator_draw(m, d->count)];
        for (uint32_t k = 0; k < o->doc.count; k++) {
            if (!like(d, a, &o->doc, &o->doc.elements[k])) { continue; }
            at = a->at;
            from = o->doc.elements[k].at;
        }
    }
    struct wev_span text = keep(m, (struct wev_span){o->doc.p + from, o->doc.n - from});
    return text.p && wev_break_edit(m->b, at, m->b->size - at, text);
}

static bool append(struct wev_mutator *m)
{
    const struct wev_source_doc *o = wev_mutator_other(m);
    struct wev_span text = keep(m, (struct wev_span){o->doc.p, o->doc.n});
    return text.p && text.n && wev_break_edit(m->b, wev_mutator_chance(m, 3) ? 0 : m->b->size, 0, text);
}

const struct wev_mutator_op wev_mutator_cross_ops[] = {{"cross-values", 50, values}, {"cross-element", 30, element},
    {"cross-splice", 8, splice}, {"cross-append", 4, append}};
const size_t wev_mutator_cross_op_count = WEV_COUNT(wev_mutator_cross_ops);
