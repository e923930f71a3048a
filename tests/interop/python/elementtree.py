"""The standard library's ElementTree: comments and PIs are dropped and the text around them is one."""
import xml.etree.ElementTree as ET

SPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def read(document, fromstring=ET.fromstring):
    event = fromstring(document)
    system = [(child.tag.removeprefix(SPACE), child.attrib, child.text) for child in event.iterfind(f"{SPACE}System/*")]
    return system, [(e.get("Name"), e.text) for e in event.iterfind(f"{SPACE}EventData/{SPACE}Data")]
