// A record as XML of any spelling: EvtRender, RenderedXml, Event Viewer's copy, python-evtx. Tokens come from expat; what
// they say is taken as it stands. Types nothing, and refuses a DOCTYPE.
#include "corpus/real.h"

#include <expat.h>
#include <string.h>

enum { DEPTH_MAX = 32, TEXT_MAX = 64 << 10, NAME_MAX_BYTES = 256 };

static const struct { const char *element, *attribute; enum wev_header header; } attributes[] = {
    {"Provider", "Name", WEV_H_PROVIDER}, {"Provider", "Guid", WEV_H_GUID}, {"Provider", "EventSourceName", WEV_H_SOURCE},
    {"EventID", "Qualifiers", WEV_H_QUALIFIERS}, {"TimeCreated", "SystemTime", WEV_H_TIME},
    {"Correlation", "ActivityID", WEV_H_ACTIVITY}, {"Correlation", "RelatedActivityID", WEV_H_RELATED},
    {"Execution", "ProcessID", WEV_H_PROCESS_ID}, {"Execution", "ThreadID", WEV_H_THREAD_ID}, {"Security", "UserID", WEV_H_USER_ID},
};

struct reading {
    XML_Parser parser;
    struct wev_real *record;
    const char *part; // child of Event that is open: "System", "EventData", "RenderingInfo", NULL: none
    unsigned depth;
    char name[NAME_MAX_BYTES]; // of the Data, or the child of System
    char text[TEXT_MAX];
    size_t n;
    bool is_event, empty_attribute;
};

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void set_name(struct reading *r, const char *name)
{
    size_t n = strlen(name);
    n = n < sizeof(r->name) - 1 ? n : sizeof(r->name) - 1;
    memcpy(r->name, name, n);
    r->name[n] = 0;
}

static const char *attribute(const char **list, const char *name)
{
    while (*list && strcmp(local(*list), name) != 0) { list += 2; }
    return *list ? list[1] : NULL;
}

static void start_in_system(struct reading *r, const char *element, const char **list)
{
    for (size_t k = 0; k < sizeof(attributes) / sizeof(attributes[0]); k++) {
        const char *value = strcmp(attributes[k].element, element) ? NULL : attribute(list, attributes[k].attribute);
        if (value && !*value) { r->empty_attribute = true; }
        if (value && *value) { json_object_set_new(r->record->header, wev_header_names[attributes[k].header], json_string(value)); }
    }
    set_name(r, element);
}

static void on_start(void *user, const char *full, const char **list)
{
    static const char *const parts[] = {"System", "EventData", "RenderingInfo", "UserData"};
    struct reading *r = user;
    const char *element = local(full);
    r->depth++;
    r->n = 0;
    if (r->depth > DEPTH_MAX) { XML_StopParser(r->parser, XML_FALSE); }
    if (r->depth == 1) { r->is_event = !strcmp(element, "Event"); }
    if (r->depth == 2) {
        r->part = NULL;
        for (size_t k = 0; k < 4; k++) { r->part = strcmp(parts[k], element) ? r->part : parts[k]; }
    }
    if (r->depth != 3 || !r->part) { return; }
    if (!strcmp(r->part, "System")) {
        start_in_system(r, element, list);
    } else {
        const char *name = attribute(list, "Name");
        set_name(r, !strcmp(r->part, "EventData") && name ? name : element);
    }
}

static void end_in_system(struct reading *r)
{
    for (unsigned h = 0; h < WEV_H_COUNT && r->n > 0; h++) {
        if (!strcmp(wev_header_names[h], r->name) && h != WEV_H_PROVIDER) {
            json_object_set_new(r->record->header, r->name, json_stringn(r->text, r->n));
        }
    }
}

static void on_end(void *user, const char *full)
{
    struct reading *r = user;
    (void)full;
    if (r->depth == 3 && r->part) {
        if (!strcmp(r->part, "System")) { end_in_system(r); }
        if (!strcmp(r->part, "EventData")) {
            json_array_append_new(r->record->data, json_pack("[s,o]", r->name, json_stringn(r->text, r->n)));
        }
        if (!strcmp(r->part, "RenderingInfo") && !strcmp(r->name, "Message") && !r->record->message) {
            r->record->message = json_stringn(r->text, r->n);
        }
    }
    r->depth--;
    if (r->depth == 1) { r->part = NULL; }
}

static void on_text(void *user, const char *p, int n)
{
    struct reading *r = user;
    if (r->depth < 3 || !r->part) { return; }
    if ((size_t)n > sizeof(r->text) - r->n) {
        XML_StopParser(r->parser, XML_FALSE);
        return;
    }
    memcpy(r->text + r->n, p, (size_t)n);
    r->n += (size_t)n;
}

static void on_doctype(void *user, const char *name, const char *system, const char *public, int internal)
{
    struct reading *r = user;
    (void)name, (void)system, (void)public, (void)internal;
    XML_StopParser(r->parser, XML_FALSE);
}

bool wev_real_xml(struct wev_span document, struct wev_real *record)
{
    static const char head[] = "<?xml version='1.0'?>"; // a namespace prefix of a wrapper may be missing: no namespaces here
    struct reading *r = calloc(1, sizeof(*r));
    XML_Parser parser = r ? XML_ParserCreate("UTF-8") : NULL;
    bool good = false;
    if (parser && document.n <= 16u << 20) {
        r->parser = parser;
        r->record = record;
        XML_SetUserData(parser, r);
        XML_SetElementHandler(parser, on_start, on_end);
        XML_SetCharacterDataHandler(parser, on_text);
        XML_SetStartDoctypeDeclHandler(parser, on_doctype);
        good = XML_Parse(parser, head, (int)sizeof(head) - 1, 0) == XML_STATUS_OK &&
               XML_Parse(parser, document.p, (int)document.n, 1) == XML_STATUS_OK && r->is_event;
        record->shape = r->empty_attribute ? "python-evtx" : record->message ? "rendered" : "xml";
    }
    if (parser) { XML_ParserFree(parser); }
    free(r);
    return good && wev_real_header(record, WEV_H_EVENT_ID);
}
