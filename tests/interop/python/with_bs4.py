"""BeautifulSoup(document, "xml"): lxml in its mode that repairs."""
from bs4 import BeautifulSoup


def read(document):
    event = BeautifulSoup(document, "xml").find("Event")
    system = event.find("System").find_all(recursive=False)
    data = event.find("EventData")
    return [(e.name, e.attrs, e.get_text()) for e in system], [(e.get("Name"), e.get_text()) for e in data.find_all("Data")] if data else []
