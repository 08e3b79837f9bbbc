"""Symbolic values: what a property is in one scenario, with its references kept as parts.

A string built by ``Fn::Sub`` or ``Fn::Join`` is a ``Text`` whose parts are literal text, references and
holes, so that an ARN can be compared by structure. Maps and lists resolve their children when they are
asked for, never before: only the conditions that a question touches are explored.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from validator.load.nodes import ListNode, MapNode, Plain
from validator.model import Missing, Span

if TYPE_CHECKING:
    from validator.resolve.scope import Scope


@dataclass(frozen=True, slots=True)
class ResourceRef:
    """``Ref`` (``attribute`` empty) or ``Fn::GetAtt`` of a resource of the run."""

    stack: str
    logical_id: str
    attribute: str = ""

    def __str__(self) -> str:
        return f"${{{self.logical_id}{'.' if self.attribute else ''}{self.attribute}}}"


@dataclass(frozen=True, slots=True)
class Pseudo:
    """A value that is fixed when the stack is deployed but not written in it: ``AWS::AccountId``.

    ``stack`` tells the stacks of a run apart where each has a value of its own (``AWS::StackName``).
    """

    name: str
    stack: str = ""

    def __str__(self) -> str:
        return f"${{{self.name} of {self.stack}}}" if self.stack else f"${{{self.name}}}"


@dataclass(frozen=True, slots=True)
class DynamicReference:
    """``{{resolve:service:key}}``: ``service`` is ssm, ssm-secure or secretsmanager."""

    service: str
    key: tuple["Part", ...]

    def __str__(self) -> str:
        return f"{{{{resolve:{self.service}:{''.join(map(str, self.key))}}}}}"


@dataclass(frozen=True, slots=True)
class Hole:
    """A piece of a text that is not known."""

    missing: Missing

    def __str__(self) -> str:
        return "${" + self.missing.key.rpartition(":")[2] + "}"


Part = str | ResourceRef | Pseudo | DynamicReference | Hole


class Value:
    """What every value answers; the subclasses override what they know better."""

    __slots__ = ()

    span: Span

    @property
    def is_absent(self) -> bool:
        """True when the property is not written, is null, or is removed by ``AWS::NoValue``."""
        return False

    @property
    def literal(self) -> str | None:
        """The canonical text when all of it is known, else None."""
        return None

    @property
    def reference(self) -> ResourceRef | None:
        """The one reference that the whole value is, else None."""
        return None

    @property
    def missing(self) -> Missing | None:
        """What would have to be known to know this value, None when nothing lacks."""
        return None

    def boolean(self) -> bool | None:
        """True or False when the value is a known boolean in any spelling, else None."""
        return {"true": True, "false": False}.get((self.literal or "").lower())

    def integer(self) -> int | None:
        """The number when the value is a known whole number, else None."""
        text = self.literal
        try:
            return None if text is None else int(text)
        except ValueError:
            return None

    def get(self, *path: str | int) -> "Value":
        """The value at the path below; ``Absent`` when there is none, ``Unknown`` below an unknown."""
        value: Value = self
        for key in path:
            value = value._child(key)
        return value

    def _child(self, key: str | int) -> "Value":
        return Absent(self.span)

    def entries(self) -> tuple[tuple[str, "Value"], ...]:
        """The entries of a map that are present in this scenario; empty for everything else."""
        return ()

    def items(self) -> tuple["Value", ...]:
        """The list's items; one item for a scalar or a map (CloudFormation takes one for a list)."""
        return (self,)


@dataclass(frozen=True, slots=True)
class Absent(Value):
    """No value: ``span`` is where it would stand."""

    span: Span

    @property
    def is_absent(self) -> bool:
        """Always True."""
        return True

    def items(self) -> tuple[Value, ...]:
        """No items."""
        return ()


@dataclass(frozen=True, slots=True)
class Unknown(Value):
    """A value that the template does not decide. ``candidates`` lists all it may be, when that is known."""

    cause: Missing
    span: Span
    candidates: tuple[str, ...] = ()

    @property
    def missing(self) -> Missing | None:
        """The input that would settle it."""
        return self.cause

    def _child(self, key: str | int) -> Value:
        return self


@dataclass(frozen=True, slots=True)
class Text(Value):
    """A scalar: literal when all parts are text. ``raw`` is the typed value of a literal scalar."""

    parts: tuple[Part, ...]
    span: Span
    raw: Plain = None

    @property
    def literal(self) -> str | None:
        """The whole text, None when a part is symbolic."""
        if len(self.parts) == 1:
            only = self.parts[0]
            return only if isinstance(only, str) else None
        return "" if not self.parts else None

    @property
    def reference(self) -> ResourceRef | None:
        """The reference when it is the only part."""
        if len(self.parts) == 1 and isinstance(self.parts[0], ResourceRef):
            return self.parts[0]
        return None

    @property
    def missing(self) -> Missing | None:
        """The first hole; dynamic references count, since their value is outside the template."""
        for part in self.parts:
            if isinstance(part, Hole):
                return part.missing
            if isinstance(part, DynamicReference):
                name = str(part)
                return Missing(f"the value of {name} is not in the template", "check it where it is kept", name)
        return None

    @property
    def references(self) -> tuple[ResourceRef, ...]:
        """All references in the text, those inside dynamic references too."""
        return tuple(_references(self.parts))

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


def _references(parts: tuple[Part, ...]) -> Iterator[ResourceRef]:
    for part in parts:
        if isinstance(part, ResourceRef):
            yield part
        elif isinstance(part, DynamicReference):
            yield from _references(part.key)


def text_of(parts: list[Part], span: Span, raw: Plain = None) -> Text:
    """A ``Text`` with neighbouring literal parts joined and empty ones dropped."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            if part and joined and isinstance(joined[-1], str):
                joined[-1] += part
                continue
            if not part:
                continue
        joined.append(part)
    return Text(tuple(joined), span, raw)


@dataclass(frozen=True, slots=True)
class ListValue(Value):
    """A list: of a node (resolved item by item when asked) or of values already made."""

    span: Span
    node: ListNode | None = None
    scope: "Scope | None" = field(default=None, repr=False)
    made: tuple[Value, ...] = ()

    def items(self) -> tuple[Value, ...]:
        """The items present in this scenario; ``Fn::If`` items are decided, ``AWS::NoValue`` is dropped."""
        if self.node is None or self.scope is None:
            return self.made
        values = (self.scope.resolve(item) for item in self.node.items)
        return tuple(value for value in values if not value.is_absent)

    def _child(self, key: str | int) -> Value:
        items = self.items()
        if isinstance(key, int) and -len(items) <= key < len(items):
            return items[key]
        return Absent(self.span)


@dataclass(frozen=True, slots=True)
class MapValue(Value):
    """A map whose values are resolved when asked for."""

    span: Span
    node: MapNode
    scope: "Scope" = field(repr=False)

    def _child(self, key: str | int) -> Value:
        entry = self.node.entries.get(str(key))
        if entry is None:
            return self.scope.absent_entry(self.node, str(key))
        if entry.duplicated:
            self.scope.evaluation.taint(f"the key {key} is written twice", entry.key_span)
        return self.scope.resolve(entry.value)

    def key_span(self, key: str) -> Span:
        """Where the key stands; the map's own span when it is not there."""
        entry = self.node.entries.get(key)
        return self.span if entry is None else entry.key_span

    def entries(self) -> tuple[tuple[str, Value], ...]:
        """All entries whose value is present in this scenario."""
        pairs = ((key, self._child(key)) for key in self.node.entries)
        return tuple((key, value) for key, value in pairs if not value.is_absent)


def placed(value: Value, span: Span) -> Value:
    """The value as it stands at another place: where it is used, not where another stack wrote it."""
    match value:
        case Text() | Unknown() | Absent():
            return replace(value, span=span)
        case ListValue():
            return ListValue(span, made=tuple(placed(item, span) for item in value.items()))
    return value
