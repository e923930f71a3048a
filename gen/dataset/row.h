// The columns of a dataset, and its rows as cells, JSON Lines and CSV. Decoded columns come from the event that was made, never from bytes.
#ifndef WEV_DATASET_ROW_H
#define WEV_DATASET_ROW_H

#include "gen/make.h"

enum { WEV_COLUMNS_MAX = 1024, WEV_COLUMN_NAME = 96 };
enum { WEV_COLUMN_OTHER = -1, WEV_COLUMN_LEAVES = -2 }; // of no header; the values of templates with arrays or structs, as JSON

// What a column is, whatever the format calls it.
enum wev_column_type {
    WEV_COL_TEXT, WEV_COL_LIST, // of texts
    WEV_COL_INT8, WEV_COL_UINT8, WEV_COL_INT16, WEV_COL_UINT16, WEV_COL_INT32, WEV_COL_UINT32, WEV_COL_INT64, WEV_COL_UINT64,
    WEV_COL_REAL, WEV_COL_BOOL, WEV_COL_TIME,
    WEV_COL_TYPES,
};
struct wev_column_names {
    const char *duckdb, *hugging_face, *croissant;
};
extern const struct wev_column_names wev_column_names[WEV_COL_TYPES];

// The columns that every dataset has, in their order; then System's, then the fields'.
enum wev_meta {
    WEV_M_SPLIT, WEV_M_UNIT, WEV_M_SEED, WEV_M_FORM, WEV_M_LABEL, WEV_M_SCENARIO, WEV_M_RUN, WEV_M_STEP, WEV_M_TECHNIQUES,
    WEV_M_CLASS, WEV_M_LAYER, WEV_M_VERDICT, WEV_M_REASON, WEV_M_OFFSET, WEV_M_LENGTH, WEV_M_RAW, WEV_M_RAW_BASE64,
    WEV_M_COUNT,
};

struct wev_column {
    char name[WEV_COLUMN_NAME]; // UTF-8
    char json[WEV_COLUMN_NAME * 6 + 8]; // ,"name":
    uint16_t json_n;
    uint8_t type;     // enum wev_column_type
    uint8_t lex;      // of a field or header
    int16_t header;   // enum wev_header, or one of the two below
    const char *what; // one line for the card; NULL: a field of the template
};

// Which columns the fields of a template fill. Versions of an event, and a scenario's own of them, share templates.
struct wev_filled {
    const struct wev_template *body;
    uint16_t *field_of; // per column: field + 1; 0: the column is null
};

struct wev_columns {
    const struct wev_schema *schema;
    char providers[256]; // of the events that can come: "Microsoft-Windows-Security-Auditing", "A, B and others"
    const char *form;
    uint64_t seed;
    size_t count;
    size_t names_n; // bytes of all `json`
    struct wev_column *column;
    struct wev_filled *filled; // sorted by body
    size_t filled_count;
};

// Of all the events that `options` can make. False: error is filled. Free with _free in any case.
bool wev_columns_make(struct wev_columns *c, const struct wev_options *options, struct wev_error *error);
const uint16_t *wev_columns_of(const struct wev_columns *c, const struct wev_event_def *def); // its template's field_of
void wev_columns_free(struct wev_columns *c);

struct wev_row {
    const char *split;
    const struct wev_note *note;
    const struct wev_event *event;
    struct wev_span raw; // the document, without the line end behind it
    bool text;           // raw is UTF-8 without NUL
};

// Whether bytes are UTF-8 (RFC 3629) without a NUL.
bool wev_row_is_text(struct wev_span bytes);

// ---- cells: what each column of a row holds, before a format writes it

enum wev_cell_kind {
    WEV_CELL_NULL,
    WEV_CELL_NUMBER,  // is.number
    WEV_CELL_BARE,    // is.value, by wev_out_spell with lex: a number or a truth value
    WEV_CELL_SPELLED, // the same, and a text or a time
    WEV_CELL_WORD,    // is.text from here on: with nothing to escape
    WEV_CELL_REAL,    // a decimal number
    WEV_CELL_TEXT,
    WEV_CELL_LIST,    // of texts, with commas between them
    WEV_CELL_BASE64,  // bytes
    WEV_CELL_HEX,     // bytes
};

struct wev_cell {
    uint8_t kind; // enum wev_cell_kind
    uint8_t lex;
    union {
        uint64_t number;
        const struct wev_value *value;
        struct wev_span text;
    } is;
};

struct wev_cells {
    struct wev_cell *at; // one a column
    size_t text_n;       // bytes of all texts
    char *room;          // what texts that no event has stand in
    size_t room_cap;
};

bool wev_cells_make(struct wev_cells *cells, const struct wev_columns *c); // false: out of memory
// They point into the row, and into `cells` until the next row. False: out of memory.
bool wev_row_cells(struct wev_cells *cells, const struct wev_columns *c, const struct wev_row *row);
void wev_cells_free(struct wev_cells *cells);

// ---- lines

// One line, its end included, at p; returns its end. Room: wev_row_room.
size_t wev_row_room(const struct wev_columns *c, const struct wev_cells *cells);
char *wev_row_json(char *p, const struct wev_columns *c, const struct wev_cells *cells);
char *wev_row_csv(char *p, const struct wev_columns *c, const struct wev_cells *cells);
char *wev_row_csv_head(char *p, const struct wev_columns *c); // room: names_n + 2

// A JSON string's inside, escaped; room: 6 n bytes.
char *wev_json_escape(char *p, const char *s, size_t n);
char *wev_row_base64(char *p, struct wev_span bytes); // RFC 4648; room: 4 bytes for each 3 that are begun

#endif
