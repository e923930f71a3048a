// tinyxml2 as its examples read values: GetText(), which is the text of the first child.
#include "adapter.h"

#include <tinyxml2.h>

using tinyxml2::XMLElement;

extern "C" bool parse(char *bytes, size_t n)
{
    tinyxml2::XMLDocument doc;
    if (doc.Parse(bytes, n) != tinyxml2::XML_SUCCESS) { return false; }
    XMLElement *event = doc.RootElement();
    if (!event) { return false; }
    XMLElement *system = event->FirstChildElement("System"), *body = event->FirstChildElement("EventData");
    for (XMLElement *e = system ? system->FirstChildElement() : nullptr; e; e = e->NextSiblingElement()) {
        for (const tinyxml2::XMLAttribute *a = e->FirstAttribute(); a; a = a->Next()) { read_attribute(e->Name(), a->Name(), a->Value()); }
        read_system(e->Name(), e->GetText());
    }
    for (XMLElement *e = body ? body->FirstChildElement("Data") : nullptr; e; e = e->NextSiblingElement("Data")) {
        read_data(e->Attribute("Name"), e->GetText());
    }
    return true;
}
