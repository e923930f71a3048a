// What many classes do: a text at a place, another value, an end that comes early.
#include "gen/break/classes.h"

#include <string.h>

static bool has_attributes(const struct wev_doc *d, const struct wev_element *e, size_t want) // 1 or 2
{
    enum { LEAST = sizeof(" a=''>") - 1 };
    struct wev_attribute a[2];
    return e->head_end - e->at >= 1u + e->name_n + LEAST && wev_doc_attributes(d, e, a, want) == want;
}

static bool is_parent(const struct wev_doc *d, uint32_t k)
{
    return k + 1 < d->count && d->elements[k + 1].parent == k;
}

static bool passes(const struct wev_doc *d, uint32_t k, unsigned filter)
{
    const struct wev_element *e = &d->elements[k];
    if (filter & WEV_EL_CLOSED && e->flags) { return false; }
    if (filter & WEV_EL_INNER && e->parent == WEV_DOC_NONE) { return false; }
    if (filter & WEV_EL_SYSTEM && (d->system == WEV_DOC_NONE || e->parent != d->system)) { return false; }
    if (filter & WEV_EL_FIELD && (d->body == WEV_DOC_NONE || e->parent != d->body)) { return false; }
    if (filter & WEV_EL_LEAF && (e->flags || e->tail == e->head_end || is_parent(d, k))) { return false; }
    if (filter & WEV_EL_PARENT && !is_parent(d, k)) { return false; }
    if (filter & WEV_EL_NAMED && !has_attributes(d, e, 1)) { return false; }
    return !(filter & WEV_EL_WIDE) || has_attributes(d, e, 2);
}

uint32_t wev_verb_element(struct wev_break *b, unsigned filter)
{
    const struct wev_doc *d = wev_break_doc(b);
    uint16_t found[WEV_BREAK_ELEMENTS];
    uint32_t count = 0;
    for (uint32_t k = 0; k < d->count; k++) {
        found[count] = (uint16_t)k;
        count += passes(d, k, filter);
    }
    return count ? found[wev_break_draw(b, count)] : WEV_DOC_NONE;
}

static bool in_value(struct wev_break *b, unsigned filter, bool end, size_t *at)
{
    const struct wev_spot *s = wev_break_spot(b, filter);
    if (s) { *at = end ? s->at + s->n : wev_break_inside(b, s); }
    return s != NULL;
}

static bool in_attribute(struct wev_break *b, size_t *at)
{
    const struct wev_doc *d = wev_break_doc(b);
    uint32_t k = wev_verb_element(b, WEV_EL_INNER | WEV_EL_NAMED);
    struct wev_attribute a;
    if (k == WEV_DOC_NONE || !wev_doc_attributes(d, &d->elements[k], &a, 1)) { return false; }
    struct wev_spot s = {.at = a.value, .n = a.value_n};
    *at = wev_break_inside(b, &s);
    return true;
}

static bool in_tag(struct wev_break *b, enum wev_place place, size_t *at)
{
    const struct wev_doc *d = wev_break_doc(b);
    bool close = place == WEV_PLACE_CLOSE || place == WEV_PLACE_CLOSE_START;
    uint32_t k = place == WEV_PLACE_ROOT_TAG ? d->event : wev_verb_element(b, WEV_EL_INNER | (close ? WEV_EL_CLOSED : 0u));
    if (k == WEV_DOC_NONE) { return false; }
    const struct wev_element *e = &d->elements[k];
    switch (place) {
    case WEV_PLACE_NAME: *at = e->at + 2u + (size_t)wev_break_draw(b, e->name_n - 1u); break;
    case WEV_PLACE_NAME_START: *at = e->at + 1u; break;
    case WEV_PLACE_CLOSE_START: *at = e->tail + 2u; break;
    case WEV_PLACE_CLOSE: *at = e->tail + 2u + e->name_n; break;
    case WEV_PLACE_BEHIND: *at = e->end; break;
    default: *at = e->at + 1u + e->name_n; break;
    }
    return true;
}

bool wev_verb_place(struct wev_break *b, enum wev_place place, size_t *at)
{
    const struct wev_doc *d;
    switch (place) {
    case WEV_PLACE_START: *at = 0; return true;
    case WEV_PLACE_END: *at = b->size; return true;
    case WEV_PLACE_VALUE: return in_value(b, 0, false, at);
    case WEV_PLACE_TEXT: return in_value(b, WEV_SPOT_ELEMENT, false, at);
    case WEV_PLACE_TEXT_END: return in_value(b, WEV_SPOT_ELEMENT, true, at);
    case WEV_PLACE_FREE: return in_value(b, WEV_SPOT_ELEMENT | WEV_SPOT_FREE, false, at);
    case WEV_PLACE_ATTRIBUTE: return in_attribute(b, at);
    case WEV_PLACE_LAST:
        d = wev_break_doc(b);
        if (d->event != WEV_DOC_NONE) { *at = d->elements[d->event].tail; }
        return d->event != WEV_DOC_NONE;
    default: return in_tag(b, place, at);
    }
}

bool wev_verb_put(struct wev_break *b)
{
    size_t at;
    return wev_verb_place(b, (enum wev_place)b->class->n, &at) && wev_break_edit(b, at, 0, b->class->text);
}

bool wev_verb_put_many(struct wev_break *b, enum wev_place place, size_t times)
{
    size_t at;
    return wev_verb_place(b, place, &at) && wev_break_number(b, at, b->class->text, times);
}

static const struct wev_spot *spot_of_row(struct wev_break *b)
{
    return wev_break_spot(b, b->class->n);
}

bool wev_verb_value(struct wev_break *b)
{
    const struct wev_spot *s = spot_of_row(b);
    return s && !wev_span_eq(wev_break_slice(b, s->at, s->at + s->n), b->class->text) && wev_break_edit(b, s->at, s->n, b->class->text);
}

bool wev_verb_prefix(struct wev_break *b)
{
    const struct wev_spot *s = spot_of_row(b);
    return s && wev_break_edit(b, s->at, 0, b->class->text);
}

bool wev_verb_suffix(struct wev_break *b)
{
    const struct wev_spot *s = spot_of_row(b);
    return s && wev_break_edit(b, s->at + s->n, 0, b->class->text);
}

bool wev_verb_cut_from(struct wev_break *b, size_t at)
{
    return at < b->size && wev_break_edit(b, at, b->size - at, (struct wev_span){"", 0});
}
