"""No XML at all: the expressions that field extractions of a log index use. The control of the table."""
import re

ELEMENT = re.compile(rb"<(\w+)([^>]*)>([^<]*)</\1>")
EMPTY = re.compile(rb"<(\w+)([^>]*)/>")
ATTRIBUTE = re.compile(rb"""(\w+)=['"]([^'"]*)['"]""")
DATA = re.compile(rb"""<Data Name=['"]([^'"]*)['"]>(.*?)</Data>""", re.S)


def plain(raw):
    return raw.decode("utf-8", "replace")


def attributes(raw):
    return {plain(k): plain(v) for k, v in ATTRIBUTE.findall(raw)}


def read(document):
    head = re.search(rb"<System>(.*?)</System>", document, re.S)
    if not head:
        raise ValueError("no <System>")
    system = [(plain(n), attributes(a), "") for n, a in EMPTY.findall(head[1])]
    system += [(plain(n), attributes(a), plain(t)) for n, a, t in ELEMENT.findall(head[1])]
    return system, [(plain(n), plain(t)) for n, t in DATA.findall(document)]
