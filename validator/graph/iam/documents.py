"""Policy documents: an object or a JSON text, read as statements (IAM User Guide, *Grammar of the policy language*).

Everything is read lazily: a statement's elements are resolved in the scenario in force when they are asked for.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.iam.conditions import ConditionTest, tests_of
from validator.graph.iam.principals import Principal, principals_of
from validator.model import Missing, Span
from validator.resolve import Absent, ListValue, MapValue, Part, Text, Unknown, Value
from validator.resolve.values import text_of

_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class MadeMap(Value):
    """A map that a JSON text spells out. All its values stand at the place of the text."""

    span: Span
    pairs: tuple[tuple[str, Value], ...]

    def _child(self, key: str | int) -> Value:
        return dict(self.pairs).get(str(key), Absent(self.span))

    def entries(self) -> tuple[tuple[str, Value], ...]:
        """The entries in the order of the text."""
        return self.pairs


def document_of(value: Value) -> Value:
    """The document as a map: the value itself, or what its JSON text says; an Unknown when that cannot be read."""
    if not isinstance(value, Text):
        return value
    source = "".join(
        part if isinstance(part, str) else f"{_OPEN}{number}{_CLOSE}" for number, part in enumerate(value.parts)
    )
    try:
        parsed: object = json.loads(source)
    except ValueError:
        broken = Missing(
            f"the policy text at {value.span} is not a JSON document", "write it as an object", "policy-json"
        )
        return Unknown(value.missing or broken, value.span)
    return _made(parsed, value)


def _made(parsed: object, source: Text) -> Value:
    match parsed:
        case dict():
            return MadeMap(source.span, tuple((str(key), _made(item, source)) for key, item in parsed.items()))
        case list():
            return ListValue(source.span, made=tuple(_made(item, source) for item in parsed))
        case None:
            return Absent(source.span)
        case bool():
            return Text((str(parsed).lower(),), source.span, parsed)
    return text_of(list(_symbolic(str(parsed), source)), source.span)


def _symbolic(text: str, source: Text) -> Iterator[Part]:
    first, *rest = text.split(_OPEN)
    yield first
    for piece in rest:
        number, _, after = piece.partition(_CLOSE)
        yield source.parts[int(number)]
        yield after


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy; ``number`` counts from 1 in the order it is written."""

    number: int
    body: Value

    @property
    def span(self) -> Span:
        """Where the statement stands."""
        return self.body.span

    @property
    def missing(self) -> Missing | None:
        """What would have to be known to read the statement or its effect at all."""
        return self.body.missing or self.body.get("Effect").missing

    @property
    def allows(self) -> bool:
        """Whether it grants. ``Effect`` is required and case-sensitive: without it there is no grant."""
        return self.body.get("Effect").literal == "Allow"

    @property
    def denies(self) -> bool:
        """Whether it refuses."""
        return self.body.get("Effect").literal == "Deny"

    @property
    def actions(self) -> tuple[Value, ...]:
        """The items of ``Action``."""
        return self.body.get("Action").items()

    @property
    def not_actions(self) -> tuple[Value, ...]:
        """The items of ``NotAction``."""
        return self.body.get("NotAction").items()

    @property
    def resources(self) -> tuple[Value, ...]:
        """The items of ``Resource``."""
        return self.body.get("Resource").items()

    @property
    def not_resources(self) -> tuple[Value, ...]:
        """The items of ``NotResource``."""
        return self.body.get("NotResource").items()

    @property
    def principals(self) -> tuple[Principal, ...]:
        """Whom ``Principal`` names; empty in identity policies."""
        return principals_of(self.body.get("Principal"))

    @property
    def not_principals(self) -> tuple[Principal, ...]:
        """Whom ``NotPrincipal`` names."""
        return principals_of(self.body.get("NotPrincipal"))

    @property
    def conditions(self) -> tuple[ConditionTest, ...]:
        """The tests of the ``Condition`` block."""
        return tests_of(self.body.get("Condition"))

    def element_span(self, *names: str) -> Span:
        """Where the first written element of these names stands, else the statement."""
        for name in names:
            value = self.body.get(name)
            if not value.is_absent:
                return self.body.key_span(name) if isinstance(self.body, MapValue) else value.span
        return self.span


def statements_of(document: Value) -> tuple[Statement, ...]:
    """The statements that are present in the scenario in force; their numbers do not depend on it."""
    listed = document.get("Statement")
    if isinstance(listed, ListValue) and listed.node is not None and listed.scope is not None:
        values = tuple(listed.scope.resolve(node) for node in listed.node.items)
    else:
        values = listed.items()
    return tuple(Statement(number, value) for number, value in enumerate(values, 1) if not value.is_absent)
