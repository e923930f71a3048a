// The known differences, one row each. A row is for one verdict of the reference decoder, or for one trait of a document
// that must be accepted; no row covers all.
#include "fuzz/lenient.h"

#include "schema/types.h"
#include "schema/verdict.h"

#include <stdio.h>
#include <string.h>

// ---- how they differ

static bool same_field(const struct wev_decoded *read, const struct wev_target_result *got, size_t k)
{
    struct wev_span a = read->texts[k], b = got->texts[k];
    return wev_span_eq(read->names[k], got->names[k]) && wev_span_eq(a, b);
}

static bool differs_in_value(const struct wev_decoded *read, const struct wev_target_result *got, char *where, size_t cap)
{
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_value *a = &read->event.header[h], *b = &got->header[h];
        bool gone = a->flags & WEV_F_ABSENT, b_gone = b->flags & WEV_F_ABSENT;
        if (gone == b_gone && (gone || wev_types_equal(a, b))) { continue; }
        snprintf(where, cap, "(%s)", wev_header_names[h]);
        return true;
    }
    if (read->event.def && read->event.def->body->user) { return false; } // the targets do not read UserData
    for (size_t k = 0; k < read->data_count || k < got->count; k++) {
        if (k < read->data_count && k < got->count && same_field(read, got, k)) { continue; }
        struct wev_span s = k < read->data_count ? read->texts[k] : (struct wev_span){NULL, 0};
        struct wev_span t = k < got->count ? got->texts[k] : (struct wev_span){NULL, 0};
        snprintf(where, cap, "(field %zu: \"%.*s\", \"%.*s\")", k, (int)(s.n < 60 ? s.n : 60), s.p ? s.p : "",
                 (int)(t.n < 60 ? t.n : 60), t.p ? t.p : "");
        return true;
    }
    return false;
}

const char *wev_lenient_differ(const struct wev_decoded *read, const struct wev_target_result *got, char *where, size_t cap)
{
    char verdict = wev_verdict_rows[read->code].verdict;
    if (verdict == 'n') { return got->accepted ? "accepts" : NULL; }
    if (verdict == 'i') { return NULL; }
    if (!got->accepted) { return "refuses"; }
    return differs_in_value(read, got, where, cap) ? "reads another value" : NULL;
}

// ---- the rows

enum who { MXML = 1, LIBXML2 = 2, TREES = MXML | LIBXML2 };

// What must be rejected, and is not.
static const struct {
    uint8_t who;
    uint8_t code; // enum wev_verdict
    const char *why;
} accepts[] = {
    // bytes and well-formedness
    {TREES, WEV_V_CHAR, "Mini-XML checks characters below 32 alone; libxml2 2.9 stops at a NUL behind the root"},
    {TREES, WEV_V_ENCODING, "Mini-XML reads no declaration; libxml2 knows encodings that we refuse"},
    {MXML, WEV_V_XML_SYNTAX, "Mini-XML parses tags and little of the grammar between them"},
    {MXML, WEV_V_XML_OUTSIDE, "Mini-XML below a parent takes any content"},
    {MXML, WEV_V_XML_ATTRIBUTE, "Mini-XML: the last of two attributes of one name wins"},
    {LIBXML2, WEV_V_XML_ATTRIBUTE, "libxml2 notes what is wrong with namespaces, and gives the tree"},
    {MXML, WEV_V_XML_ENTITY, "Mini-XML: an unknown entity in a declaration or attribute"},
    {MXML, WEV_V_XML_CHARREF, "Mini-XML: references past U+10FFFF, and numbers that strtol cuts"},
    {MXML, WEV_V_XML_DECL, "Mini-XML reads no declaration"},
    {MXML, WEV_V_XML_PREFIX, "Mini-XML knows no namespaces"},
    {LIBXML2, WEV_V_XML_PREFIX, "libxml2 notes what is wrong with namespaces, and gives the tree"},
    {TREES, WEV_V_ENTITY_DECL, "our rule: entities may be declared in XML"},
    // the event's structure: a tree is asked for what is wanted, and for nothing else
    {MXML, WEV_V_NAMESPACE, "Mini-XML knows no namespaces"},
    {LIBXML2, WEV_V_NAMESPACE, "nobody asks for an element of another namespace"},
    {MXML, WEV_V_WRAPPER_SYSLOG, "text before the root is content to Mini-XML"},
    {TREES, WEV_V_WRAPPER_VIEW, "text between elements is passed over"},
    {MXML, WEV_V_WRAPPER_JSON, "text around the root is content to Mini-XML"},
    {TREES, WEV_V_SYSTEM_MISSING, "found by name, wherever it stands"},
    {TREES, WEV_V_CHILD_TWICE, "the first of a name is taken"},
    {TREES, WEV_V_CHILD_ORDER, "found by name, in any order"},
    {TREES, WEV_V_CHILD_UNKNOWN, "nobody asks for it"},
    {TREES, WEV_V_CHILD_EMPTY, "an empty element reads as one that is not there"},
    {TREES, WEV_V_ATTR_MISSING, "only what every reader needs is asked for"},
    {TREES, WEV_V_ATTR_UNKNOWN, "nobody asks for it"},
    {TREES, WEV_V_TEXT_STRAY, "text between elements is passed over"},
    {TREES, WEV_V_BODY_TWICE, "the first of a name is taken"},
    {TREES, WEV_V_BODY_ORDER, "found by name, in any order"},
    {TREES, WEV_V_BODY_OTHER, "an event without fields needs no body"},
    {TREES, WEV_V_FIELD_EXTRA, "nobody asks for it"},
    {TREES, WEV_V_FIELD_UNKNOWN, "nobody asks for it"},
    {TREES, WEV_V_FIELD_ORDER, "found by name, in any order"},
    {TREES, WEV_V_FIELD_TWICE, "the first of a name is taken"},
    {TREES, WEV_V_FIELD_NESTED, "an element inside a value is passed over, or its text is the value's"},
    {TREES, WEV_V_BINARY, "nobody asks for it"},
    // values
    {TREES, WEV_V_VALUE_EMPTY, "an empty attribute reads as one that is not there"},
    {TREES, WEV_V_PARAMETER, "the parameters of a string are not looked at"},
    {TREES, WEV_V_RULE, "the rules of the profile are not looked at"},
};

// What is beside the reason, an `i` that the reference decoder met first, and makes the target read something else.
static const struct {
    uint8_t who;
    uint8_t code;
    const char *why;
} beside[] = {
    {MXML, WEV_V_WRAPPER_EVENTS, "of several events the first is read"},
};

enum trait { CDATA, COMMENT, INSTRUCTION, PREFIX, LINE_END, BOM, LARGE };

// What must be accepted and is not, or reads otherwise, in a document with this trait.
static const struct {
    uint8_t who;
    uint8_t trait;
    const char *why;
} traits[] = {
    {MXML, CDATA, "a CDATA section is no text to Mini-XML"},
    {MXML, COMMENT, "a value ends at a comment"},
    {MXML, INSTRUCTION, "a value ends at a processing instruction"},
    {MXML, PREFIX, "Mini-XML knows no namespaces"},
    {MXML, LINE_END, "Mini-XML leaves CR as it is"},
    {MXML, BOM, "Mini-XML drops U+FEFF anywhere"},
    {MXML, LARGE, "the shell takes 64 KiB"},
};

static bool holds(struct wev_span d, const char *text)
{
    return d.n && memmem(d.p, d.n, text, strlen(text));
}

// A ':' in the name of some element.
static bool has_prefix(struct wev_span d)
{
    for (size_t k = 0; k + 1 < d.n; k++) {
        if (d.p[k] != '<' || strchr("!?/", d.p[k + 1])) { continue; }
        for (k++; k < d.n && d.p[k] != ':' && !strchr(" \t\r\n/>", d.p[k]); k++) {}
        if (k < d.n && d.p[k] == ':') { return true; }
    }
    return false;
}

static bool has(enum trait t, struct wev_span d)
{
    switch (t) {
    case CDATA: return holds(d, "<![CDATA[");
    case COMMENT: return holds(d, "<!--");
    case INSTRUCTION: return holds(d, "<?") && !(holds(d, "<?xml ") && !memmem(d.p + 2, d.n - 2, "<?", 2));
    case PREFIX: return has_prefix(d);
    case LINE_END: return holds(d, "\r");
    case BOM: return holds(d, "\xef\xbb\xbf");
    case LARGE: return d.n > 64 << 10;
    }
    return false;
}

static unsigned who_is(const struct wev_target *target)
{
    return !strncmp(target->name, "mxml", 4) ? MXML : !strcmp(target->name, "libxml2") ? LIBXML2 : 0;
}

static bool met(const struct wev_decoded *read, enum wev_verdict code)
{
    size_t k = 0;
    while (k < read->also_count && read->also[k] != code) { k++; }
    return k < read->also_count;
}

enum { BESIDE = WEV_COUNT(accepts), TRAITS = BESIDE + WEV_COUNT(beside), ROWS = TRAITS + WEV_COUNT(traits) };

size_t wev_lenient_find(const struct wev_target *target, const struct wev_decoded *read, struct wev_span document)
{
    unsigned who = who_is(target);
    char verdict = wev_verdict_rows[read->code].verdict;
    for (size_t k = 0; verdict == 'n' && k < WEV_COUNT(accepts); k++) {
        if (accepts[k].who & who && accepts[k].code == read->code) { return k; }
    }
    for (size_t k = 0; verdict == 'n' && k < WEV_COUNT(beside); k++) {
        if (beside[k].who & who && met(read, (enum wev_verdict)beside[k].code)) { return BESIDE + k; }
    }
    for (size_t k = 0; verdict == 'y' && k < WEV_COUNT(traits); k++) {
        if (traits[k].who & who && has((enum trait)traits[k].trait, document)) { return TRAITS + k; }
    }
    return SIZE_MAX;
}

size_t wev_lenient_count(void)
{
    return ROWS;
}

const char *wev_lenient_text(size_t row)
{
    return row < BESIDE ? accepts[row].why : row < TRAITS ? beside[row - BESIDE].why : traits[row - TRAITS].why;
}
