// Text that grows and counts by name, for cards and plots. Knows no event.
#include "gen/dataset/work.h"

#include "gen/choice.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_FIRST = 4096, PAGE_MAX = 1 << 28, TALLY_FIRST = 64 };

static bool room(struct wev_page *page, size_t n)
{
    if (page->failed) { return false; }
    if (n < page->cap - page->n) { return true; }
    size_t cap = page->cap ? page->cap : PAGE_FIRST;
    while (cap <= PAGE_MAX && cap - page->n <= n) { cap *= 2; }
    char *p = cap > PAGE_MAX ? NULL : realloc(page->p, cap);
    page->failed = !p;
    if (!p) { return false; }
    page->p = p;
    page->cap = cap;
    return true;
}

void wev_page_put(struct wev_page *page, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n >= 0 && room(page, (size_t)n + 1)) {
        vsnprintf(page->p + page->n, (size_t)n + 1, format, again);
        page->n += (size_t)n;
    }
    va_end(again);
}

void wev_page_json(struct wev_page *page, const char *text)
{
    size_t n = strlen(text);
    if (n > PAGE_MAX / 8 || !room(page, 6 * n + 16)) { return; }
    char *p = page->p + page->n;
    *p++ = '"';
    p = wev_json_escape(p, text, n);
    *p++ = '"';
    *p = 0;
    page->n = (size_t)(p - page->p);
}

void wev_page_xml(struct wev_page *page, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': wev_page_put(page, "&amp;"); break;
        case '<': wev_page_put(page, "&lt;"); break;
        case '>': wev_page_put(page, "&gt;"); break;
        case '"': wev_page_put(page, "&quot;"); break;
        default:
            if ((unsigned char)*text >= 0x20) { wev_page_put(page, "%c", *text); }
            break;
        }
    }
}

static bool tally_room(struct wev_tally *t)
{
    if (t->count < t->cap) { return true; }
    size_t cap = t->cap ? 2 * t->cap : TALLY_FIRST;
    struct wev_count *rows = realloc(t->rows, cap * sizeof(*rows));
    if (!rows) { return false; }
    t->rows = rows;
    uint32_t *slot = calloc(4 * cap, sizeof(*slot));
    if (!slot) { return false; }
    for (size_t k = 0; k < t->count; k++) {
        size_t at = XXH3_64bits(rows[k].name, strlen(rows[k].name)) & (4 * cap - 1);
        while (slot[at]) { at = (at + 1) & (4 * cap - 1); }
        slot[at] = (uint32_t)k + 1;
    }
    free(t->slot);
    t->slot = slot;
    t->cap = cap;
    return true;
}

struct wev_count *wev_tally_at(struct wev_tally *t, struct wev_span name)
{
    if (!tally_room(t)) { return NULL; }
    size_t mask = 4 * t->cap - 1, at = XXH3_64bits(name.n ? name.p : "", name.n) & mask;
    for (; t->slot[at]; at = (at + 1) & mask) {
        struct wev_count *row = &t->rows[t->slot[at] - 1];
        if (strlen(row->name) == name.n && !memcmp(row->name, name.n ? name.p : "", name.n)) { return row; }
    }
    if (t->count == WEV_TALLY_MAX) {
        t->others++;
        return NULL;
    }
    char *copy = strndup(name.n ? name.p : "", name.n);
    if (!copy) { return NULL; }
    t->rows[t->count] = (struct wev_count){.name = copy};
    t->slot[at] = (uint32_t)++t->count;
    return &t->rows[t->count - 1];
}

static int by_count(const void *x, const void *y)
{
    const struct wev_count *a = x, *b = y;
    if (a->all != b->all) { return a->all < b->all ? 1 : -1; }
    return strcmp(a->name, b->name);
}

void wev_tally_sort(struct wev_tally *t)
{
    if (t->count) { qsort(t->rows, t->count, sizeof(*t->rows), by_count); }
}

void wev_tally_free(struct wev_tally *t)
{
    for (size_t k = 0; k < t->count; k++) { free(t->rows[k].name); }
    free(t->rows);
    free(t->slot);
    *t = (struct wev_tally){.count = 0};
}
