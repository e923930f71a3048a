// The profile loader on any bytes, above the built-in manifest and the base profile. Laws: an error that names the file, or a
// schema that is whole and usable.
#include "fuzz/law.h"
#include "fuzz/loader.h"

#include "schema/builtin.h"
#include "schema/wev.h"

#include <stdlib.h>

static struct wev_source builtin(const char *name)
{
    struct wev_source s = {.name = name};
    if (!wev_builtin_file(wev_span_of(name + sizeof("builtin:") - 1), &s.bytes)) { wev_law_broken("no built-in file %s", name); }
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    uint8_t *copy = wev_law_copy(p, n);
    struct wev_source manifest = builtin("builtin:security/security.man");
    struct wev_source profiles[] = {builtin("builtin:base.profile.xml"), {.name = "fuzz.profile.xml", .bytes = {(const char *)copy, n}}};
    struct wev_error error = {.code = WEV_OK};
    struct wev_schema *schema = wev_manifest_load(&manifest, 1, profiles, WEV_COUNT(profiles), &error);
    if (schema) {
        wev_loader_law_schema(schema, n + manifest.bytes.n + profiles[0].bytes.n);
        wev_loader_law_usable(schema, true);
    } else {
        wev_loader_law_message(&error, profiles[1].name, profiles[1].bytes);
    }
    wev_schema_free(schema);
    free(copy);
    return 0;
}
