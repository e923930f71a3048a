// Reads WEV_SCHEMA.
#include "fuzz/env.h"

#include "schema/wev.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 32 };

struct files {
    const char *manifests[FILES_MAX], *profiles[FILES_MAX];
    size_t manifest_count, profile_count;
};

static int ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && !strcmp(s + n - m, end);
}

// Cuts `list` in place. The number of files, or SIZE_MAX: too many.
static size_t cut(char *list, struct files *f)
{
    char *rest = list, *name;
    while ((name = strsep(&rest, ":")) != NULL) {
        if (!name[0]) { continue; }
        if (f->manifest_count + f->profile_count == FILES_MAX) { return SIZE_MAX; }
        if (ends_with(name, ".profile.xml")) {
            f->profiles[f->profile_count++] = name;
        } else {
            f->manifests[f->manifest_count++] = name;
        }
    }
    return f->manifest_count + f->profile_count;
}

struct wev_schema *wev_env_schema(char *error, size_t error_cap)
{
    const char *value = getenv("WEV_SCHEMA");
    char *list = strdup(value ? value : "");
    struct files f = {.manifest_count = 0};
    struct wev_schema *schema = NULL;
    if (!list) {
        snprintf(error, error_cap, "out of memory");
    } else if (cut(list, &f) == SIZE_MAX) {
        snprintf(error, error_cap, "WEV_SCHEMA names more than %d files", FILES_MAX);
    } else {
        schema = wev_schema_new(f.manifests, f.manifest_count, f.profiles, f.profile_count, error, error_cap);
    }
    free(list);
    return schema;
}
