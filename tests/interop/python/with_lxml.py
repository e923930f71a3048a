"""lxml by its .text, which ends at the first comment."""
from lxml import etree

SPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def read(document):
    event = etree.fromstring(document)
    system = [(etree.QName(child).localname, child.attrib, child.text) for child in event.iterfind(f"{SPACE}System/*")]
    return system, [(e.get("Name"), e.text) for e in event.iterfind(f"{SPACE}EventData/{SPACE}Data")]
