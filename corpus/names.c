// A set of 128-bit names. They are hashes already: their low bits are the place.
#include "corpus/names.h"

#include <stdlib.h>

enum { FIRST = 1024 };

// The name of all zeros marks a free slot, so it stands as another one; who relies on a name compares the bytes.
static struct wev_name kept(struct wev_name n)
{
    if (!n.high && !n.low) { n.low = 1; }
    return n;
}

static size_t find(const struct wev_names *s, struct wev_name n)
{
    size_t k = (size_t)n.low & (s->cap - 1);
    while ((s->slots[k].high || s->slots[k].low) && (s->slots[k].high != n.high || s->slots[k].low != n.low)) {
        k = (k + 1) & (s->cap - 1);
    }
    return k;
}

static bool grow(struct wev_names *s)
{
    struct wev_names wider = {.cap = s->cap ? 2 * s->cap : FIRST, .count = s->count};
    wider.slots = calloc(wider.cap, sizeof(*wider.slots));
    if (!wider.slots) { return false; }
    for (size_t k = 0; k < s->cap; k++) {
        struct wev_name n = s->slots[k];
        if (n.high || n.low) { wider.slots[find(&wider, n)] = n; }
    }
    free(s->slots);
    *s = wider;
    return true;
}

bool wev_names_has(const struct wev_names *s, struct wev_name name)
{
    if (!s->cap) { return false; }
    const struct wev_name *slot = &s->slots[find(s, kept(name))];
    return slot->high || slot->low;
}

bool wev_names_add(struct wev_names *s, struct wev_name name, bool *added)
{
    if (s->count >= s->cap / 2 && !grow(s)) { return false; }
    struct wev_name *slot = &s->slots[find(s, kept(name))];
    bool fresh = !slot->high && !slot->low;
    if (fresh) {
        *slot = kept(name);
        s->count++;
    }
    if (added) { *added = fresh; }
    return true;
}

void wev_names_free(struct wev_names *s)
{
    free(s->slots);
    *s = (struct wev_names){NULL, 0, 0};
}
