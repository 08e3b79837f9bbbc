"""The engines' rules as data: known without importing an engine.

The files in ``data`` are written by ``python -m tools.engine_rules`` from the installed engines; checkov's
severities and topics are chosen by hand there, since checkov gives none without its platform.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from validator.engines.names import CFN_LINT, CHECKOV, GUARD, KINDS, VALIDATE
from validator.model import Category, RuleText, Severity


@dataclass(frozen=True, slots=True)
class EngineRule:
    """One rule of an engine. ``informational`` ones are shown only when they are asked for by name."""

    id: str
    engine: str
    title: str
    severity: Severity
    why: str
    fix: str
    references: tuple[str, ...] = ()
    informational: bool = False
    topic: str = ""
    """What a check of checkov is about: ``public-access``, ``encryption-at-rest`` …"""

    @property
    def category(self) -> Category:
        """The category of all findings of the rule."""
        return KINDS[self.engine].category


def engine_rule_ids(engine: str) -> tuple[str, ...]:
    """The ids of an engine's rules, sorted; of the version that the data was made with."""
    return tuple(sorted(_rules(engine)))


def engine_rule(engine: str, rule_id: str) -> EngineRule:
    """A rule of an engine; one that the data does not know (a newer engine) is rated low."""
    found = _rules(engine).get(rule_id)
    if found is not None:
        return found
    severity = _default_severity(engine, rule_id)
    why = f"{engine} reports it, in a version newer than the one that tierlens was made with."
    informational = engine != CHECKOV and rule_id.startswith("I")
    return EngineRule(rule_id, engine, f"{engine} {rule_id}", severity, why, "see the message", (), informational)


def engine_rule_text(rule_id: str) -> RuleText | None:
    """The text of a rule of any engine, None when no engine has it."""
    for engine in KINDS:
        if rule_id in _rules(engine):
            return rule_text_of(engine_rule(engine, rule_id))
    return None


def rule_text_of(rule: EngineRule) -> RuleText:
    """What reports show of an engine's rule."""
    explanation = (
        f"## What it proves\n\n{rule.title}.\n\n"
        f"## Why it matters\n\n{rule.why}\n\n"
        f"## How to fix\n\n{rule.fix[:1].upper()}{rule.fix[1:]}.\n\n"
        f"## What it cannot see\n\nThis is a rule of {rule.engine}, which judges one resource at a time.\n"
    )
    return RuleText(
        rule.id,
        rule.title,
        rule.category,
        rule.severity,
        rule.why,
        explanation,
        references=rule.references,
        source=rule.engine,
    )


def organization_rule_text(rule_id: str, description: str, severity: Severity) -> RuleText:
    """The text of a rule that an organisation wrote."""
    why = "The organisation's own rules ask for it."
    explanation = f"## What it proves\n\n{description}\n\n## Why it matters\n\n{why}\n"
    return RuleText(rule_id, description, Category.ORGANIZATION_RULES, severity, why, explanation, source=GUARD)


def all_engine_rules() -> Iterator[EngineRule]:
    """Every rule of every engine."""
    for engine in KINDS:
        yield from _rules(engine).values()


@cache
def _rules(engine: str) -> Mapping[str, EngineRule]:
    data = json.loads(files("validator.engines").joinpath("data", f"{engine}.json").read_text(encoding="utf-8"))
    return {rule_id: _rule(engine, rule_id, entry, data) for rule_id, entry in data["rules"].items()}


def _rule(engine: str, rule_id: str, entry: Mapping[str, str], data: Mapping[str, Mapping[str, str]]) -> EngineRule:
    title = entry["title"]
    reference = entry.get("reference")
    if engine == CHECKOV:
        severity = Severity(entry["severity"])
        why, fix = data["topics"][entry["topic"]], f"see to it that {_within(title)}"
    else:
        severity = _default_severity(engine, rule_id, entry.get("severity", ""))
        why, fix = _sentence(entry.get("description") or title), "correct the template as the message says"
    return EngineRule(
        rule_id,
        engine,
        title,
        severity,
        why,
        fix,
        () if not reference else (reference,),
        entry.get("severity") == "info",
        entry.get("topic", ""),
    )


def _within(title: str) -> str:
    """The title in the middle of a sentence: a name at its beginning keeps its capitals."""
    first = title.partition(" ")[0]
    return (
        title[:1].lower() + title[1:] if first in ("A", "All", "An", "Every", "No", "Permissions", "The") else title
    )


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    return words if words.endswith(".") else f"{words}."


def _default_severity(engine: str, rule_id: str, rated: str = "") -> Severity:
    """An error does not deploy: high. A warning or a remark: low."""
    if engine in (CFN_LINT, VALIDATE):
        failing = rated in ("error", "fatal") if rated else rule_id.startswith(("E", "F"))
        return Severity.HIGH if failing else Severity.LOW
    return Severity.LOW
