// Event i as bytes and note: what wev_make does, for callers that bring their own state.
#ifndef WEV_MAKE_H
#define WEV_MAKE_H

#include "gen/break.h"
#include "gen/form.h"
#include "schema/wev.h"

struct wev_options {
    struct wev_arena arena;
    const struct wev_plan *plan;
    const struct wev_form *form;
    const struct wev_breaks *breaks; // NULL: every unit stays valid
    uint64_t seed;
    uint64_t total;
};

// As wev_make. st is set up by wev_values_init(st, o->plan, o->seed) and serves any number of calls; its `broken`, from
// wev_break_new, is needed when o->breaks is there. SIZE_MAX: out of memory; 0: left out of its stream. event, when not NULL,
// gets the values that the bytes were made from; they live until st's next use. A tape in st->choice.tape, set after
// wev_values_init, answers every draw, those of breaks too; it is used up, so that making the unit again needs it rewound.
size_t wev_make_event(const struct wev_options *o, struct wev_state *st, uint64_t i, char *buf, size_t cap,
                      struct wev_note *note, struct wev_event *event);

// The same without the bytes: whether and how they are broken is not in the note.
void wev_make_values(const struct wev_options *o, struct wev_state *st, uint64_t i, struct wev_note *note, struct wev_event *event);

enum { WEV_BLOCK = 64 };
struct wev_block {
    unsigned count;             // events
    unsigned broken;            // of them
    unsigned left_out;          // of them: of no bytes
    uint32_t length[WEV_BLOCK]; // of each
    size_t n;                   // bytes of all
    size_t next;                // bytes that the one needs which did not fit; SIZE_MAX: out of memory
};

// Adds events first, first + 1, ... to the block, whose n bytes buf holds; notes, when not NULL, gets what wev_make says of each.
// Ends early at one that does not fit. Returns how many were added.
unsigned wev_make_block(const struct wev_options *o, struct wev_state *st, uint64_t first, unsigned count, char *buf, size_t cap,
                        struct wev_note *notes, struct wev_block *block);

// "2024-03-04T08:00:00Z" (seconds may have a fraction, Z is needed) to 100 ns since 1601; false: not a time.
bool wev_make_time(struct wev_span text, uint64_t *out_100ns);

#endif
