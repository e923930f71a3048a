// The manifest loader on any bytes. Laws: an error that names the file, or a schema that is whole and usable; a valid event
// of it, made without any profile, is accepted.
#include "fuzz/law.h"
#include "fuzz/loader.h"

#include "schema/builtin.h"
#include "schema/manifest.h"
#include "schema/wev.h"

#include <stdlib.h>

// The base profile gives every event its time and computer, so that a manifest alone makes whole events.
static void law_usable_with_base(const struct wev_source *manifest)
{
    static const char name[] = "builtin:base.profile.xml";
    struct wev_source base = {.name = name};
    struct wev_error error = {.code = WEV_OK};
    WEV_LAW(wev_builtin_file(wev_span_of(name + sizeof("builtin:") - 1), &base.bytes), "no base profile");
    struct wev_schema *schema = wev_manifest_load(manifest, 1, &base, 1, &error);
    WEV_LAW(schema || error.code == WEV_E_MEMORY, "alone it loads, with the base profile not: %s", error.text);
    if (schema) { wev_loader_law_usable(schema, false); }
    wev_schema_free(schema);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    uint8_t *copy = wev_law_copy(p, n);
    struct wev_source source = {.name = "fuzz.man", .bytes = {(const char *)copy, n}};
    struct wev_error error = {.code = WEV_OK};
    struct wev_schema *schema = wev_manifest_load(&source, 1, NULL, 0, &error);
    if (schema) {
        wev_loader_law_schema(schema, n);
        law_usable_with_base(&source);
    } else {
        wev_loader_law_message(&error, source.name, source.bytes);
    }
    wev_schema_free(schema);
    free(copy);
    return 0;
}
