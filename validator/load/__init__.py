"""Files to documents with positions; the only step that parses."""

from validator.load.document import load_document, load_file
from validator.load.limits import MAXIMUM_DEPTH, MAXIMUM_NODES, MAXIMUM_SOURCE_BYTES
from validator.load.nodes import (
    Document,
    ListNode,
    MapEntry,
    MapNode,
    Node,
    OpaqueNode,
    Plain,
    ScalarNode,
    plain,
)

__all__ = [
    "MAXIMUM_DEPTH",
    "MAXIMUM_NODES",
    "MAXIMUM_SOURCE_BYTES",
    "Document",
    "ListNode",
    "MapEntry",
    "MapNode",
    "Node",
    "OpaqueNode",
    "Plain",
    "ScalarNode",
    "load_document",
    "load_file",
    "plain",
]
