"""From the paths that engines give to the places in the file that a person wrote."""

from collections.abc import Sequence

from validator.load.nodes import Document, ListNode, MapNode, Node, ScalarNode
from validator.model import Span


def place_of(document: Document, path: Sequence[object]) -> Span | None:
    """The place of a path from the document's root: the key's, or the item's in a list.

    Where the path leaves what is written, the deepest place on the way; None when not even the first step is.
    """
    node: Node = document.root
    found: Span | None = None
    for step in path:
        if isinstance(node, MapNode):
            entry = node.entries.get(str(step))
            if entry is None:
                break
            found, node = entry.key_span, entry.value
        elif isinstance(node, ListNode):
            number = _number(step)
            if number is None or not 0 <= number < len(node.items):
                break
            node = node.items[number]
            found = node.span
        else:
            break
    return found


def node_at(document: Document, path: Sequence[object]) -> Node | None:
    """The node at a path from the document's root, None where the path leaves what is written."""
    node: Node = document.root
    for step in path:
        number = _number(step)
        if isinstance(node, MapNode) and str(step) in node.entries:
            node = node.entries[str(step)].value
        elif isinstance(node, ListNode) and number is not None and 0 <= number < len(node.items):
            node = node.items[number]
        else:
            return None
    return node


def written_type(document: Document, logical_id: str) -> str:
    """The type of a resource as it is written; empty where it has none."""
    resources = document.root.get("Resources") if isinstance(document.root, MapNode) else None
    body = resources.get(logical_id) if isinstance(resources, MapNode) else None
    written = body.get("Type") if isinstance(body, MapNode) else None
    return written.text if isinstance(written, ScalarNode) else ""


def is_written(document: Document, logical_id: str) -> bool:
    """Whether the file itself declares the resource."""
    return place_of(document, ("Resources", logical_id)) is not None and bool(written_type(document, logical_id))


def _number(step: object) -> int | None:
    try:
        return int(str(step))
    except ValueError:
        return None
