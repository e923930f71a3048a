// A suite of documents with verdicts: index.jsonl, or file names that begin with y_, n_ or i_.
#ifndef WEV_SUITE_H
#define WEV_SUITE_H

#include "schema/base.h"

#include <jansson.h>

struct wev_case {
    char *path;                    // suite folder and file name
    const char *file;              // the name in it
    const char *class, *layer, *reason, *rule, *why; // "" where nothing is known
    char verdict;                  // 'y', 'n', 'i'
    uint64_t at, at_length;        // the break
    const json_t *expect;          // what a parser must read of a `y`; NULL: nothing is known
};

struct wev_suite {
    struct wev_case *cases; // sorted by layer, class and file
    size_t count;
    json_t *rows;           // owns the texts
};

// error names file and line, and what is wrong. Free with wev_suite_free in either case.
bool wev_suite_load(struct wev_suite *suite, const char *folder, struct wev_error *error);
void wev_suite_free(struct wev_suite *suite);

#endif
