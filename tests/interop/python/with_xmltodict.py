"""xmltodict as it is: it strips values, and one Data is a dict where two are a list."""
import xmltodict


def parts(node):
    if isinstance(node, dict):
        return {k[1:]: v for k, v in node.items() if k.startswith("@")}, node.get("#text")
    return {}, node


def many(node):
    return node if isinstance(node, list) else [] if node is None else [node]


def read(document):
    event = xmltodict.parse(document)["Event"]
    system = [(name, *parts(node)) for name, value in (event.get("System") or {}).items() for node in many(value)]
    fields = [parts(node) for node in many((event.get("EventData") or {}).get("Data"))]
    return system, [(attributes.get("Name"), text) for attributes, text in fields]
