// A mutator of event XML that knows the schema: one core for every fuzzing engine.
//
// A call is a pure function of (schema, input, other, cap, seed), whatever was called before; an engine's own byte mutator
// brings its own choices in. Any bytes are taken; what cannot be followed stays as it is. Not for two threads at once.
#ifndef WEV_MUTATOR_H
#define WEV_MUTATOR_H

#include "schema/manifest.h"

struct wev_mutator;

// The engine's byte mutator: n bytes at p become at most cap, in place; returns how many.
typedef size_t (*wev_mutator_bytes)(uint8_t *p, size_t n, size_t cap);

// The schema must outlive it. bytes NULL: one of our own, a pure function of the seed. NULL: error is filled.
struct wev_mutator *wev_mutator_new(const struct wev_schema *schema, wev_mutator_bytes bytes, struct wev_error *error);
void wev_mutator_free(struct wev_mutator *m); // NULL is fine

// One call. `other` is a second input to take parts from (absent: none). Writes at most cap bytes to `out` (room for cap;
// it may be the input's own
// place) and returns how many; 0 when cap is 0, or when the mutation is to leave nothing.
size_t wev_mutator_run(struct wev_mutator *m, struct wev_span input, struct wev_span other, uint64_t seed, uint8_t *out,
    size_t cap);

// What the last call did: "value-near,tree-swap". NUL-terminated, the mutator's, until the next call.
const char *wev_mutator_describe(struct wev_mutator *m);

// Operations by number, for tests and statistics. _only: every later call does that one alone; SIZE_MAX: all again.
size_t wev_mutator_op_count(void);
const char *wev_mutator_op_name(size_t k);
void wev_mutator_only(struct wev_mutator *m, size_t k);
// The class of the last call's break, NULL: none.
struct wev_class;
const struct wev_class *wev_mutator_class(const struct wev_mutator *m);

// Elements of a document, for trimming: [at, end) of element k from the last to the first; false: there is none such.
size_t wev_mutator_elements(struct wev_mutator *m, struct wev_span input);
bool wev_mutator_element(const struct wev_mutator *m, size_t k, size_t *at, size_t *end);

#endif
