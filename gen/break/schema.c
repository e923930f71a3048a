// The schema layer: elements that are missing, doubled, moved, unknown, or inside another wrapper.
#include "gen/break/classes.h"

#include <string.h>

static const struct wev_span nothing = {"", 0};

// ---- elements

static uint32_t child_named(struct wev_break *b, uint32_t parent, struct wev_span name)
{
    const struct wev_doc *d = wev_break_doc(b);
    if (parent == WEV_DOC_NONE) { return WEV_DOC_NONE; }
    uint32_t k = wev_doc_child(d, parent, 0);
    while (k != WEV_DOC_NONE && !wev_span_eq(wev_doc_name(d, &d->elements[k]), name)) { k = wev_doc_child(d, parent, k + 1); }
    return k;
}

static bool cut_element(struct wev_break *b, uint32_t k)
{
    return k != WEV_DOC_NONE && wev_break_edit(b, b->doc.elements[k].at, b->doc.elements[k].end - b->doc.elements[k].at, nothing);
}

static bool double_element(struct wev_break *b, uint32_t k)
{
    if (k == WEV_DOC_NONE) { return false; }
    const struct wev_element *e = &b->doc.elements[k];
    return wev_break_edit(b, e->end, 0, wev_break_slice(b, e->at, e->end));
}

static bool swap_with_next(struct wev_break *b, uint32_t k)
{
    if (k == WEV_DOC_NONE) { return false; }
    const struct wev_doc *d = &b->doc;
    uint32_t next = wev_doc_child(d, d->elements[k].parent, k + 1);
    if (next == WEV_DOC_NONE) { return false; }
    const struct wev_element *x = &d->elements[k], *y = &d->elements[next];
    return wev_break_edit(b, x->at, x->end - x->at, wev_break_slice(b, y->at, y->end)) &&
           wev_break_edit(b, y->at, y->end - y->at, wev_break_slice(b, x->at, x->end));
}

static bool rename_element(struct wev_break *b, uint32_t k)
{
    if (k == WEV_DOC_NONE) { return false; }
    const struct wev_element *e = &b->doc.elements[k];
    return wev_break_edit(b, e->at + 1u, e->name_n, b->class->text) &&
           (e->flags || wev_break_edit(b, e->tail + 2u, e->name_n, b->class->text));
}

static bool put_at_end_of(struct wev_break *b, uint32_t k, struct wev_span text)
{
    return k != WEV_DOC_NONE && !b->doc.elements[k].flags && wev_break_edit(b, b->doc.elements[k].tail, 0, text);
}

static bool put_at_start_of(struct wev_break *b, uint32_t k, struct wev_span text)
{
    return k != WEV_DOC_NONE && !b->doc.elements[k].flags && wev_break_edit(b, b->doc.elements[k].head_end, 0, text);
}

// ---- System

static bool drop_child(struct wev_break *b)
{
    return cut_element(b, child_named(b, wev_break_doc(b)->system, b->class->text));
}

static bool double_child(struct wev_break *b)
{
    return double_element(b, wev_verb_element(b, WEV_EL_SYSTEM));
}

static bool swap_children(struct wev_break *b)
{
    return swap_with_next(b, wev_verb_element(b, WEV_EL_SYSTEM));
}

// n 0: <x></x>, 1: <x/>
static bool empty_child(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_ELEMENT | WEV_SPOT_FILLED);
    if (!s || s->header == WEV_H_COUNT) { return false; }
    const struct wev_element *e = &wev_break_doc(b)->elements[s->element];
    if (b->class->n == 0) { return wev_break_edit(b, s->at, s->n, nothing); }
    return wev_break_edit(b, e->head_end - 1u, e->end - e->head_end + 1u, WEV_SPAN("/>"));
}

// The attribute of that name, wherever in System it stands.
static bool drop_attribute(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    struct wev_attribute a;
    if (d->system == WEV_DOC_NONE) { return false; }
    for (uint32_t k = wev_doc_child(d, d->system, 0); k != WEV_DOC_NONE; k = wev_doc_child(d, d->system, k + 1)) {
        char name[32];
        size_t n = b->class->text.n < sizeof(name) - 1 ? b->class->text.n : sizeof(name) - 1;
        memcpy(name, b->class->text.p, n);
        name[n] = 0;
        if (wev_doc_attribute(d, &d->elements[k], name, &a)) { return wev_break_edit(b, a.at, a.end - a.at, nothing); }
    }
    return false;
}

static bool attribute_in_system(struct wev_break *b)
{
    uint32_t k = wev_verb_element(b, WEV_EL_SYSTEM);
    if (k == WEV_DOC_NONE) { return false; }
    return wev_break_edit(b, b->doc.elements[k].at + 1u + b->doc.elements[k].name_n, 0, b->class->text);
}

// An attribute with no value on the child that n names, where it has none of that name.
static bool empty_attribute(struct wev_break *b)
{
    static const struct { const char *child, *attribute; } places[] = {{"Correlation", "ActivityID"}, {"Security", "UserID"}, {"EventID", "Qualifiers"}};
    struct wev_attribute a;
    uint32_t k = child_named(b, wev_break_doc(b)->system, wev_span_of(places[b->class->n].child));
    if (k == WEV_DOC_NONE || wev_doc_attribute(&b->doc, &b->doc.elements[k], places[b->class->n].attribute, &a)) { return false; }
    return wev_break_edit(b, b->doc.elements[k].at + 1u + b->doc.elements[k].name_n, 0, b->class->text);
}

static bool put_in_system(struct wev_break *b)
{
    return put_at_end_of(b, wev_break_doc(b)->system, b->class->text);
}

static bool text_in_system(struct wev_break *b)
{
    uint32_t k = wev_verb_element(b, WEV_EL_SYSTEM);
    return k != WEV_DOC_NONE && wev_break_edit(b, b->doc.elements[k].end, 0, b->class->text);
}

static bool drop_system(struct wev_break *b)
{
    return cut_element(b, wev_break_doc(b)->system);
}

static bool double_system(struct wev_break *b)
{
    return double_element(b, wev_break_doc(b)->system);
}

static bool body_first(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    return d->body != WEV_DOC_NONE && swap_with_next(b, d->system);
}

// ---- root and namespaces

static bool rename_root(struct wev_break *b)
{
    return rename_element(b, wev_break_doc(b)->event);
}

static bool root_namespace(struct wev_break *b, struct wev_attribute *a)
{
    const struct wev_doc *d = wev_break_doc(b);
    return d->event != WEV_DOC_NONE && wev_doc_attribute(d, &d->elements[d->event], "xmlns", a);
}

static bool drop_namespace(struct wev_break *b)
{
    struct wev_attribute a;
    return root_namespace(b, &a) && wev_break_edit(b, a.at, a.end - a.at, nothing);
}

static bool other_namespace(struct wev_break *b)
{
    struct wev_attribute a;
    return root_namespace(b, &a) && wev_break_edit(b, a.value, a.value_n, b->class->text);
}

// <e:Event xmlns:e="…" xmlns="…">: the same names, spelled another way.
static bool prefix_root(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    struct wev_attribute a;
    if (!root_namespace(b, &a) || d->elements[d->event].flags) { return false; }
    struct wev_span parts[] = {WEV_SPAN(" xmlns:e='"), wev_break_slice(b, a.value, a.value + a.value_n), WEV_SPAN("'")};
    const struct wev_element *e = &d->elements[d->event];
    return wev_break_edit(b, e->at + 1u, 0, WEV_SPAN("e:")) && wev_break_edit(b, a.at, 0, wev_break_compose(b, parts, 3)) &&
           wev_break_edit(b, e->tail + 2u, 0, WEV_SPAN("e:"));
}

static bool namespace_inside(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    uint32_t k = b->class->n ? d->body : d->system;
    if (k == WEV_DOC_NONE) { return false; }
    return wev_break_edit(b, d->elements[k].at + 1u + d->elements[k].name_n, 0, b->class->text);
}

// ---- Data

static bool is_flat(const struct wev_break *b)
{
    return b->def && b->def->body->flat && !b->def->body->user && b->def->body->field_count > 1;
}

static uint32_t draw_field(struct wev_break *b)
{
    return is_flat(b) ? wev_verb_element(b, WEV_EL_FIELD | WEV_EL_CLOSED | WEV_EL_NAMED) : WEV_DOC_NONE;
}

static bool field_name(struct wev_break *b, uint32_t k, struct wev_attribute *a)
{
    return k != WEV_DOC_NONE && wev_doc_attribute(&b->doc, &b->doc.elements[k], "Name", a);
}

static bool drop_field(struct wev_break *b)
{
    return cut_element(b, draw_field(b));
}

static bool double_field(struct wev_break *b)
{
    return double_element(b, draw_field(b));
}

static bool double_field_other(struct wev_break *b)
{
    uint32_t k = draw_field(b);
    if (k == WEV_DOC_NONE) { return false; }
    const struct wev_element *e = &b->doc.elements[k];
    struct wev_span parts[] = {wev_break_slice(b, e->at, e->head_end), b->class->text, wev_break_slice(b, e->tail, e->end)};
    return wev_break_edit(b, e->end, 0, wev_break_compose(b, parts, 3));
}

static bool swap_fields(struct wev_break *b)
{
    return swap_with_next(b, draw_field(b));
}

static bool drop_field_name(struct wev_break *b)
{
    struct wev_attribute a;
    return field_name(b, draw_field(b), &a) && wev_break_edit(b, a.at, a.end - a.at, nothing);
}

static bool rename_field(struct wev_break *b)
{
    struct wev_attribute a;
    return field_name(b, draw_field(b), &a) && wev_break_edit(b, a.value, a.value_n, b->class->text);
}

static bool fold_field_name(struct wev_break *b)
{
    char name[128];
    struct wev_attribute a;
    if (!field_name(b, draw_field(b), &a) || a.value_n > sizeof(name)) { return false; }
    bool changed = false;
    for (uint32_t k = 0; k < a.value_n; k++) {
        char c = b->page[a.value + k];
        name[k] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        changed = changed || name[k] != c;
    }
    struct wev_span folded = {name, a.value_n};
    return changed && wev_break_edit(b, a.value, a.value_n, wev_break_compose(b, &folded, 1));
}

static bool rename_data(struct wev_break *b)
{
    return rename_element(b, draw_field(b));
}

static bool attribute_of_field(struct wev_break *b)
{
    struct wev_attribute a;
    return field_name(b, draw_field(b), &a) && wev_break_edit(b, a.end, 0, b->class->text);
}

// A text that nothing depends on: n 0 <Data Name="x"/>, 1 <Data Name="x"></Data>
static bool empty_field(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_FREE | WEV_SPOT_FILLED | WEV_SPOT_ELEMENT);
    if (!s) { return false; }
    const struct wev_element *e = &wev_break_doc(b)->elements[s->element];
    if (b->class->n) { return wev_break_edit(b, s->at, s->n, nothing); }
    return wev_break_edit(b, e->head_end - 1u, e->end - e->head_end + 1u, WEV_SPAN("/>"));
}

static bool nest_in_field(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_FIELD | WEV_SPOT_ELEMENT | WEV_SPOT_TYPED);
    return s && is_flat(b) && wev_break_edit(b, wev_break_inside(b, s), 0, b->class->text);
}

static bool put_in_body(struct wev_break *b)
{
    return is_flat(b) && put_at_end_of(b, wev_break_doc(b)->body, b->class->text);
}

static bool put_before_fields(struct wev_break *b)
{
    return is_flat(b) && put_at_start_of(b, wev_break_doc(b)->body, b->class->text);
}

static bool many_in_body(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    return is_flat(b) && d->body != WEV_DOC_NONE && wev_break_number(b, d->elements[d->body].tail, b->class->text, b->class->n);
}

// ---- bodies

static bool has_fields(const struct wev_break *b)
{
    return b->def && (b->def->body->field_count || b->def->body->user);
}

static bool drop_body(struct wev_break *b)
{
    return has_fields(b) && cut_element(b, wev_break_doc(b)->body);
}

static bool double_body(struct wev_break *b)
{
    return double_element(b, wev_break_doc(b)->body);
}

static bool rename_body(struct wev_break *b)
{
    return is_flat(b) && rename_element(b, wev_break_doc(b)->body);
}

static bool replace_body(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    if (d->body == WEV_DOC_NONE || !b->def) { return false; }
    return wev_break_edit(b, d->elements[d->body].at, d->elements[d->body].end - d->elements[d->body].at, b->class->text);
}

static bool put_before_body(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    return d->body != WEV_DOC_NONE && wev_break_edit(b, d->elements[d->body].at, 0, b->class->text);
}

// Behind the body, of an event that has no RenderingInfo.
static bool put_behind_body(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    if (d->body == WEV_DOC_NONE || d->rendering != WEV_DOC_NONE) { return false; }
    return wev_break_edit(b, d->elements[d->body].end, 0, b->class->text);
}

static bool put_last(struct wev_break *b)
{
    return put_at_end_of(b, wev_break_doc(b)->event, b->class->text);
}

// ---- versions

static const struct wev_event_def *sibling(const struct wev_break *b, bool higher)
{
    bool known;
    uint32_t v = b->def->version;
    if (higher ? v == 255 : v == 0) { return NULL; }
    return wev_manifest_find(b->schema, b->def->provider->name, NULL, b->def->id, higher ? v + 1 : v - 1, &known);
}

static bool has_field(const struct wev_template *t, struct wev_span name)
{
    size_t k = 0;
    while (k < t->field_count && !wev_span_eq(t->fields[k].name, name)) { k++; }
    return k < t->field_count;
}

// This body under its sibling's version. n 1: the higher one, which has a field more; 0: the lower one.
static bool other_version(struct wev_break *b)
{
    const struct wev_spot *s = is_flat(b) ? wev_break_header(b, WEV_H_VERSION) : NULL;
    const struct wev_event_def *other = s ? sibling(b, b->class->n == 1) : NULL;
    if (!other || !other->body->flat) { return false; }
    const struct wev_template *mine = b->def->body, *more = b->class->n ? other->body : mine, *less = b->class->n ? mine : other->body;
    size_t k = 0;
    while (k < more->field_count && has_field(less, more->fields[k].name)) { k++; }
    if (k == more->field_count || more->field_count <= less->field_count) { return false; }
    char digits[3];
    uint32_t v = other->version, n = v > 99 ? 3 : v > 9 ? 2 : 1;
    for (uint32_t m = n; m > 0; m--, v /= 10) { digits[m - 1] = (char)('0' + v % 10); }
    struct wev_span text = {digits, n};
    return wev_break_edit(b, s->at, s->n, wev_break_compose(b, &text, 1));
}

static bool unknown_version(struct wev_break *b)
{
    const struct wev_spot *s = b->def ? wev_break_header(b, WEV_H_VERSION) : NULL;
    bool known;
    uint64_t v;
    if (!s || !wev_span_u64(b->class->text, &v)) { return false; }
    if (wev_manifest_find(b->schema, b->def->provider->name, NULL, b->def->id, (uint32_t)v, &known)) { return false; }
    return wev_break_edit(b, s->at, s->n, b->class->text);
}

static bool unknown_event(struct wev_break *b)
{
    const struct wev_spot *s = b->def ? wev_break_header(b, WEV_H_EVENT_ID) : NULL;
    bool known = false;
    wev_manifest_find(b->schema, s ? b->def->provider->name : nothing, NULL, 65001, 0, &known);
    return s && !known && wev_break_edit(b, s->at, s->n, WEV_SPAN("65001"));
}

// ---- classes

#define XSD_SYSTEM "event.xsd: SystemPropertiesType"
#define XSD_EVENT "event.xsd: EventType"
#define XSD_NS "event.xsd: targetNamespace"
#define TEMPLATE "the event's template"
#define NO_TEMPLATE "event.xsd knows no templates"
#define RENDERED "<RenderingInfo Culture='en-US'><Message>a</Message></RenderingInfo>"

const struct wev_class wev_break_schema[] = {
    {"schema.system-no-provider", 10, WEV_V_CHILD_MISSING, drop_child, T("Provider"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-no-event-id", 10, WEV_V_CHILD_MISSING, drop_child, T("EventID"), 0, 0, XSD_SYSTEM, "fluent-bit #11360", NULL},
    {"schema.system-no-computer", 10, WEV_V_CHILD_MISSING, drop_child, T("Computer"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-no-correlation", 10, WEV_V_OK, drop_child, T("Correlation"), 0, 0, XSD_SYSTEM, "older collectors leave it out", NULL},
    {"schema.system-no-security", 10, WEV_V_OK, drop_child, T("Security"), 0, 0, XSD_SYSTEM, "null dereference: fluent-bit #11360", NULL},
    {"schema.system-no-execution", 10, WEV_V_OK, drop_child, T("Execution"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-no-record-id", 10, WEV_V_OK, drop_child, T("EventRecordID"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-child-twice", 10, WEV_V_CHILD_TWICE, double_child, NO_TEXT, 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-child-order", 10, WEV_V_CHILD_ORDER, swap_children, NO_TEXT, 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-child-empty", 10, WEV_V_CHILD_EMPTY, empty_child, NO_TEXT, 0, LEX(UINT) | LEX(HEX), XSD_SYSTEM, "fluent-bit #11360", NULL},
    {"schema.system-child-self-closed", 10, WEV_V_CHILD_EMPTY, empty_child, NO_TEXT, 1, LEX(UINT) | LEX(HEX), XSD_SYSTEM, NULL, NULL},
    {"schema.system-text-empty", 10, WEV_V_CHILD_EMPTY, empty_child, NO_TEXT, 0, LEX(TEXT), "our rule: a channel and a computer have names", NULL,
     "event.xsd takes an empty string there"},
    {"schema.system-child-unknown", 10, WEV_V_CHILD_UNKNOWN, put_in_system, T("<Severity>1</Severity>"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-no-provider-name", 10, WEV_V_ATTR_MISSING, drop_attribute, T("Name"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-no-process-id", 10, WEV_V_ATTR_MISSING, drop_attribute, T("ProcessID"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-no-thread-id", 10, WEV_V_ATTR_MISSING, drop_attribute, T("ThreadID"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-no-system-time", 10, WEV_V_ATTR_MISSING, drop_attribute, T("SystemTime"), 0, 0, "MS-EVEN6 2.2.12", NULL,
     "event.xsd has it optional"},
    {"schema.system-attribute-unknown", 10, WEV_V_ATTR_UNKNOWN, attribute_in_system, T(" Unit='1'"), 0, 0, XSD_SYSTEM, NULL, NULL},
    {"schema.system-activity-empty", 10, WEV_V_ATTR_EMPTY, empty_attribute, T(" ActivityID=''"), 0, 0, XSD_SYSTEM, "python-evtx's spelling", NULL},
    {"schema.system-user-empty", 10, WEV_V_ATTR_EMPTY, empty_attribute, T(" UserID=''"), 1, 0, XSD_SYSTEM, "python-evtx's spelling", NULL},
    {"schema.system-qualifiers-empty", 10, WEV_V_ATTR_EMPTY, empty_attribute, T(" Qualifiers=''"), 2, 0, XSD_SYSTEM, "python-evtx #71, libevtx #24", NULL},
    {"schema.system-text", 10, WEV_V_TEXT_STRAY, text_in_system, T("text"), 0, 0, "event.xsd: element-only content", NULL, NULL},
    {"schema.system-missing", 10, WEV_V_SYSTEM_MISSING, drop_system, NO_TEXT, 0, 0, XSD_EVENT, NULL, NULL},
    {"schema.system-twice", 10, WEV_V_CHILD_TWICE, double_system, NO_TEXT, 0, 0, XSD_EVENT, NULL, NULL},
    {"schema.system-behind-body", 10, WEV_V_SYSTEM_MISSING, body_first, NO_TEXT, 0, 0, XSD_EVENT, NULL, NULL},

    {"schema.root-other", 10, WEV_V_ROOT, rename_root, T("Record"), 0, 0, XSD_EVENT, NULL, NULL},
    {"schema.root-lower-case", 10, WEV_V_ROOT, rename_root, T("event"), 0, 0, XSD_EVENT, NULL, NULL},
    {"schema.root-attribute", 10, WEV_V_ATTR_UNKNOWN, wev_verb_put, T(" version='1'"), WEV_PLACE_ROOT_TAG, 0, XSD_EVENT, NULL, NULL},
    {"schema.namespace-none", 10, WEV_V_NAMESPACE, drop_namespace, NO_TEXT, 0, 0, XSD_NS, "axosyslog #741", NULL},
    {"schema.namespace-other", 10, WEV_V_NAMESPACE, other_namespace, T("http://schemas.microsoft.com/win/2005/08/events/event"), 0, 0, XSD_NS, NULL, NULL},
    {"schema.namespace-slash", 10, WEV_V_NAMESPACE, other_namespace, T("http://schemas.microsoft.com/win/2004/08/events/event/"), 0, 0, XSD_NS, NULL, NULL},
    {"schema.namespace-case", 10, WEV_V_NAMESPACE, other_namespace, T("http://schemas.microsoft.com/win/2004/08/events/Event"), 0, 0, XSD_NS, NULL, NULL},
    {"schema.namespace-prefix", 10, WEV_V_OK, prefix_root, NO_TEXT, 0, 0, "Namespaces 1.0 3", "EricZimmerman/evtx #122", NULL},
    {"schema.namespace-body", 10, WEV_V_NAMESPACE, namespace_inside, T(" xmlns=''"), 1, 0, XSD_NS, NULL, NULL},
    {"schema.namespace-system", 10, WEV_V_NAMESPACE, namespace_inside, T(" xmlns=''"), 0, 0, XSD_NS, NULL, NULL},

    {"schema.data-self-closed", 10, WEV_V_OK, empty_field, NO_TEXT, 0, LEX(TEXT), "XML 1.0 [44]; event.xsd: DataType", "axosyslog #722; fluent-bit #8179", NULL},
    {"schema.data-empty", 10, WEV_V_OK, empty_field, NO_TEXT, 1, LEX(TEXT), "event.xsd: DataType", "Go readers drop it", NULL},
    {"schema.data-blanks", 10, WEV_V_OK, wev_verb_value, T("   "), WEV_SPOT_FREE | WEV_SPOT_ELEMENT, LEX(TEXT), "XML 1.0 2.10 White Space", "plaso #442", NULL},
    {"schema.data-no-name", 10, WEV_V_FIELD_NAMELESS, drop_field_name, NO_TEXT, 0, 0, TEMPLATE, "fluent-bit #8179: crash", NO_TEMPLATE},
    {"schema.data-twice", 10, WEV_V_FIELD_TWICE, double_field, NO_TEXT, 0, 0, TEMPLATE, "beats, OTel #28587: first or last", NO_TEMPLATE},
    {"schema.data-twice-differ", 10, WEV_V_FIELD_TWICE, double_field_other, T("0"), 0, 0, TEMPLATE, "OTel #28587", NO_TEMPLATE},
    {"schema.data-order", 10, WEV_V_FIELD_ORDER, swap_fields, NO_TEXT, 0, 0, TEMPLATE, "readers that count", NO_TEMPLATE},
    {"schema.data-unknown-name", 10, WEV_V_FIELD_UNKNOWN, rename_field, T("Unknown"), 0, 0, TEMPLATE, NULL, NO_TEMPLATE},
    {"schema.data-name-case", 10, WEV_V_FIELD_UNKNOWN, fold_field_name, NO_TEXT, 0, 0, TEMPLATE, NULL, NO_TEMPLATE},
    {"schema.data-name-blank", 10, WEV_V_FIELD_UNKNOWN, rename_field, T(" "), 0, 0, TEMPLATE, NULL, NO_TEMPLATE},
    {"schema.data-missing", 10, WEV_V_FIELD_MISSING, drop_field, NO_TEXT, 0, 0, TEMPLATE, "plaso #442", NO_TEMPLATE},
    {"schema.data-extra", 10, WEV_V_FIELD_EXTRA, put_in_body, T("<Data Name='Extra'>1</Data>"), 0, 0, TEMPLATE, "wazuh #2424", NO_TEMPLATE},
    {"schema.data-extra-first", 10, WEV_V_FIELD_UNKNOWN, put_before_fields, T("<Data Name='Extra'>1</Data>"), 0, 0, TEMPLATE, NULL, NO_TEMPLATE},
    {"schema.data-nested", 10, WEV_V_FIELD_NESTED, nest_in_field, T("<Data>1</Data>"), 0, 0, "event.xsd: DataType", NULL, NULL},
    {"schema.data-markup", 10, WEV_V_FIELD_NESTED, nest_in_field, T("<b>1</b>"), 0, 0, "event.xsd: DataType", "unescaped HTML", NULL},
    {"schema.data-other-element", 10, WEV_V_CHILD_UNKNOWN, rename_data, T("Datum"), 0, 0, "event.xsd: EventDataType", NULL, NULL},
    {"schema.data-attribute-unknown", 10, WEV_V_ATTR_UNKNOWN, attribute_of_field, T(" Unit='1'"), 0, 0, "event.xsd: DataType", NULL, NULL},
    {"schema.data-binary", 10, WEV_V_BINARY, put_in_body, T("<Binary>00FF</Binary>"), 0, 0, TEMPLATE, NULL, NO_TEMPLATE},
    {"schema.data-text-between", 10, WEV_V_TEXT_STRAY, put_before_fields, T("text"), 0, 0, "event.xsd: element-only content", NULL, NULL},
    {"schema.data-100000", 0, WEV_V_FIELD_EXTRA, many_in_body, T("<Data Name='p#'>#</Data>"), 100000, 0, TEMPLATE, "wazuh #13556, #20099", NO_TEMPLATE},

    {"schema.body-missing", 10, WEV_V_BODY_MISSING, drop_body, NO_TEXT, 0, 0, TEMPLATE, NULL, NO_TEMPLATE},
    {"schema.body-twice", 10, WEV_V_BODY_TWICE, double_body, NO_TEXT, 0, 0, XSD_EVENT, NULL, NULL},
    {"schema.body-user-data", 10, WEV_V_BODY_OTHER, rename_body, T("UserData"), 0, 0, TEMPLATE, "sysinternals #126", NO_TEMPLATE},
    {"schema.body-processing-error", 10, WEV_V_BODY_OTHER, replace_body,
     T("<ProcessingErrorData><ErrorCode>15003</ErrorCode><DataItemName>Unknown</DataItemName><EventPayload>00</EventPayload></ProcessingErrorData>"), 0, 0,
     TEMPLATE, "MS-EVEN6: an event that could not be rendered", NO_TEMPLATE},
    {"schema.body-debug", 10, WEV_V_BODY_OTHER, replace_body, T("<DebugData><Message>a</Message></DebugData>"), 0, 0, TEMPLATE, NULL, NO_TEMPLATE},
    {"schema.body-unknown", 10, WEV_V_CHILD_UNKNOWN, put_last, T("<Extra/>"), 0, 0, XSD_EVENT, NULL, NULL},
    {"schema.body-foreign", 10, WEV_V_OK, put_last, T("<x:extra xmlns:x='urn:x' a='1'>text</x:extra>"), 0, 0, "event.xsd: EventType, xs:any ##other", NULL, NULL},
    {"schema.body-text", 10, WEV_V_TEXT_STRAY, put_last, T("text"), 0, 0, "event.xsd: element-only content", NULL, NULL},
    {"schema.rendering-first", 10, WEV_V_BODY_ORDER, put_before_body, T(RENDERED), 0, 0, XSD_EVENT, NULL, NULL},
    {"schema.rendering-no-culture", 10, WEV_V_ATTR_MISSING, put_behind_body, T("<RenderingInfo><Message>a</Message></RenderingInfo>"), 0, 0,
     "event.xsd: RenderingInfoType", NULL, NULL},
    {"schema.rendering-twice", 10, WEV_V_CHILD_TWICE, put_behind_body, T(RENDERED RENDERED), 0, 0, XSD_EVENT, NULL, NULL},
    {"schema.rendering-there", 10, WEV_V_OK, put_behind_body, T(RENDERED), 0, 0, XSD_EVENT, NULL, NULL},

    {"schema.version-lower", 10, WEV_V_FIELD_UNKNOWN, other_version, NO_TEXT, 0, 0, TEMPLATE, "python-evtx #71: fields shift", NO_TEMPLATE},
    {"schema.version-higher", 10, WEV_V_FIELD_MISSING, other_version, NO_TEXT, 1, 0, TEMPLATE, "python-evtx #71: fields shift", NO_TEMPLATE},
    {"schema.version-2", 10, WEV_V_VERSION_UNKNOWN, unknown_version, T("2"), 0, 0, "the loaded manifests", NULL, "event.xsd knows no versions"},
    {"schema.version-255", 10, WEV_V_VERSION_UNKNOWN, unknown_version, T("255"), 0, 0, "the loaded manifests", NULL, "event.xsd knows no versions"},
    {"schema.event-unknown", 10, WEV_V_EVENT_UNKNOWN, unknown_event, NO_TEXT, 0, 0, "the loaded manifests", NULL, NULL},
};
const size_t wev_break_schema_count = WEV_COUNT(wev_break_schema);
