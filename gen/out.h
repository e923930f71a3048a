// Printing an event: pieces and values to bytes in the caller's buffer.
#ifndef WEV_OUT_H
#define WEV_OUT_H

#include "gen/plan.h"

// Prints into buf[0..cap) and returns the full size; more than cap: what is in buf is of no use. date may be NULL.
size_t wev_out_event(const struct wev_plan_event *e, const struct wev_event *event, struct wev_date *date, char *buf,
                     size_t cap);

#endif
