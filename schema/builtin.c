// Loads the schema that is inside the program, and the user's files on top of it.
#include "schema/builtin.h"

#include "schema/tree.h"
#include "schema/wev.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 256 };

static const char *const base_manifests[] = {"builtin:security/security.man"};
static const char *const base_profiles[] = {
    "builtin:base.profile.xml",
    "builtin:security/security.profile.xml",
};

struct files {
    struct wev_source source[FILES_MAX];
    char *owned[FILES_MAX]; // bytes to free, NULL for built-in ones
    size_t count;
};

static bool add(struct files *files, const char *name, struct wev_error *error)
{
    struct wev_source *s = &files->source[files->count];
    if (files->count == FILES_MAX) {
        error->code = WEV_E_LIMIT;
        snprintf(error->text, sizeof(error->text), "%s: more than %d schema files", name, FILES_MAX);
        return false;
    }
    s->name = name;
    if (!strncmp(name, "builtin:", 8)) {
        if (!wev_builtin_file(wev_span_of(name + 8), &s->bytes)) {
            error->code = WEV_E_FILE;
            snprintf(error->text, sizeof(error->text), "%s: no such built-in file", name);
            return false;
        }
        files->owned[files->count] = NULL;
    } else {
        if (!wev_file_read(name, WEV_TREE_BYTES_MAX, &s->bytes, error)) { return false; }
        files->owned[files->count] = (char *)(uintptr_t)s->bytes.p;
    }
    files->count++;
    return true;
}

// The world's profile, then every file of scenarios/ in the order of their names.
static bool add_world(struct files *files, bool all, struct wev_error *error)
{
    static const char name[] = "builtin:world.profile.xml", scenarios[] = "builtin:scenarios/", everyday[] = "builtin:scenarios/everyday.xml";
    if (!add(files, name, error) || (!all && !add(files, everyday, error))) { return false; }
    if (!all) { return true; }
    for (size_t i = 0; i < wev_builtin_entry_count; i++) {
        const struct wev_builtin_entry *e = &wev_builtin_entries[i];
        if (strncmp(e->name, scenarios, sizeof(scenarios) - 1) != 0) { continue; }
        if (files->count == FILES_MAX) {
            error->code = WEV_E_LIMIT;
            snprintf(error->text, sizeof(error->text), "%s: more than %d schema files", e->name, FILES_MAX);
            return false;
        }
        files->source[files->count] = (struct wev_source){e->name, {e->begin, (size_t)(e->end - e->begin)}};
        files->owned[files->count++] = NULL;
    }
    return true;
}

static bool add_all(struct files *files, const char *const *base, size_t base_count, const char *const *names,
                    size_t count, struct wev_error *error)
{
    for (size_t i = 0; i < base_count; i++) {
        if (!add(files, base[i], error)) { return false; }
    }
    for (size_t i = 0; i < count; i++) {
        bool all = !strcmp(names[i], WEV_BUILTIN_WORLD), world = all || !strcmp(names[i], WEV_BUILTIN_EVERYDAY);
        if (!(world ? add_world(files, all, error) : add(files, names[i], error))) { return false; }
    }
    return true;
}

static void release(struct files *files)
{
    for (size_t i = 0; i < files->count; i++) { free(files->owned[i]); }
}

bool wev_builtin_file(struct wev_span name, struct wev_span *bytes)
{
    for (size_t i = 0; i < wev_builtin_entry_count; i++) {
        const struct wev_builtin_entry *e = &wev_builtin_entries[i];
        if (wev_span_is(name, e->name + 8)) {
            *bytes = (struct wev_span){e->begin, (size_t)(e->end - e->begin)};
            return true;
        }
    }
    return false;
}

struct wev_schema *wev_builtin_load(const char *const *manifests, size_t manifest_count,
                                    const char *const *profiles, size_t profile_count,
                                    struct wev_error *error)
{
    struct files m = {.count = 0}, p = {.count = 0};
    struct wev_schema *schema = NULL;
    if (add_all(&m, base_manifests, WEV_COUNT(base_manifests), manifests, manifest_count, error) &&
        add_all(&p, base_profiles, WEV_COUNT(base_profiles), profiles, profile_count, error)) {
        schema = wev_manifest_load(m.source, m.count, p.source, p.count, error);
    }
    release(&p);
    release(&m);
    return schema;
}

struct wev_schema *wev_schema_new(const char *const *manifests, size_t manifest_count,
                                  const char *const *profiles, size_t profile_count,
                                  char *error, size_t error_cap)
{
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *s = wev_builtin_load(manifests, manifest_count, profiles, profile_count, &e);
    if (!s && error_cap > 0) { snprintf(error, error_cap, "%s", e.text); }
    return s;
}

void wev_schema_free(struct wev_schema *schema)
{
    if (!schema) { return; }
    struct wev_arena arena = schema->arena; // the schema itself lives in it
    wev_arena_free(&arena);
}
