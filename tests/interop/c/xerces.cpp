// Xerces-C++: a DOM, with namespaces, without validation.
#include "adapter.h"

#include <string>
#include <xercesc/dom/DOM.hpp>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/parsers/XercesDOMParser.hpp>
#include <xercesc/sax/HandlerBase.hpp>
#include <xercesc/util/PlatformUtils.hpp>
#include <xercesc/util/TransService.hpp>

using namespace xercesc;

static std::string utf8(const XMLCh *s)
{
    TranscodeToStr text(s, "UTF-8");
    return std::string(reinterpret_cast<const char *>(text.str()), text.length());
}

static void read_child(DOMElement *part, DOMElement *node)
{
    std::string name = utf8(node->getLocalName()), in = utf8(part->getLocalName()), text = utf8(node->getTextContent());
    DOMNamedNodeMap *attributes = node->getAttributes();
    for (XMLSize_t k = 0; k < attributes->getLength(); k++) {
        std::string key = utf8(attributes->item(k)->getNodeName()), value = utf8(attributes->item(k)->getNodeValue());
        if (in == "System") { read_attribute(name.c_str(), key.c_str(), value.c_str()); }
        if (in == "EventData" && name == "Data" && key == "Name") { read_data(value.c_str(), text.c_str()); }
    }
    if (in == "System") { read_system(name.c_str(), text.c_str()); }
}

static bool read(const char *bytes, size_t n)
{
    XercesDOMParser parser;
    HandlerBase errors; // throws on a fatal error
    parser.setDoNamespaces(true);
    parser.setErrorHandler(&errors);
    MemBufInputSource source(reinterpret_cast<const XMLByte *>(bytes), n, "event");
    try {
        parser.parse(source);
        DOMElement *event = parser.getDocument()->getDocumentElement();
        for (DOMElement *part = event->getFirstElementChild(); part; part = part->getNextElementSibling()) {
            for (DOMElement *node = part->getFirstElementChild(); node; node = node->getNextElementSibling()) { read_child(part, node); }
        }
        return true;
    } catch (const XMLException &) {
    } catch (const SAXException &) {
    } catch (const DOMException &) {
    }
    return false;
}

extern "C" bool parse(char *bytes, size_t n)
{
    XMLPlatformUtils::Initialize();
    return read(bytes, n);
}
