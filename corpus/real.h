// Real records as collectors, viewers and tools write them, whatever the shape, read into one event.
//
// Read leniently and by code of its own: what is wrong with a value is said of that value, and the rest is read on.
#ifndef WEV_REAL_H
#define WEV_REAL_H

#include "schema/decode.h"
#include "schema/types.h"

#include <jansson.h>

enum { WEV_REAL_FIELDS = 64, WEV_REAL_FILE_MAX = 256 << 20 };

struct wev_real {
    const char *shape;  // "xml", "rendered", "view", "python-evtx", "nxlog", "logstash", "winlogbeat", "wazuh", "values", "text"
    size_t number;      // in its file, from 1
    json_t *header;     // {NAME: TEXT}, names as wev_header_names; what the shape does not tell is not there
    json_t *data;       // [[NAME, TEXT], ...]
    json_t *notes;      // texts: what a collector, a page or an anonymiser changed
    json_t *problems;   // [{"field", "value", "what"}, ...]; wev_real_type begins it
    json_t *message;    // a string, or NULL
    // By wev_real_type. A value that is not told is absent (a header) or WEV_T_NULL.
    struct wev_event event; // def NULL: no loaded schema knows it
    bool header_told[WEV_H_COUNT], told[WEV_REAL_FIELDS];
    struct wev_value values[WEV_REAL_FIELDS];
    struct wev_types_room rooms[WEV_REAL_FIELDS + WEV_H_COUNT];
    uint8_t bytes[WEV_REAL_FIELDS + WEV_H_COUNT][64];
};

struct wev_reals {
    const struct wev_schema *schema;
    bool (*take)(void *user, struct wev_real *record); // false ends the reading
    void *user;
    size_t count;  // records handed to `take`
    bool memory;   // ran out of it
};

// Every record of a file, or of one text, to r->take. Nothing that is a record: r->count stays as it was.
void wev_real_each(struct wev_reals *r, struct wev_span bytes);

// One problem more: of a field or header, its value, what is wrong and (may be NULL) what would have been right.
void wev_real_problem(struct wev_real *record, struct wev_span field, const char *value, const char *what, const char *nearest);
const char *wev_real_field(const struct wev_real *record, struct wev_span field); // the first of this name; NULL: none, not told
const char *wev_real_header(const struct wev_real *record, enum wev_header h); // its text; NULL: not told

// ---- the shapes, for real.c alone: true when it is one. They fill shape, header, data, message and notes.
bool wev_real_json(json_t *root, struct wev_real *record);
bool wev_real_xml(struct wev_span document, struct wev_real *record);
bool wev_real_text(const struct wev_schema *schema, struct wev_span text, struct wev_real *record);
size_t wev_real_text_start(const struct wev_schema *schema, struct wev_span text, size_t from); // the next message; n: none
void wev_real_note(struct wev_real *record, const char *text);

#endif
