// libxml2's tree. As most callers do, this takes a document that it returns: namespace errors are only reported.
#include "adapter.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

static bool is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

static void read_child(xmlNode *node)
{
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        xmlChar *text = xmlNodeGetContent((const xmlNode *)a);
        read_attribute((const char *)node->name, (const char *)a->name, (const char *)text);
        xmlFree(text);
    }
    xmlChar *text = xmlNodeGetContent(node);
    read_system((const char *)node->name, (const char *)text);
    xmlFree(text);
}

static void read_field(xmlNode *node)
{
    xmlChar *name = xmlGetNoNsProp(node, (const xmlChar *)"Name"), *text = xmlNodeGetContent(node);
    read_data((const char *)name, (const char *)text);
    xmlFree(name);
    xmlFree(text);
}

bool parse(char *bytes, size_t n)
{
    xmlDoc *doc = xmlReadMemory(bytes, (int)n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!doc) { return false; }
    for (const xmlNode *part = xmlDocGetRootElement(doc)->children; part; part = part->next) {
        for (xmlNode *node = part->children; node && part->type == XML_ELEMENT_NODE; node = node->next) {
            if (is(part, "System") && node->type == XML_ELEMENT_NODE) { read_child(node); }
            if (is(part, "EventData") && is(node, "Data")) { read_field(node); }
        }
    }
    xmlFreeDoc(doc);
    return true;
}
