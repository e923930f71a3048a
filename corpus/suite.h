// A suite of documents with verdicts: index.jsonl, or file names that begin with y_, n_ or i_; or made by corpus/units.c.
#ifndef WEV_SUITE_H
#define WEV_SUITE_H

#include "schema/base.h"

#include <jansson.h>

struct wev_breaks;
struct wev_units;

enum { WEV_SUITE_CASES_MAX = 1 << 22, WEV_SUITE_LINE_MAX = 4 << 20, WEV_SUITE_KEPT_MAX = 1 << 30 };

struct wev_suite_case {
    char *path;                    // suite folder and file name; NULL: it is made
    const char *file;              // the name in it, the case's own in every report
    const char *class, *layer, *reason, *rule, *why; // "" where nothing is known
    char verdict;                  // 'y', 'n', 'i'
    uint64_t at, at_length;        // the break
    json_t *expect;                // what a parser must read of a `y`; NULL: nothing is known
    const char *manifest;          // the file that a schema-aware reader needs for it; NULL: none
    // of one that is made
    const struct wev_breaks *breaks; // NULL: it is whole
    uint64_t unit;
    uint8_t mix;
    char *own;                     // memory of path or file
};

struct wev_suite {
    struct wev_suite_case *cases; // sorted by layer, class and file
    size_t count, room;
    char **texts;           // each that cases name, once; open addressing
    size_t text_count, text_room;
    size_t kept;            // bytes of all that was read and is kept
    struct wev_units *units; // NULL: documents are files
};

// An index is read line by line, and of a line is kept what a case has: at most WEV_SUITE_CASES_MAX cases, WEV_SUITE_LINE_MAX bytes
// of a line and WEV_SUITE_KEPT_MAX bytes of all. error names file and line, and what is wrong. Free with wev_suite_free in either case.
bool wev_suite_load(struct wev_suite *suite, const char *folder, struct wev_error *error);
// The same of the bytes of an index.jsonl, which messages call `index`; s is zeroed. Cases stay in the file's order.
bool wev_suite_parse(struct wev_suite *s, const char *folder, const char *index, struct wev_span text, struct wev_error *error);
void wev_suite_free(struct wev_suite *suite);

// For who fills one: room for one more case, zeroed. NULL: out of memory, or too many.
struct wev_suite_case *wev_suite_add(struct wev_suite *suite);
void wev_suite_sort(struct wev_suite *suite);

#endif
