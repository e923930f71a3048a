// The tables of classes, one a file, and the functions that their rows share.
#ifndef WEV_CLASSES_H
#define WEV_CLASSES_H

#include "gen/break.h"

extern const struct wev_class wev_break_bytes[], wev_break_xml[], wev_break_schema[], wev_break_wrapper[],
    wev_break_type[], wev_break_rule[], wev_break_stream[];
extern const size_t wev_break_bytes_count, wev_break_xml_count, wev_break_schema_count, wev_break_wrapper_count,
    wev_break_type_count, wev_break_rule_count, wev_break_stream_count;

#define T(literal) {(literal), sizeof(literal) - 1}
#define NO_TEXT {NULL, 0}
#define LEX(name) (1u << WEV_L_##name)

// Where wev_verb_put writes a row's text: `n` of the row.
enum wev_place {
    WEV_PLACE_START,       // of the document
    WEV_PLACE_END,         // of the document
    WEV_PLACE_VALUE,       // inside a value, an element's text or an attribute's
    WEV_PLACE_TEXT,        // inside an element's text
    WEV_PLACE_TEXT_END,    // at its end
    WEV_PLACE_FREE,        // inside an element's text that nothing depends on
    WEV_PLACE_ATTRIBUTE,   // inside an attribute's value
    WEV_PLACE_NAME,        // inside an element's name
    WEV_PLACE_NAME_START,  // before the name of a start tag
    WEV_PLACE_CLOSE_START, // before the name of an end tag
    WEV_PLACE_TAG,         // behind the name of a start tag
    WEV_PLACE_CLOSE,       // behind the name of an end tag
    WEV_PLACE_ROOT_TAG,    // behind the name of the root's start tag
    WEV_PLACE_BEHIND,      // behind an element inside the root
    WEV_PLACE_LAST,        // behind the last element inside the root
};

bool wev_verb_put(struct wev_break *b);     // writes the text at the place n
bool wev_verb_put_many(struct wev_break *b, enum wev_place place, size_t times); // '#' in the text: the number of the copy
bool wev_verb_place(struct wev_break *b, enum wev_place place, size_t *at);
bool wev_verb_value(struct wev_break *b);   // replaces a value by the text; n: enum wev_spot_filter
bool wev_verb_prefix(struct wev_break *b);  // writes the text before a value; n as above
bool wev_verb_suffix(struct wev_break *b);  // behind it
bool wev_verb_cut_from(struct wev_break *b, size_t at); // the document ends there

enum wev_element_filter {
    WEV_EL_CLOSED = 1,  // has an end tag of its own
    WEV_EL_NAMED = 2,   // has an attribute
    WEV_EL_INNER = 4,   // not the root
    WEV_EL_LEAF = 8,    // has text, no children
    WEV_EL_SYSTEM = 16, // a child of System
    WEV_EL_FIELD = 32,  // a child of EventData
    WEV_EL_PARENT = 64, // has children
    WEV_EL_WIDE = 128,  // has two attributes
};
uint32_t wev_verb_element(struct wev_break *b, unsigned filter); // WEV_DOC_NONE: there is none

#endif
