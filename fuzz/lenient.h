// What each target is known to do differently from the reference decoder. A difference that no row names is a finding.
#ifndef WEV_LENIENT_H
#define WEV_LENIENT_H

#include "fuzz/target.h"
#include "schema/decode.h"

// The row that lets the target differ on this document; SIZE_MAX: none does. read is the reference decoder's. Call it only
// when they differ as wev_lenient_differ says.
size_t wev_lenient_find(const struct wev_target *target, const struct wev_decoded *read, struct wev_span document);
size_t wev_lenient_count(void);
const char *wev_lenient_text(size_t row); // why, static

// How the target's result differs: it accepts what must be rejected, refuses what must be accepted, or reads another value
// of what must be accepted. NULL: it does not. An `i` differs from nothing.
const char *wev_lenient_differ(const struct wev_decoded *read, const struct wev_target_result *got, char *where, size_t cap);

#endif
