// A small set of documents that has every feature of a large one: greedy, then what turned out to be needless goes.
#ifndef WEV_COVER_H
#define WEV_COVER_H

#include "corpus/names.h"

enum { WEV_COVER_FEATURES_MAX = 1 << 16 }; // of one document; further ones are left out

struct wev_cover_set {
    struct wev_name document;
    uint64_t size;
    size_t first;     // into ids
    uint32_t n;
    uint32_t gain;
};

struct wev_cover {
    struct wev_cover_set *sets; // documents with the same features are one: the smallest of them
    size_t set_count, set_cap;
    uint32_t *ids;
    size_t id_count, id_cap;
    uint64_t *features;       // open-addressed: hash, id beside it
    uint32_t *feature_ids;
    size_t feature_count, feature_cap;
    struct wev_name *known;   // open-addressed: hash of a document's features, its set beside it
    uint32_t *known_sets;
    size_t known_count, known_cap;
};

// features are hashes, in any order, changed here. False: out of memory.
bool wev_cover_add(struct wev_cover *c, struct wev_name document, uint64_t size, uint64_t *features, size_t n);
// Fills kept: every feature that was added is one of theirs, and none of them could be left out. The same for the same
// documents in the same order. False: out of memory.
bool wev_cover_solve(struct wev_cover *c, struct wev_names *kept);
void wev_cover_free(struct wev_cover *c);

#endif
