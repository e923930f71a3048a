// Scans an event's literals once, and turns every offset into a sum that the values' lengths complete.
#include "gen/skeleton.h"

#include <string.h>

enum { ELEMENTS_MAX = 1024, SPOTS_MAX = 1024 };

struct literals {
    const char *text;
    uint32_t n;
    uint32_t *value; // where value k stands
    uint32_t *end;   // of piece k: behind its quote, too, when it has one
    uint32_t count;
};

// The literals joined, as if every value were empty and every optional attribute there. False: a piece prints elements that
// vary.
static bool join(struct wev_arena *arena, const struct wev_plan_event *e, struct literals *l)
{
    size_t size = 0;
    if (e->piece_count > WEV_SKELETON_PIECES) { return false; }
    for (size_t k = 0; k < e->piece_count; k++) {
        uint8_t kind = e->pieces[k].kind;
        if (kind == WEV_P_TREE || kind == WEV_P_KEYWORDS) { return false; }
        size += e->pieces[k].n + 1;
    }
    if (size > INT32_MAX) { return false; }
    char *text = WEV_NEW_N(arena, size + 1, char);
    l->value = WEV_NEW_N(arena, e->piece_count, uint32_t);
    l->end = WEV_NEW_N(arena, e->piece_count, uint32_t);
    l->count = (uint32_t)e->piece_count;
    for (size_t k = 0; k < e->piece_count; k++) {
        if (e->pieces[k].n) { memcpy(text + l->n, e->pieces[k].literal, e->pieces[k].n); }
        l->value[k] = l->n += e->pieces[k].n;
        if (e->pieces[k].kind == WEV_P_OPTION) { text[l->n++] = e->pieces[k].quote; }
        l->end[k] = l->n;
    }
    l->text = text;
    return true;
}

// Where x of the literals comes to stand; `behind` the values that stand at x itself, or before them.
static struct wev_offset place(const struct literals *l, uint32_t x, bool behind)
{
    uint32_t c = 0;
    while (c < l->count && (behind ? l->value[c] <= x : l->value[c] < x)) { c++; }
    uint32_t before = c ? l->end[c - 1] : 0;
    return (struct wev_offset){(int32_t)x - (int32_t)before, c};
}

static void place_elements(struct wev_skeleton *s, const struct literals *l, struct wev_offset (*out)[4])
{
    for (uint32_t k = 0; k < s->doc.count; k++) {
        const struct wev_element *e = &s->doc.elements[k];
        out[k][0] = place(l, e->at, true);
        out[k][1] = place(l, e->head_end, false);
        out[k][2] = place(l, e->tail, !(e->flags & WEV_ELEMENT_EMPTY));
        out[k][3] = place(l, e->end, false);
    }
    s->element = (const struct wev_offset(*)[4])out;
}

const struct wev_skeleton *wev_skeleton_make(struct wev_arena *arena, const struct wev_plan_event *e)
{
    struct literals l = {.n = 0};
    struct wev_skeleton *s = WEV_NEW(arena, struct wev_skeleton);
    if (!join(arena, e, &l)) { return NULL; }
    struct wev_element elements[ELEMENTS_MAX]; // most events have a tenth of it
    struct wev_spot all[SPOTS_MAX];
    s->doc.elements = elements;
    s->doc.cap = ELEMENTS_MAX;
    wev_doc_scan(&s->doc, l.text, l.n);
    s->spot_count = (uint32_t)wev_doc_spots(&s->doc, e->def, all, SPOTS_MAX);
    if (s->doc.count == ELEMENTS_MAX || s->spot_count == SPOTS_MAX) { return NULL; }
    struct wev_spot *spots = WEV_NEW_N(arena, s->spot_count, struct wev_spot);
    memcpy(spots, all, s->spot_count * sizeof(*spots));
    s->spots = spots;
    s->doc.elements = WEV_NEW_N(arena, s->doc.count, struct wev_element);
    memcpy(s->doc.elements, elements, s->doc.count * sizeof(*elements));
    place_elements(s, &l, (struct wev_offset(*)[4])WEV_NEW_N(arena, 4 * s->doc.count, struct wev_offset));
    struct wev_offset (*at)[2] = (struct wev_offset(*)[2])WEV_NEW_N(arena, 2 * s->spot_count, struct wev_offset);
    for (uint32_t k = 0; k < s->spot_count; k++) {
        at[k][0] = place(&l, spots[k].at, false);
        at[k][1] = place(&l, spots[k].at + spots[k].n, true);
    }
    s->spot = (const struct wev_offset(*)[2])at;
    return s;
}

static inline uint32_t real(struct wev_offset o, const uint32_t *marks)
{
    return (uint32_t)((int32_t)marks[o.c] + o.y);
}

void wev_skeleton_doc(const struct wev_skeleton *s, const uint32_t *marks, const char *p, size_t n, struct wev_doc *d)
{
    struct wev_element *out = d->elements;
    uint32_t cap = d->cap;
    *d = s->doc;
    d->p = p;
    d->n = (uint32_t)n;
    d->elements = out;
    d->cap = cap;
    for (uint32_t k = 0; k < s->doc.count; k++) {
        out[k] = s->doc.elements[k];
        out[k].at = real(s->element[k][0], marks);
        out[k].head_end = real(s->element[k][1], marks);
        out[k].tail = real(s->element[k][2], marks);
        out[k].end = real(s->element[k][3], marks);
    }
}

uint32_t wev_skeleton_spots(const struct wev_skeleton *s, const uint32_t *marks, struct wev_spot *out)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < s->spot_count; k++) {
        uint32_t from = real(s->spot[k][0], marks), to = real(s->spot[k][1], marks);
        if (to < from) { continue; } // an attribute that is not there
        out[count] = s->spots[k];
        out[count].at = from;
        out[count++].n = to - from;
    }
    return count;
}
