// Results of runs as one page that needs nothing beside it: parsers across, cases down.
#ifndef WEV_PAGE_H
#define WEV_PAGE_H

#include "schema/base.h"

#include <jansson.h>

struct wev_page {
    json_t *parsers, *rows, *by_name;
};

bool wev_page_begin(struct wev_page *p);
// A column more, and its cases, each as run --json writes it.
void wev_page_parser(struct wev_page *p, const char *name);
void wev_page_case(struct wev_page *p, const json_t *one);
// One run, as run --json writes it; `name` is its file, for the error.
bool wev_page_add(struct wev_page *p, const json_t *run, const char *name, struct wev_error *error);
// A whole file or none.
bool wev_page_write(const struct wev_page *p, const char *path, struct wev_error *error);
void wev_page_free(struct wev_page *p);

#endif
