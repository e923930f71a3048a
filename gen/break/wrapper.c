// The schema layer, from outside: the event inside something that is not an event.
#include "gen/break/classes.h"

#include <string.h>

// The text before '|' goes in front, the rest behind.
static bool wrap(struct wev_break *b)
{
    const char *bar = memchr(b->class->text.p, '|', b->class->text.n);
    size_t n = (size_t)(bar - b->class->text.p);
    return wev_break_edit(b, 0, 0, (struct wev_span){b->class->text.p, n}) &&
           wev_break_edit(b, b->size, 0, (struct wev_span){bar + 1, b->class->text.n - n - 1});
}

static bool wrap_twice(struct wev_break *b)
{
    return wev_break_edit(b, 0, 0, WEV_SPAN("<Events>")) && wev_break_edit(b, b->size, 0, wev_break_slice(b, 0, b->size)) &&
           wev_break_edit(b, b->size, 0, WEV_SPAN("</Events>"));
}

// The document as text inside another: its markup escaped.
static bool wrap_escaped(struct wev_break *b)
{
    const char *bar = memchr(b->class->text.p, '|', b->class->text.n);
    size_t n = (size_t)(bar - b->class->text.p);
    if (b->escaped || b->edit_count || b->limit != SIZE_MAX) { return false; }
    b->escaped = true;
    return wev_break_raw(b, 0, (struct wev_span){b->class->text.p, n}) &&
           wev_break_raw(b, b->size, (struct wev_span){bar + 1, b->class->text.n - n - 1});
}

// Event Viewer's mark before each element that has children.
static bool mark_groups(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    if (d->event == WEV_DOC_NONE || d->system == WEV_DOC_NONE) { return false; }
    uint32_t k = b->class->n ? d->system : d->event;
    return wev_break_edit(b, d->elements[k].at, 0, b->class->text);
}

#define NO_WRAPPER "not a document at all: libxml2 says no before event.xsd is asked"

const struct wev_class wev_break_wrapper[] = {
    {"schema.wrapper-events", 10, WEV_V_WRAPPER_EVENTS, wrap, T("<Events>|</Events>"), 0, 0, "Event Viewer export, wevtutil /e:Events", "Go readers: an empty event", NULL},
    {"schema.wrapper-events-two", 10, WEV_V_WRAPPER_EVENTS, wrap_twice, NO_TEXT, 0, 0, "Event Viewer export, wevtutil /e:Events", NULL, NULL},
    {"schema.wrapper-rfc3164", 10, WEV_V_WRAPPER_SYSLOG, wrap, T("<13>Mar  4 08:00:01 dc01 MSWinEventLog: |"), 0, 0, "RFC 3164 4.1", "IBM QRadar's own sample", NO_WRAPPER},
    {"schema.wrapper-rfc5424", 10, WEV_V_WRAPPER_SYSLOG, wrap, T("<14>1 2024-03-04T08:00:01Z dc01 wef 568 - - |"), 0, 0, "RFC 5424 6", NULL, NO_WRAPPER},
    {"schema.wrapper-syslog-no-pri", 10, WEV_V_WRAPPER_SYSLOG, wrap, T("Mar  4 08:00:01 dc01 wef: |"), 0, 0, "RFC 3164 4.1", NULL, NO_WRAPPER},
    {"schema.wrapper-view", 10, WEV_V_WRAPPER_VIEW, mark_groups, T("- "), 0, 0, "Event Viewer, Details, XML view", "copied into tickets", NO_WRAPPER},
    {"schema.wrapper-view-inside", 10, WEV_V_WRAPPER_VIEW, mark_groups, T("- "), 1, 0, "Event Viewer, Details, XML view", NULL, NULL},
    {"schema.wrapper-json", 10, WEV_V_WRAPPER_JSON, wrap, T("{\"event\":{\"original\":\"|\"}}"), 0, 0, "RFC 8259", "wazuh #3344", NO_WRAPPER},
    {"schema.wrapper-json-string", 10, WEV_V_WRAPPER_JSON, wrap, T("\"|\""), 0, 0, "RFC 8259", NULL, NO_WRAPPER},
    {"schema.wrapper-escaped", 10, WEV_V_WRAPPER_ESCAPED, wrap_escaped, T("|"), 0, 0, "XML 1.0 2.4", "wazuh #3343", NO_WRAPPER},
    {"schema.wrapper-escaped-inside", 10, WEV_V_WRAPPER_ESCAPED, wrap_escaped, T("<string>|</string>"), 0, 0, "XML 1.0 2.4", "wazuh #3343", NULL},
};
const size_t wev_break_wrapper_count = WEV_COUNT(wev_break_wrapper);
