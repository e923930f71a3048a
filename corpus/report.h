// Verdicts as lines of text or JSON, and their counts.
#ifndef WEV_REPORT_H
#define WEV_REPORT_H

#include "corpus/line.h"
#include "schema/decode.h"

#include <stdio.h>

struct wev_finding {
    const char *name;  // of the input
    uint64_t offset, length;
    const struct wev_decoded *decoded; // `at` counts from offset
    char expected;     // what a label says; 0: none
    bool wrapper;      // the tag around documents, itself not counted
};

enum { WEV_REPORT_HELD = 1 << 16 };

struct wev_report {
    FILE *out;
    bool json, quiet, labels;
    bool values; // with json: what was read, too
    uint64_t count, y, n, i;
    uint64_t bad; // rejected, or with labels: not as labelled
    char held[WEV_REPORT_HELD]; // lines of the first accepted documents, until it is known how many there are
    size_t held_n;
    bool many;
    struct wev_line line; // in work
};

void wev_report_open(struct wev_report *r, FILE *out, bool json, bool quiet, bool labels);
void wev_report_add(struct wev_report *r, const struct wev_finding *f);
bool wev_report_close(struct wev_report *r); // writes what is left and the last line; false: errno

#endif
