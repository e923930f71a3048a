// The event that was made against the event that was read: what a round trip means.
#ifndef WEV_SAME_H
#define WEV_SAME_H

#include "schema/event.h"

// False: `what` says where they differ first.
bool wev_same_event(const struct wev_event *made, const struct wev_event *read, char *what, size_t cap);

#endif
