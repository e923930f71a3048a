// What a program that has an event as a tree does next: takes headers and fields by name and checks their types. The same
// for every tree library; it does not look at order, repetition, unknown names or rules, as such programs do not.
#ifndef WEV_FIELDS_H
#define WEV_FIELDS_H

#include "fuzz/target.h"
#include "schema/types.h"

enum { WEV_FIELDS_MAX = 4096 };

// Where a header stands below System: an attribute of an element, or its text.
struct wev_fields_place {
    const char *element, *attribute; // attribute NULL: the text
};
extern const struct wev_fields_place wev_fields_places[WEV_H_COUNT];

struct wev_fields {
    const struct wev_schema *schema;
    struct wev_span header[WEV_H_COUNT]; // as text; absent: not there
    struct wev_span names[WEV_FIELDS_MAX], texts[WEV_FIELDS_MAX];
    size_t count;
    // The text of the field `name`, absent: there is none. NULL: the first of names that is it.
    struct wev_span (*find)(void *tree, struct wev_span name);
    void *tree;
    struct wev_types_room room[WEV_H_COUNT]; // what header values point to
    uint8_t *bin; // room for one binary value
    size_t bin_cap;
};

void wev_fields_reset(struct wev_fields *f); // before each document
bool wev_fields_add(struct wev_fields *f, struct wev_span name, struct wev_span text); // false: no room
// Checks what was taken, and says it in *out.
void wev_fields_check(struct wev_fields *f, struct wev_target_result *out);
void wev_fields_free(struct wev_fields *f); // what it allocated, not f

void wev_fields_reject(struct wev_target_result *out, const char *reason);

#endif
