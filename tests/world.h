// Worlds in tests: one made, its events one by one, and what was seen under which name. Whatever cannot be had fails the test.
#ifndef WEV_TESTS_WORLD_H
#define WEV_TESTS_WORLD_H

#include "gen/make.h"

enum { CAP = 1 << 20, NAMES = 1 << 17 };

struct world {
    struct wev_schema *schema;
    struct wev_options *options;
    struct wev_state *state;
    char *buf;
    size_t n; // bytes in buf
    struct wev_note note;
    struct wev_event event;
};

struct seen { // of a name
    char key[1000], value[400];
    uint64_t number;
};

struct table {
    struct seen *rows;
    size_t count;
};

struct wev_schema *wev_test_schema(const char *more); // a profile besides; NULL: none
struct world wev_test_world(struct wev_config c);
void wev_test_close(struct world *w);
void wev_test_make(struct world *w, uint64_t i); // into buf, note and event
uint64_t wev_test_scaled(uint64_t n); // WEV_TEST_SHARE=k: one k-th of the units, for sanitizer builds
struct wev_value wev_test_field(const struct wev_event *e, const char *name);
// A value as text of its own, NUL-terminated, so that it outlives the event.
void wev_test_keep(char *out, size_t cap, struct wev_value v);
void wev_test_keep_field(char *out, size_t cap, const struct wev_event *e, const char *name);
struct table wev_test_table(void); // free its rows
struct seen *wev_test_row(struct table *t, const char *key);
// Fails when the name had another value.
void wev_test_same(struct table *t, const char *key, const char *value);

#endif
