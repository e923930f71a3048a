// wevgen dataset: its options, and what its card says of the command. Prints nothing.
#ifndef WEV_DATASET_COMMAND_H
#define WEV_DATASET_COMMAND_H

#include "gen/dataset/dataset.h"

enum { WEV_OPT_SPLITS = 1024, WEV_OPT_BALANCE, WEV_OPT_FORMATS, WEV_OPT_PYTHON };
#define WEV_DATASET_OPTIONS                                                                                            \
    {"splits", required_argument, NULL, WEV_OPT_SPLITS}, {"balance", required_argument, NULL, WEV_OPT_BALANCE},        \
    {"formats", required_argument, NULL, WEV_OPT_FORMATS}, {"python", required_argument, NULL, WEV_OPT_PYTHON}

enum { WEV_DATASET_COUNT = 100000 }; // events, when --count is not given

void wev_dataset_defaults(struct wev_dataset *d);
// Takes one option of ours. 1: done, 0: wrong, error is filled, -1: not one of ours.
int wev_dataset_option(struct wev_dataset *d, int option, const char *value, struct wev_error *error);

// Whether it can begin. other: an option that a dataset does not take, NULL: none was given. dirs: what stands behind the options.
bool wev_dataset_ready(const struct wev_dataset *d, const struct wev_config *config, const char *other, char *const *dirs, int count,
                       struct wev_error *error);
// What came out, in a line without its end; returns text.
const char *wev_dataset_said(const struct wev_dataset *d, char *text, size_t cap);

// The command that makes the dataset again, for a shell: DIR stands for the folder, and what does not change a byte (-q, -j,
// --python) is not in it. arguments: the options as given. NULL: out of memory; else the caller frees it.
char *wev_dataset_again(char *const *arguments, int count);

#endif
