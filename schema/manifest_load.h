// Loading manifests: what manifest.c, manifest_names.c and manifest_template.c share. Private to them.
#ifndef WEV_MANIFEST_LOAD_H
#define WEV_MANIFEST_LOAD_H

#include "schema/profile.h"
#include "schema/tree.h"

struct wev_named { // a level, task, opcode, keyword or string: name, message, number
    struct wev_span name, text;
    uint64_t value;
    uint32_t task; // a task: its place, from 1. An opcode: the task that holds it, 0 the provider
};
struct wev_names {
    const struct wev_named *rows;        // in the file's order
    const struct wev_named *const *index; // by name, then in the file's order
    size_t count;
};
struct wev_templates {
    const struct wev_template *rows;
    const struct wev_template *const *index; // by tid, then in the file's order
    size_t count;
};
enum wev_named_kind { WEV_NAMED_LEVEL, WEV_NAMED_TASK, WEV_NAMED_OPCODE, WEV_NAMED_KEYWORD };

struct wev_manifest_load {
    struct wev_load *load;
    const struct wev_named *strings; // of the file in work, sorted by name
    size_t string_count;
    struct wev_provider *providers;
    size_t provider_count;
    struct wev_event_def *events;
    size_t event_count;
    size_t field_count; // of the template in work
};

_Noreturn void wev_manifest_unknown(struct wev_manifest_load *ml, unsigned line, const char *what, struct wev_span word,
                                    const struct wev_span *list, size_t count);
struct wev_span wev_manifest_need(struct wev_manifest_load *ml, const struct wev_elem *e, const char *attr);
uint64_t wev_manifest_number(struct wev_manifest_load *ml, const struct wev_elem *e, const char *attr, uint64_t max);
const struct wev_elem *wev_manifest_kid(const struct wev_elem *e, const char *name);

// ---- schema/manifest_names.c
int wev_manifest_by_text(struct wev_span a, struct wev_span b); // for qsort: bytes, then length
void wev_manifest_strings(struct wev_manifest_load *ml, const struct wev_elem *root); // the file's string table
// "$(string.id)" by that table, absent when it has no such id; anything else stands for itself.
struct wev_span wev_manifest_text(struct wev_manifest_load *ml, struct wev_span s);
struct wev_names wev_manifest_names(struct wev_manifest_load *ml, const struct wev_elem *group, const char *attr, uint64_t max);
struct wev_names wev_manifest_opcodes(struct wev_manifest_load *ml, const struct wev_elem *provider); // with those of its tasks
// The row that `name` names: of the provider, else of winmeta.xml, else a plain number. An empty name is winmeta's
// first row. Opcodes: those of `task` go first.
struct wev_named wev_manifest_name(struct wev_manifest_load *ml, enum wev_named_kind kind, const struct wev_names *own,
                                   struct wev_span name, uint32_t task, unsigned line);
// Mask and message of every keyword that has one: the provider's, then winmeta's.
const struct wev_map_entry *wev_manifest_keyword_texts(struct wev_manifest_load *ml, const struct wev_names *own, size_t *count);

// ---- schema/manifest_template.c
// All templates of a provider, with its maps.
struct wev_templates wev_manifest_templates(struct wev_manifest_load *ml, const struct wev_elem *provider);
const struct wev_template *wev_manifest_template_find(struct wev_manifest_load *ml, const struct wev_templates *templates,
                                                      struct wev_span tid, unsigned line);

#endif
