// System: its children in order, their values and attributes (event.xsd, SystemPropertiesType).
#include "schema/decode_run.h"

#include <string.h>

enum { ATTRIBUTES_MAX = 7, NOT_KEPT = WEV_H_COUNT };

struct attribute {
    const char *name;
    uint8_t header; // NOT_KEPT: checked as `type` alone
    uint8_t type;
    bool required;
};

struct child {
    const char *name;
    uint8_t header; // NOT_KEPT: no value
    bool required;
    struct attribute attributes[ATTRIBUTES_MAX];
};

static const struct child children[] = {
    {"Provider", NOT_KEPT, true, {{"Name", WEV_H_PROVIDER, 0, true}, {"Guid", WEV_H_GUID, 0, false},
                                  {"EventSourceName", WEV_H_SOURCE, 0, false}}},
    {"EventID", WEV_H_EVENT_ID, true, {{"Qualifiers", WEV_H_QUALIFIERS, 0, false}}},
    {"Version", WEV_H_VERSION, false, {{0}}},
    {"Level", WEV_H_LEVEL, false, {{0}}},
    {"Task", WEV_H_TASK, false, {{0}}},
    {"Opcode", WEV_H_OPCODE, false, {{0}}},
    {"Keywords", WEV_H_KEYWORDS, false, {{0}}},
    {"TimeCreated", NOT_KEPT, false, {{"SystemTime", WEV_H_TIME, 0, false}, {"RawTime", NOT_KEPT, WEV_T_UINT64, false}}},
    {"EventRecordID", WEV_H_RECORD_ID, false, {{0}}},
    {"Correlation", NOT_KEPT, false, {{"ActivityID", WEV_H_ACTIVITY, 0, false}, {"RelatedActivityID", WEV_H_RELATED, 0, false}}},
    {"Execution", NOT_KEPT, false, {{"ProcessID", WEV_H_PROCESS_ID, 0, true}, {"ThreadID", WEV_H_THREAD_ID, 0, true},
                                    {"ProcessorID", NOT_KEPT, WEV_T_UINT32, false}, {"SessionID", NOT_KEPT, WEV_T_UINT32, false},
                                    {"KernelTime", NOT_KEPT, WEV_T_UINT32, false}, {"UserTime", NOT_KEPT, WEV_T_UINT32, false},
                                    {"ProcessorTime", NOT_KEPT, WEV_T_UINT32, false}}},
    {"Channel", WEV_H_CHANNEL, false, {{0}}},
    {"Computer", WEV_H_COMPUTER, true, {{0}}},
    {"Security", NOT_KEPT, false, {{"UserID", WEV_H_USER_ID, 0, false}}},
};
enum { TIME_CREATED = 7 };

static bool parse_header(struct wev_decoder *d, enum wev_header h, struct wev_span s, const char *attribute, size_t at)
{
    uint8_t type = wev_header_types[h];
    struct wev_value v;
    d->header_at[h] = attribute ? at : wev_decode_text_at(d, 0);
    d->header = (uint8_t)h;
    if (!wev_decode_text_typed(d, type, wev_type_rows[type - 1].lex, s, attribute, at, &v)) { return false; }
    d->out->event.header[h] = v;
    return true;
}

static struct wev_span keep_text(struct wev_decoder *d, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(d->end - d->top) < n) {
        wev_decode_stop(d, WEV_V_LIMIT_FIELD, wev_decode_here(d));
        return (struct wev_span){NULL, 0};
    }
    struct wev_span s = {d->top, n};
    memcpy(d->top, text, n);
    d->top += n;
    return s;
}

static bool take_attribute(struct wev_decoder *d, const struct attribute *a, const char *value, size_t at)
{
    struct wev_value ignored;
    if (!value[0]) {
        size_t where = wev_decode_text_attribute_at(d, at, a->name, 0);
        if (a->required || a->header == WEV_H_TIME) { return wev_decode_stop(d, WEV_V_VALUE_EMPTY, where); }
        wev_decode_note(d, WEV_V_ATTR_EMPTY, where);
        return true;
    }
    struct wev_span s = keep_text(d, value);
    if (d->stopped) { return false; }
    if (a->header != NOT_KEPT) { return parse_header(d, (enum wev_header)a->header, s, a->name, at); }
    return wev_decode_text_typed(d, a->type, wev_type_rows[a->type - 1].lex, s, a->name, at, &ignored);
}

static bool take_attributes(struct wev_decoder *d, const struct child *c, const XML_Char **atts, size_t at)
{
    unsigned seen = 0;
    for (; atts[0]; atts += 2) {
        size_t k = 0;
        while (k < ATTRIBUTES_MAX && c->attributes[k].name && strcmp(c->attributes[k].name, atts[0]) != 0) { k++; }
        if (k == ATTRIBUTES_MAX || !c->attributes[k].name) { return wev_decode_stop(d, WEV_V_ATTR_UNKNOWN, at); }
        seen |= 1u << k;
        if (!take_attribute(d, &c->attributes[k], atts[1], at)) { return false; }
    }
    for (size_t k = 0; k < ATTRIBUTES_MAX && c->attributes[k].name; k++) {
        if (c->attributes[k].required && !(seen >> k & 1)) { return wev_decode_stop(d, WEV_V_ATTR_MISSING, at); }
    }
    if (c == &children[TIME_CREATED] && !seen) { return wev_decode_stop(d, WEV_V_ATTR_MISSING, at); }
    return true;
}

void wev_decode_system_child(struct wev_decoder *d, const XML_Char *local, const XML_Char **atts, size_t at)
{
    uint32_t k = d->child; // the next one is the likely one
    while (k < WEV_COUNT(children) && strcmp(children[k].name, local) != 0) { k++; }
    if (k == WEV_COUNT(children)) {
        for (k = 0; k < d->child && strcmp(children[k].name, local) != 0;) { k++; }
        enum wev_verdict late = d->child_seen >> k & 1 ? WEV_V_CHILD_TWICE : WEV_V_CHILD_ORDER;
        wev_decode_stop(d, k == d->child ? WEV_V_CHILD_UNKNOWN : late, at);
        return;
    }
    d->child = k + 1;
    d->child_seen |= 1u << k;
    const struct child *c = &children[k];
    if (!take_attributes(d, c, atts, at)) { return; }
    d->header = c->header;
    wev_decode_push(d, c->header == NOT_KEPT ? WEV_AT_EMPTY : WEV_AT_HEADER);
    if (c->header != NOT_KEPT) { wev_decode_text_begin(d); }
}

void wev_decode_system_value(struct wev_decoder *d)
{
    struct wev_span s = wev_decode_text_end(d);
    if (wev_span_trim(s).n == 0) {
        wev_decode_stop(d, WEV_V_CHILD_EMPTY, wev_decode_here(d));
        return;
    }
    parse_header(d, (enum wev_header)children[d->child - 1].header, s, NULL, 0);
}

static void note_header(struct wev_decoder *d, enum wev_header h, bool same)
{
    const struct wev_event_def *def = d->out->event.def;
    if (same || d->out->event.header[h].flags & WEV_F_ABSENT) { return; }
    // a profile that gives or checks this header knows better than the manifest
    if (def->profile && (def->profile->header[h] || wev_rules_cover(def->profile, h))) { return; }
    wev_decode_note(d, WEV_V_HEADER_DIFFERS, d->header_at[h]);
}

static void compare_headers(struct wev_decoder *d)
{
    const struct wev_value *h = d->out->event.header;
    const struct wev_event_def *def = d->out->event.def;
    struct wev_span channel = {h[WEV_H_CHANNEL].is.text, h[WEV_H_CHANNEL].n};
    note_header(d, WEV_H_LEVEL, h[WEV_H_LEVEL].is.u == def->level);
    note_header(d, WEV_H_TASK, h[WEV_H_TASK].is.u == def->task);
    note_header(d, WEV_H_OPCODE, h[WEV_H_OPCODE].is.u == def->opcode);
    note_header(d, WEV_H_CHANNEL, !def->channel.p || wev_span_eq_nocase(channel, def->channel));
}

static const struct wev_provider *provider_named(const struct wev_schema *s, struct wev_span name)
{
    for (size_t k = 0; k < s->provider_count; k++) {
        if (wev_span_eq(s->providers[k].name, name)) { return &s->providers[k]; }
    }
    return NULL;
}

static bool guid_is_known(const struct wev_schema *s, const struct wev_guid *g)
{
    for (size_t k = 0; k < s->provider_count; k++) {
        if (s->providers[k].guid_text.n && !memcmp(&s->providers[k].guid, g, sizeof(*g))) { return true; }
    }
    return false;
}

// A known name with another Guid, or a known Guid with an unknown name.
static void compare_guid(struct wev_decoder *d, struct wev_span provider)
{
    const struct wev_value *guid = &d->out->event.header[WEV_H_GUID];
    const struct wev_event_def *def = d->out->event.def;
    if (guid->flags & WEV_F_ABSENT) { return; }
    const struct wev_provider *p = def ? def->provider : provider_named(d->schema, provider);
    bool differs = p ? p->guid_text.n && memcmp(&p->guid, guid->is.guid, sizeof(p->guid)) != 0
                     : guid_is_known(d->schema, guid->is.guid);
    if (!differs) { return; }
    size_t tag = d->header_at[WEV_H_GUID];
    wev_decode_note(d, WEV_V_PROVIDER_GUID, wev_decode_text_attribute_at(d, tag, "Guid", 0));
}

static void find_event(struct wev_decoder *d)
{
    struct wev_event *e = &d->out->event;
    const struct wev_value *name = &e->header[WEV_H_PROVIDER], *version = &e->header[WEV_H_VERSION];
    struct wev_span provider = {name->is.text, name->n};
    bool id_known = false, no_version = version->flags & WEV_F_ABSENT;
    uint32_t id = (uint32_t)e->header[WEV_H_EVENT_ID].is.u, v = no_version ? 0 : (uint32_t)version->is.u;
    e->def = wev_manifest_find(d->schema, provider, NULL, id, v, &id_known);
    compare_guid(d, provider);
    if (e->def) { return; }
    size_t id_at = d->header_at[WEV_H_EVENT_ID];
    if (id_known) {
        wev_decode_stop(d, WEV_V_VERSION_UNKNOWN, no_version ? id_at : d->header_at[WEV_H_VERSION]);
    } else {
        wev_decode_note(d, WEV_V_EVENT_UNKNOWN, id_at);
    }
}

void wev_decode_system_end(struct wev_decoder *d, size_t at)
{
    for (size_t k = 0; k < WEV_COUNT(children); k++) {
        if (children[k].required && !(d->child_seen >> k & 1)) {
            wev_decode_stop(d, WEV_V_CHILD_MISSING, at);
            return;
        }
    }
    d->child = 0;
    d->child_seen = 0;
    find_event(d);
    if (d->out->event.def) { compare_headers(d); }
}

const char *wev_decode_system_attribute(enum wev_header h)
{
    for (size_t k = 0; k < WEV_COUNT(children); k++) {
        for (size_t m = 0; m < ATTRIBUTES_MAX && children[k].attributes[m].name; m++) {
            if (children[k].attributes[m].header == h) { return children[k].attributes[m].name; }
        }
    }
    return NULL;
}
