// The index of a store: one JSON object a line, each with a check over its own bytes. Appended to, never changed in place.
#ifndef WEV_INDEX_H
#define WEV_INDEX_H

#include "corpus/line.h"
#include "corpus/names.h"

#include <jansson.h>

enum { WEV_INDEX_LINE_MAX = 64 << 10, WEV_INDEX_FILE_MAX = 64 };

// What a line says. Spans that are absent are not written; so is a number whose flag is not set.
struct wev_row {
    struct wev_span file;     // "objects/9f/9f…": of the store; the name is the XXH3-128 of the bytes
    uint64_t size;
    char verdict;             // 'y', 'n', 'i': the decoder's
    struct wev_span layer, reason;
    uint64_t offset;          // where a strict reader stops
    bool has_event;
    uint64_t event, version;
    struct wev_span source;   // "wevgen", or the path that it was added from
    bool made;                // seed, unit, twin and options say how to make it again
    uint64_t seed, unit;
    bool twin;
    struct wev_span options;
    struct wev_span class;    // of the break, absent: none
    uint64_t at, at_length;   // of the break
    char labelled;            // a label's verdict where it is another, else 0
    struct wev_span schema;   // hash of what was loaded, 32 digits
    struct wev_span generator; // version
};

// Appends the line of row, with its check and a line end.
void wev_index_write(struct wev_line *l, const struct wev_row *row);

// A line without its end: nothing of it was changed since it was written. No JSON is read. file is its first member.
bool wev_index_check(struct wev_span line, struct wev_span *file);
// Reads a line, checked or not. NULL: why says what is wrong. The row borrows from what is returned; json_decref that.
json_t *wev_index_parse(struct wev_span line, struct wev_row *row, char why[200]);
// Why wev_index_check refused.
void wev_index_why(struct wev_span line, char why[200]);

// "objects/9f/9f…" or "objects/9f/9f…-1", the second document with that hash. False: neither.
bool wev_index_name(struct wev_span file, struct wev_name *name, unsigned *turn);
void wev_index_file(struct wev_name name, unsigned turn, char out[WEV_INDEX_FILE_MAX]);
// The name under which the turn-th document with a hash stands in a set.
struct wev_name wev_index_key(struct wev_name name, unsigned turn);

// A path below a folder: not absolute, and no component is "..".
bool wev_index_inside(const char *file);

// Reads an index that others may append to: what was there at the opening, whole lines only.
struct wev_index {
    int fd;
    char *buf;
    size_t start, end;
    uint64_t read, left; // bytes so far, and to come
    uint64_t offset; // of the line last given
    uint64_t lines;  // given
    uint64_t torn;   // bytes behind the last line end, known at the end
};
bool wev_index_open(struct wev_index *x, int fd); // the descriptor stays the caller's; false: errno
// 1: a line, without its end, till the next call; 0: the end; -1: errno; EMSGSIZE: a line longer than WEV_INDEX_LINE_MAX.
int wev_index_next(struct wev_index *x, struct wev_span *line);
void wev_index_close(struct wev_index *x);

// For fuzz harnesses and others with an index in memory: every whole line is checked and read. `each` returns false to
// stop. Returns the number of lines that were right; wrong ones are counted in *wrong.
size_t wev_index_load(struct wev_span bytes, bool (*each)(void *context, const struct wev_row *row), void *context, size_t *wrong);

#endif
