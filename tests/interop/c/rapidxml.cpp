// RapidXML with its checks of closing tags on, and value(), which is the first piece of text.
#include "adapter.h"

#include <rapidxml/rapidxml.hpp>

using rapidxml::xml_node;

extern "C" bool parse(char *bytes, size_t n)
{
    (void)n; // it reads up to a NUL
    rapidxml::xml_document<> doc;
    try {
        doc.parse<rapidxml::parse_validate_closing_tags>(bytes);
    } catch (const rapidxml::parse_error &) {
        return false;
    }
    xml_node<> *event = doc.first_node();
    if (!event) { return false; }
    xml_node<> *system = event->first_node("System"), *body = event->first_node("EventData");
    for (xml_node<> *e = system ? system->first_node() : nullptr; e; e = e->next_sibling()) {
        for (rapidxml::xml_attribute<> *a = e->first_attribute(); a; a = a->next_attribute()) { read_attribute(e->name(), a->name(), a->value()); }
        read_system(e->name(), e->value());
    }
    for (xml_node<> *e = body ? body->first_node("Data") : nullptr; e; e = e->next_sibling("Data")) {
        rapidxml::xml_attribute<> *name = e->first_attribute("Name");
        read_data(name ? name->value() : nullptr, e->value());
    }
    return true;
}
