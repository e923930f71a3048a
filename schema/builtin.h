// The manifests, profiles and pools that are inside the program. The table is made by the Makefile from the
// files below schema/; names are relative to it: "security/security.man", "pools/ksp.tsv".
#ifndef WEV_BUILTIN_H
#define WEV_BUILTIN_H

#include "schema/manifest.h"

struct wev_builtin_entry {
    const char *name, *begin, *end; // "builtin:pools/ksp.tsv"
};
extern const struct wev_builtin_entry wev_builtin_entries[];
extern const size_t wev_builtin_entry_count;

// As the name of a profile: the built-in world and all its scenarios.
#define WEV_BUILTIN_WORLD "builtin:world"
#define WEV_BUILTIN_EVERYDAY "builtin:everyday" // without the scenarios, which take time to load

bool wev_builtin_file(struct wev_span name, struct wev_span *bytes);

// The built-in schema with the named files loaded on top, in order. NULL on error, with error filled.
struct wev_schema *wev_builtin_load(const char *const *manifests, size_t manifest_count,
                                    const char *const *profiles, size_t profile_count,
                                    struct wev_error *error);

#endif
