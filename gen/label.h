// Ground truth as JSON Lines: one object an event, from the same note that made it.
#ifndef WEV_LABEL_H
#define WEV_LABEL_H

#include "schema/base.h"
#include "schema/wev.h"

enum { WEV_LABEL_MAX = 2048 }; // bytes of one line

// Writes one line at p (room for WEV_LABEL_MAX) and returns its end. bytes are the event's, at `offset` of
// the run's output. A broken unit's line says by what; note->twin_at is not looked at.
char *wev_label_line(char *p, const struct wev_note *note, struct wev_span bytes, uint64_t offset);
// The same for the unbroken twin of note's unit.
char *wev_label_twin(char *p, const struct wev_note *note, struct wev_span bytes, uint64_t offset);

#endif
