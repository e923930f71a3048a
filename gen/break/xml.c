// The xml layer: well-formedness, namespaces, and sizes that hurt parsers.
#include "gen/break/classes.h"

#include <string.h>

// ---- functions

// Behind the XML declaration that it writes first: what stands there cannot be taken for a header of syslog.
static bool put_behind_declaration(struct wev_break *b)
{
    struct wev_span parts[] = {WEV_SPAN("<?xml version=\"1.0\"?>"), b->class->text};
    return wev_break_edit(b, 0, 0, wev_break_compose(b, parts, 2));
}

static bool rename_end(struct wev_break *b)
{
    uint32_t k = wev_verb_element(b, WEV_EL_CLOSED | WEV_EL_INNER);
    if (k == WEV_DOC_NONE) { return false; }
    const struct wev_element *e = &b->doc.elements[k];
    return wev_break_edit(b, e->tail + 2u, e->name_n, b->class->text);
}

static bool fold_end(struct wev_break *b)
{
    char other[64];
    uint32_t k = wev_verb_element(b, WEV_EL_CLOSED | WEV_EL_INNER);
    if (k == WEV_DOC_NONE || b->doc.elements[k].name_n > sizeof(other)) { return false; }
    const struct wev_element *e = &b->doc.elements[k];
    bool changed = false;
    for (size_t m = 0; m < e->name_n; m++) {
        char c = b->page[e->at + 1 + m];
        other[m] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
        changed = changed || other[m] != c;
    }
    struct wev_span name = {other, e->name_n};
    return changed && wev_break_edit(b, e->tail + 2u, e->name_n, wev_break_compose(b, &name, 1));
}

// <a><b></a></b>: the last child's end tag trades places with its parent's.
static bool cross_ends(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    uint32_t k = wev_verb_element(b, WEV_EL_CLOSED | WEV_EL_INNER | WEV_EL_PARENT);
    uint32_t last = WEV_DOC_NONE;
    if (k == WEV_DOC_NONE) { return false; }
    for (uint32_t c = wev_doc_child(d, k, 0); c != WEV_DOC_NONE; c = wev_doc_child(d, k, c + 1)) { last = c; }
    const struct wev_element *e = &d->elements[k], *child = &d->elements[last];
    if (child->flags || wev_span_eq(wev_doc_name(d, e), wev_doc_name(d, child))) { return false; }
    return wev_break_edit(b, child->tail, child->end - child->tail, wev_break_slice(b, e->tail, e->end)) &&
           wev_break_edit(b, e->tail, e->end - e->tail, wev_break_slice(b, child->tail, child->end));
}

static bool drop_end(struct wev_break *b)
{
    uint32_t k = wev_verb_element(b, WEV_EL_CLOSED | WEV_EL_INNER);
    if (k == WEV_DOC_NONE) { return false; }
    return wev_break_edit(b, b->doc.elements[k].tail, b->doc.elements[k].end - b->doc.elements[k].tail, (struct wev_span){"", 0});
}

static bool repeat_document(struct wev_break *b)
{
    return wev_break_edit(b, b->size, 0, wev_break_slice(b, 0, b->size));
}

// ---- attributes

static const struct wev_element *attributed(struct wev_break *b, unsigned filter, struct wev_attribute *a)
{
    uint32_t k = wev_verb_element(b, WEV_EL_INNER | WEV_EL_NAMED | filter);
    if (k == WEV_DOC_NONE) { return NULL; }
    const struct wev_element *e = &b->doc.elements[k];
    return wev_doc_attributes(&b->doc, e, a, filter & WEV_EL_WIDE ? 2 : 1) ? e : NULL;
}

static bool repeat_attribute(struct wev_break *b)
{
    struct wev_attribute a;
    return attributed(b, 0, &a) && wev_break_edit(b, a.end, 0, wev_break_slice(b, a.at, a.end));
}

// The same name with another value.
static bool repeat_attribute_name(struct wev_break *b)
{
    struct wev_attribute a;
    if (!attributed(b, 0, &a)) { return false; }
    struct wev_span parts[] = {wev_break_slice(b, a.at, a.name + a.name_n), WEV_SPAN("='other'")};
    return wev_break_edit(b, a.end, 0, wev_break_compose(b, parts, 2));
}

static bool unquote(struct wev_break *b)
{
    struct wev_attribute a;
    return attributed(b, 0, &a) && wev_break_edit(b, a.value - 1u, 1, (struct wev_span){"", 0}) &&
           wev_break_edit(b, a.value + a.value_n, 1, (struct wev_span){"", 0});
}

static bool mix_quotes(struct wev_break *b)
{
    struct wev_attribute a;
    if (!attributed(b, 0, &a) || memchr(b->page + a.value, '"', a.value_n)) { return false; }
    return wev_break_edit(b, a.value + a.value_n, 1, b->page[a.value - 1] == '"' ? WEV_SPAN("'") : WEV_SPAN("\""));
}

static bool drop_value(struct wev_break *b)
{
    struct wev_attribute a;
    return attributed(b, 0, &a) && wev_break_edit(b, a.name + a.name_n, a.end - a.name - a.name_n, b->class->text);
}

static bool drop_equals(struct wev_break *b)
{
    struct wev_attribute a;
    return attributed(b, 0, &a) && wev_break_edit(b, a.name + a.name_n, a.value - 1u - a.name - a.name_n, WEV_SPAN(" "));
}

// name="a"other="b"
static bool drop_blank(struct wev_break *b)
{
    struct wev_attribute a[2];
    return attributed(b, WEV_EL_WIDE, a) && wev_break_edit(b, a[1].at, a[1].name - a[1].at, (struct wev_span){"", 0});
}

// ---- declarations, values

// In one piece with what it declares: the declaration first, its use inside a value.
static bool declare_and_use(struct wev_break *b)
{
    size_t at;
    return wev_verb_place(b, WEV_PLACE_TEXT, &at) && wev_break_edit(b, 0, 0, b->class->text) &&
           wev_break_edit(b, at, 0, WEV_SPAN("&x;"));
}

static bool wrap_value(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_ELEMENT | WEV_SPOT_FIELD | WEV_SPOT_FILLED);
    if (!s || memchr(b->page + s->at, '&', s->n)) { return false; }
    return wev_break_edit(b, s->at, 0, WEV_SPAN("<![CDATA[")) && wev_break_edit(b, s->at + s->n, 0, WEV_SPAN("]]>"));
}

// A value's first character as a reference: n 0 decimal, 1 hexadecimal, 2 with zeros before.
static bool reference_value(struct wev_break *b)
{
    static const char digits[] = "0123456789abcdef";
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_FILLED);
    char out[32];
    size_t n = 0;
    unsigned char c = s ? (unsigned char)b->page[s->at] : '&';
    if (c == '&' || c >= 0x80) { return false; }
    memcpy(out, "&#", 2);
    n = 2;
    if (b->class->n == 0) {
        if (c >= 100) { out[n++] = (char)('0' + c / 100); }
        if (c >= 10) { out[n++] = (char)('0' + c / 10 % 10); }
        out[n++] = (char)('0' + c % 10);
    } else {
        out[n++] = 'x';
        for (unsigned k = 0; k < 12 && b->class->n == 2; k++) { out[n++] = '0'; }
        out[n++] = digits[c >> 4];
        out[n++] = digits[c & 15];
    }
    out[n++] = ';';
    struct wev_span text = {out, n};
    return wev_break_edit(b, s->at, 1, wev_break_compose(b, &text, 1));
}

// The element's name gets a prefix that nothing declares, in both its tags.
static bool prefix_element(struct wev_break *b)
{
    uint32_t k = wev_verb_element(b, WEV_EL_INNER);
    if (k == WEV_DOC_NONE) { return false; }
    const struct wev_element *e = &b->doc.elements[k];
    return wev_break_edit(b, e->at + 1u, 0, b->class->text) && (e->flags || wev_break_edit(b, e->tail + 2u, 0, b->class->text));
}

// ---- sizes: n times the text

static bool nest(struct wev_break *b)
{
    size_t at;
    return wev_verb_place(b, WEV_PLACE_LAST, &at) && wev_break_edit(b, at, 0, WEV_SPAN("<x xmlns='urn:x'>")) &&
           wev_break_fill(b, at, 0, WEV_SPAN("<a>"), b->class->n) && wev_break_fill(b, at, 0, WEV_SPAN("</a>"), b->class->n) &&
           wev_break_edit(b, at, 0, WEV_SPAN("</x>"));
}

static bool root_tag_many(struct wev_break *b)
{
    return wev_verb_put_many(b, WEV_PLACE_ROOT_TAG, b->class->n);
}

static bool text_many(struct wev_break *b)
{
    return wev_verb_put_many(b, WEV_PLACE_FREE, b->class->n);
}

static bool attribute_many(struct wev_break *b)
{
    size_t at;
    const struct wev_spot *s = wev_break_header(b, WEV_H_PROVIDER);
    if (!s) { return false; }
    at = s->at + s->n;
    return wev_break_fill(b, at, 0, b->class->text, b->class->n);
}

// The namespace declared again on the children of System, as many as fit into a unit's edits; nothing changes by it.
static bool declare_everywhere(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    bool any = false;
    for (uint32_t k = 0; k < d->count && b->edit_count < WEV_EDITS_MAX; k++) {
        if (d->system == WEV_DOC_NONE || d->elements[k].parent != d->system) { continue; }
        any = wev_break_edit(b, d->elements[k].at + 1u + d->elements[k].name_n, 0, b->class->text) || any;
    }
    return any;
}

// ---- classes

#define TAGS "XML 1.0 WFC: Element Type Match"
#define DOCUMENT "XML 1.0 [1] document"
#define NAMES "XML 1.0 [4]-[5] Name"
#define ATTRS "XML 1.0 [40]-[41] STag, Attribute"
#define REFS "XML 1.0 [66]-[68] Reference"
#define CHARREFS "XML 1.0 [66] CharRef, WFC: Legal Character"
#define ENTITIES "XML 1.0 WFC: Entity Declared"
#define COMMENTS "XML 1.0 [15] Comment"
#define PIS "XML 1.0 [16]-[17] PI"
#define CDATAS "XML 1.0 [18]-[21] CDSect"
#define DECLS "XML 1.0 [22]-[24] prolog, XMLDecl"
#define DTDS "XML 1.0 [28] doctypedecl"
#define OURS "our rule: event XML has no DOCTYPE"
#define PREFIXES "Namespaces 1.0 NSC: Prefix Declared"
#define LIMIT "our limit"
#define EVENT_NS "http://schemas.microsoft.com/win/2004/08/events/event"
#define LAUGHS(a, b) "<!ENTITY " a " '&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";&" b ";'>"
#define WELL "well-formed: a reader without our rule accepts it"
#define REFUSED "refused for its entities by readers with limits, well-formed for others"

const struct wev_class wev_break_xml[] = {
    {"xml.tags-mismatched", 10, WEV_V_XML_TAG, rename_end, T("Wrong"), 0, 0, TAGS, "EricZimmerman/Issues #187", NULL},
    {"xml.tags-case", 10, WEV_V_XML_TAG, fold_end, NO_TEXT, 0, 0, TAGS, NULL, NULL},
    {"xml.tags-crossed", 10, WEV_V_XML_TAG, cross_ends, NO_TEXT, 0, 0, TAGS, NULL, NULL},
    {"xml.tags-extra-close", 10, WEV_V_XML_TAG, wev_verb_put, T("</Data>"), WEV_PLACE_BEHIND, 0, TAGS, NULL, NULL},
    {"xml.tags-unclosed", 10, WEV_V_XML_TAG, drop_end, NO_TEXT, 0, 0, TAGS, NULL, NULL},
    {"xml.tags-two-roots", 10, WEV_V_XML_OUTSIDE, wev_verb_put, T("<Event/>"), WEV_PLACE_END, 0, DOCUMENT, NULL, NULL},
    {"xml.tags-two-events", 10, WEV_V_XML_OUTSIDE, repeat_document, NO_TEXT, 0, 0, DOCUMENT, "two events on one line", NULL},
    {"xml.tags-close-after-root", 10, WEV_V_XML_OUTSIDE, wev_verb_put, T("</Event>"), WEV_PLACE_END, 0, DOCUMENT, NULL, NULL},
    {"xml.outside-text-before", 10, WEV_V_XML_OUTSIDE, put_behind_declaration, T("text "), 0, 0, DOCUMENT, NULL, NULL},
    {"xml.outside-text-after", 10, WEV_V_XML_OUTSIDE, wev_verb_put, T("text"), WEV_PLACE_END, 0, DOCUMENT, NULL, NULL},
    {"xml.outside-charref", 10, WEV_V_XML_OUTSIDE, wev_verb_put, T("&#32;"), WEV_PLACE_END, 0, DOCUMENT, NULL, NULL},
    {"xml.outside-cdata", 10, WEV_V_XML_OUTSIDE, wev_verb_put, T("<![CDATA[x]]>"), WEV_PLACE_END, 0, DOCUMENT, NULL, NULL},

    {"xml.names-empty", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<></>"), WEV_PLACE_BEHIND, 0, NAMES, "mxml", NULL},
    {"xml.names-digit", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("1"), WEV_PLACE_NAME_START, 0, NAMES, "mxml", NULL},
    {"xml.names-hyphen", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("-"), WEV_PLACE_NAME_START, 0, NAMES, "mxml", NULL},
    {"xml.names-bad-character", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("!"), WEV_PLACE_NAME, 0, NAMES, "mxml", NULL},
    {"xml.names-blank-before", 10, WEV_V_XML_SYNTAX, wev_verb_put, T(" "), WEV_PLACE_NAME_START, 0, NAMES, "mxml", NULL},
    {"xml.names-blank-before-end", 10, WEV_V_XML_SYNTAX, wev_verb_put, T(" "), WEV_PLACE_CLOSE_START, 0, NAMES, "mxml", NULL},
    {"xml.names-blank-in-close", 10, WEV_V_OK, wev_verb_put, T(" \n"), WEV_PLACE_CLOSE, 0, "XML 1.0 [42] ETag", NULL, NULL},

    {"xml.attributes-twice", 10, WEV_V_XML_ATTRIBUTE, repeat_attribute, NO_TEXT, 0, 0, "XML 1.0 WFC: Unique Att Spec", "mxml", NULL},
    {"xml.attributes-twice-differ", 10, WEV_V_XML_ATTRIBUTE, repeat_attribute_name, NO_TEXT, 0, 0, "XML 1.0 WFC: Unique Att Spec", "mxml", NULL},
    {"xml.attributes-unquoted", 10, WEV_V_XML_SYNTAX, unquote, NO_TEXT, 0, 0, ATTRS, "mxml", NULL},
    {"xml.attributes-no-value", 10, WEV_V_XML_SYNTAX, drop_value, T(""), 0, 0, ATTRS, "mxml", NULL},
    {"xml.attributes-only-equals", 10, WEV_V_XML_SYNTAX, drop_value, T("="), 0, 0, ATTRS, NULL, NULL},
    {"xml.attributes-no-equals", 10, WEV_V_XML_SYNTAX, drop_equals, NO_TEXT, 0, 0, ATTRS, NULL, NULL},
    {"xml.attributes-mixed-quotes", 10, WEV_V_XML_SYNTAX, mix_quotes, NO_TEXT, 0, 0, ATTRS, "mxml", NULL},
    {"xml.attributes-less-than", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<"), WEV_PLACE_ATTRIBUTE, 0, "XML 1.0 WFC: No < in Attribute Values", "mxml", NULL},
    {"xml.attributes-ampersand", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("& "), WEV_PLACE_ATTRIBUTE, 0, REFS, NULL, NULL},
    {"xml.attributes-no-blank", 10, WEV_V_XML_SYNTAX, drop_blank, NO_TEXT, 0, 0, ATTRS, "mxml", NULL},
    {"xml.attributes-in-end-tag", 10, WEV_V_XML_SYNTAX, wev_verb_put, T(" a='b'"), WEV_PLACE_CLOSE, 0, "XML 1.0 [42] ETag", "mxml", NULL},
    {"xml.attributes-slash", 10, WEV_V_XML_SYNTAX, wev_verb_put, T(" / "), WEV_PLACE_ROOT_TAG, 0, ATTRS, NULL, NULL},

    {"xml.escaping-ampersand", 20, WEV_V_XML_SYNTAX, wev_verb_put, T("& "), WEV_PLACE_TEXT, 0, REFS, "python-evtx #13, libevtx #30", NULL},
    {"xml.escaping-ampersand-end", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&"), WEV_PLACE_TEXT_END, 0, REFS, "wazuh #4656", NULL},
    {"xml.escaping-no-semicolon", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&amp "), WEV_PLACE_TEXT, 0, REFS, "wazuh #3343", NULL},
    {"xml.escaping-query", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("?a=1&b=2"), WEV_PLACE_TEXT, 0, REFS, "python-evtx #13", NULL},
    {"xml.escaping-unknown", 10, WEV_V_XML_ENTITY, wev_verb_put, T("&bogus;"), WEV_PLACE_TEXT, 0, ENTITIES, "wazuh #19867", NULL},
    {"xml.escaping-html", 10, WEV_V_XML_ENTITY, wev_verb_put, T("&nbsp;"), WEV_PLACE_TEXT, 0, ENTITIES, NULL, NULL},
    {"xml.escaping-upper", 10, WEV_V_XML_ENTITY, wev_verb_put, T("&AMP;"), WEV_PLACE_TEXT, 0, ENTITIES, NULL, NULL},
    {"xml.escaping-unknown-attribute", 10, WEV_V_XML_ENTITY, wev_verb_put, T("&bogus;"), WEV_PLACE_ATTRIBUTE, 0, ENTITIES, NULL, NULL},
    {"xml.escaping-less-than", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("< "), WEV_PLACE_TEXT, 0, "XML 1.0 [14] CharData", "libevtx #30", NULL},
    {"xml.escaping-less-than-digit", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<5"), WEV_PLACE_TEXT, 0, "XML 1.0 [14] CharData", NULL, NULL},
    {"xml.escaping-cdata-end", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("]]>"), WEV_PLACE_TEXT, 0, "XML 1.0 [14] CharData", "mxml", NULL},
    {"xml.escaping-greater-than", 10, WEV_V_OK, wev_verb_put, T("a > b \" ' ]] >"), WEV_PLACE_FREE, LEX(TEXT), "XML 1.0 [14] CharData", "readers that cut at >", NULL},

    {"xml.charref-zero", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#0;"), WEV_PLACE_VALUE, 0, CHARREFS, "mxml", NULL},
    {"xml.charref-control", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#x1B;"), WEV_PLACE_VALUE, 0, CHARREFS, NULL, NULL},
    {"xml.charref-surrogate", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#xD800;"), WEV_PLACE_VALUE, 0, CHARREFS, "tinyxml2 #1069", NULL},
    {"xml.charref-surrogate-pair", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#xD83D;&#xDE00;"), WEV_PLACE_VALUE, 0, CHARREFS, NULL, NULL},
    {"xml.charref-fffe", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#xFFFE;"), WEV_PLACE_VALUE, 0, CHARREFS, NULL, NULL},
    {"xml.charref-above", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#x110000;"), WEV_PLACE_VALUE, 0, CHARREFS, "tinyxml2 #996", NULL},
    {"xml.charref-over-32", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#4294967361;"), WEV_PLACE_VALUE, 0, CHARREFS, "libexpat #260; mxml", NULL},
    {"xml.charref-over-64", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#18446744073709551681;"), WEV_PLACE_VALUE, 0, CHARREFS, "mxml", NULL},
    {"xml.charref-hex-over-64", 10, WEV_V_XML_CHARREF, wev_verb_put, T("&#x10000000000000041;"), WEV_PLACE_VALUE, 0, CHARREFS, "mxml", NULL},
    {"xml.charref-empty", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&#;"), WEV_PLACE_VALUE, 0, CHARREFS, "mxml", NULL},
    {"xml.charref-empty-hex", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&#x;"), WEV_PLACE_VALUE, 0, CHARREFS, "mxml", NULL},
    {"xml.charref-junk", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&#x41g;"), WEV_PLACE_VALUE, 0, CHARREFS, "mxml", NULL},
    {"xml.charref-upper-x", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&#X41;"), WEV_PLACE_VALUE, 0, CHARREFS, "mxml", NULL},
    {"xml.charref-negative", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&#-65;"), WEV_PLACE_VALUE, 0, CHARREFS, "mxml", NULL},
    {"xml.charref-blank", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&# 65;"), WEV_PLACE_VALUE, 0, CHARREFS, NULL, NULL},
    {"xml.charref-no-semicolon", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("&#65 "), WEV_PLACE_VALUE, 0, CHARREFS, NULL, NULL},
    {"xml.charref-decimal", 10, WEV_V_OK, reference_value, NO_TEXT, 0, 0, CHARREFS, "wazuh 4.12: never decoded", NULL},
    {"xml.charref-hexadecimal", 10, WEV_V_OK, reference_value, NO_TEXT, 1, 0, CHARREFS, NULL, NULL},
    {"xml.charref-zeros", 10, WEV_V_OK, reference_value, NO_TEXT, 2, 0, CHARREFS, NULL, NULL},

    {"xml.comment-dashes", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<!-- a -- b -->"), WEV_PLACE_TEXT, 0, COMMENTS, "mxml", NULL},
    {"xml.comment-three-dashes", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<!-- a --->"), WEV_PLACE_TEXT, 0, COMMENTS, NULL, NULL},
    {"xml.comment-unclosed", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<!-- "), WEV_PLACE_TEXT, 0, COMMENTS, NULL, NULL},
    {"xml.comment-in-tag", 10, WEV_V_XML_SYNTAX, wev_verb_put, T(" <!-- a -->"), WEV_PLACE_TAG, 0, COMMENTS, NULL, NULL},
    {"xml.comment-in-value", 20, WEV_V_OK, wev_verb_put, T("<!-- a -->"), WEV_PLACE_TEXT, 0, COMMENTS, "lxml's .text: half a value", NULL},
    {"xml.comment-between", 10, WEV_V_OK, wev_verb_put, T("<!-- <Data Name='no'>no</Data> -->"), WEV_PLACE_BEHIND, 0, COMMENTS, "a regex reads it", NULL},
    {"xml.comment-before-root", 10, WEV_V_OK, wev_verb_put, T("<!-- a -->"), WEV_PLACE_START, 0, COMMENTS, NULL, NULL},
    {"xml.comment-after-root", 10, WEV_V_OK, wev_verb_put, T("<!-- a -->"), WEV_PLACE_END, 0, COMMENTS, NULL, NULL},

    {"xml.pi-target-xml", 10, WEV_V_XML_DECL, wev_verb_put, T("<?xml version='1.0'?>"), WEV_PLACE_BEHIND, 0, PIS, NULL, NULL},
    {"xml.pi-target-upper", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<?XML a?>"), WEV_PLACE_BEHIND, 0, PIS, NULL, NULL},
    {"xml.pi-no-target", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<? a?>"), WEV_PLACE_BEHIND, 0, PIS, NULL, NULL},
    {"xml.pi-unclosed", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<?a b>"), WEV_PLACE_TEXT, 0, PIS, NULL, NULL},
    {"xml.pi-in-value", 10, WEV_V_OK, wev_verb_put, T("<?a b?>"), WEV_PLACE_TEXT, 0, PIS, NULL, NULL},
    {"xml.pi-before-root", 10, WEV_V_OK, wev_verb_put, T("<?xml-stylesheet href='a.xsl'?>"), WEV_PLACE_START, 0, PIS, NULL, NULL},

    {"xml.cdata-lower-case", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<![cdata[x]]>"), WEV_PLACE_TEXT, 0, CDATAS, NULL, NULL},
    {"xml.cdata-unclosed", 10, WEV_V_XML_CDATA, wev_verb_put, T("<![CDATA[x"), WEV_PLACE_TEXT, 0, CDATAS, NULL, NULL},
    {"xml.cdata-nested", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<![CDATA[a<![CDATA[b]]>]]>"), WEV_PLACE_TEXT, 0, CDATAS, NULL, NULL},
    {"xml.cdata-in-attribute", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<![CDATA[x]]>"), WEV_PLACE_ATTRIBUTE, 0, CDATAS, NULL, NULL},
    {"xml.cdata-part", 10, WEV_V_OK, wev_verb_put, T("<![CDATA[<&>]]>"), WEV_PLACE_FREE, LEX(TEXT), CDATAS, "mxml reads it as absent", NULL},
    {"xml.cdata-whole", 10, WEV_V_OK, wrap_value, NO_TEXT, 0, 0, CDATAS, "mxml reads it as absent; wazuh 4.12 refuses", NULL},
    {"xml.cdata-empty", 10, WEV_V_OK, wev_verb_put, T("<![CDATA[]]>"), WEV_PLACE_TEXT, 0, CDATAS, NULL, NULL},

    {"xml.declaration-twice", 10, WEV_V_XML_DECL, put_behind_declaration, T("<?xml version=\"1.0\"?>"), 0, 0, DECLS, NULL, NULL},
    {"xml.declaration-late", 10, WEV_V_XML_DECL, wev_verb_put, T("\n<?xml version=\"1.0\"?>"), WEV_PLACE_START, 0, DECLS, "process-forest #10", NULL},
    {"xml.declaration-no-version", 10, WEV_V_XML_DECL, wev_verb_put, T("<?xml encoding=\"utf-8\"?>"), WEV_PLACE_START, 0, DECLS, NULL, NULL},
    {"xml.declaration-version-9.9", 10, WEV_V_XML_DECL, wev_verb_put, T("<?xml version=\"9.9\"?>"), WEV_PLACE_START, 0, DECLS, NULL, NULL},
    {"xml.declaration-order", 10, WEV_V_XML_DECL, wev_verb_put, T("<?xml encoding=\"utf-8\" version=\"1.0\"?>"), WEV_PLACE_START, 0, DECLS, NULL, NULL},
    {"xml.declaration-standalone", 10, WEV_V_XML_DECL, wev_verb_put, T("<?xml version=\"1.0\" standalone=\"maybe\"?>"), WEV_PLACE_START, 0, DECLS, NULL, NULL},
    {"xml.declaration-upper", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<?XML version=\"1.0\"?>"), WEV_PLACE_START, 0, DECLS, NULL, NULL},
    {"xml.declaration-encoding-empty", 10, WEV_V_XML_DECL, wev_verb_put, T("<?xml version=\"1.0\" encoding=\"\"?>"), WEV_PLACE_START, 0, DECLS, "python-evtx #54", NULL},
    {"xml.declaration-plain", 10, WEV_V_OK, wev_verb_put, T("<?xml version=\"1.0\"?>"), WEV_PLACE_START, 0, DECLS, "wazuh 4.12 refuses it", NULL},
    {"xml.declaration-lines", 10, WEV_V_OK, wev_verb_put, T("<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\r\n"), WEV_PLACE_START, 0, DECLS, NULL, NULL},

    {"xml.doctype", 10, WEV_V_DOCTYPE, wev_verb_put, T("<!DOCTYPE Event>"), WEV_PLACE_START, 0, DTDS, NULL, NULL},
    {"xml.doctype-external", 10, WEV_V_DOCTYPE, wev_verb_put, T("<!DOCTYPE Event SYSTEM \"http://127.0.0.1:9/e.dtd\">"), WEV_PLACE_START, 0, DTDS, NULL, NULL},
    {"xml.doctype-twice", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<!DOCTYPE Event><!DOCTYPE Event>"), WEV_PLACE_START, 0, DTDS, NULL, NULL},
    {"xml.doctype-inside", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<!DOCTYPE Event>"), WEV_PLACE_BEHIND, 0, DTDS, NULL, NULL},
    {"xml.doctype-unclosed", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<!DOCTYPE Event ["), WEV_PLACE_START, 0, DTDS, "pugixml #29", NULL},
    {"xml.doctype-junk", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<!DOCTYPE Event [ junk ]>"), WEV_PLACE_START, 0, DTDS, "libxml2 CVE-2025-24928", NULL},
    {"xml.doctype-lower-case", 10, WEV_V_XML_SYNTAX, wev_verb_put, T("<!doctype Event>"), WEV_PLACE_START, 0, DTDS, NULL, NULL},

    {"xml.entity-declared", 10, WEV_V_ENTITY_DECL, declare_and_use, T("<!DOCTYPE Event [<!ENTITY x 'a'>]>"), 0, 0, OURS, NULL, WELL},
    {"xml.entity-laughs", 10, WEV_V_ENTITY_DECL, declare_and_use,
     T("<!DOCTYPE Event [<!ENTITY a 'ha'>" LAUGHS("b", "a") LAUGHS("c", "b") LAUGHS("d", "c") LAUGHS("e", "d") LAUGHS("f", "e") LAUGHS("g", "f")
       LAUGHS("h", "g") LAUGHS("x", "h") "]>"), 0, 0, OURS, "expat CVE-2013-0340", REFUSED},
    {"xml.entity-cycle", 10, WEV_V_ENTITY_DECL, declare_and_use, T("<!DOCTYPE Event [<!ENTITY x '&y;'><!ENTITY y '&x;'>]>"), 0, 0, "XML 1.0 4.1 WFC: No Recursion", "expat CVE-2024-8176", NULL},
    {"xml.entity-chain", 10, WEV_V_ENTITY_DECL, declare_and_use,
     T("<!DOCTYPE Event [<!ENTITY e 'a'><!ENTITY d '&e;'><!ENTITY c '&d;'><!ENTITY b '&c;'><!ENTITY a '&b;'><!ENTITY x '&a;'>]>"), 0, 0, OURS,
     "expat CVE-2024-8176", WELL},
    {"xml.entity-parameter", 10, WEV_V_ENTITY_DECL, wev_verb_put, T("<!DOCTYPE Event [<!ENTITY % p ''>%p;]>"), WEV_PLACE_START, 0, OURS, "libxml2 CVE-2022-40304", WELL},
    {"xml.xxe-file", 10, WEV_V_ENTITY_DECL, declare_and_use, T("<!DOCTYPE Event [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"), 0, 0, OURS, NULL, WELL},
    {"xml.xxe-http", 10, WEV_V_ENTITY_DECL, declare_and_use, T("<!DOCTYPE Event [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]>"), 0, 0, OURS, NULL, WELL},

    {"xml.namespace-undeclared", 10, WEV_V_XML_PREFIX, prefix_element, T("x:"), 0, 0, PREFIXES, "axosyslog #741", NULL},
    {"xml.namespace-undeclared-attribute", 10, WEV_V_XML_PREFIX, wev_verb_put, T(" x:y='1'"), WEV_PLACE_ROOT_TAG, 0, PREFIXES, NULL, NULL},
    {"xml.namespace-twice-expanded", 10, WEV_V_XML_ATTRIBUTE, wev_verb_put, T(" xmlns:a='urn:u' xmlns:b='urn:u' a:x='1' b:x='2'"), WEV_PLACE_ROOT_TAG, 0,
     "Namespaces 1.0 NSC: Attributes Unique", NULL, NULL},
    {"xml.namespace-reserved", 10, WEV_V_XML_PREFIX, wev_verb_put, T(" xmlns:xmlns='urn:u'"), WEV_PLACE_ROOT_TAG, 0, "Namespaces 1.0 NSC: Reserved Prefixes", NULL, NULL},
    {"xml.namespace-xml-rebound", 10, WEV_V_XML_PREFIX, wev_verb_put, T(" xmlns:xml='urn:u'"), WEV_PLACE_ROOT_TAG, 0, "Namespaces 1.0 NSC: Reserved Prefixes", NULL, NULL},
    {"xml.namespace-undeclaring", 10, WEV_V_XML_PREFIX, wev_verb_put, T(" xmlns:a=''"), WEV_PLACE_ROOT_TAG, 0, "Namespaces 1.0 NSC: No Prefix Undeclaring", NULL, NULL},
    {"xml.namespace-spare", 10, WEV_V_OK, wev_verb_put, T(" xmlns:a='urn:u'"), WEV_PLACE_ROOT_TAG, 0, PREFIXES, NULL, NULL},
    {"xml.namespace-everywhere", 5, WEV_V_OK, declare_everywhere, T(" xmlns='" EVENT_NS "'"), 0, 0, "Namespaces 1.0 6.2", "EricZimmerman/evtx #122", NULL},

    {"xml.size-depth-1000", 0, WEV_V_LIMIT_DEPTH, nest, NO_TEXT, 1000, 0, LIMIT, "mxml #323, tinyxml2 #839, pugixml #701", NULL},
    {"xml.size-depth-10000", 0, WEV_V_LIMIT_DEPTH, nest, NO_TEXT, 10000, 0, LIMIT, "mxml #323", NULL},
    {"xml.size-depth-100000", 0, WEV_V_LIMIT_DEPTH, nest, NO_TEXT, 100000, 0, LIMIT, "mxml #323", NULL},
    {"xml.size-depth-500000", 0, WEV_V_LIMIT_DEPTH, nest, NO_TEXT, 500000, 0, LIMIT, "pugixml #701", NULL},
    {"xml.size-attributes-1000", 0, WEV_V_LIMIT_ATTRIBUTES, root_tag_many, T(" a#='1'"), 1000, 0, LIMIT, "wazuh #7776", "no limit there"},
    {"xml.size-attributes-10000", 0, WEV_V_LIMIT_ATTRIBUTES, root_tag_many, T(" a#='1'"), 10000, 0, LIMIT, "mxml #182; quick-xml RUSTSEC-2026-0194", "no limit there"},
    {"xml.size-attributes-100000", 0, WEV_V_LIMIT_ATTRIBUTES, root_tag_many, T(" a#='1'"), 100000, 0, LIMIT, "mxml #182", "no limit there"},
    {"xml.size-namespaces-10000", 0, WEV_V_LIMIT_ATTRIBUTES, root_tag_many, T(" xmlns:p#='urn:p#'"), 10000, 0, LIMIT, "quick-xml RUSTSEC-2026-0195", "no limit there"},
    {"xml.size-text-2mb", 0, WEV_V_LIMIT_FIELD, text_many, T("0123456789abcdef"), 131072, LEX(TEXT), LIMIT, "expat CVE-2023-52425", "no limit below 10 MB there"},
    {"xml.size-attribute-2mb", 0, WEV_V_LIMIT_FIELD, attribute_many, T("0123456789abcdef"), 131072, 0, LIMIT, "expat CVE-2023-52425", "no limit below 10 MB there"},
};
const size_t wev_break_xml_count = WEV_COUNT(wev_break_xml);
