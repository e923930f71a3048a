// What becomes of the documents of a store that a command has chosen: they are named, copied, or alone kept.
#ifndef WEV_SELECT_H
#define WEV_SELECT_H

#include "corpus/store.h"

struct wev_select {
    const char *to;     // a new store for them; NULL: none
    bool remove;        // the others go
    bool no_wait, quiet;
};

// The name under which a document stands in a set. False: not a document's name.
bool wev_select_key(struct wev_span file, struct wev_name *key);
// Opens the store as the selection needs it.
bool wev_select_open(const struct wev_select *o, struct wev_store *s, const char *path, struct wev_error *error);
// Names on standard output, in the order of the index, copies or removes.
bool wev_select_apply(const struct wev_select *o, struct wev_store *s, const struct wev_names *kept, struct wev_error *error);

enum { WEV_SELECT_REMOVE = 640, WEV_SELECT_NO_WAIT };
#define WEV_SELECT_SHORT "o:q"
#define WEV_SELECT_LONG                                                                               \
    {"output", required_argument, NULL, 'o'}, {"delete", no_argument, NULL, WEV_SELECT_REMOVE},         \
    {"no-wait", no_argument, NULL, WEV_SELECT_NO_WAIT}, {"quiet", no_argument, NULL, 'q'}
#define WEV_SELECT_USAGE                                                                              \
    "  -o, --output DIR    copies what is kept into the store DIR\n"                                    \
    "      --delete        keeps that alone in this store\n"                                            \
    "      --no-wait       fails when somebody else writes into the store, instead of waiting\n"        \
    "  -q, --quiet         the last line alone\n"
bool wev_select_option(struct wev_select *o, int c, const char *argument); // false: not one of these

#endif
