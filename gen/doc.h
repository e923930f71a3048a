// One scan over event XML: where its elements, attributes and values stand. Takes any bytes: what it cannot follow
// it leaves out, and what it gives always lies inside the document. Judges nothing.
#ifndef WEV_DOC_H
#define WEV_DOC_H

#include "schema/manifest.h"

#define WEV_DOC_NONE UINT32_MAX
enum { WEV_DOC_DEPTH_MAX = 64, WEV_DOC_ATTRIBUTES_MAX = 16 };

enum wev_element_flag {
    WEV_ELEMENT_EMPTY = 1,    // <x/>
    WEV_ELEMENT_UNCLOSED = 2, // its end tag is missing
};

// An element. Offsets are into the document; at < head_end <= tail <= end.
struct wev_element {
    uint32_t at;       // of '<'
    uint32_t head_end; // behind the '>' of its start tag
    uint32_t tail;     // of its end tag's '<'; head_end when it is empty
    uint32_t end;      // behind its end tag
    uint32_t parent;   // index, WEV_DOC_NONE for a root
    uint16_t name_n;   // the name begins at at + 1
    uint8_t depth, flags;
};

struct wev_attribute {
    uint32_t at;            // of the first blank before it
    uint32_t name, name_n;
    uint32_t value, value_n; // between the quotes
    uint32_t end;           // behind the closing quote
};

// A value, and what the schema knows of it.
struct wev_spot {
    uint32_t at, n;
    uint32_t element;
    uint8_t type, lex;     // enum wev_type, enum wev_lex
    uint8_t header;        // enum wev_header, WEV_H_COUNT: a field
    bool attribute;
    bool ruled;            // some rule of the profile looks at it
    const struct wev_field *field; // NULL: a header
};

struct wev_doc {
    const char *p;
    uint32_t n;
    struct wev_element *elements; // the caller's, in document order
    uint32_t count, cap;    // elements beyond cap are not noted
    uint32_t event, system, body, rendering; // indices, WEV_DOC_NONE: not there
};

// d->elements and d->cap are the caller's; n below 4 GiB.
void wev_doc_scan(struct wev_doc *d, const char *p, size_t n);

size_t wev_doc_attributes(const struct wev_doc *d, const struct wev_element *element, struct wev_attribute *out, size_t cap);
bool wev_doc_attribute(const struct wev_doc *d, const struct wev_element *element, const char *name, struct wev_attribute *out);

// The values of System and of the body, in document order; def tells the fields' types (NULL: none is known).
size_t wev_doc_spots(const struct wev_doc *d, const struct wev_event_def *def, struct wev_spot *out, size_t cap);

static inline struct wev_span wev_doc_name(const struct wev_doc *d, const struct wev_element *element)
{
    return (struct wev_span){d->p + element->at + 1, element->name_n};
}
// The next child of `parent` from element index `from` on, WEV_DOC_NONE: none.
uint32_t wev_doc_child(const struct wev_doc *d, uint32_t parent, uint32_t from);

#endif
