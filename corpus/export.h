// An export in work: the chosen documents of a store, by the names that they get, and where they go.
#ifndef WEV_EXPORT_H
#define WEV_EXPORT_H

#include "corpus/archive.h"
#include "corpus/store.h"

struct wev_export_entry {
    char *name;            // "n_type.sid-short_9f….xml"
    char *line;            // of the index, with that name as its file
    struct wev_name hash;
    unsigned turn;
};

struct wev_export {
    struct wev_store store;
    struct wev_export_entry *entries; // sorted by name
    size_t count, cap;
    uint64_t largest;
    char base[PATH_MAX];   // what .dict and .options are beside
    char place[PATH_MAX];  // the archive or folder
    struct wev_line document;
};

// One way to write an export. The files of a folder are written into `place` aside, which the caller renames.
struct wev_export_form {
    const char *name, *what;
    const char *strip, *suffix; // off `-o`, if it ends so, gives base; behind base gives place
    bool (*write)(struct wev_export *x, const char *place, struct wev_error *error);
    bool folder;
};
extern const struct wev_export_form wev_export_forms[];
extern const size_t wev_export_form_count;

// The bytes of an entry, till the next call.
bool wev_export_read(struct wev_export *x, const struct wev_export_entry *entry, struct wev_span *bytes, struct wev_error *error);

#endif
