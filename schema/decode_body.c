// What follows System: EventData against the event's template, the other bodies, and RenderingInfo.
#include "schema/decode_run.h"

#include <string.h>

struct body {
    const char *name;
    enum wev_place place;
};
static const struct body bodies[] = {
    {"EventData", WEV_AT_EVENT_DATA},   {"UserData", WEV_AT_USER_DATA},   {"DebugData", WEV_AT_ANY},
    {"BinaryEventData", WEV_AT_BINARY}, {"ProcessingErrorData", WEV_AT_ANY},
};

// RenderingInfo's children by rank; Windows writes Task before Opcode, event.xsd has them the other way.
static const struct { const char *name; uint32_t rank; } rendered[] = {
    {"Message", 1}, {"Level", 2}, {"Task", 3}, {"Opcode", 3}, {"Channel", 4}, {"Provider", 5}, {"Keywords", 6},
};

// ---- attributes

// The value of the attribute `name`; any other but `also` stops. Absent: {NULL, 0}.
static struct wev_span only_attribute(struct wev_decoder *d, const XML_Char **atts, const char *name, const char *also, size_t at)
{
    struct wev_span found = {NULL, 0};
    for (; atts[0]; atts += 2) {
        if (name && !strcmp(atts[0], name)) {
            found = wev_span_of(atts[1]);
        } else if (!also || strcmp(atts[0], also) != 0) {
            wev_decode_stop(d, WEV_V_ATTR_UNKNOWN, at);
        }
    }
    return found;
}

// ---- the bodies

static const struct wev_template *known_body(const struct wev_decoder *d)
{
    return d->out->event.def ? d->out->event.def->body : NULL;
}

static bool open_frame(struct wev_decoder *d, const struct wev_field *fields, size_t count)
{
    if (d->frames == WEV_FRAMES) { return wev_decode_stop(d, WEV_V_LIMIT_DEPTH, wev_decode_here(d)); }
    struct wev_frame *f = &d->frame[d->frames];
    *f = (struct wev_frame){.fields = fields, .count = count, .first = d->first + d->frames * d->field_max};
    for (size_t k = 0; k < count; k++) { f->first[k] = WEV_NO_VALUE; }
    d->frames++;
    return true;
}

static void start_body(struct wev_decoder *d, const struct body *b, const XML_Char **atts, size_t at)
{
    const struct wev_template *t = known_body(d);
    if (d->body_seen) {
        wev_decode_stop(d, WEV_V_BODY_TWICE, at);
    } else if (d->rendering_seen) {
        wev_decode_stop(d, WEV_V_BODY_ORDER, at);
    } else if (d->foreign_seen) {
        wev_decode_stop(d, WEV_V_CHILD_ORDER, at);
    } else if (t && b->place != (t->user ? WEV_AT_USER_DATA : WEV_AT_EVENT_DATA)) {
        wev_decode_stop(d, WEV_V_BODY_OTHER, at);
    }
    only_attribute(d, atts, b->place == WEV_AT_EVENT_DATA ? "Name" : NULL, NULL, at);
    if (d->stopped) { return; }
    d->body_seen = true;
    if (t && !open_frame(d, t->fields, t->field_count)) { return; }
    d->user_part = 0;
    wev_decode_push(d, b->place == WEV_AT_USER_DATA && !t ? WEV_AT_ANY : b->place);
    if (b->place == WEV_AT_BINARY) { wev_decode_text_begin(d); }
}

static void start_rendering(struct wev_decoder *d, const XML_Char **atts, size_t at)
{
    if (d->rendering_seen) {
        wev_decode_stop(d, WEV_V_CHILD_TWICE, at);
        return;
    }
    if (d->foreign_seen) {
        wev_decode_stop(d, WEV_V_CHILD_ORDER, at);
        return;
    }
    struct wev_span culture = only_attribute(d, atts, "Culture", NULL, at);
    if (!culture.p) { wev_decode_stop(d, WEV_V_ATTR_MISSING, at); }
    d->rendering_seen = true;
    d->child = 0;
    d->child_seen = 0;
    wev_decode_push(d, WEV_AT_RENDERING);
}

void wev_decode_body_start(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at)
{
    const XML_Char *local = wev_decode_local(name);
    if (!local) {
        if (!wev_decode_is_foreign(name)) {
            wev_decode_stop(d, WEV_V_NAMESPACE, at);
            return;
        }
        d->foreign_seen = true;
        wev_decode_push(d, WEV_AT_ANY);
        return;
    }
    for (size_t k = 0; k < WEV_COUNT(bodies); k++) {
        if (strcmp(local, bodies[k].name) != 0) { continue; }
        start_body(d, &bodies[k], atts, at);
        return;
    }
    if (!strcmp(local, "RenderingInfo")) {
        start_rendering(d, atts, at);
        return;
    }
    wev_decode_stop(d, !strcmp(local, "System") ? WEV_V_CHILD_TWICE : WEV_V_CHILD_UNKNOWN, at);
}

// ---- Data

static uint64_t wanted(const struct wev_decoder *d, const struct wev_frame *f)
{
    const struct wev_extent *x = &f->fields[f->next].count;
    if (x->kind == WEV_X_NONE) { return 1; }
    if (x->kind == WEV_X_CONST) { return x->n; }
    if (x->n >= f->count || f->first[x->n] >= d->value_count) { return 0; }
    return d->values[f->first[x->n]].is.u;
}

static void settle(const struct wev_decoder *d, struct wev_frame *f)
{
    while (f->next < f->count && f->done >= wanted(d, f)) {
        f->next++;
        f->done = 0;
    }
}

// A name that was not expected next. A field that was skipped may still come: then it is the order.
static void misplaced(struct wev_decoder *d, const struct wev_frame *f, struct wev_span name, size_t at)
{
    size_t k = 0;
    while (k < f->count && !wev_span_eq(f->fields[k].name, name)) { k++; }
    bool in_array = f->next < f->count && f->done > 0;
    const struct wev_field *last = f->next > 0 ? &f->fields[f->next - 1] : NULL;
    bool past_array = last && last->count.kind != WEV_X_NONE && wev_span_eq(last->name, name);
    if (in_array || past_array) {
        wev_decode_stop(d, WEV_V_LENGTH_DIFFERS, at);
    } else if (f->next == f->count) {
        wev_decode_stop(d, k < f->count ? WEV_V_FIELD_TWICE : WEV_V_FIELD_EXTRA, at);
    } else if (k == f->count) {
        wev_decode_stop(d, WEV_V_FIELD_UNKNOWN, at);
    } else if (k < f->next) {
        wev_decode_stop(d, WEV_V_FIELD_TWICE, at);
    } else {
        d->pending = f->fields[f->next].name;
        d->pending_at = at;
    }
}

// Finds the field for this Data or ComplexData: d->field, or NULL when it is not to be checked.
static void match(struct wev_decoder *d, struct wev_span name, bool complex, size_t at)
{
    struct wev_frame *f = d->frames ? &d->frame[d->frames - 1] : NULL;
    d->field = NULL;
    if (!f) { return; }
    if (d->pending.p) {
        if (name.p && wev_span_eq(name, d->pending)) { wev_decode_stop(d, WEV_V_FIELD_ORDER, d->pending_at); }
        return;
    }
    settle(d, f);
    const struct wev_field *field = f->next < f->count ? &f->fields[f->next] : NULL;
    if (!name.p && (!field || field->name.n)) {
        wev_decode_stop(d, field ? WEV_V_FIELD_NAMELESS : WEV_V_FIELD_EXTRA, at);
    } else if (!field || !wev_span_eq(field->name, name)) {
        misplaced(d, f, name, at);
    } else if (complex != (field->field_count > 0)) {
        wev_decode_stop(d, WEV_V_CHILD_UNKNOWN, at);
    } else {
        if (f->done == 0) { f->first[f->next] = (uint32_t)d->value_count; }
        f->done++;
        d->field = field;
    }
}

static struct wev_span keep_name(struct wev_decoder *d, struct wev_span name)
{
    if (!name.p) { return name; }
    if (d->field) { return d->field->name; } // the same bytes, and they outlive the run
    if ((size_t)(d->end - d->top) < name.n) {
        wev_decode_stop(d, WEV_V_LIMIT_FIELD, wev_decode_here(d));
        return (struct wev_span){NULL, 0};
    }
    if (name.n) { memcpy(d->top, name.p, name.n); }
    d->top += name.n;
    return (struct wev_span){d->top - name.n, name.n};
}

static void start_data(struct wev_decoder *d, const XML_Char *local, const XML_Char **atts, size_t at)
{
    bool complex = !strcmp(local, "ComplexData");
    if (!strcmp(local, "Binary") && d->place[d->depth] == WEV_AT_EVENT_DATA) {
        only_attribute(d, atts, NULL, NULL, at);
        if (d->frames) { wev_decode_stop(d, WEV_V_BINARY, at); }
        wev_decode_push(d, WEV_AT_BINARY);
        wev_decode_text_begin(d);
        return;
    }
    if (!complex && strcmp(local, "Data") != 0) {
        wev_decode_stop(d, WEV_V_CHILD_UNKNOWN, at);
        return;
    }
    struct wev_span name = only_attribute(d, atts, "Name", "Type", at);
    if (d->stopped) { return; }
    match(d, name, complex, at);
    if (d->stopped) { return; }
    if (complex) {
        if (d->field && !open_frame(d, d->field->fields, d->field->field_count)) { return; }
        wev_decode_push(d, WEV_AT_COMPLEX);
        return;
    }
    if (!wev_decode_field_add(d, &d->data_count)) { return; }
    d->names[d->data_count] = keep_name(d, name);
    wev_decode_push(d, WEV_AT_DATA);
    wev_decode_text_begin(d);
}

static void end_data(struct wev_decoder *d)
{
    struct wev_span s = wev_decode_text_end(d);
    struct wev_frame *f = d->frames ? &d->frame[d->frames - 1] : NULL;
    d->texts[d->data_count++] = s;
    if (!d->pending.p) { wev_decode_field(d, d->field, f ? f->first : NULL, s); }
    d->field = NULL;
}

static void end_fields(struct wev_decoder *d, size_t at)
{
    if (d->pending.p) {
        wev_decode_stop(d, WEV_V_FIELD_MISSING, d->pending_at);
        return;
    }
    if (!d->frames) { return; }
    struct wev_frame *f = &d->frame[d->frames - 1];
    settle(d, f);
    if (f->next < f->count) {
        wev_decode_stop(d, f->fields[f->next].count.kind != WEV_X_NONE ? WEV_V_LENGTH_DIFFERS : WEV_V_FIELD_MISSING, at);
        return;
    }
    d->frames--;
}

// ---- RenderingInfo

static void start_rendered(struct wev_decoder *d, const XML_Char *local, const XML_Char **atts, size_t at)
{
    size_t k = 0;
    while (k < WEV_COUNT(rendered) && strcmp(rendered[k].name, local) != 0) { k++; }
    if (k == WEV_COUNT(rendered)) {
        wev_decode_stop(d, WEV_V_CHILD_UNKNOWN, at);
    } else if (d->child_seen >> k & 1) {
        wev_decode_stop(d, WEV_V_CHILD_TWICE, at);
    } else if (rendered[k].rank < d->child) {
        wev_decode_stop(d, WEV_V_CHILD_ORDER, at);
    }
    only_attribute(d, atts, NULL, NULL, at);
    if (d->stopped) { return; }
    d->child_seen |= 1u << k;
    d->child = rendered[k].rank;
    wev_decode_push(d, rendered[k].rank == 6 ? WEV_AT_KEYWORDS : WEV_AT_RENDERED);
    wev_decode_text_begin(d);
}

// ---- inside

void wev_decode_body_inside(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at)
{
    enum wev_place place = d->place[d->depth];
    if (place == WEV_AT_USER_DATA || place == WEV_AT_USER) {
        wev_decode_user_start(d, name, atts, at);
        return;
    }
    if (place == WEV_AT_DATA || place == WEV_AT_BINARY) {
        wev_decode_stop(d, WEV_V_FIELD_NESTED, at);
        return;
    }
    const XML_Char *local = wev_decode_local(name);
    if (!local) {
        wev_decode_stop(d, WEV_V_NAMESPACE, at);
    } else if (place == WEV_AT_EVENT_DATA || place == WEV_AT_COMPLEX) {
        start_data(d, local, atts, at);
    } else if (place == WEV_AT_RENDERING) {
        start_rendered(d, local, atts, at);
    } else if (place == WEV_AT_KEYWORDS && !strcmp(local, "Keyword")) {
        only_attribute(d, atts, NULL, NULL, at);
        wev_decode_push(d, WEV_AT_RENDERED);
        wev_decode_text_begin(d);
    } else {
        wev_decode_stop(d, WEV_V_CHILD_UNKNOWN, at);
    }
}

static void end_binary(struct wev_decoder *d)
{
    struct wev_value ignored;
    struct wev_span s = wev_decode_text_end(d);
    if (s.n) { wev_decode_text_typed(d, WEV_T_BINARY, WEV_L_BINARY, s, NULL, 0, &ignored); }
}

void wev_decode_body_end(struct wev_decoder *d, enum wev_place place, size_t at)
{
    switch (place) {
    case WEV_AT_DATA: end_data(d); break;
    case WEV_AT_COMPLEX:
    case WEV_AT_EVENT_DATA: end_fields(d, at); break;
    case WEV_AT_USER_DATA: wev_decode_user_done(d, at); break;
    case WEV_AT_USER: wev_decode_user_end(d, at); break;
    case WEV_AT_BINARY: end_binary(d); break;
    default: break;
    }
}
