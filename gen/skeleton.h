// The parts of an event that its form fixes: where they stand follows from the lengths of the values between the literals,
// so that a class need not scan what was just printed.
#ifndef WEV_SKELETON_H
#define WEV_SKELETON_H

#include "gen/doc.h"
#include "gen/plan.h"

enum { WEV_SKELETON_PIECES = 1024 };

// An offset: mark[c] + y, where mark[c] is the output's size behind piece c - 1.
struct wev_offset {
    int32_t y;
    uint32_t c;
};

struct wev_skeleton {
    struct wev_doc doc; // of the literals alone; its elements and spots are copied, then their offsets set
    const struct wev_offset (*element)[4]; // at, head_end, tail, end
    const struct wev_spot *spots;
    const struct wev_offset (*spot)[2];    // from, to
    uint32_t spot_count;
};

// NULL: the form prints parts that vary, or more than can be noted; scan then. Lives in `arena`.
const struct wev_skeleton *wev_skeleton_make(struct wev_arena *arena, const struct wev_plan_event *event);

// The parts of the document p[0..n) that was printed with these marks. d->elements has room for s->doc.count.
void wev_skeleton_doc(const struct wev_skeleton *s, const uint32_t *marks, const char *p, size_t n, struct wev_doc *d);
// Their count; out has room for s->spot_count.
uint32_t wev_skeleton_spots(const struct wev_skeleton *s, const uint32_t *marks, struct wev_spot *out);

#endif
