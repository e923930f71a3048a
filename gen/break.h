// Malformed events: a class takes a valid event as printed and writes a list of edits; one pass applies them.
// A class is one row in its layer's file under gen/break/, and one function that rows share.
#ifndef WEV_BREAK_H
#define WEV_BREAK_H

#include "gen/choice.h"
#include "gen/skeleton.h"
#include "schema/verdict.h"

enum {
    WEV_EDITS_MAX = 24,
    WEV_BREAK_ELEMENTS = 2048, // parts of one event that classes see
    WEV_BREAK_SPOTS = 1536,
    WEV_BREAK_TEXT = 4096,     // bytes that one unit's edits may compose
    WEV_BREAKS_MAX = 8,        // stacked on one unit
};

struct wev_break;
struct wev_breaks;
struct wev_broken;

struct wev_class {
    const char *id;       // "layer.family-variant"
    uint16_t weight;      // share among the classes; 0: too large for a mix, made when asked for
    uint8_t reason;       // enum wev_verdict that the document earns; OK: odd, but right
    bool (*apply)(struct wev_break *b); // false: this event has no place for it, nothing was done
    struct wev_span text; // what the function writes
    uint32_t n;           // and how much, how often or where, as it says
    uint32_t lexes;       // values it takes: bits of 1u << enum wev_lex; 0: any
    const char *breaks;   // the rule, with its source
    const char *seen;     // the real case it re-creates, NULL: none is known
    const char *differs;  // what libxml2 or event.xsd is known to say instead, NULL: they agree
};

// A class's own names. Never NULL, static.
const char *wev_class_layer(const struct wev_class *c);
static inline char wev_class_verdict(const struct wev_class *c) { return wev_verdict_rows[c->reason].verdict; }
size_t wev_class_count(void);
const struct wev_class *wev_class_at(size_t k); // in the order of the layers

struct wev_edit {
    uint32_t at, cut;  // of the event as printed
    const char *text;
    size_t n, times;
    uint32_t turn;     // of which stacked break
    bool raw;          // bytes as they are, in UTF-16, too
    bool numbered;     // each '#' of the text is the number of the copy
    uint8_t by;        // the caller's, 0 at first: whose edit it is
};

enum wev_wide { WEV_NARROW, WEV_UTF16_LE, WEV_UTF16_BE };

// One thread's room for breaking.
struct wev_break {
    const struct wev_class *class; // whose function runs
    const struct wev_schema *schema;
    const struct wev_event_def *def;
    struct wev_choice choice;
    uint64_t unit;
    const struct wev_frame *frame; // where in its operation the unit stands; NULL: no stream is known
    uint64_t record;           // with a frame: the unit's record id
    bool broke;                // the last event that was made has a break
    uint32_t draws;
    uint32_t turn;             // 0 to per_unit - 1
    uint8_t wide;              // enum wev_wide: the form of the whole document
    bool escaped;              // the whole document as text, but for raw edits
    size_t limit;              // the document ends behind that many bytes; SIZE_MAX: it does not
    struct wev_edit edits[WEV_EDITS_MAX]; // sorted, not overlapping
    uint32_t edit_count;
    const struct wev_skeleton *skeleton; // of what is in page, NULL: it is scanned
    struct wev_doc doc;        // see wev_break_doc
    bool scanned, listed;
    uint32_t spot_count;
    uint32_t text_n;
    char *page;                // the event as printed; the document is page[0..size), its line end comes behind
    size_t cap, size, line_end;
    char text[WEV_BREAK_TEXT];
    uint32_t marks[WEV_SKELETON_PIECES + 1]; // with a skeleton: see wev_out_marked
    struct wev_element elements[WEV_BREAK_ELEMENTS];
    struct wev_spot spots[WEV_BREAK_SPOTS];
};

// ---- for classes

// 0 <= result < n, addressed by the unit and the number of the draw.
uint64_t wev_break_draw(struct wev_break *b, uint64_t n);
const struct wev_doc *wev_break_doc(struct wev_break *b);
// Replaces cut bytes at `at` by the text, `times` times. False: it overlaps an edit, touches one of another break, or there
// are too many. The text
// must live as long as the unit: a row's, the page's, or wev_break_compose's. _number: each '#' is the number of the copy.
bool wev_break_edit(struct wev_break *b, size_t at, size_t cut, struct wev_span text);
bool wev_break_fill(struct wev_break *b, size_t at, size_t cut, struct wev_span text, size_t times);
bool wev_break_number(struct wev_break *b, size_t at, struct wev_span text, size_t times);
bool wev_break_raw(struct wev_break *b, size_t at, struct wev_span bytes);
struct wev_span wev_break_compose(struct wev_break *b, const struct wev_span *parts, size_t count); // absent: no room
struct wev_span wev_break_slice(const struct wev_break *b, size_t from, size_t to); // of the page

enum wev_spot_filter {
    WEV_SPOT_FIELD = 1,    // of the body
    WEV_SPOT_FREE = 2,     // of the body, no rule, length or other field looks at it: another value does no harm
    WEV_SPOT_ELEMENT = 4,  // an element's text, not an attribute
    WEV_SPOT_FILLED = 8,   // not empty
    WEV_SPOT_TYPED = 16,   // the schema knows the field
};
// A value drawn among those of the class's lexes. NULL: there is none.
const struct wev_spot *wev_break_spot(struct wev_break *b, unsigned filter);
// A place inside it: not inside a reference or a character.
size_t wev_break_inside(struct wev_break *b, const struct wev_spot *s);
// The value of a header or of a field by name. NULL: not there.
const struct wev_spot *wev_break_header(struct wev_break *b, enum wev_header h);
const struct wev_spot *wev_break_field(struct wev_break *b, struct wev_span name);

// ---- options: which classes, how often

struct wev_breaks {
    uint64_t rate;      // of 2^32: units that break
    uint32_t per_unit;  // breaks stacked on one; 1: verdicts are exact
    bool twin;          // each broken unit is followed by itself unbroken
    bool stream;        // the classes break streams, none breaks a document
    uint32_t count;
    const struct wev_class *const *classes;
    const uint64_t *until; // cumulative weights
};

// malformed: "0.05", "5%", "0.05,xml.*=3,bytes.nul-text=10" or NULL; classes: an id or a glob, or NULL. Both NULL: NULL
// with error->code OK. Lives in `arena`.
struct wev_breaks *wev_breaks_new(struct wev_arena *arena, const char *malformed, const char *classes, struct wev_error *error);

// ---- streams: classes whose records are right one by one. A run has such classes alone, or none of them: nobody could
// tell whether a record that cannot be read is the one that was left out.

bool wev_class_of_stream(const struct wev_class *c);
// The n-th draw of a unit's class.
const struct wev_class *wev_break_nth_class(const struct wev_breaks *o, const struct wev_choice *choice, uint64_t unit, uint32_t n);
// How unit `unit` at f breaks its stream. NULL: it does not.
const struct wev_class *wev_break_stream_class(const struct wev_breaks *o, const struct wev_choice *choice, uint64_t unit, const struct wev_frame *f);
// Whether a record behind the unit breaks the stream by the unit's absence. layout is used up: find the unit again.
bool wev_break_left_out(const struct wev_breaks *o, const struct wev_choice *choice, uint64_t unit, const struct wev_frame *f,
                        const struct wev_world *world, struct wev_layout *layout);
// As wev_break_unit, by a class that is given; NULL: none. b->frame and record are the caller's to set, too.
size_t wev_break_in_stream(struct wev_break *b, const struct wev_class *c, size_t n, char *buf, size_t cap, struct wev_broken *out);

// ---- one unit

struct wev_break *wev_break_new(void); // NULL: out of memory
void wev_break_free(struct wev_break *b);

bool wev_break_drawn(const struct wev_breaks *o, const struct wev_choice *choice, uint64_t unit);

// What became of a unit.
struct wev_broken {
    const struct wev_class *class; // the first; NULL: no class had a place in it, the event is as it was
    char verdict;                  // of all breaks: 'n' when one of them is
    size_t at, at_length;          // of the break in the new document
};
// Breaks the event of b->def that is in b->page, n bytes, into buf. b->schema, def, choice, unit, skeleton and marks are the caller's to
// set. Returns the full size, as wev_make does.
size_t wev_break_unit(struct wev_break *b, const struct wev_breaks *o, size_t n, char *buf, size_t cap, struct wev_broken *out);
// The same by hand, for callers that bring any document in b->page and choose what is done to it: nothing is known of the n
// bytes and no edit is there; then the edits in one pass. out->class and verdict stay as they are.
void wev_break_begin(struct wev_break *b, size_t n);
size_t wev_break_apply(const struct wev_break *b, char *buf, size_t cap, struct wev_broken *out);
// Room for an event of n bytes in b->page. False: out of memory.
bool wev_break_room(struct wev_break *b, size_t n);

#endif
