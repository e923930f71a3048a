// The table of targets. A row more is all that a new one needs.
#include "fuzz/target.h"

#include <string.h>

extern const struct wev_target wev_target_reference, wev_target_mxml, wev_target_mxml_strict;
#ifdef WEV_LIBXML2
extern const struct wev_target wev_target_libxml2;
#endif

static const struct wev_target *const targets[] = {
    &wev_target_reference,
    &wev_target_mxml,
    &wev_target_mxml_strict,
#ifdef WEV_LIBXML2
    &wev_target_libxml2,
#endif
};

size_t wev_target_count(void)
{
    return WEV_COUNT(targets);
}

const struct wev_target *wev_target_at(size_t k)
{
    return targets[k];
}

const struct wev_target *wev_target_find(const char *name)
{
    for (size_t k = 0; k < WEV_COUNT(targets); k++) {
        if (!strcmp(targets[k]->name, name)) { return targets[k]; }
    }
    return NULL;
}
