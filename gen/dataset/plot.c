// Bar charts of a dataset as SVG, in light and dark. Integers alone: a bar's length is rounded to a tenth of a pixel.
#include "gen/dataset/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 760, TOP = 64, ROW = 22, LABEL = 270, BAR = 400, ROWS_MAX = 24, NAME_MAX_N = 38 };

static void head(struct wev_page *page, const char *title, const char *what, size_t rows)
{
    static const int legend[WEV_SPLITS] = {WIDTH - 240, WIDTH - 178, WIDTH - 84};
    size_t height = TOP + ROW * rows + 16;
    wev_page_put(page, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" viewBox=\"0 0 %d %zu\" role=\"img\" aria-label=\"",
                 WIDTH, height, WIDTH, height);
    wev_page_xml(page, title);
    wev_page_put(page, "\">\n<style>\n"
                       "text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-size: 15px; font-weight: 600 }\n"
                       ".count { fill: #59636e } .page { fill: #ffffff }\n"
                       ".train { fill: #2f6fb3 } .validation { fill: #d9822b } .test { fill: #6a3d9a }\n"
                       "@media (prefers-color-scheme: dark) {\n"
                       "text { fill: #e6edf3 } .count { fill: #9198a1 } .page { fill: #0d1117 }\n"
                       ".train { fill: #6cb0f5 } .validation { fill: #f0a55a } .test { fill: #c3a6f5 }\n}\n</style>\n"
                       "<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n<text class=\"title\" x=\"16\" y=\"26\">");
    wev_page_xml(page, title);
    wev_page_put(page, "</text>\n<text class=\"count\" x=\"16\" y=\"48\">");
    wev_page_xml(page, what);
    wev_page_put(page, "</text>\n");
    for (int k = 0; k < WEV_SPLITS; k++) {
        wev_page_put(page, "<rect class=\"%s\" x=\"%d\" y=\"16\" width=\"11\" height=\"11\"/><text x=\"%d\" y=\"26\">%s</text>\n",
                     wev_split_names[k], legend[k], legend[k] + 16, wev_split_names[k]);
    }
}

// Names that are too long lose their middle, on whole characters.
static void label(struct wev_page *page, const char *name)
{
    char text[4 * NAME_MAX_N + 8];
    size_t n = strlen(name);
    if (n <= NAME_MAX_N) {
        wev_page_xml(page, n ? name : "(none)");
        return;
    }
    size_t front = NAME_MAX_N / 2, back = n - NAME_MAX_N / 2;
    while (front > 0 && ((unsigned char)name[front] & 0xc0) == 0x80) { front--; }
    while (back < n && ((unsigned char)name[back] & 0xc0) == 0x80) { back++; }
    snprintf(text, sizeof(text), "%.*s\xe2\x80\xa6%s", (int)front, name, name + back);
    wev_page_xml(page, text);
}

static void bar(struct wev_page *page, size_t k, const char *name, const uint64_t of[WEV_SPLITS], uint64_t most)
{
    uint64_t all = 0, at = 0;
    size_t y = TOP + ROW * k;
    wev_page_put(page, "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\">", LABEL - 8, y + 14);
    label(page, name);
    wev_page_put(page, "</text>");
    for (int s = 0; s < WEV_SPLITS; s++) {
        uint64_t next = all + of[s], end = most ? 10u * BAR * next / most : 0; // tenths; counts are far below 2^64 / 4000
        if (end > at) {
            wev_page_put(page, "<rect class=\"%s\" x=\"%llu.%llu\" y=\"%zu\" width=\"%llu.%llu\" height=\"%d\"/>", wev_split_names[s],
                         (unsigned long long)(LABEL + at / 10), (unsigned long long)(at % 10), y + 3,
                         (unsigned long long)((end - at) / 10), (unsigned long long)((end - at) % 10), ROW - 6);
        }
        all = next;
        at = end;
    }
    wev_page_put(page, "<text class=\"count\" x=\"%llu\" y=\"%zu\">%llu</text>\n", (unsigned long long)(LABEL + at / 10 + 6), y + 14,
                 (unsigned long long)all);
}

static bool finish(struct wev_dataset_work *w, const char *name, struct wev_page *page, struct wev_error *e)
{
    wev_page_put(page, "</svg>\n");
    bool good = wev_dataset_note(w, name, page, e);
    free(page->p);
    return good;
}

static bool ranked(struct wev_dataset_work *w, const char *file, const char *title, const struct wev_tally *t, const char *things, struct wev_error *e)
{
    struct wev_page page = {.n = 0};
    char what[128];
    size_t rows = t->count < ROWS_MAX ? t->count : ROWS_MAX;
    if (!rows) { return true; }
    if (rows < t->count) {
        snprintf(what, sizeof(what), "the %zu most frequent of %zu%s %s", rows, t->count, t->others ? " and more" : "", things);
    } else {
        snprintf(what, sizeof(what), "%zu %s", t->count, things);
    }
    head(&page, title, what, rows);
    for (size_t k = 0; k < rows; k++) { bar(&page, k, t->rows[k].name, t->rows[k].of, t->rows[0].all); }
    return finish(w, file, &page, e);
}

static bool by_hour(struct wev_dataset_work *w, struct wev_error *e)
{
    struct wev_page page = {.n = 0};
    uint64_t most = 0;
    for (unsigned h = 0; h < 24; h++) {
        uint64_t all = 0;
        for (unsigned k = 0; k < WEV_SPLITS; k++) { all += w->hours[h][k]; }
        most = all > most ? all : most;
    }
    head(&page, "Events by hour of the day", "UTC", 24);
    for (unsigned h = 0; h < 24; h++) {
        char name[16];
        snprintf(name, sizeof(name), "%02u:00", h);
        bar(&page, h, name, w->hours[h], most);
    }
    return finish(w, "plots/hours.svg", &page, e);
}

bool wev_dataset_plots(struct wev_dataset_work *w, struct wev_error *e)
{
    return by_hour(w, e) && ranked(w, "plots/events.svg", "Events by id", &w->events, "event ids", e) &&
           ranked(w, "plots/classes.svg", "Malformed events by class", &w->classes, "classes", e) &&
           ranked(w, "plots/scenarios.svg", "Events of scenarios", &w->scenarios, "scenarios", e) &&
           ranked(w, "plots/algorithms.svg", "Events by algorithm", &w->algorithms, "algorithms", e) &&
           ranked(w, "plots/hosts.svg", "Events by host", &w->hosts, "hosts", e);
}
