// A set of 128-bit names in an open-addressed table: 32 to 64 bytes a name, half as much again while it grows.
#ifndef WEV_NAMES_H
#define WEV_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wev_name {
    uint64_t high, low;
};

struct wev_names {
    struct wev_name *slots; // {0, 0}: free
    size_t cap, count;      // cap: 0 or a power of two
};

bool wev_names_has(const struct wev_names *s, struct wev_name name);
bool wev_names_add(struct wev_names *s, struct wev_name name, bool *added); // false: out of memory; added may be NULL
void wev_names_free(struct wev_names *s);

#endif
