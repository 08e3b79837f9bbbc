"""The verdicts of all rules on a template, and what differs between two such maps."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rules import pack
from tests.harness import architecture
from tests.mutations.edits import Data
from tests.mutations.mutation import GOOD, Fault, HarmlessEdit, Mutation, good_template
from tests.properties.rewriting import as_json
from validator.model import CORE_CATEGORIES, Finding
from validator.rulekit import Rule, run_rules

Key = tuple[str, str, str]
"""Rule, resource and target."""

Changes = dict[Key, tuple[str | None, str | None]]
"""The verdict before and after, None where there is none."""

_WORST_LAST = ("pass", "unknown", "fail")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What all rules say of one template."""

    by_key: Mapping[Key, str]
    findings: tuple[Finding, ...]
    resources: frozenset[str]

    def of(self, rule: str, resource: str) -> dict[Key, str]:
        """The verdicts of one rule on one resource."""
        return {key: verdict for key, verdict in self.by_key.items() if key[:2] == (rule, resource)}


def rules_for(stack: str) -> tuple[Rule, ...]:
    """The rules that a good template is good by: the reference stacks by all, the small ones by the core checks."""
    small = (GOOD / f"{stack}.yaml").is_file()
    return tuple(rule for rule in pack() if not small or rule.meta.category in CORE_CATEGORIES)


def verdicts_of(template: Data, stack: str) -> Verdicts:
    """Judge the template by the rules for its stack; raises AssertionError when a rule itself failed."""
    result = run_rules(rules_for(stack), architecture(as_json(template)))
    assert not result.diagnostics, result.diagnostics
    by_key: dict[Key, str] = {}
    for finding in result.findings:
        key = (finding.rule, finding.resource, finding.target)
        by_key[key] = max(by_key.get(key, "pass"), finding.verdict.value, key=_WORST_LAST.index)
    return Verdicts(by_key, result.findings, frozenset(template["Resources"]))


@cache
def verdicts_before(stack: str) -> Verdicts:
    """The verdicts on the good template itself."""
    return verdicts_of(good_template(stack), stack)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mutation brought about: faults it should have and did not, and changes that it should not have."""

    missed: tuple[str, ...]
    extra: tuple[str, ...]


@cache
def outcome_of(mutation: Mutation) -> Outcome:
    """Apply the mutation, judge the template and compare with the verdicts before."""
    before = verdicts_before(mutation.stack)
    after = verdicts_of(mutation.edit(good_template(mutation.stack)), mutation.stack)
    changed = changes(before, after)
    missed = []
    for fault in (*mutation.faults, *mutation.also):
        met = [key for key in changed if _meets(fault, key, after)]
        if len(met) != 1 and not (met and fault.verdict == "gone"):
            place = " ".join(filter(None, (fault.rule, fault.resource, fault.target)))
            missed.append(f"{place}: {len(met)} × {fault.verdict}")
        for key in met:
            del changed[key]
    return Outcome(tuple(missed), _told(changed))


@cache
def false_alarms_of(edit: HarmlessEdit) -> tuple[str, ...]:
    """The verdicts that a harmless edit changes; none, if the rules are right."""
    template = good_template(edit.stack)
    return _told(changes(verdicts_before(edit.stack), verdicts_of(edit.edit(template), edit.stack)))


def changes(before: Verdicts, after: Verdicts) -> Changes:
    """The verdicts that differ, but for passes of resources that came or went with the edit."""
    changed: Changes = {}
    for key in dict.fromkeys((*before.by_key, *after.by_key)):
        was, now = before.by_key.get(key), after.by_key.get(key)
        came = was is None and now == "pass"
        went = now is None and (key[1] not in after.resources or after.of(*key[:2]))
        if was != now and not came and not went:
            changed[key] = (was, now)
    return changed


def _told(changed: Changes) -> tuple[str, ...]:
    return tuple(f"{' '.join(filter(None, key))}: {was} -> {now}" for key, (was, now) in changed.items())


def _meets(fault: Fault, key: Key, after: Verdicts) -> bool:
    if key[:2] != (fault.rule, fault.resource) or after.by_key.get(key, "gone") != fault.verdict:
        return False
    if fault.target is not None and key[2] != fault.target:
        return False
    return fault.scenario is None or any(
        tuple(sorted(finding.scenario.items())) == fault.scenario
        for finding in after.findings
        if (finding.rule, finding.resource, finding.target, finding.verdict.value) == (*key, fault.verdict)
    )
