// Cases made on the fly: so many units of each malformed class, and as many that are whole.
#ifndef WEV_UNITS_H
#define WEV_UNITS_H

#include "corpus/suite.h"
#include "schema/base.h"

struct wev_units_config {
    uint64_t count, seed;
    const char *classes; // an id or a glob; NULL: all but the huge ones, and whole events besides
    const char *events;  // NULL: all of the manifests given, else all of the built-in
    const char *const *schemas, *const *profiles; // manifests and profiles on top of the built-in ones
    size_t schema_count, profile_count;
};

// Fills a suite. Free with wev_suite_free in either case. False: error says why.
bool wev_units_load(struct wev_suite *suite, const struct wev_units_config *config, struct wev_error *error);
void wev_units_free(struct wev_units *u);

// Classes that no event had a place for: how many, and their names.
size_t wev_units_homeless(const struct wev_units *u, const char *const **names);
uint64_t wev_units_seed(const struct wev_units *u);
// "wevgen -q -n 1 ...", the document on standard output, for a shell.
void wev_units_command(const struct wev_units *u, const struct wev_suite_case *c, char *out, size_t cap);

// Makes their documents; for one thread.
struct wev_maker;
struct wev_maker *wev_maker_new(const struct wev_units *u); // NULL: out of memory
void wev_maker_free(struct wev_maker *m);
bool wev_maker_document(struct wev_maker *m, const struct wev_suite_case *c, struct wev_span *out); // lives until the next; false: memory
// What a reader must find in it, as in index.jsonl; null where nothing is said. A new reference; NULL: out of memory.
json_t *wev_maker_expect(struct wev_maker *m, const struct wev_suite_case *c, struct wev_span document);

#endif
