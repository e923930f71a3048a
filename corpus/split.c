// Cuts a stream of events into documents. Knows tags by their bytes alone, never by parsing.
#include "corpus/split.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SPARE = 1 << 18, TAIL = 64, CLOSE_N = 8 }; // "</Event>"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool wev_split_open(struct wev_split *s, int fd, size_t limit, bool one)
{
    *s = (struct wev_split){.fd = fd, .limit = limit, .one = one, .cap = SPARE};
    s->buf = malloc(s->cap);
    return s->buf != NULL;
}

void wev_split_close(struct wev_split *s)
{
    free(s->buf);
    s->buf = NULL;
}

static void drop(struct wev_split *s, size_t n)
{
    memmove(s->buf, s->buf + n, s->end - n);
    s->base += n;
    s->end -= n;
    s->start = s->start > n ? s->start - n : 0;
    s->line = s->line > n ? s->line - n : 0;
    s->scan = s->scan > n ? s->scan - n : 0;
}

// Room for more bytes; what is larger than the limit is forgotten but for its tail.
static bool make_room(struct wev_split *s)
{
    if (s->start > 0) { drop(s, s->start); }
    if (s->end < s->cap) { return true; }
    if (s->cap < s->limit + SPARE) {
        size_t cap = 2 * s->cap < s->limit + SPARE ? 2 * s->cap : s->limit + SPARE;
        char *buf = realloc(s->buf, cap);
        if (!buf) {
            s->error = ENOMEM;
            return false;
        }
        s->buf = buf;
        s->cap = cap;
        return true;
    }
    s->over = true;
    drop(s, s->end - TAIL);
    return true;
}

// Reads on. False: nothing more came.
static bool fill(struct wev_split *s)
{
    if (s->eof || s->error) { return false; }
    if (s->end == s->cap || s->start > s->cap / 2) {
        if (!make_room(s)) { return false; }
    }
    ssize_t got;
    do {
        got = read(s->fd, s->buf + s->end, s->cap - s->end);
    } while (got < 0 && errno == EINTR);
    if (got < 0) { s->error = errno; }
    s->eof = got <= 0;
    if (got > 0) { s->end += (size_t)got; }
    return got > 0;
}

static bool have(struct wev_split *s, size_t n)
{
    while (s->end - s->start < n && fill(s)) {}
    return s->end - s->start >= n;
}

static bool is_one_of(char c, const char *set) // strchr alone finds NUL in every set
{
    return c != 0 && strchr(set, c);
}

static bool starts(const char *p, size_t n, const char *text)
{
    size_t m = strlen(text);
    return n >= m && memcmp(p, text, m) == 0;
}

// The document from s->from to `end`; the next one starts at `next`.
static bool give(struct wev_split *s, struct wev_slice *out, enum wev_split_kind kind, size_t end, size_t next)
{
    while (end > s->start && !s->one && !s->wide && is_blank(s->buf[end - 1])) { end--; }
    uint64_t n = s->base + end - s->from;
    *out = (struct wev_slice){kind, s->buf + s->start, (size_t)n, s->from, {s->head, s->head_n}};
    if (s->over && n <= s->limit) { out->n = s->limit + 1; }
    s->start = s->line = s->scan = next;
    s->over = s->open = false;
    s->any = true;
    return true;
}

static bool whole(struct wev_split *s, struct wev_slice *out)
{
    while (fill(s)) {}
    return give(s, out, WEV_SPLIT_DOCUMENT, s->end, s->end);
}

// ---- lines

static bool begins(const char *p, size_t n)
{
    if (starts(p, n, "- ")) {
        p += 2;
        n -= 2;
    }
    if (starts(p, n, "<?xml")) { return true; }
    if (n > 1 && p[0] == '<' && p[1] >= '0' && p[1] <= '9') { return true; } // syslog's priority
    return starts(p, n, "<Event") && n > 6 && (is_blank(p[6]) || p[6] == '>');
}

static bool ends(const char *p, size_t n)
{
    while (n > 0 && is_blank(p[n - 1])) { n--; }
    return n >= CLOSE_N && memcmp(p + n - CLOSE_N, "</Event>", CLOSE_N) == 0;
}

// "<Events" after nothing but a prolog: its start tag becomes the head.
static bool take_head(struct wev_split *s, struct wev_slice *out)
{
    const char *tag;
    have(s, sizeof(s->head));
    size_t n = s->end - s->start;
    const char *p = s->buf + s->start;
    bool bom = starts(p, n, "\xef\xbb\xbf");
    size_t k = bom ? 3 : 0;
    if (k + 1 >= n || p[k] != '<' || !is_one_of(p[k + 1], "?!E")) { return false; }
    tag = memmem(p, n < sizeof(s->head) ? n : sizeof(s->head), "<Event", 6);
    if (!tag || (size_t)(tag - p) + 7 >= n || tag[6] != 's' || !(is_blank(tag[7]) || is_one_of(tag[7], ">/"))) { return false; }
    const char *gt = memchr(tag, '>', n - (size_t)(tag - p));
    if (!gt || (size_t)(gt + 1 - p) > sizeof(s->head)) { return false; }
    s->head_n = (size_t)(gt + 1 - p);
    memcpy(s->head, p, s->head_n);
    s->inside = gt[-1] != '/';
    return give(s, out, WEV_SPLIT_WRAPPER, s->start + s->head_n, s->start + s->head_n);
}

static bool next_line(struct wev_split *s, struct wev_slice *out)
{
    for (;;) {
        const char *newline = memchr(s->buf + s->scan, '\n', s->end - s->scan);
        if (!newline) {
            s->scan = s->end;
            if (fill(s)) { continue; }
            if (s->error) { return false; }
        }
        size_t stop = newline ? (size_t)(newline - s->buf) + 1 : s->end;
        const char *line = s->buf + s->line;
        size_t n = stop - s->line;
        bool first = s->base + s->line == s->from;
        if (!first && begins(line, n) && (s->open || starts(line, n, "<?xml"))) {
            return give(s, out, WEV_SPLIT_DOCUMENT, s->line, s->line);
        }
        if (!s->open) { s->open = memmem(line, n, "<Event", 6) != NULL; }
        if (ends(line, n) || !newline) { return give(s, out, WEV_SPLIT_DOCUMENT, stop, stop); }
        s->line = s->scan = stop;
    }
}

// ---- children of <Events>

// Bytes of "</Events>" at p, which may have blanks before its '>'. 0: it is something else.
static size_t wrapper_end(const char *p, size_t n)
{
    size_t k = 8;
    if (!starts(p, n, "</Events")) { return 0; }
    while (k < n && is_blank(p[k])) { k++; }
    return k < n && p[k] == '>' ? k + 1 : 0;
}

// Where the child ends in what is there: after "</Event>", or before what cannot be in it. 0: not yet.
// Never at its own first byte: each child takes at least one.
static size_t child_end(const struct wev_split *s)
{
    size_t from = s->scan > s->start + CLOSE_N ? s->scan - CLOSE_N : s->start + 1;
    const char *p = s->buf + from, *end = s->buf + s->end;
    const char *close = memmem(p, (size_t)(end - p), "</Event", 7);
    while (close && close + 7 < end && close[7] != 's' && close[7] != '>') {
        close = memmem(close + 7, (size_t)(end - close - 7), "</Event", 7); // </EventData>, </EventID>, …
    }
    const char *stop = close ? close : end;
    for (const char *q = p; (q = memmem(q, (size_t)(stop - q), "\n<Event", 7)) != NULL; q++) {
        if (q + 7 < stop && (is_blank(q[7]) || q[7] == '>')) { return (size_t)(q - s->buf); }
    }
    if (!close || close + 7 >= end) { return 0; }
    return (size_t)(close - s->buf) + (close[7] == '>' ? CLOSE_N : 0);
}

static bool next_child(struct wev_split *s, struct wev_slice *out)
{
    if (have(s, 9) && starts(s->buf + s->start, 8, "</Events") && is_blank(s->buf[s->start + 8])) { have(s, TAIL); }
    if (s->end == s->start) {
        s->inside = false;
        return !s->error && give(s, out, WEV_SPLIT_CUT, s->end, s->end);
    }
    size_t wrapper = wrapper_end(s->buf + s->start, s->end - s->start);
    if (wrapper) {
        s->inside = false;
        s->start += wrapper;
        s->line = s->scan = s->start;
        return false;
    }
    for (;;) {
        size_t stop = child_end(s);
        if (stop) { return give(s, out, WEV_SPLIT_CHILD, stop, stop); }
        s->scan = s->end;
        if (!fill(s)) { return !s->error && give(s, out, WEV_SPLIT_CHILD, s->end, s->end); }
    }
}

bool wev_split_next(struct wev_split *s, struct wev_slice *out)
{
    for (;;) {
        s->from = s->base + s->start;
        if (s->one) { return (!s->any || have(s, 1)) && whole(s, out) && !s->error; }
        if (!s->any && have(s, 2)) {
            const char *p = s->buf + s->start;
            s->wide = !memcmp(p, "\xff\xfe", 2) || !memcmp(p, "\xfe\xff", 2) || !memcmp(p, "<\0", 2) || !memcmp(p, "\0<", 2);
            if (s->wide) { return whole(s, out) && !s->error; }
        }
        while (have(s, 1) && is_blank(s->buf[s->start])) { s->start++; }
        s->line = s->scan = s->start;
        s->from = s->base + s->start;
        if (s->error) { return false; }
        if (s->inside) {
            if (next_child(s, out)) { return true; }
            if (s->error) { return false; }
            continue;
        }
        if (s->end == s->start) { return !s->any && give(s, out, WEV_SPLIT_DOCUMENT, s->end, s->end); }
        if (take_head(s, out)) { return true; }
        return next_line(s, out) && !s->error;
    }
}
