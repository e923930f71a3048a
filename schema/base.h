// Spans, the arena, load errors and bounded file reading: what every other file stands on.
#ifndef WEV_BASE_H
#define WEV_BASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Text or bytes that somebody else owns; not NUL-terminated. {NULL, 0} is "absent", {p, 0} is "empty".
struct wev_span {
    const char *p;
    size_t n;
};

#define WEV_SPAN(lit) ((struct wev_span){(lit), sizeof(lit) - 1})
#define WEV_COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct wev_span wev_span_of(const char *text);                        // NULL gives {NULL, 0}
bool wev_span_eq(struct wev_span a, struct wev_span b);               // bytes equal; absent equals empty
// The first byte decides most calls, without a look at the rest.
static inline bool wev_span_is(struct wev_span a, const char *text)
{
    return a.n > 0 && a.p[0] == text[0] ? wev_span_eq(a, wev_span_of(text)) : a.n == 0 && text[0] == 0;
}
bool wev_span_eq_nocase(struct wev_span a, struct wev_span b);        // ASCII case folded
bool wev_span_u64(struct wev_span s, uint64_t *out);                  // decimal or 0x hex, whole span, no sign, no blanks
struct wev_span wev_span_trim(struct wev_span s);                     // XML blanks off both ends
struct wev_span wev_span_cut(struct wev_span *rest, char c);          // up to c; *rest is then what follows c, or empty

// "We failed", never mixed with a verdict on bytes.
enum wev_err {
    WEV_OK = 0,
    WEV_E_MEMORY,   // out of memory
    WEV_E_FILE,     // open, read, write, close: see errno's text in the message
    WEV_E_SYNTAX,   // a manifest, profile or pool that is wrong
    WEV_E_LIMIT,    // larger, deeper or more than we take
    WEV_E_ARGUMENT, // an option's value
};

struct wev_error {
    enum wev_err code;
    char text[480]; // "file:line: what, the value, the nearest valid name"; NUL-terminated
};

// Memory for what lives as long as the schema: one address range, committed as it is touched.
// A copy of the struct is scratch: what it takes is gone when the copy is.
// Every take is zeroed. When it is full, `full` is jumped to (never NULL while taking).
struct wev_arena {
    char *at;
    char *end;
    char *base;
    jmp_buf *full;
};

bool wev_arena_new(struct wev_arena *a, size_t reserve); // false: no address space; wev_arena_free releases
void wev_arena_free(struct wev_arena *a);
void *wev_arena_take(struct wev_arena *a, size_t count, size_t size, size_t align);
struct wev_span wev_arena_text(struct wev_arena *a, struct wev_span s); // a copy, NUL after it
#define WEV_NEW(a, type) ((type *)wev_arena_take((a), 1, sizeof(type), _Alignof(type)))
#define WEV_NEW_N(a, n, type) ((type *)wev_arena_take((a), (n), sizeof(type), _Alignof(type)))

// One load in progress. Loaders fail by wev_fail, which writes the message and jumps to `out`.
struct wev_load {
    struct wev_arena *arena;
    struct wev_error *error;
    const char *file; // the name for messages
    jmp_buf out;
};

// Control bytes and bad UTF-8 in the text become '?', so that a message is always one clean line.
void wev_error_clean(struct wev_error *e);

// Writes "file:line: message" (line 0: "file: message") and jumps to load->out. The
// text is clean.
_Noreturn void wev_fail(struct wev_load *load, enum wev_err code, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// The candidate nearest to `word` by edit distance, or {NULL, 0} when none is near enough to suggest
// (distance at most a third of the word's length; at least 1, at least 2 from four letters on). Ties: the first.
struct wev_span wev_nearest(struct wev_span word, const struct wev_span *candidates, size_t count);

// A whole file, at most `limit` bytes, into memory from malloc (caller frees out->p). Follows no
// device: not a regular file (or pipe) is an error. error->text names file, reason and size.
bool wev_file_read(const char *path, size_t limit, struct wev_span *out, struct wev_error *error);

#endif
