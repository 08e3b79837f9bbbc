"""``Fn::ForEach``: the loops of ``AWS::LanguageExtensions``.

AWS document: CloudFormation Template Reference, "Fn::ForEach" (intrinsic-function-reference-foreach).
``${Identifier}`` and ``&{Identifier}`` are replaced in keys and in every text of the body; a copy keeps
the places of the body.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from validator.expand.known_values import KnownValues, Undecided
from validator.load.nodes import ListNode, MapEntry, MapNode, Node, OpaqueNode, ScalarNode
from validator.model import Diagnostic, DiagnosticLevel, Span

PREFIX = "Fn::ForEach::"
_MAX_NODES = 400_000
_LOOPING_SECTIONS = ("Conditions", "Resources", "Outputs")


@dataclass(slots=True)
class Unrolled:
    """A document root without loops.

    ``notes`` says for an entry of a section which round made it: ``("Resources", "QueueA")`` →
    ``for Name = A``. ``unknown`` holds a sentence for each loop of a section that is not unrolled.
    """

    root: MapNode
    notes: dict[tuple[str, str], str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    loops: list[Span] = field(default_factory=list)


class _TooMany(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Loop:
    name: str
    identifier: str
    collection: Node
    body: MapNode
    span: Span


def unroll_loops(root: MapNode, values: KnownValues) -> Unrolled:
    """Writes out every ``Fn::ForEach`` of the sections that may have them.

    A loop over a collection that is not known leaves an open place: in a section a sentence in
    ``unknown``, in a property an opaque node under the loop's key.
    """
    result = Unrolled(root)
    if not any(_contains_loop(root.get(section)) for section in _LOOPING_SECTIONS):
        return result
    unroller = _Unroller(values, result)
    entries = dict(root.entries)
    for section in _LOOPING_SECTIONS:
        entry = entries.get(section)
        if entry is None or not isinstance(entry.value, MapNode):
            continue
        try:
            node = unroller.section(section, entry.value)
        except _TooMany:
            node = _without_loops(entry.value)
            _report_too_many(result, section, entry.key_span)
        entries[section] = MapEntry(entry.key_span, node, entry.duplicated)
    result.root = MapNode(entries, root.span)
    return result


def _contains_loop(node: Node | None) -> bool:
    match node:
        case MapNode():
            return any(key.startswith(PREFIX) or _contains_loop(value) for key, value in node.items())
        case ListNode():
            return any(_contains_loop(item) for item in node.items)
        case _:
            return False


def _without_loops(node: MapNode) -> MapNode:
    return MapNode({k: e for k, e in node.entries.items() if not k.startswith(PREFIX)}, node.span)


def _report_too_many(result: Unrolled, section: str, span: Span) -> None:
    message = f"the loops of {section} make more than {_MAX_NODES:,} values; they are not unrolled"
    result.diagnostics.append(
        Diagnostic(DiagnosticLevel.ERROR, "for-each-limit", message, span, "split the template or the loops")
    )
    result.unknown.append(f"the loops of {section} are not unrolled, because they make too many values")


class _Unroller:
    """Carries what a walk over the document collects."""

    def __init__(self, values: KnownValues, result: Unrolled) -> None:
        self._values = values
        self._result = result
        self._nodes = 0

    def section(self, section: str, node: MapNode) -> MapNode:
        """A section, whose entries are noted with the round that made them."""
        entries: dict[str, MapEntry] = {}
        self._unroll_map(node, entries, section=section, note="")
        return MapNode(entries, node.span)

    def _unroll(self, node: Node) -> Node:
        self._count()
        match node:
            case MapNode():
                entries: dict[str, MapEntry] = {}
                self._unroll_map(node, entries, section=None, note="")
                return MapNode(entries, node.span)
            case ListNode():
                return ListNode(tuple(self._unroll(item) for item in node.items), node.span)
            case _:
                return node

    def _unroll_map(self, node: MapNode, into: dict[str, MapEntry], *, section: str | None, note: str) -> None:
        for key, entry in node.entries.items():
            if not key.startswith(PREFIX) or isinstance(entry.value, OpaqueNode):
                self._put(into, key, entry, self._unroll(entry.value), section, note)
                continue
            loop = self._read(key, entry, section, into)
            if loop is not None:
                self._unroll_loop(loop, entry, into, section, note)

    def _unroll_loop(
        self, loop: _Loop, entry: MapEntry, into: dict[str, MapEntry], section: str | None, note: str
    ) -> None:
        self._result.loops.append(loop.span)
        try:
            members = self._values.list_of(loop.collection)
        except Undecided as reason:
            self._leave_open(loop.name, entry, section, into, str(reason), reason.how)
            return
        self._report_default(loop)
        for member in members:
            self._count()
            body = _Replacement(loop.identifier, member, self._count).in_map(loop.body)
            round_note = f"{note}, {loop.identifier} = {member}" if note else f"for {loop.identifier} = {member}"
            self._unroll_map(body, into, section=section, note=round_note)

    def _report_default(self, loop: _Loop) -> None:
        name = loop.collection.get("Ref") if isinstance(loop.collection, MapNode) else None
        if isinstance(name, ScalarNode) and not self._values.is_given(name.text):
            message = f"the loop {loop.name} is unrolled with the default of parameter {name.text}"
            hint = f"give --parameter {name.text}=… for another list"
            self._result.diagnostics.append(
                Diagnostic(DiagnosticLevel.NOTICE, "for-each-default", message, loop.span, hint)
            )

    def _put(
        self,
        into: dict[str, MapEntry],
        key: str,
        entry: MapEntry,
        value: Node,
        section: str | None,
        note: str,
    ) -> None:
        twice = key in into
        if twice:
            message = f"{key} is made more than once by Fn::ForEach; the last one is taken"
            self._result.diagnostics.append(
                Diagnostic(DiagnosticLevel.WARNING, "for-each-duplicate", message, entry.key_span)
            )
        into[key] = MapEntry(entry.key_span, value, entry.duplicated or twice)
        if section is not None and note:
            self._result.notes[section, key] = note

    def _read(self, key: str, entry: MapEntry, section: str | None, into: dict[str, MapEntry]) -> _Loop | None:
        match entry.value:
            case ListNode(items=(ScalarNode() as identifier, collection, MapNode() as body)):
                return _Loop(key.removeprefix(PREFIX), identifier.text, collection, body, entry.key_span)
        reason = "it is not written as [identifier, collection, map]"
        self._leave_open(key.removeprefix(PREFIX), entry, section, into, reason, "")
        return None

    def _leave_open(
        self,
        name: str,
        entry: MapEntry,
        section: str | None,
        into: dict[str, MapEntry],
        reason: str,
        how: str,
    ) -> None:
        message = f"the loop {name} is not unrolled, because {reason}"
        self._result.diagnostics.append(
            Diagnostic(DiagnosticLevel.WARNING, "for-each-unknown", message, entry.key_span, how)
        )
        if section is None:
            into[PREFIX + name] = MapEntry(entry.key_span, OpaqueNode(message, entry.key_span, how))
        else:
            self._result.unknown.append(f"{message} ({section})")

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise _TooMany


class _Replacement:
    """One member in the place of a loop's identifier."""

    def __init__(self, identifier: str, member: str, count: Callable[[], None]) -> None:
        self._identifier = identifier
        self._member = member
        self._count = count
        plain = "".join(character for character in member if character.isalnum())
        self._texts: Mapping[str, str] = {f"${{{identifier}}}": member, f"&{{{identifier}}}": plain}

    def in_map(self, node: MapNode) -> MapNode:
        """The map with the member in keys and values."""
        entries = {
            self._in_text(key): MapEntry(entry.key_span, self._in_node(entry.value), entry.duplicated)
            for key, entry in node.entries.items()
        }
        return MapNode(entries, node.span)

    def _in_node(self, node: Node) -> Node:
        self._count()
        match node:
            case ScalarNode(value=str() as text):
                replaced = self._in_text(text)
                return node if replaced == text else ScalarNode(replaced, replaced, node.span)
            case MapNode():
                return self._in_reference(node) or self.in_map(node)
            case ListNode():
                return ListNode(tuple(self._in_node(item) for item in node.items), node.span)
            case _:
                return node

    def _in_reference(self, node: MapNode) -> ScalarNode | None:
        """``!Ref Identifier`` is the member itself."""
        name = node.get("Ref") if len(node.entries) == 1 else None
        if isinstance(name, ScalarNode) and name.text == self._identifier:
            return ScalarNode(self._member, self._member, node.span)
        return None

    def _in_text(self, text: str) -> str:
        for written, member in self._texts.items():
            if written in text:
                text = text.replace(written, member)
        return text
