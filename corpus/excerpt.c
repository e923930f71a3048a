// Cuts a document around its break. What is not ASCII is named, so that any bytes are text.
#include "corpus/excerpt.h"

#include <stdio.h>
#include <stdlib.h>

enum { BEFORE = 2000, MARK = 300, AFTER = 2000 };

static json_t *shown(struct wev_span s)
{
    char *text = malloc(4 * s.n + 1), *p = text;
    if (!text) { return NULL; }
    for (size_t k = 0; k < s.n; k++) {
        unsigned char c = (unsigned char)s.p[k];
        if ((c >= 0x20 && c < 0x7f) || c == '\n') { *p++ = (char)c; } else { p += snprintf(p, 5, "\\x%02x", c); }
    }
    json_t *out = json_stringn(text, (size_t)(p - text));
    free(text);
    return out;
}

json_t *wev_excerpt(struct wev_span s, size_t at, size_t length)
{
    if (at > s.n) { at = s.n; }
    if (length > s.n - at) { length = s.n - at; }
    size_t from = at > BEFORE ? at - BEFORE : 0, mark = length < MARK ? length : MARK, end = at + length;
    size_t after = s.n - end < AFTER ? s.n - end : AFTER;
    return json_pack("{s:I,s:o,s:o,s:I,s:o,s:I}", "skipped", (json_int_t)from, "before", shown((struct wev_span){s.p + from, at - from}),
                     "mark", shown((struct wev_span){s.p + at, mark}), "hidden", (json_int_t)(length - mark), "after",
                     shown((struct wev_span){s.p + end, after}), "left", (json_int_t)(s.n - end - after));
}
