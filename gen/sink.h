// Where bytes go: standard output, a file (written aside, renamed when whole), or a folder of files.
#ifndef WEV_SINK_H
#define WEV_SINK_H

#include "schema/base.h"

#include <limits.h>

struct wev_sink {
    int fd;                   // -1: a folder
    int dir;                  // of the folder, else -1
    char path[PATH_MAX];      // as given
    char aside[PATH_MAX];     // the file being written; "" for standard output
    bool closed_pipe;         // the reader went away: nothing more is written, and that is no error
    uint64_t bytes;
};

// path "-": standard output; ending in '/': a folder, made when missing. False: error is filled.
bool wev_sink_open(struct wev_sink *s, const char *path, struct wev_error *error);
bool wev_sink_write(struct wev_sink *s, struct wev_span bytes, struct wev_error *error);
// One file of a folder: written aside and renamed; what fails is removed.
bool wev_sink_file(struct wev_sink *s, const char *name, struct wev_span bytes, struct wev_error *error);
bool wev_sink_close(struct wev_sink *s, struct wev_error *error); // the file gets its name here
// A file of these bytes, or none.
bool wev_sink_whole(const char *path, struct wev_span bytes, struct wev_error *error);
void wev_sink_drop(struct wev_sink *s);                           // removes what is not whole

#endif
