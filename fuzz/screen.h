// What a person sees of a campaign while it runs, on standard error.
#ifndef WEV_SCREEN_H
#define WEV_SCREEN_H

#include "fuzz/campaign.h"

struct wev_screen {
    bool live; // a terminal
    double from, last_new, next, last_time;
    uint64_t last_execs;
    double rate;
    uint64_t coverage;
    size_t buckets;
};

double wev_screen_now(void); // seconds, of a clock that does not go back
void wev_screen_show(struct wev_campaign *c, struct wev_screen *s);
void wev_screen_wipe(void);

#endif
