// Loading manifests: what manifest.c and manifest_template.c share. Private to them.
#ifndef WEV_MANIFEST_LOAD_H
#define WEV_MANIFEST_LOAD_H

#include "schema/profile.h"
#include "schema/tree.h"

struct wev_named { // a level, task, opcode, keyword or string: name, message, number
    struct wev_span name, text;
    uint64_t value;
};
struct wev_names {
    const struct wev_named *rows;
    size_t count;
};
struct wev_templates {
    const struct wev_template *rows;
    size_t count;
};

struct wev_manifest_load {
    struct wev_load *load;
    const struct wev_named *strings; // of the file in work, sorted by name
    size_t string_count;
    struct wev_provider *providers;
    size_t provider_count;
    struct wev_event_def *events;
    size_t event_count, event_before; // before: of the files that came earlier
};

_Noreturn void wev_manifest_unknown(struct wev_manifest_load *ml, unsigned line, const char *what, struct wev_span word,
                                    const struct wev_span *list, size_t count);
struct wev_span wev_manifest_need(struct wev_manifest_load *ml, const struct wev_elem *e, const char *attr);
uint64_t wev_manifest_number(struct wev_manifest_load *ml, const struct wev_elem *e, const char *attr, uint64_t max);
const struct wev_elem *wev_manifest_kid(const struct wev_elem *e, const char *name);
struct wev_span wev_manifest_text(struct wev_manifest_load *ml, struct wev_span s);

// All templates of a provider, with its maps.
struct wev_templates wev_manifest_templates(struct wev_manifest_load *ml, const struct wev_elem *provider);
const struct wev_template *wev_manifest_template_find(struct wev_manifest_load *ml, const struct wev_templates *templates,
                                                      struct wev_span tid, unsigned line);

#endif
