// A manifest or profile file as a tree of elements with line numbers. The one place that knows mxml.
// expat reads the file first: it checks well-formedness, refuses DOCTYPE, bounds depth, attributes and
// count, and gives every start tag its line (mxml keeps none and accepts much that is not XML).
#ifndef WEV_TREE_H
#define WEV_TREE_H

#include "schema/manifest.h"

struct wev_attribute {
    struct wev_span name;  // as written, with its prefix
    struct wev_span value; // references resolved; NUL-terminated
};

struct wev_elem {
    struct wev_span name;  // local name, without a prefix
    struct wev_span space; // value of the xmlns in force for it, absent when none
    struct wev_span text;  // character data directly inside, joined, not trimmed, without indentation of elements; NUL-terminated
    const struct wev_attribute *attrs;
    size_t attr_count;
    struct wev_elem *kids, *next; // first child element, next sibling
    unsigned line;
};

enum {
    WEV_TREE_BYTES_MAX = 16 << 20,
    WEV_TREE_DEPTH_MAX = 64,
    WEV_TREE_ATTRS_MAX = 64,
    WEV_TREE_ELEMS_MAX = 1 << 20,
};

// The root element, in load->arena. UTF-8 or UTF-16, with or without BOM, CR/LF. Fails by wev_fail.
struct wev_elem *wev_tree_load(struct wev_load *load, const struct wev_source *source);

// The attribute's value, absent when it is not there.
struct wev_span wev_tree_attr(const struct wev_elem *e, const char *name);
// Fails naming the first attribute or child that `allowed` (NULL-terminated list) does not have, with the nearest.
void wev_tree_only_attrs(struct wev_load *load, const struct wev_elem *e, const char *const *allowed);

#endif
