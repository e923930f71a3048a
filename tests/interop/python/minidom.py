"""The standard library's minidom: the text is that of firstChild, as most code has it."""
from xml.dom import minidom


def text(node):
    return node.firstChild.data if node.firstChild else ""


def elements(node):
    return [child for child in node.childNodes if child.nodeType == child.ELEMENT_NODE]


def read(document):
    system, data = [], []
    for part in elements(minidom.parseString(document).documentElement):
        if part.localName == "System":
            system += [(e.localName, dict(e.attributes.items()), text(e)) for e in elements(part)]
        if part.localName == "EventData":
            data += [(e.getAttribute("Name"), text(e)) for e in elements(part) if e.localName == "Data"]
    return system, data
