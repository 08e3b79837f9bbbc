"""checkov: what it is sent, and its records as findings on what a person wrote."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from validator.engines.catalogue import EngineRule, engine_rule, rule_text_of
from validator.engines.inputs import EngineInput, Judged, not_done, numbered
from validator.engines.names import CHECKOV
from validator.engines.own_suppressions import checkov_suppressions, suppression_of
from validator.engines.rendering import RenderedResource, render
from validator.engines.scenarios import Scenario, Scenarios, condition_of, fixed, leads_there, scenarios_of
from validator.expand.template import TemplateResource
from validator.model import Diagnostic, Finding, Missing, Span, Suppression, Verdict

_OF_THE_TEXT = ("secrets",)
"""Topics of checks that judge what is written: a value that comes from elsewhere is not written."""
_PREFIX_DEPTH = 2
"""A place below ``Properties/Name`` says where a property lacks; ``Properties`` alone says nothing."""


class CheckovTemplate:
    """One template for checkov: rendered in each of its scenarios."""

    def __init__(self, given: EngineInput) -> None:
        self.given = given
        self.scenarios: Scenarios = scenarios_of(given.scope)
        self.rendered = [self._rendered(scenario) for scenario in self.scenarios.all]

    def _rendered(self, scenario: Scenario) -> dict[str, RenderedResource]:
        scope = fixed(self.given.scope, scenario)
        return {
            name: render(resource, scope)
            for name, resource in self.given.template.resources.items()
            if scenario.has(condition_of(resource.body))
        }

    def requests(self) -> list[dict[str, object]]:
        """One request a scenario, under names that no two share."""
        return [
            {
                "name": f"/{number}/{self.given.path}",
                "resources": {name: resource.data for name, resource in rendered.items()},
            }
            for number, rendered in enumerate(self.rendered)
        ]

    def judged(self, answers: list[dict[str, Any]]) -> Judged:
        """The records of all scenarios as findings: one for each check and resource."""
        records: dict[tuple[str, str], dict[int, Mapping[str, Any]]] = {}
        for number, answer in enumerate(answers):
            for record in answer["records"]:
                if record["resource"] in self.rendered[number]:
                    records.setdefault((record["rule"], record["resource"]), {})[number] = record
        own = checkov_suppressions(self.given.template) if self.given.suppressions else ()
        findings = []
        for (rule_id, name), by_scenario in records.items():
            resource = self.given.template.resources[name]
            suppression = suppression_of(own, rule_id, resource.origin.logical_id)
            rule = engine_rule(CHECKOV, rule_id)
            for outcome in _Case(self, rule, resource, by_scenario).outcomes():
                finding = _finding(rule, resource, outcome, self.given.path)
                if suppression is not None and finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
                    finding = _suppressed(finding, suppression)
                findings.append(finding)
        rules = {finding.rule: rule_text_of(engine_rule(CHECKOV, finding.rule)) for finding in findings}
        return Judged(tuple(numbered(findings)), tuple(self._problems(answers)), rules)

    def _problems(self, answers: list[dict[str, Any]]) -> Iterator[Diagnostic]:
        for number, answer in enumerate(answers):
            expected = len(self.rendered[number])
            if answer["scanned"] < expected:
                what = f"looked at {answer['scanned']} of {expected} resources"
                yield not_done(CHECKOV, self.given.path, what, "report this with the template")
                return
        if self.scenarios.left_out:
            names = ", ".join(self.scenarios.left_out)
            what = f"did not look at {names}: their conditions exclude each other too often"
            yield not_done(CHECKOV, self.given.path, what, "give the parameters with which it is deployed")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a check says of a resource, after all scenarios."""

    verdict: Verdict
    span: Span
    conditions: Mapping[str, bool]
    at_defaults: bool
    missing: tuple[Missing, ...] = ()


class _Case:
    """One check on one resource in all scenarios in which the resource exists."""

    def __init__(
        self,
        template: CheckovTemplate,
        rule: EngineRule,
        resource: TemplateResource,
        records: Mapping[int, Mapping[str, Any]],
    ) -> None:
        self._template = template
        self._rule = rule
        self._resource = resource
        self._records = records
        self._relevant = template.scenarios.relevant.get(resource.logical_id, frozenset())

    @cached_property
    def _verdicts(self) -> dict[int, Verdict | None]:
        return {number: self._verdict(number) for number in sorted(self._records)}

    def outcomes(self) -> Iterator[_Outcome]:
        """The failure, the unknown or the pass that counts; none when the check does not apply."""
        first = min(self._verdicts)
        deciding = first
        if self._verdicts[first] is not Verdict.FAIL and self._template.scenarios.all[0].open & self._relevant:
            # The defaults leave a condition open: the property must hold on both of its sides.
            failing = [
                number for number, verdict in self._verdicts.items() if verdict is Verdict.FAIL and number <= 1
            ]
            deciding = failing[0] if failing else first
        verdict = self._verdicts[deciding]
        if verdict is None:
            return
        scenario = self._template.scenarios.all[deciding]
        conditions = self._conditions(deciding, verdict)
        at_defaults = scenario.at_defaults or leads_there(self._template.given.scope, conditions)
        yield _Outcome(verdict, self._span(deciding), conditions, at_defaults, self._missing(deciding, verdict))

    def _conditions(self, deciding: int, verdict: Verdict) -> Mapping[str, bool]:
        """The conditions that the verdict is bound to; none when it is the same wherever it was asked."""
        count = len(self._template.scenarios.all)
        same = set(self._verdicts.values()) == {verdict}
        if not self._relevant or (same and {0, 1} <= self._verdicts.keys()) or count == 1:
            return MappingProxyType({})
        truth = self._template.scenarios.all[deciding].truth
        return MappingProxyType({name: truth[name] for name in sorted(self._relevant) if name in truth})

    def _verdict(self, number: int) -> Verdict | None:
        record = self._records[number]
        match record["result"]:
            case "crashed":
                return Verdict.UNKNOWN
            case "failed":
                known = not self._resource.refused and not self._lacking(number, below=False)
                return Verdict.FAIL if known else Verdict.UNKNOWN
            case "passed":
                return Verdict.PASS if self._is_proven(number) else Verdict.UNKNOWN
        return None

    def _is_proven(self, number: int) -> bool:
        """Whether a pass rests on what is known: not on a macro, a refused resource, or a value from elsewhere."""
        if self._resource.refused or self._template.given.template.uncertain:
            return False
        of_the_text = self._records[number]["any"] or self._rule.topic in _OF_THE_TEXT
        return of_the_text or not self._lacking(number, below=True)

    def _lacking(self, number: int, *, below: bool) -> tuple[Missing, ...]:
        """What the looked-at properties lack to be known; ``below``: also what lies deeper in them."""
        rendered = self._template.rendered[number][self._resource.logical_id]
        found: dict[Missing, None] = {}
        for key in _keys(self._records[number]):
            for path, missing in rendered.unknown.items():
                above = key == path or key.startswith(f"{path}/")
                deeper = below and path in rendered.open and "/" in key and path.startswith(f"{key}/")
                if above or deeper:
                    found[missing] = None
        return tuple(found)

    def _missing(self, number: int, verdict: Verdict) -> tuple[Missing, ...]:
        if verdict is not Verdict.UNKNOWN:
            return ()
        name, given = self._rule.id, self._template.given.template
        if self._resource.refused:
            what = f"{self._resource.logical_id} cannot be expanded: {self._resource.refused}"
            return (Missing(what, "correct the resource", f"refused:{self._resource.logical_id}"),)
        found = self._lacking(number, below=True)
        if not found and given.uncertain and self._records[number]["result"] == "passed":
            return tuple(
                Missing(reason, "check the processed template", f"macro:{reason}") for reason in given.uncertain
            )
        crashed = Missing(f"checkov cannot evaluate {name} on this value", "check it by hand", f"checkov:{name}")
        return found or (crashed,)

    def _span(self, number: int) -> Span:
        places = self._template.rendered[number][self._resource.logical_id].places
        for key in _keys(self._records[number]):
            steps = key.split("/")
            for depth in range(len(steps), _PREFIX_DEPTH - 1, -1):
                found = places.get("/".join(steps[:depth]))
                if found is not None:
                    return found
        return self._resource.origin.span


def _keys(record: Mapping[str, Any]) -> list[str]:
    """The paths a check looked at, in one spelling: ``Properties/Policies/0/PolicyDocument``."""
    cleaned = (key.replace("[", "").replace("]", "").replace(".", "/").strip("/") for key in record["keys"])
    return [key if key.startswith("Properties") else f"Properties/{key}" for key in cleaned if key]


def _finding(rule: EngineRule, resource: TemplateResource, outcome: _Outcome, path: str) -> Finding:
    origin = resource.origin
    made = resource.logical_id if resource.logical_id != origin.logical_id else ""
    return Finding(
        rule=rule.id,
        category=rule.category,
        verdict=outcome.verdict,
        severity=rule.severity,
        resource=origin.logical_id,
        resource_type=origin.resource_type,
        message=_message(rule, made or origin.logical_id, outcome),
        why=rule.why,
        fix=rule.fix,
        span=outcome.span,
        target=made,
        missing=outcome.missing,
        scenario=outcome.conditions,
        at_defaults=outcome.at_defaults,
        source=CHECKOV,
        template=path,
    )


def _message(rule: EngineRule, name: str, outcome: _Outcome) -> str:
    match outcome.verdict:
        case Verdict.PASS:
            return f"{name}: {rule.title}"
        case Verdict.UNKNOWN:
            return f"{name} may or may not meet this: {rule.title}"
    return f"{name} does not meet this: {rule.title}"


def _suppressed(finding: Finding, suppression: Suppression) -> Finding:
    return replace(finding, verdict=Verdict.SUPPRESSED, suppression=suppression)
