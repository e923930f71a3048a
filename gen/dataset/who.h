// The first pass over the events of a dataset: who there is.
#ifndef WEV_DATASET_WHO_H
#define WEV_DATASET_WHO_H

#include "gen/dataset/work.h"

void wev_who_name(struct wev_who *who, const struct wev_note *note, const struct wev_event *event); // whom it names

// Shows each event to w->split, in order, made by as many threads as are asked for. Stopped: false, e->code WEV_OK.
bool wev_who_see_all(struct wev_dataset_work *w, struct wev_error *e);

#endif
