"""Who mentions whom: an index over all branches of all conditions, so that it never misses a reference."""

from collections.abc import Iterator

from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.resolve.substitution import substitution_parts


def mentioned(node: Node) -> Iterator[str]:
    """The names that the node's ``Ref``, ``Fn::GetAtt`` and ``Fn::Sub`` use, whatever the conditions."""
    pending: list[Node] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, ListNode):
            pending.extend(current.items)
        elif isinstance(current, MapNode):
            for key, value in current.items():
                pending.append(value)
                yield from _called(key, value)


def _called(key: str, value: Node) -> Iterator[str]:
    if key == "Ref" and isinstance(value, ScalarNode):
        yield value.text
    elif key == "Fn::GetAtt":
        first = value.items[0] if isinstance(value, ListNode) and value.items else value
        if isinstance(first, ScalarNode):
            yield first.text.partition(".")[0]
    elif key == "Fn::Sub":
        text = value.items[0] if isinstance(value, ListNode) and value.items else value
        if isinstance(text, ScalarNode):
            for kind, name in substitution_parts(text.text):
                if kind == "name":
                    yield name.partition(".")[0]
