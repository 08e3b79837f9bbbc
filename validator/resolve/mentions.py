"""Which names an expression uses, over all branches of all conditions, so that no use is missed."""

from collections.abc import Iterator

from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.resolve.substitution import substitution_parts


def calls(node: Node) -> Iterator[tuple[str, Node]]:
    """Every map entry at and below the node, as (key, value): the functions that are called are among them."""
    pending: list[Node] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, ListNode):
            pending.extend(current.items)
        elif isinstance(current, MapNode):
            for key, value in current.items():
                pending.append(value)
                yield key, value


def mentioned(node: Node) -> Iterator[str]:
    """The names that the node's ``Ref``, ``Fn::GetAtt`` and ``Fn::Sub`` use, whatever the conditions."""
    for key, value in calls(node):
        for name, _ in named_by(key, value):
            yield name


def named_by(key: str, value: Node) -> Iterator[tuple[str, str]]:
    """The names that one call uses, each with the attribute that it asks for (empty for ``Ref``)."""
    if key == "Ref" and isinstance(value, ScalarNode):
        yield value.text, ""
    elif key == "Fn::GetAtt":
        yield from _got(value)
    elif key == "Fn::Sub":
        text = value.items[0] if isinstance(value, ListNode) and value.items else value
        if isinstance(text, ScalarNode):
            for kind, name in substitution_parts(text.text):
                if kind == "name":
                    first, _, attribute = name.partition(".")
                    yield first, attribute


def _got(value: Node) -> Iterator[tuple[str, str]]:
    if isinstance(value, ScalarNode):
        first, _, attribute = value.text.partition(".")
        yield first, attribute
    elif isinstance(value, ListNode) and value.items and isinstance(value.items[0], ScalarNode):
        rest = [item.text if isinstance(item, ScalarNode) else "" for item in value.items[1:]]
        yield value.items[0].text.partition(".")[0], ".".join(rest)
