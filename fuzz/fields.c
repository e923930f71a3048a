// Headers and fields by name, types checked. Knows no tree library.
#include "fuzz/fields.h"

#include "schema/verdict.h"

#include <stdlib.h>
#include <string.h>

const struct wev_fields_place wev_fields_places[WEV_H_COUNT] = {
    [WEV_H_PROVIDER] = {"Provider", "Name"},
    [WEV_H_GUID] = {"Provider", "Guid"},
    [WEV_H_SOURCE] = {"Provider", "EventSourceName"},
    [WEV_H_EVENT_ID] = {"EventID", NULL},
    [WEV_H_QUALIFIERS] = {"EventID", "Qualifiers"},
    [WEV_H_VERSION] = {"Version", NULL},
    [WEV_H_LEVEL] = {"Level", NULL},
    [WEV_H_TASK] = {"Task", NULL},
    [WEV_H_OPCODE] = {"Opcode", NULL},
    [WEV_H_KEYWORDS] = {"Keywords", NULL},
    [WEV_H_TIME] = {"TimeCreated", "SystemTime"},
    [WEV_H_RECORD_ID] = {"EventRecordID", NULL},
    [WEV_H_ACTIVITY] = {"Correlation", "ActivityID"},
    [WEV_H_RELATED] = {"Correlation", "RelatedActivityID"},
    [WEV_H_PROCESS_ID] = {"Execution", "ProcessID"},
    [WEV_H_THREAD_ID] = {"Execution", "ThreadID"},
    [WEV_H_CHANNEL] = {"Channel", NULL},
    [WEV_H_COMPUTER] = {"Computer", NULL},
    [WEV_H_USER_ID] = {"Security", "UserID"},
};

void wev_fields_reset(struct wev_fields *f)
{
    memset(f->header, 0, sizeof(f->header));
    f->count = 0;
    f->find = NULL;
    f->tree = NULL;
}

void wev_fields_free(struct wev_fields *f)
{
    free(f->bin);
}

bool wev_fields_add(struct wev_fields *f, struct wev_span name, struct wev_span text)
{
    if (f->count == WEV_FIELDS_MAX) { return false; }
    f->names[f->count] = name;
    f->texts[f->count++] = text;
    return true;
}

void wev_fields_reject(struct wev_target_result *out, const char *reason)
{
    out->accepted = false;
    out->reason = reason;
}

static bool refuse(struct wev_target_result *out, enum wev_verdict code)
{
    wev_fields_reject(out, wev_verdict_rows[code].slug);
    return false;
}

static bool check_headers(struct wev_fields *f, struct wev_target_result *out)
{
    static const uint8_t required[] = {WEV_H_PROVIDER, WEV_H_EVENT_ID, WEV_H_COMPUTER};
    size_t at;
    for (size_t k = 0; k < WEV_COUNT(required); k++) {
        if (!f->header[required[k]].p) { return refuse(out, WEV_V_CHILD_MISSING); }
    }
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        struct wev_span s = f->header[h];
        uint8_t type = wev_header_types[h];
        if (!s.p || (!s.n && wev_fields_places[h].attribute)) { continue; } // "" is how some write "not there"
        enum wev_verdict code = wev_types_parse(type, wev_type_rows[type - 1].lex, s, &f->room[h], &out->header[h], &at);
        if (wev_verdict_rows[code].verdict == 'n') { return refuse(out, code); }
    }
    return true;
}

static struct wev_span text_of(const struct wev_fields *f, struct wev_span name)
{
    if (f->find) { return f->find(f->tree, name); }
    for (size_t k = 0; k < f->count; k++) {
        if (f->names[k].p && wev_span_eq(f->names[k], name)) { return f->texts[k]; }
    }
    return (struct wev_span){NULL, 0};
}

static bool check_field(struct wev_fields *f, const struct wev_field *field, struct wev_target_result *out)
{
    struct wev_span s = text_of(f, field->name);
    struct wev_types_room room;
    struct wev_value ignored;
    size_t at, need = s.n / 2 + 20;
    if (!s.p) { return refuse(out, WEV_V_FIELD_MISSING); }
    if (need > f->bin_cap) {
        free(f->bin);
        f->bin = malloc(2 * need);
        f->bin_cap = f->bin ? 2 * need : 0;
        if (!f->bin) { wev_fields_reject(out, "memory"); return false; }
    }
    room.bin = f->bin;
    room.bin_cap = f->bin_cap;
    enum wev_verdict code = wev_types_parse(field->type, field->lex, s, &room, &ignored, &at);
    return wev_verdict_rows[code].verdict != 'n' || refuse(out, code);
}

void wev_fields_check(struct wev_fields *f, struct wev_target_result *out)
{
    out->names = f->names;
    out->texts = f->texts;
    out->count = f->count;
    if (!check_headers(f, out)) { return; }
    const struct wev_value *h = out->header;
    bool known = false, no_version = h[WEV_H_VERSION].flags & WEV_F_ABSENT;
    struct wev_span provider = {h[WEV_H_PROVIDER].is.text, h[WEV_H_PROVIDER].n};
    const struct wev_event_def *def = wev_manifest_find(f->schema, provider, NULL, (uint32_t)h[WEV_H_EVENT_ID].is.u,
                                                        no_version ? 0 : (uint32_t)h[WEV_H_VERSION].is.u, &known);
    if (!def && known) { refuse(out, WEV_V_VERSION_UNKNOWN); return; }
    for (size_t k = 0; def && def->body->flat && !def->body->user && k < def->body->field_count; k++) {
        if (!check_field(f, &def->body->fields[k], out)) { return; }
    }
    out->accepted = true;
    out->reason = "ok";
}
