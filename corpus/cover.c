// Greedy set cover with a lazy heap. Knows no documents, only hashes of what they have.
#include "corpus/cover.h"

#include "gen/choice.h"

#include <stdlib.h>
#include <string.h>

// Room for `need` of them. NULL: out of memory, and what was there stays.
static void *grow(void *p, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap) { return p; }
    size_t wider = *cap ? 2 * *cap : 1024;
    while (wider < need) { wider *= 2; }
    void *q = realloc(p, wider * size);
    if (q) { *cap = wider; }
    return q;
}

// ---- tables

static size_t find_feature(const struct wev_cover *c, uint64_t feature)
{
    size_t k = (size_t)feature & (c->feature_cap - 1);
    while (c->features[k] && c->features[k] != feature) { k = (k + 1) & (c->feature_cap - 1); }
    return k;
}

static bool widen_features(struct wev_cover *c)
{
    struct wev_cover w = {.feature_cap = c->feature_cap ? 2 * c->feature_cap : 4096};
    w.features = calloc(w.feature_cap, sizeof(*w.features));
    w.feature_ids = calloc(w.feature_cap, sizeof(*w.feature_ids));
    if (!w.features || !w.feature_ids) {
        free(w.features);
        free(w.feature_ids);
        return false;
    }
    for (size_t k = 0; k < c->feature_cap; k++) {
        if (!c->features[k]) { continue; }
        size_t at = find_feature(&w, c->features[k]);
        w.features[at] = c->features[k];
        w.feature_ids[at] = c->feature_ids[k];
    }
    free(c->features);
    free(c->feature_ids);
    c->features = w.features;
    c->feature_ids = w.feature_ids;
    c->feature_cap = w.feature_cap;
    return true;
}

static bool feature_id(struct wev_cover *c, uint64_t feature, uint32_t *id)
{
    if (c->feature_count >= c->feature_cap / 2 && !widen_features(c)) { return false; }
    size_t k = find_feature(c, feature);
    if (!c->features[k]) {
        c->features[k] = feature;
        c->feature_ids[k] = (uint32_t)c->feature_count++;
    }
    *id = c->feature_ids[k];
    return true;
}

static size_t find_known(const struct wev_cover *c, struct wev_name n)
{
    size_t k = (size_t)n.low & (c->known_cap - 1);
    while ((c->known[k].low || c->known[k].high) && (c->known[k].low != n.low || c->known[k].high != n.high)) {
        k = (k + 1) & (c->known_cap - 1);
    }
    return k;
}

static bool widen_known(struct wev_cover *c)
{
    struct wev_cover w = {.known_cap = c->known_cap ? 2 * c->known_cap : 4096};
    w.known = calloc(w.known_cap, sizeof(*w.known));
    w.known_sets = calloc(w.known_cap, sizeof(*w.known_sets));
    if (!w.known || !w.known_sets) {
        free(w.known);
        free(w.known_sets);
        return false;
    }
    for (size_t k = 0; k < c->known_cap; k++) {
        if (!c->known[k].low && !c->known[k].high) { continue; }
        size_t at = find_known(&w, c->known[k]);
        w.known[at] = c->known[k];
        w.known_sets[at] = c->known_sets[k];
    }
    free(c->known);
    free(c->known_sets);
    c->known = w.known;
    c->known_sets = w.known_sets;
    c->known_cap = w.known_cap;
    return true;
}

// ---- adding

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static size_t sort_once(uint64_t *features, size_t n)
{
    size_t kept = 0;
    qsort(features, n, sizeof(*features), by_number);
    for (size_t k = 0; k < n; k++) {
        uint64_t f = features[k] ? features[k] : 1; // 0 marks a free slot
        if (!kept || features[kept - 1] != f) { features[kept++] = f; }
    }
    return kept < WEV_COVER_FEATURES_MAX ? kept : WEV_COVER_FEATURES_MAX;
}

static bool smaller(const struct wev_cover_set *a, uint64_t size, struct wev_name name)
{
    if (a->size != size) { return size < a->size; }
    return name.high != a->document.high ? name.high < a->document.high : name.low < a->document.low;
}

bool wev_cover_add(struct wev_cover *c, struct wev_name document, uint64_t size, uint64_t *features, size_t n)
{
    n = sort_once(features, n);
    XXH128_hash_t h = XXH3_128bits(features, n * sizeof(*features));
    struct wev_name all = {h.high64, h.low64 | 1};
    if (c->known_count >= c->known_cap / 2 && !widen_known(c)) { return false; }
    size_t k = find_known(c, all);
    if (c->known[k].low) {
        struct wev_cover_set *s = &c->sets[c->known_sets[k]];
        if (smaller(s, size, document)) {
            s->size = size;
            s->document = document;
        }
        return true;
    }
    uint32_t *ids = grow(c->ids, &c->id_cap, c->id_count + n, sizeof(*ids));
    c->ids = ids ? ids : c->ids;
    struct wev_cover_set *sets = grow(c->sets, &c->set_cap, c->set_count + 1, sizeof(*sets));
    c->sets = sets ? sets : c->sets;
    if ((!ids && n) || !sets) { return false; }
    for (size_t f = 0; f < n; f++) {
        if (!feature_id(c, features[f], &c->ids[c->id_count + f])) { return false; }
    }
    c->sets[c->set_count] = (struct wev_cover_set){document, size, c->id_count, (uint32_t)n, (uint32_t)n};
    c->known[k] = all;
    c->known_sets[k] = (uint32_t)c->set_count++;
    c->known_count++;
    c->id_count += n;
    return true;
}

// ---- solving

// Is a to be taken before b? More that is new; then fewer bytes; then the name, so that it is always the same.
static bool before(const struct wev_cover_set *a, const struct wev_cover_set *b)
{
    if (a->gain != b->gain) { return a->gain > b->gain; }
    return smaller(b, a->size, a->document);
}

static void sink(const struct wev_cover *c, uint32_t *heap, size_t n, size_t k)
{
    for (size_t child; (child = 2 * k + 1) < n; k = child) {
        if (child + 1 < n && before(&c->sets[heap[child + 1]], &c->sets[heap[child]])) { child++; }
        if (!before(&c->sets[heap[child]], &c->sets[heap[k]])) { return; }
        uint32_t swap = heap[k];
        heap[k] = heap[child];
        heap[child] = swap;
    }
}

static uint32_t gain_of(const struct wev_cover *c, const struct wev_cover_set *s, const uint32_t *covers)
{
    uint32_t gain = 0;
    for (uint32_t k = 0; k < s->n; k++) { gain += !covers[c->ids[s->first + k]]; }
    return gain;
}

// A gain only ever falls, so the top of the heap is the best as soon as its gain is what it says.
static size_t take_greedily(struct wev_cover *c, uint32_t *heap, uint32_t *covers, uint32_t *taken)
{
    size_t n = c->set_count, count = 0;
    for (size_t k = n / 2; k-- > 0;) { sink(c, heap, n, k); }
    while (n > 0) {
        struct wev_cover_set *s = &c->sets[heap[0]];
        uint32_t gain = gain_of(c, s, covers);
        if (gain && gain == s->gain) {
            taken[count++] = heap[0];
            for (uint32_t k = 0; k < s->n; k++) { covers[c->ids[s->first + k]]++; }
        }
        if (!gain || gain == s->gain) { heap[0] = heap[--n]; } else { s->gain = gain; }
        sink(c, heap, n, 0);
    }
    return count;
}

static bool is_needless(const struct wev_cover *c, const struct wev_cover_set *s, uint32_t *covers)
{
    for (uint32_t k = 0; k < s->n; k++) {
        if (covers[c->ids[s->first + k]] < 2) { return false; }
    }
    for (uint32_t k = 0; k < s->n; k++) { covers[c->ids[s->first + k]]--; }
    return true;
}

bool wev_cover_solve(struct wev_cover *c, struct wev_names *kept)
{
    uint32_t *heap = calloc(c->set_count + 1, sizeof(*heap)), *taken = calloc(c->set_count + 1, sizeof(*taken));
    uint32_t *covers = calloc(c->feature_count + 1, sizeof(*covers));
    bool good = heap && taken && covers;
    size_t count = 0;
    for (size_t k = 0; good && k < c->set_count; k++) { heap[k] = (uint32_t)k; }
    if (good) { count = take_greedily(c, heap, covers, taken); }
    // from the last one taken, the one that brought least
    for (size_t k = count; good && k-- > 0;) {
        const struct wev_cover_set *s = &c->sets[taken[k]];
        if (!is_needless(c, s, covers)) { good = wev_names_add(kept, s->document, NULL); }
    }
    free(heap);
    free(taken);
    free(covers);
    return good;
}

void wev_cover_free(struct wev_cover *c)
{
    free(c->sets);
    free(c->ids);
    free(c->features);
    free(c->feature_ids);
    free(c->known);
    free(c->known_sets);
    *c = (struct wev_cover){.sets = NULL};
}
