// Wire forms: each compiles an event version to pieces, literals and places of values. One file a form.
#ifndef WEV_FORM_H
#define WEV_FORM_H

#include "gen/plan.h"

enum { WEV_FORM_PIECES_MAX = 4096 };

struct wev_form_build {
    struct wev_arena *arena;
    const struct wev_schema *schema;
    struct wev_plan_event *event;
    const struct wev_value *fixed[WEV_H_COUNT]; // headers that never vary; NULL: they do
    bool present[WEV_H_COUNT];                  // headers that are never absent
    struct wev_piece *pieces;                   // grows at the arena's end
    size_t piece_count, piece_cap;
    char *text;                                 // the literal in work
    size_t text_n, text_cap;
};

struct wev_form {
    const char *name;
    const char *what;               // one line for --list formats
    void (*compile)(struct wev_form_build *b);
    const char *head, *tail;        // around the whole run
    const char *suffix;             // of file names
    bool xml;                       // an event is an XML document, so that classes can break it
};
extern const struct wev_form wev_forms[];
extern const size_t wev_form_count;
const struct wev_form *wev_form_find(const char *name); // NULL name: the default; NULL: unknown

// For forms: append a literal, a literal span with XML escapes, a header's value, a leaf's value.
void wev_form_lit(struct wev_form_build *b, const char *text);
void wev_form_span(struct wev_form_build *b, struct wev_span s, enum wev_escape escape);
void wev_form_header(struct wev_form_build *b, enum wev_header h, enum wev_escape escape);
// before + value + quote when the header is there, else nothing
void wev_form_option(struct wev_form_build *b, const char *before, enum wev_header h, char quote);
void wev_form_value(struct wev_form_build *b, size_t field, enum wev_escape escape);
void wev_form_piece(struct wev_form_build *b, enum wev_piece_kind kind, uint16_t arg, enum wev_escape escape);
void wev_form_message(struct wev_form_build *b, enum wev_escape escape); // the message string with its %1 %n
void wev_form_finish(struct wev_form_build *b);
// For plan_segment.c: literal bytes as they are, a value that never varies as part of the literal (false: it has no short
// text), and a piece behind them.
void wev_form_bytes(struct wev_form_build *b, const char *s, size_t n);
bool wev_form_constant(struct wev_form_build *b, const struct wev_value *v, uint8_t lex, enum wev_escape escape);
void wev_form_flush(struct wev_form_build *b, struct wev_piece piece);

// The parts that forms share.
struct wev_style {
    char quote;
    const char *empty;              // " />" or "/>"
    const char *before, *after;     // around a leaf line: "" or " ", " \n"
    const char *group;              // before an element with children: "" or "- "
    const char *group_end, *line;   // after an opening, after a closing tag of such an element
    const char *close;              // before a closing tag
};
extern const struct wev_style wev_style_render, wev_style_view;
void wev_form_system(struct wev_form_build *b, const struct wev_style *s);
void wev_form_body(struct wev_form_build *b, const struct wev_style *s);

#endif
