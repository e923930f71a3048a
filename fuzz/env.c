// Reads WEV_SCHEMA and WEV_PROFILE.
#include "fuzz/env.h"

#include "schema/wev.h"

#include <stdbool.h>
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

// Cuts `list` in place. The number of files so far, or SIZE_MAX: too many.
static size_t cut(char *list, bool profiles, struct files *f)
{
    char *rest = list, *name;
    while ((name = strsep(&rest, ":")) != NULL) {
        if (!name[0]) { continue; }
        if (f->manifest_count + f->profile_count == FILES_MAX) { return SIZE_MAX; }
        if (profiles || ends_with(name, ".profile.xml")) {
            f->profiles[f->profile_count++] = name;
        } else {
            f->manifests[f->manifest_count++] = name;
        }
    }
    return f->manifest_count + f->profile_count;
}

static char *copy_of(const char *variable)
{
    const char *value = getenv(variable);
    return strdup(value ? value : "");
}

struct wev_schema *wev_env_schema(char *error, size_t error_cap)
{
    char *manifests = copy_of("WEV_SCHEMA"), *profiles = copy_of("WEV_PROFILE");
    struct files f = {.manifest_count = 0};
    struct wev_schema *schema = NULL;
    if (!manifests || !profiles) {
        snprintf(error, error_cap, "out of memory");
    } else if (cut(manifests, false, &f) == SIZE_MAX || cut(profiles, true, &f) == SIZE_MAX) {
        snprintf(error, error_cap, "WEV_SCHEMA and WEV_PROFILE name more than %d files", FILES_MAX);
    } else {
        schema = wev_schema_new(f.manifests, f.manifest_count, f.profiles, f.profile_count, error, error_cap);
    }
    free(manifests);
    free(profiles);
    return schema;
}
