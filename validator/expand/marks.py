"""Values for the SAM translator that remember their place, and the way back to nodes.

The translator works on dicts, lists and texts, moves them about and writes new ones. Subclasses that
carry the node they came from survive this (also ``copy.deepcopy``), so that a value that is passed on
keeps its exact span. What the translator wrote itself takes the place of what surrounds it.
"""

from collections.abc import Mapping
from typing import Any, SupportsIndex

from validator.load.nodes import ListNode, MapEntry, MapNode, Node, OpaqueNode, Plain, ScalarNode
from validator.model import Span

_PROTECTED = "${!tierlens:"
"""Hides a parameter in a ``Fn::Sub`` text: to the translator this is an escaped literal."""


class MarkedText(str):
    """A text that knows its node."""

    __slots__ = ("node",)
    node: ScalarNode

    def __deepcopy__(self, memo: dict[int, Any]) -> "MarkedText":
        return self


class ParameterText(str):
    """The value of a parameter; it turns back into a ``Ref`` where it is passed on as it is."""

    __slots__ = ("parameter",)
    parameter: str

    def __deepcopy__(self, memo: dict[int, Any]) -> "ParameterText":
        return self


class MarkedDict(dict[str, Any]):
    """A map that knows its node; a copy knows it too. One that the translator makes itself knows none."""

    __slots__ = ("node",)
    node: MapNode | None

    def __new__(cls, *_content: object) -> "MarkedDict":
        """A map without a mark."""
        unmarked = super().__new__(cls)
        unmarked.node = None
        return unmarked

    def __deepcopy__(self, memo: dict[int, Any]) -> "MarkedDict":
        twin = type(self)()
        twin.node = self.node
        memo[id(self)] = twin
        for key, value in self.items():
            twin[key] = deep_copied(value, memo)
        return twin

    def copy(self) -> "MarkedDict":
        """A shallow copy with the same mark."""
        twin = type(self)(self)
        twin.node = self.node
        return twin


class MarkedList(list[Any]):
    """A list that knows its node. One that the translator makes itself knows none."""

    __slots__ = ("node",)
    node: ListNode | None

    def __new__(cls, *_content: object) -> "MarkedList":
        """A list without a mark."""
        unmarked = super().__new__(cls)
        unmarked.node = None
        return unmarked

    def __deepcopy__(self, memo: dict[int, Any]) -> "MarkedList":
        twin = type(self)()
        twin.node = self.node
        memo[id(self)] = twin
        twin.extend(deep_copied(value, memo) for value in self)
        return twin

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return (list, (list(self),))


class OpaqueDict(dict[str, Any]):
    """Stands for an opaque node: to the translator an intrinsic function that it passes on."""

    __slots__ = ("node",)
    node: OpaqueNode

    def __deepcopy__(self, memo: dict[int, Any]) -> "OpaqueDict":
        return self

    def copy(self) -> "OpaqueDict":
        """The same object: nothing may change it."""
        return self


def deep_copied(value: Any, memo: dict[int, Any]) -> Any:
    """``copy.deepcopy`` without its cost for texts and numbers."""
    if isinstance(value, dict | list):
        import copy

        return copy.deepcopy(value, memo)
    return value


def parameter_text(value: str, parameter: str) -> ParameterText:
    """The value of a parameter that can be turned back into a reference to it."""
    text = ParameterText(value)
    text.parameter = parameter
    return text


def marked_text(node: ScalarNode, text: str) -> MarkedText:
    """A text with the place of a node."""
    marked = MarkedText(text)
    marked.node = node
    return marked


def marked(node: Node, hidden: frozenset[str]) -> Any:
    """The node as values for the translator.

    ``hidden`` names the parameters that must stay symbolic inside ``Fn::Sub`` texts: the translator
    writes their values into the text where it can.
    """
    match node:
        case ScalarNode():
            return marked_text(node, node.value) if isinstance(node.value, str) else node.value
        case ListNode():
            items = MarkedList(marked(item, hidden) for item in node.items)
            items.node = node
            return items
        case OpaqueNode():
            opaque = OpaqueDict({"Fn::Transform": {"Name": "tierlens::Opaque"}})
            opaque.node = node
            return opaque
        case MapNode():
            entries = MarkedDict((key, marked(value, hidden)) for key, value in node.items())
            entries.node = node
            if "Fn::Sub" in entries:
                entries["Fn::Sub"] = _protected(entries["Fn::Sub"], hidden)
            return entries


def _protected(argument: Any, hidden: frozenset[str]) -> Any:
    if isinstance(argument, MarkedText):
        text = str(argument)
        for name in hidden:
            text = text.replace("${" + name + "}", f"{_PROTECTED}{name}}}")
        return marked_text(argument.node, text)
    if isinstance(argument, MarkedList) and argument:
        argument[0] = _protected(argument[0], hidden)
    return argument


def scalar(value: Plain, span: Span) -> ScalarNode:
    """A scalar with its canonical text."""
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case _:
            text = str(value)
    return ScalarNode(value, text, span)


def restored(value: Any, shadow: Node | None, inherited: Span) -> Node:
    """The value as a node again.

    A value that carries a mark keeps its place. ``shadow`` is what the person wrote at this place, as far
    as that is known: it lends its places to what has no mark. All else takes ``inherited``, the place of
    what surrounds it.
    """
    if isinstance(value, OpaqueDict):
        return value.node
    if isinstance(value, dict):
        return _restored_map(value, shadow, inherited)
    if isinstance(value, list | tuple):
        return _restored_list(value, shadow, inherited)
    return _restored_scalar(value, shadow, inherited)


def _restored_map(value: dict[str, Any], shadow: Node | None, inherited: Span) -> MapNode:
    own = getattr(value, "node", None) if isinstance(value, MarkedDict) else None
    span = own.span if own is not None else shadow.span if shadow is not None else inherited
    if own is None and "Fn::If" in value and not _has_key(shadow, "Fn::If"):
        return _restored_choice(value, shadow, span)
    entries = {str(key): _restored_entry(key, child, own, shadow, span) for key, child in value.items()}
    return MapNode(entries, span)


def _restored_entry(key: str, child: Any, own: Node | None, shadow: Node | None, span: Span) -> MapEntry:
    own_entry, shadow_entry = _entry(own, key), _entry(shadow, key)
    known = own_entry or shadow_entry
    value = restored(child, _place_of(child, shadow_entry, own_entry), span)
    if known is None:
        return MapEntry(span, value)
    return MapEntry(known.key_span, value, known.duplicated)


def _restored_choice(value: dict[str, Any], shadow: Node | None, span: Span) -> MapNode:
    """A ``Fn::If`` that the translator put around what the person wrote."""
    argument = value["Fn::If"]
    if not isinstance(argument, list):
        return MapNode({"Fn::If": MapEntry(span, restored(argument, None, span))}, span)
    items = tuple(restored(item, shadow if index else None, span) for index, item in enumerate(argument))
    return MapNode({"Fn::If": MapEntry(span, ListNode(items, span))}, span)


def _place_of(child: Any, shadow: MapEntry | None, own: MapEntry | None) -> Node | None:
    """Of the two nodes that were written under a key, the one that the child is."""
    candidates = [entry.value for entry in (shadow, own) if entry is not None]
    if not isinstance(child, dict | list):
        for node in candidates:
            if isinstance(node, ScalarNode) and type(node.value) is type(child) and node.value == child:
                return node
    return candidates[0] if candidates else None


def _restored_list(value: list[Any] | tuple[Any, ...], shadow: Node | None, inherited: Span) -> ListNode:
    own = value.node if isinstance(value, MarkedList) else None
    span = own.span if own is not None else shadow.span if shadow is not None else inherited
    source = own if own is not None else shadow
    written = source.items if isinstance(source, ListNode) and len(source.items) == len(value) else ()
    items = (restored(item, written[index] if written else None, span) for index, item in enumerate(value))
    return ListNode(tuple(items), span)


def _restored_scalar(value: Any, shadow: Node | None, inherited: Span) -> Node:
    if isinstance(value, MarkedText) and (value == value.node.value or _PROTECTED in value):
        return value.node
    span = shadow.span if shadow is not None else inherited
    if isinstance(value, ParameterText):
        return _reference(value.parameter, shadow, span)
    if isinstance(shadow, ScalarNode) and type(shadow.value) is type(value) and shadow.value == value:
        return shadow
    if isinstance(value, str):
        return scalar(str(value).replace(_PROTECTED, "${"), span)
    return scalar(value, span)


def _reference(parameter: str, shadow: Node | None, span: Span) -> Node:
    written = shadow.get("Ref") if isinstance(shadow, MapNode) else None
    if shadow is not None and isinstance(written, ScalarNode) and written.text == parameter:
        return shadow
    return MapNode({"Ref": MapEntry(span, scalar(parameter, span))}, span)


def _entry(node: Node | None, key: str) -> MapEntry | None:
    return node.entries.get(key) if isinstance(node, MapNode) else None


def _has_key(node: Node | None, key: str) -> bool:
    return isinstance(node, MapNode) and key in node.entries


def map_node(entries: Mapping[str, MapEntry], span: Span) -> MapNode:
    """A map of given entries."""
    return MapNode(dict(entries), span)
