// Frames of printed stacks, and the span calls that reading them takes. For crash.c.
#ifndef WEV_CRASH_FRAME_H
#define WEV_CRASH_FRAME_H

#include "fuzz/crash.h"

#include <string.h>

enum { WEV_CRASH_LINE = 4096 };

struct wev_frame {
    struct wev_span function, file; // file: path, or module+offset
    unsigned line;
};

struct wev_stack {
    struct wev_frame frames[WEV_CRASH_FRAMES];
    size_t count;
};

// Printable ASCII without blanks, NUL-terminated, never empty; what else there is becomes one '-'.
void wev_crash_word(char *out, size_t cap, struct wev_span s);
unsigned wev_crash_number(struct wev_span s);                      // the digits at its head
void wev_crash_place(struct wev_span s, struct wev_frame *f);      // "path:12:3" or "path:12"
struct wev_span wev_crash_bare(struct wev_span name);              // without its arguments: f(int) and f(long) are one place
void wev_crash_stack(struct wev_stack *s, struct wev_span text);   // the frames of the first stack in the text
bool wev_crash_entry(const struct wev_frame *f);                   // main, LLVMFuzzerTestOneInput
// project: see wev_crash_read. NULL: no frame will do. The innermost; the outermost; of functions that call each other the first by name.
const struct wev_frame *wev_crash_first(const struct wev_stack *s, const char *project);
const struct wev_frame *wev_crash_last(const struct wev_stack *s, const char *project);
const struct wev_frame *wev_crash_recursion(const struct wev_stack *s, const char *project);

// ---- spans

static inline bool starts(struct wev_span s, const char *with)
{
    size_t n = strlen(with);
    return s.n >= n && memcmp(s.p, with, n) == 0;
}

static inline struct wev_span skip(struct wev_span s, size_t n)
{
    return (struct wev_span){s.p + n, s.n - n};
}

// What follows `what`, absent when it is not there.
static inline struct wev_span after(struct wev_span s, const char *what)
{
    size_t n = strlen(what);
    const char *p = s.n ? memmem(s.p, s.n, what, n) : NULL;
    return p ? (struct wev_span){p + n, s.n - (size_t)(p - s.p) - n} : (struct wev_span){NULL, 0};
}

static inline struct wev_span before(struct wev_span s, const char *what)
{
    const char *p = s.n ? memmem(s.p, s.n, what, strlen(what)) : NULL;
    return p ? (struct wev_span){s.p, (size_t)(p - s.p)} : s;
}

static inline bool has(struct wev_span s, const char *what)
{
    return after(s, what).p != NULL;
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline struct wev_span cut_line(struct wev_span *text)
{
    const char *end = memchr(text->p, '\n', text->n);
    struct wev_span line = {text->p, end ? (size_t)(end - text->p) : text->n};
    *text = skip(*text, line.n + (end != NULL));
    if (line.n > WEV_CRASH_LINE) { line.n = WEV_CRASH_LINE; }
    while (line.n && line.p[line.n - 1] == '\r') { line.n--; }
    return line;
}

#endif
