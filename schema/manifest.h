// A schema: what instrumentation manifests and profiles say, resolved. Immutable after loading.
// Shapes follow eventman.xsd; every span lives in the schema's arena.
#ifndef WEV_MANIFEST_H
#define WEV_MANIFEST_H

#include "schema/event.h"

// How a value is written as text: follows from inType and outType together.
enum wev_lex {
    WEV_L_TEXT,
    WEV_L_INT,      // signed decimal
    WEV_L_UINT,     // unsigned decimal
    WEV_L_HEX,      // 0x and lower hex, no padding
    WEV_L_FLOAT,
    WEV_L_BOOL,     // true, false
    WEV_L_BINARY,   // upper hex
    WEV_L_GUID,
    WEV_L_TIME,
    WEV_L_SID,
    WEV_L_IPV4,     // dotted
    WEV_L_IPV6,     // RFC 5952
    WEV_L_SOCKADDR, // 10.0.0.1:443, [::1]:443
    WEV_L_COUNT,
};

struct wev_type_row {
    const char *name; // "win:UnicodeString" without "win:"
    uint8_t type;     // enum wev_type
    uint8_t lex;      // enum wev_lex, without an outType
    uint8_t bytes;    // width of a fixed-size type, 0 else (Pointer: 8)
};
// Rows by name; WEV_T_COUNT - 1 canonical rows first, indexed by type - 1, then aliases.
extern const struct wev_type_row wev_type_rows[];
extern const size_t wev_type_row_count;

struct wev_out_row {
    const char *name; // with its prefix: "xs:string", "win:HexInt32"
    uint8_t lex;      // the lex it forces, WEV_L_COUNT: the inType's own
    uint32_t in;      // bit set of 1u << enum wev_type that may carry it (winmeta.xml)
};
extern const struct wev_out_row wev_out_rows[];
extern const size_t wev_out_row_count;

struct wev_map_entry {
    uint64_t value;
    struct wev_span text;
};
struct wev_map {
    struct wev_span name;
    bool bits; // bitMap, else valueMap
    const struct wev_map_entry *entries;
    size_t count;
};

// `length` and `count` of eventman.xsd: a number, or the name of an earlier field of the same level.
struct wev_extent {
    enum { WEV_X_NONE, WEV_X_CONST, WEV_X_FIELD } kind;
    uint32_t n; // the number, or the index of that field among its siblings
};

struct wev_field {
    struct wev_span name;
    uint8_t type; // enum wev_type; WEV_T_NULL for a struct
    uint8_t lex;  // enum wev_lex
    struct wev_span in_name, out_name; // as written; out_name absent when there is none
    const struct wev_map *map;         // NULL: none
    struct wev_extent length, count;
    const struct wev_field *fields;    // a struct's members
    size_t field_count;                // 0: not a struct
    bool is_extent;                    // some sibling's length or count names this field
    unsigned line;
};

// A UserData template as a flat list: literal XML, and the places of fields.
struct wev_user_part {
    enum { WEV_U_OPEN, WEV_U_CLOSE, WEV_U_TEXT, WEV_U_FIELD } kind;
    struct wev_span name;  // OPEN, CLOSE: local name; TEXT: the text
    struct wev_span space; // OPEN, CLOSE: namespace URI, absent when none
    uint32_t field;        // FIELD: index into the template's fields
};

struct wev_template {
    struct wev_span tid;
    const struct wev_field *fields;
    size_t field_count;
    bool flat; // no structs, no counts: value k is field k
    const struct wev_user_part *user; // NULL: EventData
    size_t user_count;
};

struct wev_provider {
    struct wev_span name;
    struct wev_span guid_text; // as written in the manifest
    struct wev_guid guid;
    struct wev_span message;   // "Microsoft Windows security auditing."; absent: use the name
};

// One version of one event.
struct wev_event_def {
    const struct wev_provider *provider;
    uint32_t id; // 0 to 65535
    uint32_t version;
    uint32_t level, task, opcode;
    uint64_t keywords;
    struct wev_span symbol, channel;                     // channel absent: none declared
    struct wev_span level_text, task_text, opcode_text, channel_text; // for RenderingInfo; absent: none
    const struct wev_map_entry *keyword_texts;           // mask and message of each keyword the provider has
    size_t keyword_text_count;
    struct wev_span message;                             // raw message string with %1 %n %t; absent: none
    const struct wev_template *body;                     // never NULL; field_count 0: no fields
    const struct wev_event_profile *profile;             // never NULL after loading
    const char *file;
    unsigned line;
};

struct wev_event_profile; // schema/profile.h
struct wev_profile;

struct wev_schema {
    struct wev_arena arena;
    const struct wev_provider *providers;
    size_t provider_count;
    const struct wev_event_def *events; // sorted by provider (load order), id, version
    size_t event_count;
    const struct wev_profile *profile;  // never NULL
    uint64_t hash[2];                   // XXH3-128 over all that was loaded, in order: low, high
};

// One source file: name for messages, bytes. Bytes may be UTF-8 or UTF-16, with or without BOM.
struct wev_source {
    const char *name;
    struct wev_span bytes;
};

// Loads manifests then profiles, in order; a later manifest that declares a provider and event version
// again replaces it, a later profile adds to and overrides the earlier. Sources need live only during
// the call. Returns NULL on error, with error filled.
struct wev_schema *wev_manifest_load(const struct wev_source *manifests, size_t manifest_count,
                                     const struct wev_source *profiles, size_t profile_count,
                                     struct wev_error *error);

// The definition for (provider, id, version); provider by name or, when name is absent, by guid
// (NULL: none). NULL when unknown. `id_known` (may be NULL) says whether any version of that id is known.
const struct wev_event_def *wev_manifest_find(const struct wev_schema *schema, struct wev_span provider,
                                              const struct wev_guid *guid, uint32_t id, uint32_t version,
                                              bool *id_known);

#endif
