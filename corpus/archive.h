// ZIP and tar, written so that the same files in the same order give the same bytes: no times, owners or modes of the machine.
#ifndef WEV_ARCHIVE_H
#define WEV_ARCHIVE_H

#include "corpus/line.h"
#include "gen/sink.h"

#include <zlib.h>

struct wev_archive {
    struct wev_sink *sink;
    bool zip;             // else tar
    uint64_t count;
    struct wev_line directory; // of a ZIP
    struct wev_line packed;
    z_stream deflate;
    bool deflating;
};

// Names are ASCII of at most 100 bytes (tar's limit) with '/' between folders. False: error.
bool wev_archive_open(struct wev_archive *a, struct wev_sink *sink, bool zip, struct wev_error *error);
bool wev_archive_add(struct wev_archive *a, const char *name, struct wev_span bytes, struct wev_error *error);
bool wev_archive_close(struct wev_archive *a, struct wev_error *error); // writes the end; the sink stays open
void wev_archive_drop(struct wev_archive *a); // after an error; after a close it does nothing

#endif
