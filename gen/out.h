// Printing an event: pieces and values to bytes in the caller's buffer.
#ifndef WEV_OUT_H
#define WEV_OUT_H

#include "gen/plan.h"
#include "gen/text.h"

// Print into buf[0..cap) and return the full size; more than cap: what is in buf is of no use.
// The event that st has just evaluated:
size_t wev_out_made(struct wev_state *st, char *buf, size_t cap);
// The same, and marks[k + 1] is the size behind piece k of the event's own pieces, marks[0] is 0; of no use when the size
// is more than cap.
size_t wev_out_marked(struct wev_state *st, char *buf, size_t cap, uint32_t *marks);
// A value of a lex whose text is short (not text, float or binary) as XML forms write it: at most WEV_TEXT_VALUE_MAX bytes.
char *wev_out_spell(char *p, const struct wev_value *v, uint8_t lex);
// What stands for byte c in XML, NULL: itself. escape: enum wev_escape, not NONE.
const char *wev_out_escape(unsigned char c, uint8_t escape);
// Any event, by the form that e was compiled for:
size_t wev_out_event(const struct wev_plan_event *e, const struct wev_event *event, char *buf, size_t cap);
// One value, as an element's text has it; lex: enum wev_lex.
size_t wev_out_value(const struct wev_value *v, uint8_t lex, char *buf, size_t cap);

#endif
