// Who eats the bytes: parsers of events behind one call, so that harnesses, triage and examples know none by name.
// A target is one file target_NAME.c and one row in targets.c.
#ifndef WEV_TARGET_H
#define WEV_TARGET_H

#include "schema/event.h"

struct wev_schema;

// What a target made of one document. Spans, values and text live in the target until its next run.
struct wev_target_result {
    bool accepted;
    const char *reason; // why not: a slug of verdict.def or the parser's own word, static; "ok" when accepted
    size_t at;          // the offset where it stopped; SIZE_MAX: it does not say
    struct wev_value header[WEV_H_COUNT]; // as far as read; WEV_F_ABSENT where not there
    const struct wev_span *names; // of each Data, in document order; absent: no Name
    const struct wev_span *texts; // the same, unescaped; absent: the target found no text
    size_t count;
};

struct wev_target {
    const char *name, *what; // what: one line
    void *(*open)(const struct wev_schema *schema); // the schema must outlive it. NULL: out of memory
    void (*close)(void *self);                      // NULL is fine
    // One document of n bytes; p may be NULL when n is 0. Never fails: out of memory is a rejection, reason "memory".
    void (*run)(void *self, const uint8_t *p, size_t n, struct wev_target_result *out);
};

size_t wev_target_count(void);
const struct wev_target *wev_target_at(size_t k); // the first is "reference"
const struct wev_target *wev_target_find(const char *name); // NULL: there is none

#endif
