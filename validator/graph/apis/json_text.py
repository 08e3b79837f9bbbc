"""Documents written as JSON in a text: ``Policy: !Sub '{...}'``."""

import json

from validator.graph.resource import Resource
from validator.load.nodes import ListNode, MapEntry, MapNode, Node, ScalarNode
from validator.model import Span
from validator.resolve import Text, Value


def document_of(resource: Resource, value: Value) -> Value:
    """The document that a JSON text holds; every other value as it is. References show as ``${Name}``."""
    text = str(value) if isinstance(value, Text) else ""
    if not text.lstrip().startswith("{"):
        return value
    try:
        written = json.loads(text)
    except (ValueError, RecursionError):
        return value
    return resource.scope.resolve(_node(written, value.span))


def _node(written: object, span: Span) -> Node:
    """The node of a JSON value; all of it stands where the text stands."""
    if isinstance(written, dict):
        return MapNode({str(key): MapEntry(span, _node(item, span)) for key, item in written.items()}, span)
    if isinstance(written, list):
        return ListNode(tuple(_node(item, span) for item in written), span)
    if isinstance(written, bool):
        return ScalarNode(written, str(written).lower(), span)
    if isinstance(written, str | int | float):
        return ScalarNode(written, str(written), span)
    return ScalarNode(None, "", span)
