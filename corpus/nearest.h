// What a profile makes that is nearest to a value which it cannot make.
#ifndef WEV_NEAREST_H
#define WEV_NEAREST_H

#include "schema/profile.h"

// "TB_<0 to 3>_<one of 25>": a value, or a pattern with what is drawn in angle brackets. "" when node is NULL or has none.
const char *wev_nearest_pattern(const struct wev_event_profile *profile, const struct wev_node *node, struct wev_span value,
                                char *out, size_t cap);

#endif
