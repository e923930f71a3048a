// Text in the making, on one line and clean whatever comes in. Knows no document.
#include "corpus/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 1024 };

bool wev_line_room(struct wev_line *l, size_t n)
{
    if (n <= l->cap) { return true; }
    size_t cap = l->cap ? l->cap : FIRST;
    while (cap < n) {
        if (cap > SIZE_MAX / 2) { return false; }
        cap *= 2;
    }
    char *p = realloc(l->p, cap);
    if (!p) { return false; }
    l->p = p;
    l->cap = cap;
    return true;
}

void wev_line_put(struct wev_line *l, const char *p, size_t n)
{
    if (n > SIZE_MAX - l->n || !wev_line_room(l, l->n + n)) {
        l->failed = true;
        return;
    }
    if (n) { memcpy(l->p + l->n, p, n); }
    l->n += n;
}

void wev_line_text(struct wev_line *l, const char *s)
{
    wev_line_put(l, s, strlen(s));
}

void wev_line_number(struct wev_line *l, uint64_t n)
{
    char s[24];
    wev_line_put(l, s, (size_t)snprintf(s, sizeof(s), "%" PRIu64, n));
}

void wev_line_hex(struct wev_line *l, uint64_t n)
{
    char s[24];
    wev_line_put(l, s, (size_t)snprintf(s, sizeof(s), "%016" PRIx64, n));
}

// Bytes of the UTF-8 character at p, 0 when it is none.
static size_t utf8(const unsigned char *p, size_t n)
{
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (size > n) { return 0; }
    for (size_t k = 1; k < size; k++) {
        if ((p[k] & 0xc0) != 0x80) { return 0; }
    }
    if (size == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f))) { return 0; }
    if (size == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))) { return 0; }
    return size;
}

void wev_line_clean(struct wev_line *l, struct wev_span s, bool json)
{
    char escape[8];
    for (size_t k = 0; k < s.n;) {
        const unsigned char *p = (const unsigned char *)s.p + k;
        size_t size = utf8(p, s.n - k);
        if (size == 0) {
            wev_line_text(l, json ? "\\ufffd" : "?");
            size = 1;
        } else if (*p < 0x20 || *p == 0x7f) {
            wev_line_put(l, escape, json ? (size_t)snprintf(escape, sizeof(escape), "\\u%04x", *p) : (escape[0] = '?', 1u));
        } else {
            if (json && (*p == '"' || *p == '\\')) { wev_line_text(l, "\\"); }
            wev_line_put(l, s.p + k, size);
        }
        k += size;
    }
}

void wev_line_json_text(struct wev_line *l, const char *key, struct wev_span s)
{
    wev_line_text(l, ",\"");
    wev_line_text(l, key);
    wev_line_text(l, "\":\"");
    wev_line_clean(l, s, true);
    wev_line_text(l, "\"");
}

void wev_line_json_number(struct wev_line *l, const char *key, uint64_t n)
{
    wev_line_text(l, ",\"");
    wev_line_text(l, key);
    wev_line_text(l, "\":");
    wev_line_number(l, n);
}

void wev_line_free(struct wev_line *l)
{
    free(l->p);
    *l = (struct wev_line){NULL, 0, 0, false};
}
