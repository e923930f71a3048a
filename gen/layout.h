// Which step of which story unit i is, and when: a pure function of (world, i). The block in work is remembered, no more.
#ifndef WEV_LAYOUT_H
#define WEV_LAYOUT_H

#include "gen/world.h"

struct wev_layout; // one per thread

struct wev_frame {
    const struct wev_world_story *story;
    const struct wev_world_act *act;
    uint32_t at;            // which of the act's steps
    uint64_t episode, run;  // addresses of draws
    uint64_t run_number;    // of the scenario
    uint64_t moment, time;  // of the episode's begin, of this unit
    uint64_t record;        // what the record id has grown by since the window's start
    uint32_t step;          // of the run
    bool person;
};

struct wev_layout *wev_layout_new(void); // NULL: out of memory
void wev_layout_free(struct wev_layout *layout); // NULL is fine
// unit < world->total.
void wev_layout_find(struct wev_layout *layout, const struct wev_world *world, uint64_t unit, struct wev_frame *frame);

#endif
