// What a document has that another may lack, as hashes: for min.
#ifndef WEV_FEATURE_H
#define WEV_FEATURE_H

#include "corpus/index.h"
#include "schema/decode.h"

enum { WEV_FEATURE_MAX = 8192 }; // of one document; further ones are left out

struct wev_features {
    uint64_t p[WEV_FEATURE_MAX];
    size_t n;
};

void wev_feature_add(struct wev_features *f, const char *kind, struct wev_span a, struct wev_span b);
// Of the index: class, event, class at an event, verdict with reason, source, options, power of two of the size.
void wev_feature_row(struct wev_features *f, const struct wev_row *row);
// Of the bytes: what markup they have, where the break is, each field with the shape of its value, as far as the decoder
// reads. False: out of memory.
bool wev_feature_document(struct wev_features *f, struct wev_decoder *d, const struct wev_row *row, struct wev_span bytes);

// Features from elsewhere, such as a fuzz binary's coverage: a text of lines "NAME FEATURE FEATURE...", where NAME holds
// the document's hash, 32 digits, as its file name does. Sorted here; spans point into the text.
struct wev_feature_line {
    struct wev_name name;
    struct wev_span features;
};
struct wev_feature_file {
    struct wev_span text;
    struct wev_feature_line *lines;
    size_t count;
};
bool wev_feature_load(struct wev_feature_file *file, const char *path, struct wev_error *error);
// The features of a document; its name as wev_index_name gives it. False: the file does not know it.
bool wev_feature_find(const struct wev_feature_file *file, struct wev_name name, struct wev_features *f);
void wev_feature_free(struct wev_feature_file *file);

#endif
