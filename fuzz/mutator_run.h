// The inside of the mutator, for fuzz/mutator*.c alone: one call's input, its parts, and the edits to it.
#ifndef WEV_MUTATOR_RUN_H
#define WEV_MUTATOR_RUN_H

#include "fuzz/mutator.h"
#include "gen/break.h"
#include "gen/make.h"

enum {
    WEV_MUTATOR_ELEMENTS = 512, // of the second input
    WEV_MUTATOR_SPOTS = 512,
    WEV_MUTATOR_ROOM = 128 << 10, // whole documents that an operation writes
    WEV_MUTATOR_DONOR = 64 << 10,
    WEV_MUTATOR_WORDS = 1024,   // bytes of one new value
    WEV_MUTATOR_OPS = 12,       // of one call
};

// A document to take parts from.
struct wev_source_doc {
    struct wev_doc doc;
    uint32_t spot_count;
    struct wev_element elements[WEV_MUTATOR_ELEMENTS];
    struct wev_spot spots[WEV_MUTATOR_SPOTS];
};

struct wev_mutator {
    const struct wev_schema *schema;
    struct wev_options *made;   // every event of the schema
    struct wev_state *st;
    wev_mutator_bytes bytes;    // NULL: our own
    size_t only;                // SIZE_MAX: any operation
    uint32_t until[64];         // cumulative weights of the operations
    struct wev_break *b;        // the input as UTF-8: its page, parts and edits
    uint8_t wide;               // enum wev_wide: how it came
    // one call
    size_t cap;
    struct wev_span input, other_input; // other_input: not yet scanned
    bool other_scanned;
    size_t room_n;
    struct {
        uint8_t op;
        bool whole; // it did something to the document as a whole
        const struct wev_class *class;
    } log[WEV_MUTATOR_OPS]; // what was done, edits that were left out not
    uint32_t log_n;
    const struct wev_class *class;
    char said[256];
    struct wev_source_doc other, donor;
    char donor_text[WEV_MUTATOR_DONOR];
    char room[WEV_MUTATOR_ROOM];
};

struct wev_mutator_op {
    const char *name;
    uint16_t weight;
    bool (*run)(struct wev_mutator *m); // false: there is no place for it, edits may be left
};
extern const struct wev_mutator_op wev_mutator_value_ops[], wev_mutator_parts_ops[], wev_mutator_near_ops[], wev_mutator_message_ops[],
    wev_mutator_tree_ops[], wev_mutator_event_ops[], wev_mutator_form_ops[], wev_mutator_cross_ops[];
extern const size_t wev_mutator_value_op_count, wev_mutator_parts_op_count, wev_mutator_near_op_count, wev_mutator_message_op_count,
    wev_mutator_tree_op_count, wev_mutator_event_op_count, wev_mutator_form_op_count, wev_mutator_cross_op_count;

// ---- choice: 0 <= result < n
static inline size_t wev_mutator_draw(struct wev_mutator *m, size_t n)
{
    return (size_t)wev_break_draw(m->b, n);
}
static inline bool wev_mutator_chance(struct wev_mutator *m, size_t of) // one in `of`
{
    return wev_mutator_draw(m, of) == 0;
}
size_t wev_mutator_size(struct wev_mutator *m);  // a length at which buffers end: 0, 1, 63, 64, 65 … as far as the room goes
size_t wev_mutator_times(struct wev_mutator *m); // a number of copies, mostly small

// ---- words: a new value in work; what does not fit is left out
struct wev_words {
    char p[WEV_MUTATOR_WORDS];
    size_t n;
};
void wev_words_put(struct wev_words *w, struct wev_span s);
void wev_words_text(struct wev_words *w, const char *text);
void wev_words_byte(struct wev_words *w, char c);
void wev_words_many(struct wev_words *w, struct wev_span s, size_t times);
void wev_words_u64(struct wev_words *w, uint64_t v);
void wev_words_hex(struct wev_words *w, uint64_t v, bool upper);
void wev_words_padded(struct wev_words *w, uint64_t v, unsigned width);

// ---- mutator_lex.c: values by their form
uint8_t wev_mutator_lex_guess(struct wev_span s); // enum wev_lex by the look of it
void wev_mutator_lex_boundary(struct wev_mutator *m, uint8_t lex, struct wev_span old, struct wev_words *w);
uint64_t wev_mutator_lex_edge(struct wev_mutator *m); // a number near a power of two or ten
bool wev_mutator_lex_near(struct wev_mutator *m, struct wev_span old, struct wev_words *w);

// ---- mutator_time.c, mutator_spell.c
void wev_mutator_time(struct wev_mutator *m, struct wev_span old, struct wev_words *w);
void wev_mutator_time_edge(struct wev_mutator *m, struct wev_span old, struct wev_words *w);
bool wev_mutator_spell(struct wev_mutator *m, const struct wev_spot *s, struct wev_words *w);
bool wev_mutator_respell(struct wev_mutator *m, const struct wev_spot *s, struct wev_words *w); // the same to any reader of XML

// ---- mutator_value.c
bool wev_mutator_value(struct wev_mutator *m, struct wev_spot *out); // a value of the input; false: it has none
uint8_t wev_mutator_lex_of(struct wev_mutator *m, const struct wev_spot *s);
struct wev_span wev_mutator_text(const struct wev_mutator *m, const struct wev_spot *s);
bool wev_mutator_set(struct wev_mutator *m, const struct wev_spot *s, struct wev_span text); // copies it
bool wev_mutator_other_value(struct wev_mutator *m, const struct wev_spot *s, struct wev_words *w); // any new value for it
size_t wev_mutator_own_bytes(struct wev_mutator *m, uint8_t *p, size_t n, size_t cap);

// ---- mutator_event.c: other documents
// a fresh event, def NULL: any
const struct wev_source_doc *wev_mutator_donor(struct wev_mutator *m, const struct wev_event_def *def);
const struct wev_source_doc *wev_mutator_other(struct wev_mutator *m); // the second input, else a fresh event; NULL: none

// ---- whole documents: begin, put, take
bool wev_room_begin(struct wev_mutator *m);                  // false: there are edits, and the room may be theirs
void wev_room_put(struct wev_mutator *m, struct wev_span s); // the room then holds them; it overflows to WEV_MUTATOR_ROOM + 1
bool wev_room_take(struct wev_mutator *m);                   // they become the document

#endif
