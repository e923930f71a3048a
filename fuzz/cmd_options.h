// What a command line asks for, of run and of triage.
#ifndef WEV_CMD_OPTIONS_H
#define WEV_CMD_OPTIONS_H

#include "fuzz/campaign.h"

struct wev_asked {
    struct wev_campaign *c;
    const char *command; // "run", "triage"
    const char *target, *out;
    bool any_engine;
};

// A campaign with its defaults. NULL: out of memory. The caller frees it.
struct wev_campaign *wev_asked_new(void);
void wev_asked_free(struct wev_campaign *c);
// Prints the message, with the value in quotes if it is not NULL, and gives 2.
int wev_asked_complain(const struct wev_asked *a, const char *what, const char *value);
// Takes argv's options up to the first other word. -1: go on; else the exit status.
int wev_asked_parse(struct wev_asked *a, int argc, char **argv, const char *first_usage);
// Makes the folder that was asked for, or fallback, and sets it. False: error.
bool wev_asked_out(struct wev_asked *a, const char *fallback, struct wev_error *error);
// Finds what the engine needs beside the target. False: error.
bool wev_asked_parts(struct wev_asked *a, struct wev_error *error);
// Runs it, ended by signals, too. The exit status.
int wev_asked_run(struct wev_campaign *c);

#endif
