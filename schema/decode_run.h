// The inside of the reference decoder, for schema/decode*.c and schema/rules.c alone.
#ifndef WEV_DECODE_RUN_H
#define WEV_DECODE_RUN_H

#include "schema/decode.h"
#include "schema/profile.h"

#include <expat.h>

#define WEV_EVENT_SPACE "http://schemas.microsoft.com/win/2004/08/events/event"

// Where an element stands, and so what may be inside it.
enum wev_place {
    WEV_AT_DOCUMENT,
    WEV_AT_EVENTS,    // an <Events> wrapper
    WEV_AT_EVENT,
    WEV_AT_SYSTEM,
    WEV_AT_HEADER,    // a child of System with a value
    WEV_AT_EMPTY,     // a child of System without one
    WEV_AT_EVENT_DATA,
    WEV_AT_COMPLEX,
    WEV_AT_DATA,
    WEV_AT_BINARY,
    WEV_AT_USER_DATA, // UserData itself
    WEV_AT_USER,      // below it, as the template says
    WEV_AT_RENDERING,
    WEV_AT_RENDERED,  // a text of RenderingInfo
    WEV_AT_KEYWORDS,
    WEV_AT_ANY,       // unchecked content: foreign elements, UserData of unknown events
};

enum { WEV_SEGMENTS = 64, WEV_FRAMES = 8 };
#define WEV_NO_VALUE UINT32_MAX

// Decoded text from `from` on stands in the document from `at` on.
struct wev_segment {
    size_t from, at;
};

// One level of a template being matched: the top, or the members of one struct.
struct wev_frame {
    const struct wev_field *fields;
    size_t count;
    size_t next;     // the field that is expected
    uint64_t done;   // how often it was there
    uint32_t *first; // per field: index of its first value, WEV_NO_VALUE: none yet
};

struct wev_decoder {
    const struct wev_schema *schema;
    struct wev_limits limits;
    XML_Parser parser; // NULL: none could be made
    bool worn;         // by a large document
    unsigned long salt;
    struct wev_decoded *out;

    const char *doc;
    size_t n;
    bool wide;      // UTF-16
    bool latin;     // declared as one byte a character
    bool ascii;     // US-ASCII
    bool stopped;   // an `n` was met
    bool root_seen;
    bool in_doctype;
    bool no_memory;

    char *keep, *top, *end; // what the run's spans and values point to; never moves during a run
    uint8_t *place;         // per depth
    uint32_t depth;
    uint32_t spaces;        // namespace declarations since the last start tag

    char *text; // the value in progress, at `top`
    size_t text_n;
    struct wev_segment segment[WEV_SEGMENTS];
    size_t segments;

    bool system_seen, rendering_seen, foreign_seen, body_seen;
    uint32_t child;      // 1 + index of the last child of System or rank in RenderingInfo; 0: none
    uint32_t child_seen; // bit set of such
    uint8_t header;      // enum wev_header of the value in progress
    size_t header_at[WEV_H_COUNT]; // of the value, or of its tag for an attribute

    struct wev_value *values; // these four grow together
    struct wev_span *names, *texts;
    size_t *value_at;
    size_t value_count, data_count, cap;
    struct wev_frame frame[WEV_FRAMES];
    uint32_t frames;
    uint32_t *first;   // WEV_FRAMES rows
    size_t field_max;  // the length of a row
    const struct wev_field *field; // of the Data in progress, NULL: unchecked
    struct wev_span pending;       // the field that was expected when a later one came; absent: none
    size_t pending_at;
    size_t user_part;  // next part of the UserData template
};

static inline size_t wev_decode_here(const struct wev_decoder *d)
{
    XML_Index at = XML_GetCurrentByteIndex(d->parser);
    return at < 0 ? 0 : (size_t)at < d->n ? (size_t)at : d->n;
}

// decode.c
bool wev_decode_stop(struct wev_decoder *d, enum wev_verdict code, size_t at); // an `n`; always false
void wev_decode_note(struct wev_decoder *d, enum wev_verdict code, size_t at); // an `i`
void wev_decode_push(struct wev_decoder *d, enum wev_place place);
const XML_Char *wev_decode_local(const XML_Char *name); // NULL: not in the event namespace
bool wev_decode_is_foreign(const XML_Char *name);       // in a namespace, and not in that of events

// decode_text.c
void wev_decode_text_begin(struct wev_decoder *d);             // a value's text starts
struct wev_span wev_decode_text_end(struct wev_decoder *d);    // and ends
size_t wev_decode_text_at(const struct wev_decoder *d, size_t offset); // of a byte of that text
size_t wev_decode_text_attribute_at(const struct wev_decoder *d, size_t tag, const char *name, size_t offset);
// Parses s, the current text (attribute NULL) or that attribute of the tag at `tag`. False: stopped.
bool wev_decode_text_typed(struct wev_decoder *d, uint8_t type, uint8_t lex, struct wev_span s, const char *attribute, size_t tag,
                      struct wev_value *out);
void wev_decode_text_add(struct wev_decoder *d, const char *s, size_t n);

// decode_bytes.c
enum wev_verdict wev_decode_bytes_start(struct wev_decoder *d, size_t *at); // OK: parse it
enum wev_verdict wev_decode_bytes_error(const struct wev_decoder *d, enum XML_Error error, size_t *at);

size_t wev_decode_bytes_lone_surrogate(const struct wev_decoder *d); // its offset; the size: UTF-16 without, or none at all

// decode_system.c
void wev_decode_system_child(struct wev_decoder *d, const XML_Char *local, const XML_Char **atts, size_t at);
void wev_decode_system_value(struct wev_decoder *d);
void wev_decode_system_end(struct wev_decoder *d, size_t at);
const char *wev_decode_system_attribute(enum wev_header h); // NULL: an element's text

// decode_body.c
void wev_decode_body_start(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at); // child of Event
void wev_decode_body_inside(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at);
void wev_decode_body_end(struct wev_decoder *d, enum wev_place place, size_t at);

// decode_user.c
void wev_decode_user_start(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at);
void wev_decode_user_end(struct wev_decoder *d, size_t at);
void wev_decode_user_done(struct wev_decoder *d, size_t at);

// decode_field.c
bool wev_decode_field(struct wev_decoder *d, const struct wev_field *f, const uint32_t *first, struct wev_span text);
bool wev_decode_field_add(struct wev_decoder *d, size_t *index);

// rules.c
const struct wev_rule *wev_rules_broken(const struct wev_decoder *d, size_t *at);
bool wev_rules_cover(const struct wev_event_profile *profile, enum wev_header h); // some rule demands something of it

#endif
