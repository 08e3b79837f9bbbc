"""How findings bear on practices: which rule decides one, which contradicts it, which is a concern only."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from validator.model import Finding, Severity


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the rules can say of one practice."""

    decided_by: frozenset[str] = frozenset()
    gap: bool = False
    engines: frozenset[str] = frozenset()
    """Other engines whose rules judge an essential part: without them the practice is not shown."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Failures of a rule that do not contradict a practice."""

    rule: str
    practice: str
    severity: Severity | None = None
    types: tuple[str, ...] = ()

    def covers(self, finding: Finding, practice: str) -> bool:
        """Whether this failure is a concern of the practice and no contradiction."""
        return (
            finding.rule == self.rule
            and practice == self.practice
            and self.severity in (None, finding.severity)
            and (not self.types or finding.resource_type.startswith(self.types))
        )


@dataclass(frozen=True, slots=True)
class Applies:
    """A rule bears on a practice only where it judged certain types of resources."""

    types: tuple[str, ...] = ()
    other_types: tuple[str, ...] = ()

    def to(self, resource_type: str) -> bool:
        """Whether the type is one of them."""
        if self.types:
            return resource_type.startswith(self.types)
        return not resource_type.startswith(self.other_types)


@dataclass(frozen=True, slots=True)
class Presence:
    """What shows that a question or a practice applies: a finding of such a rule, or a resource of such a type."""

    rules: frozenset[str]
    types: tuple[str, ...]
    unless_operations_of: tuple[str, ...] = ()
    """Types behind which such a resource may hide: with operations on one of those, nobody can say."""


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """All of ``data/coverage.yaml`` and ``data/engine_rules.json``."""

    practices: Mapping[str, Coverage]
    concerns: tuple[Concern, ...]
    applies: Mapping[tuple[str, str], Applies]
    presence: Mapping[str, Presence]
    engine_rules: Mapping[tuple[str, str], tuple[str, ...]]
    """Practices by engine and rule: what a maintained rule of another tool already decides well."""

    def of(self, practice: str) -> Coverage:
        """How the practice is covered; nothing decides one that the table does not name."""
        return self.practices.get(practice, Coverage())

    def practices_of(self, finding: Finding) -> tuple[str, ...]:
        """The practices that a finding bears on: its rule's own, else those of the mapping for its engine."""
        named = finding.practices or self.engine_practices(finding.source, finding.rule)
        return tuple(name for name in named if self._applies(finding, name))

    def engine_practices(self, source: str, rule: str) -> tuple[str, ...]:
        """The practices that a rule of another engine bears on."""
        return self.engine_rules.get((source, rule), ())

    def contradicts(self, finding: Finding, practice: str) -> bool:
        """Whether a failure contradicts the practice; else it is a concern."""
        return not any(concern.covers(finding, practice) for concern in self.concerns)

    def _applies(self, finding: Finding, practice: str) -> bool:
        narrowed = self.applies.get((finding.rule, practice))
        return narrowed is None or narrowed.to(finding.resource_type)


@cache
def coverage_table() -> CoverageTable:
    """The table that comes with tierlens; read once a process."""
    import yaml

    data: Mapping[str, Any] = yaml.safe_load(_data("coverage.yaml"))
    practices = {
        name: Coverage(frozenset(entry["decided_by"]), entry.get("gap", False), frozenset(_texts(entry, "engines")))
        for name, entry in data["practices"].items()
    }
    applies = {
        (entry["rule"], entry["practice"]): Applies(_texts(entry, "types"), _texts(entry, "other_types"))
        for entry in data["applies_to"]
    }
    presence = {
        name: Presence(frozenset(entry["rules"]), _texts(entry, "types"), _texts(entry, "unless_operations_of"))
        for name, entry in data["presence"].items()
    }
    concerns = tuple(_concern(entry) for entry in data["concerns"])
    return CoverageTable(practices, concerns, applies, presence, _engine_rules())


def _concern(entry: Mapping[str, Any]) -> Concern:
    severity = Severity(entry["severity"]) if "severity" in entry else None
    return Concern(entry["rule"], entry["practice"], severity, _texts(entry, "types"))


def _engine_rules() -> Mapping[tuple[str, str], tuple[str, ...]]:
    engines: Mapping[str, Mapping[str, Iterable[str]]] = json.loads(_data("engine_rules.json"))
    return {(engine, rule): tuple(names) for engine, rules in engines.items() for rule, names in rules.items()}


def _texts(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(entry.get(key, ()))


def _data(name: str) -> str:
    return files("validator.lens").joinpath("data", name).read_text(encoding="utf-8")
