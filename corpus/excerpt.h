// A piece of a document around its break, as JSON that a page can show.
#ifndef WEV_EXCERPT_H
#define WEV_EXCERPT_H

#include "schema/base.h"

#include <jansson.h>

// {"skipped", "before", "mark", "hidden", "after", "left"}: numbers of bytes left out, and text. NULL: out of memory.
json_t *wev_excerpt(struct wev_span document, size_t at, size_t length);

#endif
