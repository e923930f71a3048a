// The passes over the events of a dataset: who there is, how many of each there are, and the rows.
#ifndef WEV_DATASET_PASS_H
#define WEV_DATASET_PASS_H

#include "gen/dataset/work.h"

bool wev_dataset_passes(struct wev_dataset_work *w, struct wev_error *e); // stopped: false, e->code WEV_OK

#endif
