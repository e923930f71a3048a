// A record as the rendered message alone: labels lead to fields by the event's own message string.
#include "corpus/real.h"
#include "schema/profile.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 4096 };

// What Event Viewer shows for well-known SIDs. Other names cannot be turned back.
static const struct { const char *name, *sid; } accounts[] = {
    {"SYSTEM", "S-1-5-18"}, {"NT AUTHORITY\\SYSTEM", "S-1-5-18"}, {"LOCAL SERVICE", "S-1-5-19"},
    {"NT AUTHORITY\\LOCAL SERVICE", "S-1-5-19"}, {"NETWORK SERVICE", "S-1-5-20"}, {"NT AUTHORITY\\NETWORK SERVICE", "S-1-5-20"},
    {"ANONYMOUS LOGON", "S-1-5-7"}, {"NT AUTHORITY\\ANONYMOUS LOGON", "S-1-5-7"}, {"NULL SID", "S-1-0-0"},
};

static struct wev_span cut(struct wev_span s, struct wev_span *rest, const char *at)
{
    const char *p = s.n ? memmem(s.p, s.n, at, strlen(at)) : NULL;
    size_t n = p ? (size_t)(p - s.p) : s.n, skip = p ? n + strlen(at) : s.n;
    *rest = (struct wev_span){s.p + skip, s.n - skip};
    return (struct wev_span){s.p, n};
}

static bool starts(struct wev_span s, struct wev_span with)
{
    return s.n >= with.n && !memcmp(s.p, with.p, with.n);
}

static struct wev_span title_of(const struct wev_event_def *def)
{
    struct wev_span rest;
    return cut(def->message, &rest, "%n");
}

// One line of a message string: its label with the colon, and the number of its field. False: no field in it.
static bool template_line(struct wev_span line, struct wev_span *label, uint64_t *field)
{
    while (starts(line, WEV_SPAN("%t"))) { line = (struct wev_span){line.p + 2, line.n - 2}; }
    struct wev_span rest, name = cut(line, &rest, ":");
    while (starts(rest, WEV_SPAN("%t"))) { rest = (struct wev_span){rest.p + 2, rest.n - 2}; }
    *label = (struct wev_span){name.p, name.n + 1};
    return rest.n > 1 && rest.p[0] == '%' && wev_span_u64((struct wev_span){rest.p + 1, rest.n - 1}, field);
}

// What the text says after the label, on a line of its own; *text then stands behind that line.
static bool labelled(struct wev_span *text, struct wev_span label, struct wev_span *value)
{
    struct wev_span from = *text;
    while (from.n > 0) {
        struct wev_span line = wev_span_trim(cut(from, &from, "\n"));
        if (!starts(line, label)) { continue; }
        *value = wev_span_trim((struct wev_span){line.p + label.n, line.n - label.n});
        *text = from;
        return true;
    }
    return false;
}

// Marks of the reading direction, which Windows puts between the numbers of a date, are gone.
static size_t unmarked(struct wev_span s, char *out)
{
    size_t n = 0;
    for (size_t k = 0; k < s.n && n < VALUE_MAX; k++) {
        if (s.n - k >= 3 && !memcmp(s.p + k, "\xe2\x80\x8e", 3)) {
            k += 2;
        } else {
            out[n++] = s.p[k];
        }
    }
    return n;
}

static json_t *parameter_text(const struct wev_schema *schema, struct wev_span text)
{
    char id[16];
    for (uint32_t k = 0; k < schema->profile->parameter_count; k++) {
        const struct wev_parameter *p = &schema->profile->parameters[k];
        if (!wev_span_eq(p->text, text)) { continue; }
        snprintf(id, sizeof(id), "%%%%%u", p->id);
        return json_string(id);
    }
    return json_stringn(text.n ? text.p : "", text.n);
}

// The value as the event has it. NULL: the message does not tell it.
static json_t *value_of(const struct wev_schema *schema, const struct wev_field *f, struct wev_span shown)
{
    char text[VALUE_MAX];
    size_t n = unmarked(shown, text);
    if (f->type == WEV_T_UNICODE_STRING) { return parameter_text(schema, (struct wev_span){text, n}); }
    if (f->type == WEV_T_SID && !starts(shown, WEV_SPAN("S-1-"))) {
        for (size_t k = 0; k < sizeof(accounts) / sizeof(accounts[0]); k++) {
            if (wev_span_eq_nocase(shown, wev_span_of(accounts[k].name))) { return json_string(accounts[k].sid); }
        }
        return NULL;
    }
    for (size_t k = 2; k < n && (f->type == WEV_T_HEX_INT32 || f->type == WEV_T_HEX_INT64); k++) {
        if (text[k] >= 'A' && text[k] <= 'F') { text[k] = (char)(text[k] | 0x20); } // messages write hex in upper case
    }
    return json_stringn(n ? text : "", n);
}

// The fields by `def`'s labels, all of them, else NULL.
static json_t *fields_by(const struct wev_schema *schema, const struct wev_event_def *def, struct wev_span text)
{
    json_t *data = json_array();
    for (struct wev_span message = def->message; message.n > 0;) {
        struct wev_span line = cut(message, &message, "%n"), label, shown;
        uint64_t field;
        if (!template_line(line, &label, &field) || field == 0 || field > def->body->field_count) { continue; }
        if (!labelled(&text, label, &shown)) {
            json_decref(data);
            return NULL;
        }
        const struct wev_field *f = &def->body->fields[field - 1];
        json_t *value = value_of(schema, f, shown);
        json_array_append_new(data, json_pack("[o,o]", json_stringn(f->name.p, f->name.n), value ? value : json_null()));
    }
    return data;
}

bool wev_real_text(const struct wev_schema *schema, struct wev_span text, struct wev_real *record)
{
    struct wev_span rest, title = wev_span_trim(cut(text, &rest, "\n"));
    const struct wev_event_def *best = NULL;
    for (size_t k = 0; k < schema->event_count; k++) {
        const struct wev_event_def *def = &schema->events[k];
        if (!title.n || !wev_span_eq(title_of(def), title) || (best && best->body->field_count > def->body->field_count)) { continue; }
        json_t *data = fields_by(schema, def, rest);
        if (!data) { continue; }
        json_decref(record->data);
        record->data = data;
        best = def;
    }
    if (!best) { return false; }
    record->shape = "text";
    json_object_set_new(record->header, "EventID", json_sprintf("%u", best->id));
    json_object_set_new(record->header, "Version", json_sprintf("%u", best->version));
    json_object_set_new(record->header, "Provider", json_stringn(best->provider->name.p, best->provider->name.n));
    return true;
}

size_t wev_real_text_start(const struct wev_schema *schema, struct wev_span text, size_t from)
{
    while (from < text.n) {
        struct wev_span rest, line = wev_span_trim(cut((struct wev_span){text.p + from, text.n - from}, &rest, "\n"));
        for (size_t k = 0; k < schema->event_count && line.n > 0; k++) {
            if (wev_span_eq(title_of(&schema->events[k]), line)) { return from; }
        }
        from = (size_t)(rest.p - text.p);
    }
    return text.n;
}
