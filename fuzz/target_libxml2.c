// libxml2 as a target: the same reading as in target_mxml.c, on a tree library that knows XML and its namespaces. Compiled
// where the library is there (the Makefile then defines WEV_LIBXML2).
#include "fuzz/fields.h"

#include "schema/manifest.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct wev_fields fields;
    xmlDocPtr doc;
    xmlChar **texts; // what libxml2 allocated for this document
    size_t text_count, text_cap;
};

static const char space[] = "http://schemas.microsoft.com/win/2004/08/events/event";

// Encoding errors come through the library's global handler, whatever the options of a parse say.
static void quiet(void *context, const char *format, ...) { (void)context, (void)format; }

static void *open_reader(const struct wev_schema *schema)
{
    struct reader *r = calloc(1, sizeof(*r));
    if (!r) { return NULL; }
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, quiet);
    r->fields.schema = schema;
    return r;
}

static void release(struct reader *r)
{
    for (size_t k = 0; k < r->text_count; k++) { xmlFree(r->texts[k]); }
    r->text_count = 0;
    xmlFreeDoc(r->doc);
    r->doc = NULL;
}

static void close_reader(void *self)
{
    struct reader *r = self;
    if (!r) { return; }
    release(r);
    free(r->texts);
    wev_fields_free(&r->fields);
    free(r);
}

// Text that lives until the next document. `text` is ours from here on, whatever comes of it.
static struct wev_span keep(struct reader *r, xmlChar *text)
{
    if (!text) { return (struct wev_span){NULL, 0}; }
    if (r->text_count == r->text_cap) {
        size_t cap = r->text_cap ? 2 * r->text_cap : 64;
        xmlChar **texts = realloc(r->texts, cap * sizeof(*texts));
        if (!texts) {
            xmlFree(text);
            return (struct wev_span){NULL, 0};
        }
        r->texts = texts;
        r->text_cap = cap;
    }
    r->texts[r->text_count++] = text;
    return wev_span_of((const char *)text);
}

static bool is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name) && node->ns &&
           !strcmp((const char *)node->ns->href, space);
}

static xmlNode *child_of(const xmlNode *node, const char *name)
{
    xmlNode *k = node->children;
    while (k && !is(k, name)) { k = k->next; }
    return k;
}

static struct wev_span attribute(struct reader *r, xmlNode *node, const char *name)
{
    return keep(r, xmlGetNoNsProp(node, (const xmlChar *)name));
}

static void take_headers(struct reader *r, xmlNode *system)
{
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_fields_place *at = &wev_fields_places[h];
        xmlNode *node = child_of(system, at->element);
        if (!node) { continue; }
        r->fields.header[h] = at->attribute ? attribute(r, node, at->attribute) : keep(r, xmlNodeGetContent(node));
    }
}

static const char *read_tree(struct reader *r)
{
    xmlNode *event = xmlDocGetRootElement(r->doc);
    if (!event || !is(event, "Event")) { return "root"; }
    xmlNode *system = child_of(event, "System"), *body = child_of(event, "EventData");
    if (!system) { return "system-missing"; }
    take_headers(r, system);
    for (xmlNode *k = body ? body->children : NULL; k; k = k->next) {
        if (!is(k, "Data")) { continue; }
        struct wev_span text = keep(r, xmlNodeGetContent(k));
        if (!wev_fields_add(&r->fields, attribute(r, k, "Name"), text)) { return "limit-fields"; }
    }
    return NULL;
}

static void run_reader(void *self, const uint8_t *p, size_t n, struct wev_target_result *out)
{
    struct reader *r = self;
    const char *why = NULL;
    *out = (struct wev_target_result){.reason = "ok", .at = SIZE_MAX};
    for (unsigned h = 0; h < WEV_H_COUNT; h++) { out->header[h] = (struct wev_value){.type = wev_header_types[h], .flags = WEV_F_ABSENT}; }
    release(r);
    wev_fields_reset(&r->fields);
    if (n > INT_MAX) {
        why = "limit-size";
    } else {
        r->doc = xmlReadMemory(p ? (const char *)p : "", (int)n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        why = r->doc ? read_tree(r) : "libxml2";
    }
    if (why) {
        wev_fields_reject(out, why);
    } else {
        wev_fields_check(&r->fields, out);
    }
}

extern const struct wev_target wev_target_libxml2;
const struct wev_target wev_target_libxml2 = {
    "libxml2", "libxml2's tree, read in the same way", open_reader, close_reader, run_reader,
};
