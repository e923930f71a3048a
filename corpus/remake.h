// Makes a document of a store again from what its line says: seed, unit, options.
#ifndef WEV_REMAKE_H
#define WEV_REMAKE_H

#include "corpus/index.h"

struct wev_remake;

struct wev_remake *wev_remake_new(void);    // NULL: out of memory
void wev_remake_free(struct wev_remake *r); // NULL is fine

enum wev_remade {
    WEV_REMADE_SAME,
    WEV_REMADE_OTHER,  // it comes out otherwise: why says in what
    WEV_REMADE_CANNOT, // why says why: its options do not load, another generator or schema made it
    WEV_REMADE_MEMORY,
};
// row->made holds. The schema that its options load is the one whose hash the line must have.
enum wev_remade wev_remake_check(struct wev_remake *r, const struct wev_row *row, struct wev_span document, char why[300]);

#endif
