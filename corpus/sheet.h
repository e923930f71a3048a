// A report in the making: whole in memory, then a file of that name or none.
#ifndef WEV_SHEET_H
#define WEV_SHEET_H

#include "schema/base.h"

#include <jansson.h>
#include <stdio.h>

struct wev_sheet {
    FILE *f;
    char *text;
    size_t n;
};

bool wev_sheet_begin(struct wev_sheet *p, const char *path, struct wev_error *error);
bool wev_sheet_finish(struct wev_sheet *p, const char *path, bool good, struct wev_error *error); // good: what was put into it is
bool wev_sheet_json(json_t *root, const char *path, struct wev_error *error);                    // takes root, NULL: out of memory
void wev_sheet_xml(FILE *f, const char *text); // escaped; control characters as '?'

#endif
