// The reference decoder's run: expat's events, limits, findings and offsets. What an element means is
// decided by decode_system.c and decode_body.c.
#include "schema/decode_run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { KEEP_SPARE = 16384, PARSER_DOCUMENT = 32768 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// ---- findings

bool wev_decode_stop(struct wev_decoder *d, enum wev_verdict code, size_t at)
{
    bool lower = wev_verdict_rows[code].layer <= WEV_LAYER_XML && wev_verdict_rows[d->out->code].layer > WEV_LAYER_XML;
    if (d->stopped && !lower) { return false; } // the first of the lowest layer; see is_final
    d->stopped = true;
    d->out->rule = NULL;
    d->out->code = code;
    d->out->at = at < d->n ? at : d->n;
    return false;
}

// Past a finding of the layers above XML the rest is still parsed: what is not well-formed is of a lower layer.
static bool is_final(const struct wev_decoder *d)
{
    return d->stopped && wev_verdict_rows[d->out->code].layer <= WEV_LAYER_XML;
}

static void halt(struct wev_decoder *d)
{
    if (is_final(d)) { XML_StopParser(d->parser, XML_FALSE); }
}

void wev_decode_note(struct wev_decoder *d, enum wev_verdict code, size_t at)
{
    struct wev_decoded *out = d->out;
    if (d->stopped || out->also_count == WEV_COUNT(out->also)) { return; }
    out->also[out->also_count] = code;
    out->also_at[out->also_count++] = at < d->n ? at : d->n;
}

// ---- names

const XML_Char *wev_decode_local(const XML_Char *name)
{
    static const char space[] = WEV_EVENT_SPACE "\n";
    return strncmp(name, space, sizeof(space) - 1) == 0 ? name + sizeof(space) - 1 : NULL;
}

bool wev_decode_is_foreign(const XML_Char *name)
{
    return strchr(name, '\n') && !wev_decode_local(name);
}

static bool is_xml_attribute(const XML_Char *name)
{
    return !strncmp(name, "http://www.w3.org/2001/XMLSchema-instance\n", 42) ||
           !strncmp(name, "http://www.w3.org/XML/1998/namespace\n", 37);
}

// ---- elements

void wev_decode_push(struct wev_decoder *d, enum wev_place place)
{
    d->place[++d->depth] = (uint8_t)place;
}

static void clear_event(struct wev_decoder *d)
{
    d->system_seen = d->rendering_seen = d->foreign_seen = d->body_seen = false;
    d->child = d->child_seen = 0;
    d->value_count = d->data_count = 0;
    d->frames = 0;
    d->field = NULL;
    d->pending = (struct wev_span){NULL, 0};
    d->out->event.def = NULL;
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        d->out->event.header[h] = (struct wev_value){.type = wev_header_types[h], .flags = WEV_F_ABSENT};
        d->header_at[h] = 0;
    }
}

static void start_event(struct wev_decoder *d, const XML_Char **atts, size_t at)
{
    for (; atts[0]; atts += 2) {
        if (!is_xml_attribute(atts[0])) { wev_decode_stop(d, WEV_V_ATTR_UNKNOWN, at); }
    }
    clear_event(d);
    wev_decode_push(d, WEV_AT_EVENT);
}

static bool is_named(const XML_Char *name, const char *local)
{
    const char *cut = strchr(name, '\n');
    return !strcmp(cut ? cut + 1 : name, local);
}

static void start_root(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at)
{
    const XML_Char *local = wev_decode_local(name);
    d->root_seen = true;
    if (local && !strcmp(local, "Event")) {
        start_event(d, atts, at);
    } else if (is_named(name, "Events") && !wev_decode_is_foreign(name)) {
        wev_decode_note(d, WEV_V_WRAPPER_EVENTS, at);
        wev_decode_push(d, WEV_AT_EVENTS);
    } else if (is_named(name, "Event")) {
        wev_decode_stop(d, WEV_V_NAMESPACE, at);
    } else {
        const char *escaped = d->wide ? NULL : memmem(d->doc + at, d->n - at, "&lt;Event", 9);
        wev_decode_stop(d, escaped ? WEV_V_WRAPPER_ESCAPED : WEV_V_ROOT, escaped ? (size_t)(escaped - d->doc) : at);
    }
}

static void start_in_events(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at)
{
    const XML_Char *local = wev_decode_local(name);
    if (local && !strcmp(local, "Event")) {
        start_event(d, atts, at);
    } else {
        wev_decode_stop(d, is_named(name, "Event") ? WEV_V_NAMESPACE : WEV_V_CHILD_UNKNOWN, at);
    }
}

static void start_in_event(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at)
{
    const XML_Char *local = wev_decode_local(name);
    if (d->system_seen) {
        wev_decode_body_start(d, name, atts, at);
        return;
    }
    if (!local || strcmp(local, "System") != 0) {
        wev_decode_stop(d, !local && is_named(name, "System") ? WEV_V_NAMESPACE : WEV_V_SYSTEM_MISSING, at);
        return;
    }
    if (atts[0]) {
        wev_decode_stop(d, WEV_V_ATTR_UNKNOWN, at);
        return;
    }
    d->system_seen = true;
    wev_decode_push(d, WEV_AT_SYSTEM);
}

static void start_in_system(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at)
{
    const XML_Char *local = wev_decode_local(name);
    if (!local) {
        wev_decode_stop(d, WEV_V_NAMESPACE, at);
    } else {
        wev_decode_system_child(d, local, atts, at);
    }
}

static bool within_limits(struct wev_decoder *d, const XML_Char **atts, size_t at)
{
    uint32_t count = d->spaces;
    d->spaces = 0;
    if (d->depth == d->limits.depth) { return wev_decode_stop(d, WEV_V_LIMIT_DEPTH, at); }
    for (; atts[0]; atts += 2) {
        if (++count > d->limits.attributes) { break; }
        if (strlen(atts[1]) > d->limits.field) { return wev_decode_stop(d, WEV_V_LIMIT_FIELD, at); }
    }
    return count <= d->limits.attributes || wev_decode_stop(d, WEV_V_LIMIT_ATTRIBUTES, at);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **atts)
{
    struct wev_decoder *d = user;
    if (d->stopped) { return; }
    size_t at = wev_decode_here(d);
    if (within_limits(d, atts, at)) {
        switch ((enum wev_place)d->place[d->depth]) {
        case WEV_AT_DOCUMENT: start_root(d, name, atts, at); break;
        case WEV_AT_EVENTS: start_in_events(d, name, atts, at); break;
        case WEV_AT_EVENT: start_in_event(d, name, atts, at); break;
        case WEV_AT_SYSTEM: start_in_system(d, name, atts, at); break;
        case WEV_AT_HEADER:
        case WEV_AT_EMPTY: wev_decode_stop(d, WEV_V_CHILD_UNKNOWN, at); break;
        case WEV_AT_ANY: wev_decode_push(d, WEV_AT_ANY); break;
        default: wev_decode_body_inside(d, name, atts, at); break;
        }
    }
    halt(d);
}

static void end_event(struct wev_decoder *d, size_t at)
{
    const struct wev_event_def *def = d->out->event.def;
    if (!d->system_seen) {
        wev_decode_stop(d, WEV_V_SYSTEM_MISSING, at);
    } else if (def && !d->body_seen && (def->body->user || def->body->field_count)) {
        wev_decode_stop(d, WEV_V_BODY_MISSING, at);
    }
    if (d->stopped || !def) { return; }
    const struct wev_rule *rule = wev_rules_broken(d, &at);
    if (!rule) { return; }
    wev_decode_stop(d, WEV_V_RULE, at);
    d->out->rule = rule;
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct wev_decoder *d = user;
    (void)name;
    if (d->stopped || d->depth == 0) { return; }
    size_t at = wev_decode_here(d);
    enum wev_place place = d->place[d->depth--];
    switch (place) {
    case WEV_AT_EVENT: end_event(d, at); break;
    case WEV_AT_SYSTEM: wev_decode_system_end(d, at); break;
    case WEV_AT_HEADER: wev_decode_system_value(d); break;
    default: wev_decode_body_end(d, place, at); break;
    }
    halt(d);
}

// ---- text and the rest

static void stray(struct wev_decoder *d, const char *s, size_t n)
{
    size_t k = 0;
    while (k < n && is_blank(s[k])) { k++; }
    if (k == n) { return; }
    size_t at = wev_decode_here(d) + (d->wide ? 0 : k);
    struct wev_span rest = wev_span_trim((struct wev_span){s + k, n - k});
    wev_decode_stop(d, wev_span_is(rest, "-") ? WEV_V_WRAPPER_VIEW : WEV_V_TEXT_STRAY, at);
}

static void XMLCALL on_text(void *user, const XML_Char *s, int length)
{
    struct wev_decoder *d = user;
    size_t n = (size_t)length;
    if (d->stopped) { return; }
    switch ((enum wev_place)d->place[d->depth]) {
    case WEV_AT_HEADER:
    case WEV_AT_DATA:
    case WEV_AT_BINARY:
    case WEV_AT_USER:
    case WEV_AT_RENDERED: wev_decode_text_add(d, s, n); break;
    case WEV_AT_ANY: break;
    default: stray(d, s, n); break;
    }
    halt(d);
}

static void XMLCALL on_space(void *user, const XML_Char *prefix, const XML_Char *uri)
{
    struct wev_decoder *d = user;
    (void)prefix;
    (void)uri;
    d->spaces++;
}

// expat tells of a DOCTYPE at the end of its name: back to where it began.
static size_t doctype_at(const struct wev_decoder *d)
{
    size_t at = wev_decode_here(d);
    for (size_t k = d->wide ? 0 : at + 1; k-- > 0;) {
        if (d->n - k >= 9 && !memcmp(d->doc + k, "<!DOCTYPE", 9)) { return k; }
    }
    return at;
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    struct wev_decoder *d = user;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    d->in_doctype = true;
    wev_decode_note(d, WEV_V_DOCTYPE, doctype_at(d));
}

static void XMLCALL on_doctype_end(void *user)
{
    struct wev_decoder *d = user;
    d->in_doctype = false;
}

static void XMLCALL on_entity(void *user, const XML_Char *name, int parameter, const XML_Char *value, int length,
                              const XML_Char *base, const XML_Char *system, const XML_Char *public, const XML_Char *notation)
{
    struct wev_decoder *d = user;
    (void)name;
    (void)parameter;
    (void)value;
    (void)length;
    (void)base;
    (void)system;
    (void)public;
    (void)notation;
    wev_decode_stop(d, WEV_V_ENTITY_DECL, wev_decode_here(d));
    XML_StopParser(d->parser, XML_FALSE);
}

static void XMLCALL on_skipped(void *user, const XML_Char *name, int parameter)
{
    struct wev_decoder *d = user;
    (void)name;
    (void)parameter;
    wev_decode_stop(d, WEV_V_XML_ENTITY, wev_decode_here(d));
    XML_StopParser(d->parser, XML_FALSE);
}

static bool has_high_byte(const struct wev_decoder *d)
{
    for (size_t k = 0; k < d->n; k++) {
        if (d->doc[k] & 0x80) { return true; }
    }
    return false;
}

static void XMLCALL on_declaration(void *user, const XML_Char *version, const XML_Char *encoding, int standalone)
{
    struct wev_decoder *d = user;
    struct wev_span v = wev_span_of(version), e = wev_span_of(encoding);
    (void)standalone;
    // [26] VersionNum: "1." and digits
    if (v.p && (v.n < 3 || v.p[0] != '1' || v.p[1] != '.' || strspn(v.p + 2, "0123456789") != v.n - 2)) {
        wev_decode_stop(d, WEV_V_XML_DECL, wev_decode_here(d));
        XML_StopParser(d->parser, XML_FALSE);
        return;
    }
    d->ascii = e.p && wev_span_eq_nocase(e, WEV_SPAN("US-ASCII"));
    d->latin = e.p && wev_span_eq_nocase(e, WEV_SPAN("ISO-8859-1"));
    // UTF-8's byte order mark settles what the bytes are; one byte a character is then not true
    if ((d->latin || d->ascii) && d->n >= 3 && !memcmp(d->doc, "\xef\xbb\xbf", 3) && has_high_byte(d)) {
        wev_decode_stop(d, WEV_V_ENCODING, wev_decode_here(d));
        XML_StopParser(d->parser, XML_FALSE);
    }
}

// ---- the run

static size_t field_max(const struct wev_field *fields, size_t count)
{
    size_t most = count;
    for (size_t k = 0; k < count; k++) {
        size_t n = fields[k].field_count ? field_max(fields[k].fields, fields[k].field_count) : 0;
        most = n > most ? n : most;
    }
    return most;
}

struct wev_decoder *wev_decode_new(const struct wev_schema *schema, const struct wev_limits *limits)
{
    struct wev_decoder *d = calloc(1, sizeof(*d));
    if (!d) { return NULL; }
    d->schema = schema;
    if (limits) { d->limits = *limits; }
    if (!d->limits.document) { d->limits.document = 4u << 20; }
    if (!d->limits.field) { d->limits.field = 1u << 20; }
    if (!d->limits.depth) { d->limits.depth = 32; }
    if (!d->limits.attributes) { d->limits.attributes = 64; }
    if (!d->limits.fields) { d->limits.fields = 4096; }
    d->field_max = 1;
    for (size_t k = 0; k < schema->event_count; k++) {
        size_t n = field_max(schema->events[k].body->fields, schema->events[k].body->field_count);
        d->field_max = n > d->field_max ? n : d->field_max;
    }
    // one secret a decoder: expat would ask the kernel for one on every run. No verdict depends on it.
    if (getrandom(&d->salt, sizeof(d->salt), GRND_NONBLOCK) < 0) { d->salt = 0; }
    d->parser = XML_ParserCreateNS(NULL, '\n');
    d->place = calloc((size_t)d->limits.depth + 2, 1);
    d->first = calloc(d->field_max * WEV_FRAMES, sizeof(*d->first));
    if (d->parser && d->place && d->first) { return d; }
    wev_decode_free(d);
    return NULL;
}

void wev_decode_free(struct wev_decoder *d)
{
    if (!d) { return; }
    if (d->parser) { XML_ParserFree(d->parser); }
    free(d->place);
    free(d->first);
    free(d->keep);
    free(d->values);
    free(d->names);
    free(d->texts);
    free(d->value_at);
    free(d);
}

// Decoded text is no longer than its bytes (half as long again from UTF-16); values beside it take at most
// four times the bytes that spell them. ATTLIST defaults could give more, and then meet the limit.
static bool make_room(struct wev_decoder *d, size_t n)
{
    size_t need = (n < d->limits.document ? n : d->limits.document) * 6 + KEEP_SPARE;
    if (!d->keep || (size_t)(d->end - d->keep) < need) {
        free(d->keep);
        d->keep = malloc(need + need / 2);
        d->end = d->keep ? d->keep + need + need / 2 : NULL;
    }
    d->top = d->keep;
    return d->keep != NULL;
}

// A parser keeps what a document made it build, and clears all of it before the next one: after a large document, whose
// names and elements may be a million, a new one is the quicker way. False: no memory.
static bool renew_parser(struct wev_decoder *d)
{
    if (d->parser && !d->worn) { return XML_ParserReset(d->parser, NULL) == XML_TRUE; }
    if (d->parser) { XML_ParserFree(d->parser); }
    d->parser = XML_ParserCreateNS(NULL, '\n');
    d->worn = false;
    return d->parser != NULL;
}

static void start_parser(struct wev_decoder *d)
{
    XML_SetUserData(d->parser, d);
    if (d->salt) { XML_SetHashSalt(d->parser, d->salt); }
    XML_SetElementHandler(d->parser, on_start, on_end);
    XML_SetCharacterDataHandler(d->parser, on_text);
    XML_SetStartNamespaceDeclHandler(d->parser, on_space);
    XML_SetDoctypeDeclHandler(d->parser, on_doctype, on_doctype_end);
    XML_SetEntityDeclHandler(d->parser, on_entity);
    XML_SetSkippedEntityHandler(d->parser, on_skipped);
    XML_SetXmlDeclHandler(d->parser, on_declaration);
}

static bool parse(struct wev_decoder *d)
{
    size_t n = d->n;
    if (!renew_parser(d)) { return false; }
    d->worn = n > PARSER_DOCUMENT;
    start_parser(d);
    while (!d->wide && n > 0 && is_blank(d->doc[n - 1])) { n--; } // so that a cut token does not meet the line's end
    size_t lone = wev_decode_bytes_lone_surrogate(d);
    bool whole = lone == d->n;
    enum XML_Status status = XML_Parse(d->parser, d->doc, (int)(whole ? n : lone), whole);
    if (status == XML_STATUS_OK && !whole) { wev_decode_stop(d, WEV_V_CHAR, lone); }
    if (status == XML_STATUS_OK || is_final(d)) { return !d->no_memory; }
    enum XML_Error error = XML_GetErrorCode(d->parser);
    size_t at = wev_decode_here(d);
    if (error == XML_ERROR_NO_MEMORY) { return false; }
    enum wev_verdict code = wev_decode_bytes_error(d, error, &at);
    wev_decode_stop(d, code, at);
    return !d->no_memory;
}

enum wev_err wev_decode_run(struct wev_decoder *d, const char *p, size_t n, struct wev_decoded *out)
{
    size_t at = 0;
    *out = (struct wev_decoded){.code = WEV_V_OK, .at = n};
    d->out = out;
    d->doc = p ? p : "";
    d->n = n;
    d->wide = d->latin = d->ascii = d->stopped = d->root_seen = d->in_doctype = d->no_memory = false;
    d->depth = d->spaces = 0;
    d->place[0] = WEV_AT_DOCUMENT;
    if (!make_room(d, n)) { return WEV_E_MEMORY; }
    clear_event(d);
    wev_decode_text_begin(d);
    enum wev_verdict code = wev_decode_bytes_start(d, &at);
    if (code != WEV_V_OK) {
        wev_decode_stop(d, code, at);
    } else if (!parse(d)) {
        return WEV_E_MEMORY;
    }
    if (!d->stopped && out->also_count) {
        out->code = out->also[0];
        out->at = out->also_at[0];
    }
    out->event.value = d->values;
    out->event.value_count = d->value_count;
    out->names = d->names;
    out->texts = d->texts;
    out->data_count = d->data_count;
    return WEV_OK;
}
