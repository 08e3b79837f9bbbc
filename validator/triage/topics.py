"""Topics: which rules of which engines speak of the same property of a resource. The table is data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from validator.engines.names import TIERLENS
from validator.model import Finding


@dataclass(frozen=True, slots=True)
class Topic:
    """One property, and the rules of each engine that judge it."""

    name: str
    rules: Mapping[str, tuple[str, ...]]
    """The ids by engine, our own under ``tierlens``."""
    decides: bool = False
    """Whether our rule decides this very property: its proof then refutes what another engine reports."""
    target: str = ""
    """The only target of our rule that is about the property; empty: all of them."""
    alike: bool = True
    """Whether all rules are about one property exactly; else an engine's is a part of what ours judges, or near."""
    says: Mapping[str, str] | None = None
    """For a rule that is about more than the property: what its message contains where it is about it."""

    @property
    def own(self) -> tuple[str, ...]:
        """Our rules; the first leads."""
        return self.rules.get(TIERLENS, ())

    def speaks_of(self, finding: Finding) -> bool:
        """Whether the finding is about the property."""
        if finding.rule not in self.rules.get(finding.source, ()):
            return False
        if finding.source == TIERLENS and self.target:
            return finding.target == self.target
        said = (self.says or {}).get(finding.rule)
        return said is None or said in finding.message


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, in the order of the table."""
    return tuple(_topic(name, entry) for name, entry in _data()["topics"].items())


def _topic(name: str, entry: Mapping[str, Any]) -> Topic:
    rules = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Topic(name, rules, entry["decides"], entry.get("target", ""), entry.get("alike", True), entry.get("says"))


@cache
def same_rules() -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Engines whose rules of one id are the same rule, and ids of the first that the second has under another."""
    entry = _data()["same_rules"]
    return tuple(entry["engines"]), dict(entry["aliases"])


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(
        files("validator.triage").joinpath("data", "same_property.json").read_text(encoding="utf-8")
    )
    return found
