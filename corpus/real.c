// Real records of any shape: finds them in a file, and types what their shape told. Knows no profile.
#include "corpus/real.h"

#include "corpus/undo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wev_real_note(struct wev_real *record, const char *text)
{
    size_t k;
    json_t *old;
    json_array_foreach(record->notes, k, old) {
        if (!strcmp(json_string_value(old), text)) { return; }
    }
    json_array_append_new(record->notes, json_string(text));
}

void wev_real_problem(struct wev_real *record, struct wev_span field, const char *value, const char *what, const char *nearest)
{
    json_t *p = json_pack("{s:o,s:s,s:s}", "field", json_stringn(field.p, field.n), "value", value ? value : "", "what", what);
    if (p && nearest) { json_object_set_new(p, "nearest", json_string(nearest)); }
    json_array_append_new(record->problems, p);
}

const char *wev_real_header(const struct wev_real *record, enum wev_header h)
{
    return json_string_value(json_object_get(record->header, wev_header_names[h]));
}

// ---- values

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_name(struct wev_span field, const char *name)
{
    return field.n == strlen(name) && field.n > 0 && lower(field.p[0]) == lower(name[0]) && !memcmp(field.p + 1, name + 1, field.n - 1);
}

// "SubjectUserSid" as "subject_user_sid": some anonymisers put the field's own name in place of its value.
static bool is_own_name(struct wev_span field, const char *value)
{
    for (size_t k = 0; k < field.n; k++) {
        if (k > 0 && field.p[k] != lower(field.p[k]) && *value++ != '_') { return false; }
        if (*value++ != lower(field.p[k])) { return false; }
    }
    return *value == 0;
}

// "{22222222-2222-2222-2222-222222222222}" is nobody's GUID either.
static bool is_one_digit(const char *value)
{
    size_t n = strlen(value), k = 1;
    if (n != 38 || value[0] != '{') { return false; }
    while (k < n - 1 && (value[k] == '-' || value[k] == value[1])) { k++; }
    return k == n - 1;
}

// A page written in markdown shows "ECDH\_P521", and "C:\\Users" for a path.
static bool undo_markdown(char *text, bool path)
{
    const char *two = strstr(text, "\\\\");
    char *to = text;
    bool damage = two && two > text;
    if (path ? !damage : !damage && !strstr(text, "\\_")) { return false; }
    for (const char *p = text; *p; p++) {
        if (p[0] == '\\' && (p[1] == '_' || p[1] == '\\')) { p++; }
        *to++ = *p;
    }
    *to = 0;
    return true;
}

static void put_right(struct wev_real *r, struct wev_span field, json_t *value)
{
    bool page = !strcmp(r->shape, "view") || !strcmp(r->shape, "text");
    char *copy = page ? strdup(json_string_value(value)) : NULL;
    if (copy && undo_markdown(copy, memmem(field.p, field.n, "Path", 4) != NULL)) {
        char note[160];
        json_string_set(value, copy);
        snprintf(note, sizeof(note), "%.*s: markdown's backslashes taken out", (int)field.n, field.p);
        wev_real_note(r, note);
    }
    free(copy);
}

static struct wev_types_room *room_of(struct wev_real *r, size_t k)
{
    r->rooms[k] = (struct wev_types_room){.bin = r->bytes[k], .bin_cap = sizeof(r->bytes[k])};
    return &r->rooms[k];
}

// False: the text is not one of its type; the problem then says so.
static bool type_value(struct wev_real *r, struct wev_span field, uint8_t type, uint8_t lex, const char *text, size_t k, struct wev_value *out)
{
    size_t at;
    enum wev_verdict code = WEV_V_OK;
    if (lex == WEV_L_BINARY && strlen(text) / 2 > sizeof(r->bytes[k])) { return false; }
    code = wev_types_parse(type, lex, wev_span_of(text), room_of(r, k), out, &at);
    if (wev_verdict_rows[code].verdict == 'n') { wev_real_problem(r, field, text, wev_verdict_rows[code].text, NULL); }
    return wev_verdict_rows[code].verdict != 'n';
}

static void type_field(struct wev_real *r, size_t k, bool *seen)
{
    const struct wev_field *f = &r->event.def->body->fields[k];
    size_t i;
    json_t *pair;
    json_array_foreach(r->data, i, pair) {
        const char *name = json_string_value(json_array_get(pair, 0));
        json_t *value = json_array_get(pair, 1);
        if (!name || !same_name(f->name, name)) { continue; }
        seen[i] = true;
        if (!json_is_string(value)) { return; } // not told
        put_right(r, f->name, value);
        const char *text = json_string_value(value);
        if (is_own_name(f->name, text)) {
            wev_real_note(r, "an anonymiser put fields' names in place of their values");
            json_array_set_new(pair, 1, json_null());
            return;
        }
        r->told[k] = type_value(r, f->name, f->type, f->lex, text, k, &r->values[k]);
        if (!r->told[k]) { r->values[k] = (struct wev_value){.type = WEV_T_NULL}; }
        return;
    }
    wev_real_problem(r, f->name, "", "is not there", NULL);
}

static void type_fields(struct wev_real *r)
{
    bool seen[4 * WEV_REAL_FIELDS] = {false};
    size_t count = json_array_size(r->data), fields = r->event.def->body->field_count;
    bool own = !strcmp(r->shape, "nxlog") || !strcmp(r->shape, "logstash"); // flat: the collector's fields stand between
    if (count > sizeof(seen)) {
        wev_real_problem(r, WEV_SPAN("EventData"), "", "has more values than an event can have", NULL);
        return;
    }
    for (size_t k = 0; k < fields; k++) { type_field(r, k, seen); }
    for (size_t i = 0; i < count && !own; i++) {
        const char *name = json_string_value(json_array_get(json_array_get(r->data, i), 0));
        if (!seen[i]) { wev_real_problem(r, wev_span_of(name ? name : "Data"), "", "is no field of this event, or stands twice", NULL); }
    }
    r->event.value = r->values;
    r->event.value_count = fields;
}

static void type_headers(struct wev_real *r)
{
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        const char *text = wev_real_header(r, (enum wev_header)h);
        struct wev_value *v = &r->event.header[h];
        *v = (struct wev_value){.type = wev_header_types[h], .flags = WEV_F_ABSENT};
        if (!text) { continue; }
        if (is_one_digit(text)) {
            wev_real_note(r, "an anonymiser put GUIDs of one digit");
            continue;
        }
        uint8_t lex = wev_type_rows[wev_header_types[h] - 1].lex;
        struct wev_value parsed = *v;
        r->header_told[h] = type_value(r, wev_span_of(wev_header_names[h]), wev_header_types[h], lex, text, WEV_REAL_FIELDS + h, &parsed);
        if (r->header_told[h]) { *v = parsed; }
    }
    if (!strcmp(r->shape, "python-evtx") && r->header_told[WEV_H_TIME]) {
        wev_real_note(r, "python-evtx cuts the time to microseconds");
        r->header_told[WEV_H_TIME] = false;
    }
}

static const json_t *pair_of(const struct wev_real *r, struct wev_span field)
{
    size_t i;
    json_t *pair;
    json_array_foreach(r->data, i, pair) {
        const char *name = json_string_value(json_array_get(pair, 0));
        if (name && same_name(field, name)) { return pair; }
    }
    return NULL;
}

const char *wev_real_field(const struct wev_real *r, struct wev_span field)
{
    return json_string_value(json_array_get(pair_of(r, field), 1));
}

// Version: as told, else the highest of which all fields are there.
static const struct wev_event_def *find(const struct wev_schema *schema, const struct wev_real *r)
{
    const char *provider = wev_real_header(r, WEV_H_PROVIDER), *id = wev_real_header(r, WEV_H_EVENT_ID);
    const char *version = wev_real_header(r, WEV_H_VERSION);
    const struct wev_event_def *found = NULL;
    uint64_t number, wanted = 0;
    if (!wev_span_u64(wev_span_of(id), &number) || (version && !wev_span_u64(wev_span_of(version), &wanted))) { return NULL; }
    for (size_t k = 0; k < schema->event_count; k++) {
        const struct wev_event_def *def = &schema->events[k];
        if (def->id != number || (provider && !wev_span_eq(def->provider->name, wev_span_of(provider)))) { continue; }
        bool fits = version ? def->version == wanted : true;
        for (size_t f = 0; f < def->body->field_count && fits && !version; f++) { fits = pair_of(r, def->body->fields[f].name) != NULL; }
        if (fits && def->body->flat && def->body->field_count <= WEV_REAL_FIELDS) { found = def; }
    }
    return found;
}

static void type_record(const struct wev_schema *schema, struct wev_real *r)
{
    r->event.def = find(schema, r);
    if (!r->event.def) { return; }
    if (!wev_real_header(r, WEV_H_VERSION)) { json_object_set_new(r->header, "Version", json_sprintf("%u", r->event.def->version)); }
    type_headers(r);
    type_fields(r);
}

// ---- files

static void clear(struct wev_real *r)
{
    json_decref(r->header);
    json_decref(r->data);
    json_decref(r->notes);
    json_decref(r->problems);
    json_decref(r->message);
}

// A fresh record for the reader of a shape.
static bool begin(struct wev_reals *rs, struct wev_real *r)
{
    *r = (struct wev_real){.shape = "?", .header = json_object(), .data = json_array(), .notes = json_array(), .problems = json_array()};
    rs->memory = rs->memory || !r->header || !r->data || !r->notes || !r->problems;
    return !rs->memory;
}

static bool hand_over(struct wev_reals *rs, struct wev_real *r, const char *shape)
{
    if (shape) { r->shape = shape; }
    r->number = ++rs->count;
    type_record(rs->schema, r);
    return rs->take(rs->user, r);
}

// Get-EventLog and its like write the message alone: then that is read.
static void read_message(struct wev_reals *rs, struct wev_real *r)
{
    const struct wev_event_def *def = find(rs->schema, r);
    const char *message = json_string_value(r->message);
    bool fields = def && (def->body->field_count == 0 || pair_of(r, def->body->fields[0].name));
    if (message && !fields) { wev_real_text(rs->schema, wev_span_of(message), r); }
}

static bool json_one(struct wev_reals *rs, struct wev_real *r, json_t *root)
{
    bool on = begin(rs, r);
    if (on && wev_real_json(root, r)) {
        read_message(rs, r);
        on = hand_over(rs, r, NULL);
    }
    clear(r);
    return on;
}

static void each_json(struct wev_reals *rs, struct wev_real *r, struct wev_span bytes)
{
    json_error_t error;
    bool on = true;
    while (on && (bytes = wev_span_trim(bytes)).n > 0) {
        json_t *root = json_loadb(bytes.p, bytes.n, JSON_DISABLE_EOF_CHECK, &error);
        if (!root) { return; }
        for (size_t k = 0; k < json_array_size(root) && on; k++) { on = json_one(rs, r, json_array_get(root, k)); }
        if (json_is_object(root)) { on = json_one(rs, r, root); }
        json_decref(root);
        size_t used = error.position > 0 ? (size_t)error.position : bytes.n;
        bytes = (struct wev_span){bytes.p + used, bytes.n - used};
    }
}

static bool is_start(struct wev_span s)
{
    return s.n > 7 && (s.p[6] == '>' || strchr(" \t\r\n", s.p[6]));
}

static void each_xml(struct wev_reals *rs, struct wev_real *r, char *p, size_t n)
{
    bool view = wev_undo_view(p, n), on = true;
    for (size_t k = 0; on && k < n;) {
        const char *start = memmem(p + k, n - k, "<Event", 6);
        if (!start) { return; }
        k = (size_t)(start - p);
        const char *end = is_start((struct wev_span){start, n - k}) ? memmem(start, n - k, "</Event>", 8) : NULL;
        if (!end) {
            k += 6;
            continue;
        }
        struct wev_span document = {start, (size_t)(end + 8 - start)};
        on = begin(rs, r);
        if (on && wev_real_xml(document, r)) { on = hand_over(rs, r, view ? "view" : NULL); }
        clear(r);
        k += document.n;
    }
}

static void each_text(struct wev_reals *rs, struct wev_real *r, struct wev_span text)
{
    size_t k = wev_real_text_start(rs->schema, text, 0);
    bool on = true;
    while (on && k < text.n) {
        const char *line = memchr(text.p + k, '\n', text.n - k);
        size_t next = line ? wev_real_text_start(rs->schema, text, (size_t)(line + 1 - text.p)) : text.n;
        on = begin(rs, r);
        if (on && wev_real_text(rs->schema, (struct wev_span){text.p + k, next - k}, r)) { on = hand_over(rs, r, NULL); }
        clear(r);
        k = next;
    }
}

void wev_real_each(struct wev_reals *rs, struct wev_span bytes)
{
    struct wev_span s = bytes;
    if (s.n >= 3 && !memcmp(s.p, "\xef\xbb\xbf", 3)) { s = (struct wev_span){s.p + 3, s.n - 3}; }
    s = wev_span_trim(s);
    struct wev_real *r = malloc(sizeof(*r));
    char *copy = malloc(s.n + 1); // Event Viewer's marks are undone in it
    rs->memory = !r || !copy;
    if (!rs->memory && s.n > 0) {
        memcpy(copy, s.p, s.n);
        bool json = s.p[0] == '{' || s.p[0] == '[';
        if (json) { each_json(rs, r, s); }
        if (!json && memmem(s.p, s.n, "<Event", 6)) { each_xml(rs, r, copy, s.n); }
        if (!json && !memmem(s.p, s.n, "<Event", 6)) { each_text(rs, r, s); }
    }
    free(copy);
    free(r);
}
