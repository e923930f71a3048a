// What died, from what it printed: the kind of the bug and the first function of the project on its stack.
//
// Knows the reports of ASan, UBSan, LSan, MSan, TSan and libFuzzer, failed assertions, panics of Rust and Go, uncaught
// exceptions of Java and Python, and gdb's backtrace. The text is a stranger's: any bytes, any size, no NUL needed.
#ifndef WEV_CRASH_H
#define WEV_CRASH_H

#include "corpus/child.h"

enum { WEV_CRASH_WORD = 96, WEV_CRASH_FILE = 256, WEV_CRASH_FRAMES = 256 };

struct wev_crash {
    // Printable ASCII without blanks, never empty when there is a crash: "heap-buffer-overflow", "signal-11", "timeout".
    char kind[WEV_CRASH_WORD];
    char function[WEV_CRASH_WORD]; // "-": no frame was found
    char file[WEV_CRASH_FILE];     // of that frame, as printed; "": not known
    unsigned line;                 // 0: not known
    struct wev_span report;        // the part of the text that is the report; absent: there is none
};

// Reads a report. `project`: comma-separated prefixes of functions or parts of file names that count as the project's;
// NULL: all but the C library, sanitizers, engines and language runtimes. False: the text reports nothing.
bool wev_crash_read(struct wev_crash *out, struct wev_span text, const char *project);

// One run of a process as a crash: its report if it printed one, else how it ended. False: it did not crash; an exit
// status alone is none.
bool wev_crash_of(struct wev_crash *out, const struct wev_child *child, const char *project);

// kind and function as a file name: [A-Za-z0-9._-], at most 120 bytes with the NUL, one for each pair of both.
enum { WEV_CRASH_NAME = 120 };
void wev_crash_name(const struct wev_crash *c, char name[WEV_CRASH_NAME]);

#endif
