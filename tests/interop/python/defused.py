"""defusedxml's ElementTree, which refuses entities."""
import defusedxml.ElementTree
import elementtree


def read(document):
    return elementtree.read(document, defusedxml.ElementTree.fromstring)
