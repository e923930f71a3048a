// Makes an input smaller while it does the same: whole elements first, then attributes, then blocks of bytes.
// Knows nothing of processes or buckets.
#include "fuzz/bucket.h"

#include <stdlib.h>
#include <string.h>

enum { SPANS_MAX = 4096, DEPTH_MAX = 256, COARSE = 16 };

struct piece {
    size_t at, n;
};

struct pieces {
    struct piece list[SPANS_MAX];
    size_t count;
};

static void put(struct pieces *s, size_t at, size_t n)
{
    if (n && s->count < SPANS_MAX) { s->list[s->count++] = (struct piece){at, n}; }
}

// The end of the markup that begins at p[at] == '<'; n when it has none.
static size_t markup_end(const char *p, size_t at, size_t n)
{
    char quote = 0;
    for (size_t k = at + 1; k < n; k++) {
        if (quote) {
            if (p[k] == quote) { quote = 0; }
        } else if (p[k] == '"' || p[k] == '\'') {
            quote = p[k];
        } else if (p[k] == '>') {
            return k + 1;
        }
    }
    return n;
}

// Elements with their content, text between markup, and the markup itself; of broken documents as much as can be seen.
static void find_elements(struct pieces *s, const char *p, size_t n)
{
    size_t open[DEPTH_MAX], depth = 0;
    for (size_t k = 0; k < n;) {
        if (p[k] != '<') {
            const char *next = memchr(p + k, '<', n - k);
            size_t end = next ? (size_t)(next - p) : n;
            put(s, k, end - k);
            k = end;
            continue;
        }
        size_t end = markup_end(p, k, n);
        bool closes = k + 1 < n && p[k + 1] == '/', alone = end - k >= 2 && (p[end - 2] == '/' || p[k + 1] == '!' || p[k + 1] == '?');
        if (closes && depth) {
            depth--;
            put(s, open[depth], end - open[depth]);
        } else if (!closes && !alone && depth < DEPTH_MAX) {
            open[depth++] = k;
        }
        put(s, k, end - k);
        k = end;
    }
}

// " Name='value'"
static void find_attributes(struct pieces *s, const char *p, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (p[k] != '\'' && p[k] != '"') { continue; }
        const char *end = k + 1 < n ? memchr(p + k + 1, p[k], n - k - 1) : NULL;
        size_t from = k;
        while (from && p[from - 1] != ' ' && p[from - 1] != '<' && p[from - 1] != '>' && k - from < 200) { from--; }
        if (!end) { return; }
        if (from && p[from - 1] == ' ' && from < k) { put(s, from - 1, (size_t)(end + 2 - p) - from); }
        put(s, k + 1, (size_t)(end - p) - k - 1);
        k = (size_t)(end - p);
    }
}

static int larger(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    if (x->n != y->n) { return x->n < y->n ? 1 : -1; }
    return x->at < y->at ? 1 : x->at > y->at ? -1 : 0;
}

static bool without(const struct wev_trim *t, char *p, size_t *n, struct piece cut, char *room)
{
    memcpy(room, p, cut.at);
    memcpy(room + cut.at, p + cut.at + cut.n, *n - cut.at - cut.n);
    if (!t->same(t->context, (struct wev_span){room, *n - cut.n})) { return false; }
    *n -= cut.n;
    memcpy(p, room, *n);
    return true;
}

static bool pass(const struct wev_trim *t, char *p, size_t *n, char *room, struct pieces *s,
                 void (*find)(struct pieces *, const char *, size_t))
{
    bool any = false, again = true;
    while (again) {
        again = false;
        s->count = 0;
        find(s, p, *n);
        qsort(s->list, s->count, sizeof(s->list[0]), larger);
        for (size_t k = 0; k < s->count && !t->enough(t->context); k++) {
            struct piece cut = s->list[k];
            if (cut.n >= *n || !without(t, p, n, cut, room)) { continue; }
            any = true;
            // what lay inside is gone, what lay around is shorter, what lay behind has moved
            size_t kept = k + 1;
            for (size_t m = k + 1; m < s->count; m++) {
                struct piece q = s->list[m];
                bool inside = q.at >= cut.at && q.at + q.n <= cut.at + cut.n, crosses = q.at < cut.at + cut.n && q.at + q.n > cut.at;
                if (inside || crosses) { again |= !inside; continue; }
                if (q.at >= cut.at + cut.n) { q.at -= cut.n; }
                s->list[kept++] = q;
            }
            s->count = kept;
        }
        again = again && !t->enough(t->context);
    }
    return any;
}

static bool blocks(const struct wev_trim *t, char *p, size_t *n, char *room, size_t least)
{
    bool any = false;
    for (size_t size = *n / 2; size >= least; size /= 2) {
        for (size_t at = *n; at > 0 && !t->enough(t->context);) { // from the end: what a parser met first stays
            size_t from = at > size ? at - size : 0;
            if (at - from < *n && without(t, p, n, (struct piece){from, at - from}, room)) { any = true; }
            at = from;
        }
    }
    return any;
}

size_t wev_trim(const struct wev_trim *t, char *p, size_t n)
{
    char *room = malloc(n ? n : 1);
    struct pieces *s = malloc(sizeof(*s));
    bool more = room && s;
    while (more && !t->enough(t->context)) {
        more = n >= COARSE && blocks(t, p, &n, room, n / COARSE); // few tries, whatever the format is
        more |= pass(t, p, &n, room, s, find_elements);
        more |= pass(t, p, &n, room, s, find_attributes);
        more |= blocks(t, p, &n, room, 1);
    }
    free(room);
    free(s);
    return n;
}
