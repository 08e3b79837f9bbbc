"""Parameter values from outside the template."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType

from validator.model import Span, UsageError


@dataclass(frozen=True, slots=True)
class GivenParameters:
    """The values one source gives, as canonical texts (lists joined by commas, ``true`` and ``false``).

    ``unknown`` names parameters that have a value no file shows (``UsePreviousValue``,
    ``Fn::GetArtifactAtt``): the template's default does not count for them either. ``source`` names where
    the values come from, as people call it; ``spans`` where each name stands, for sources that are files.
    """

    source: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unknown: frozenset[str] = frozenset()
    spans: Mapping[str, Span] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def names(self) -> frozenset[str]:
        """Every name that the source speaks of."""
        return self.unknown | frozenset(self.values)


def given_on_command_line(assignments: Iterable[str]) -> GivenParameters:
    """The values of repeated ``--parameter NAME=VALUE``; the first ``=`` divides, a later one wins.

    Raises:
        UsageError: a text has no ``=`` or no name before it.
    """
    values: dict[str, str] = {}
    for assignment in assignments:
        name, divider, value = assignment.partition("=")
        if not divider or not name.strip():
            # The text may be a secret whose name was forgotten, so it is not repeated.
            raise UsageError("--parameter is given without a name and a value", hint="write --parameter NAME=VALUE")
        values[name.strip()] = value
    return GivenParameters("--parameter", MappingProxyType(values))


def canonical_value(value: object) -> str | None:
    """The text CloudFormation is given for a value read from TOML; None for what is no parameter value."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            items = [None if isinstance(item, list) else canonical_value(item) for item in value]
            known = [item for item in items if item is not None]
            return ",".join(known) if len(known) == len(items) else None
        case _:
            return None
