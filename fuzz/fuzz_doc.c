// The generator's scan over event XML (gen/doc.c), on any bytes. Laws: whatever it notes lies inside the document, elements
// nest, and a shorter list is the beginning of the longer one.
#include "fuzz/law.h"

#include "gen/doc.h"

#include <stdlib.h>
#include <string.h>

enum { ELEMENTS = 2048, SPOTS = 1536, FEW = 5 };

static void law_elements_nest(const struct wev_doc *d)
{
    for (uint32_t k = 0; k < d->count; k++) {
        const struct wev_element *e = &d->elements[k];
        WEV_LAW(e->at < e->head_end && e->head_end <= e->tail && e->tail <= e->end && e->end <= d->n,
                "element %u: %u %u %u %u of %u", k, e->at, e->head_end, e->tail, e->end, d->n);
        WEV_LAW(e->name_n < e->head_end - e->at, "element %u: a name of %u", k, e->name_n);
        WEV_LAW(k == 0 || d->elements[k - 1].at < e->at, "element %u is out of order", k);
        if (e->parent == WEV_DOC_NONE) { continue; }
        WEV_LAW(e->parent < k, "element %u has the parent %u", k, e->parent);
        const struct wev_element *up = &d->elements[e->parent];
        WEV_LAW(up->head_end <= e->at && e->end <= up->tail && e->depth == up->depth + 1, "element %u is not inside its parent", k);
    }
    const uint32_t roles[] = {d->event, d->system, d->body, d->rendering};
    for (size_t k = 0; k < WEV_COUNT(roles); k++) { WEV_LAW(roles[k] == WEV_DOC_NONE || roles[k] < d->count, "role %zu", k); }
}

static void law_attributes_inside(const struct wev_doc *d)
{
    struct wev_attribute a[WEV_DOC_ATTRIBUTES_MAX];
    for (uint32_t k = 0; k < d->count; k++) {
        const struct wev_element *e = &d->elements[k];
        size_t n = wev_doc_attributes(d, e, a, WEV_COUNT(a));
        WEV_LAW(n <= WEV_COUNT(a), "%zu attributes", n);
        for (size_t m = 0; m < n; m++) {
            WEV_LAW(e->at < a[m].at && a[m].at <= a[m].name && a[m].name + a[m].name_n <= a[m].value &&
                    a[m].value + a[m].value_n < a[m].end && a[m].end <= e->head_end, "attribute %zu of element %u", m, k);
        }
    }
}

static void law_spots_inside(const struct wev_doc *d, const struct wev_event_def *def, struct wev_spot *spots)
{
    size_t n = wev_doc_spots(d, def, spots, SPOTS);
    WEV_LAW(n <= SPOTS, "%zu values", n);
    for (size_t k = 0; k < n; k++) {
        WEV_LAW(spots[k].element < d->count, "value %zu in element %u of %u", k, spots[k].element, d->count);
        const struct wev_element *e = &d->elements[spots[k].element];
        WEV_LAW(e->at < spots[k].at && spots[k].n <= e->end - spots[k].at && spots[k].at <= e->end, "value %zu is not in its element", k);
        WEV_LAW(spots[k].type <= WEV_T_COUNT && spots[k].lex < WEV_L_COUNT && spots[k].header <= WEV_H_COUNT, "value %zu's type", k);
    }
}

static void law_prefix(const struct wev_doc *all, const struct wev_doc *few)
{
    WEV_LAW(few->count == (all->count < FEW ? all->count : FEW), "%u of %u elements", few->count, all->count);
    for (uint32_t k = 0; k < few->count; k++) { WEV_LAW(few->elements[k].at == all->elements[k].at, "element %u", k); }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct wev_element elements[ELEMENTS];
    static struct wev_spot spots[SPOTS];
    const struct wev_schema *schema = wev_law_schema();
    struct wev_element few[FEW];
    struct wev_doc d = {.elements = elements, .cap = ELEMENTS}, small = {.elements = few, .cap = FEW};
    if (n > UINT32_MAX / 2) { return 0; }
    uint8_t *copy = wev_law_copy(p, n);
    wev_doc_scan(&d, (const char *)copy, n);
    law_elements_nest(&d);
    law_attributes_inside(&d);
    law_spots_inside(&d, NULL, spots);
    if (schema->event_count) { law_spots_inside(&d, &schema->events[n % schema->event_count], spots); }
    wev_doc_scan(&small, (const char *)copy, n);
    law_prefix(&d, &small);
    free(copy);
    return 0;
}
