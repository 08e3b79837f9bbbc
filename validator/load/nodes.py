"""The document tree: what a file says, with the place of every key and value.

Short-form intrinsic functions (``!Ref``, ``!Sub`` …) are written in their long form here, so that every
later step knows one form only. Nodes are immutable; expansion makes new ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from validator.model import Diagnostic, Span

Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One scalar: ``value`` as YAML 1.1 types it, ``text`` the canonical text CloudFormation compares.

    ``text`` is ``true``/``false`` for booleans, decimal for integers, the source text for everything else
    (``2012-10-17`` stays text). A null has ``value`` None and ``text`` empty.
    """

    value: Plain
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One entry of a map. ``duplicated`` is set when the key was written more than once (the last won)."""

    key_span: Span
    value: "Node"
    duplicated: bool = False


@dataclass(frozen=True, slots=True)
class MapNode:
    """A map in source order. Keys are always text."""

    entries: Mapping[str, MapEntry]
    span: Span

    def get(self, key: str) -> "Node | None":
        """The value under ``key``, or None."""
        entry = self.entries.get(key)
        return None if entry is None else entry.value

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Keys and values in source order."""
        return ((key, entry.value) for key, entry in self.entries.items())


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence."""

    items: tuple["Node", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class OpaqueNode:
    """A place whose content the template does not decide: an unknown tag, a macro, an unreadable include.

    ``reason`` completes the sentence "this value is not known because …"; ``how`` says how to settle it.
    """

    reason: str
    span: Span
    how: str = ""


Node = ScalarNode | MapNode | ListNode | OpaqueNode


@dataclass(frozen=True, slots=True)
class Document:
    """One file as it was read. ``comments`` maps a line number to the text of the comment on it (with #)."""

    path: str
    root: Node
    text: str
    diagnostics: tuple[Diagnostic, ...] = ()
    comments: Mapping[int, str] = field(default_factory=dict)


def plain(node: Node) -> object:
    """The node as dicts, lists and scalars without positions; an opaque node becomes None."""
    match node:
        case MapNode():
            return {key: plain(value) for key, value in node.items()}
        case ListNode():
            return [plain(item) for item in node.items]
        case ScalarNode():
            return node.value
        case OpaqueNode():
            return None
