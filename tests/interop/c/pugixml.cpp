// pugixml as its manual reads values: child_value(), which is the first piece of text or CDATA.
#include "adapter.h"

#include <pugixml.hpp>

extern "C" bool parse(char *bytes, size_t n)
{
    pugi::xml_document doc;
    if (!doc.load_buffer(bytes, n)) { return false; }
    pugi::xml_node event = doc.document_element();
    for (pugi::xml_node node : event.child("System").children()) {
        for (pugi::xml_attribute a : node.attributes()) { read_attribute(node.name(), a.name(), a.value()); }
        read_system(node.name(), node.child_value());
    }
    for (pugi::xml_node node : event.child("EventData").children("Data")) {
        read_data(node.attribute("Name").value(), node.child_value());
    }
    return true;
}
