"""The ledger: each decision to accept a finding, in templates, the baseline and engines' own forms, and its state."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from validator.engines.names import CFN_LINT, CHECKOV
from validator.engines.own_suppressions import OwnSuppression, cfn_lint_suppressions, checkov_suppressions
from validator.expand import Template
from validator.graph import Architecture
from validator.model import Finding, Review, Span, Suppression, SuppressionKind, Verdict
from validator.review.baseline_part import baseline_of
from validator.review.judged import Judged
from validator.review.pipeline import review
from validator.review.request import ReviewRequest
from validator.triage import SuppressionEntry, collect_suppressions
from validator.triage.baseline import BaselineEntry


class DecisionState(StrEnum):
    """What a decision does today."""

    ACTIVE = "active"
    """It accepts a finding."""
    LAPSED = "lapsed"
    """Its last day is over: what it accepted stands."""
    OUTGROWN = "outgrown"
    """What a baseline entry accepted became worse: it stands."""
    STALE = "stale"
    """It accepts nothing: what it was for is fixed."""
    NOT_JUDGED = "not judged"
    """Nobody can tell: its rule or template was no part of the run."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, whoever wrote it where."""

    rule: str
    """A rule's id; in cfn-lint's metadata of a whole template the start of ids."""
    source: str
    template: str
    resource: str
    """The logical ID; empty for a whole template, several between commas where a loop made them."""
    target: str
    suppression: Suppression
    state: DecisionState
    findings: int
    """How many findings it accepts."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All decisions by template and place, and the review they were weighed by."""

    decisions: tuple[Decision, ...]
    review: Review


def ledger_of(request: ReviewRequest) -> Ledger:
    """Review the templates of a request and weigh every decision in them and in its baseline.

    Raises what ``review`` raises.
    """
    templates: dict[str, Template] = {}

    def keep(architecture: Architecture) -> None:
        for scope in architecture.scopes:
            templates.setdefault(scope.template.path, scope.template)

    result = review(replace(request, observe=keep, suppressions=True))
    run = _Run(request, result)
    decisions = [decision for template in templates.values() for decision in _in_template(template, run)]
    baseline = baseline_of(request)
    decisions += [_of_baseline(entry, run) for entry in ((baseline and baseline.entries) or ())]
    return Ledger(tuple(sorted(dict.fromkeys(decisions), key=_place)), result)


class _Run:
    """What a run judged, and what it accepted."""

    def __init__(self, request: ReviewRequest, result: Review) -> None:
        rules = Judged(request, result)
        self.judged, self.source_of = rules.judged, rules.source_of
        self.today: date = request.today
        self.result = result
        self.read = {template.path for template in result.templates if template.readable}
        self.accepted = [finding for finding in result.findings if finding.verdict is Verdict.SUPPRESSED]


def _in_template(template: Template, run: _Run) -> Iterator[Decision]:
    for entry in collect_suppressions(template).entries:
        yield _of_entry(entry, run)
    for own in checkov_suppressions(template):
        yield _of_engine(own, CHECKOV, template.path, run)
    for own in cfn_lint_suppressions(template):
        yield _of_engine(own, CFN_LINT, template.path, run)


def _of_entry(entry: SuppressionEntry, run: _Run) -> Decision:
    judged = run.judged(entry.rule, entry.path, run.source_of(entry.rule))
    # A second suppression of the same finding counts as well: removing the first leaves it in force.
    count = _count(run.accepted, lambda finding: _covers(entry, finding))
    state = _state(entry.lapsed(run.today), count, judged)
    given = Suppression(entry.reason, entry.span, entry.until, owner=entry.owner)
    names = ", ".join(sorted({name for name in entry.logical_ids if name}))
    return Decision(entry.rule, run.source_of(entry.rule), entry.path, names, entry.target, given, state, count)


def _covers(entry: SuppressionEntry, finding: Finding) -> bool:
    standing = replace(finding, verdict=Verdict.FAIL)
    return entry.covers(standing, finding.template or finding.span.path) or _written_at(
        finding, entry.span, entry.rule
    )


def _written_at(finding: Finding, span: Span | None, rule: str, is_prefix: bool = False) -> bool:
    """Whether a finding is accepted by what stands at a place, under its own id or one that was merged into it."""
    if finding.suppression is None or finding.suppression.span != span:
        return False
    ids = (finding.rule, *(other.rule for other in finding.also))
    return any(one.startswith(rule) if is_prefix else one == rule for one in ids)


def _of_engine(own: OwnSuppression, source: str, template: str, run: _Run) -> Decision:
    span = own.suppression.span
    count = _count(run.accepted, lambda finding: _written_at(finding, span, own.rule, own.is_prefix))
    state = _state(False, count, run.judged(own.rule, template, source, own.is_prefix))
    return Decision(own.rule, source, template, own.resource, "", own.suppression, state, count)


def _of_baseline(entry: BaselineEntry, run: _Run) -> Decision:
    count = _count(run.accepted, lambda finding: _written_at(finding, entry.span, entry.rule))
    outgrown = {remark.span for remark in run.result.diagnostics if remark.code == "baseline-outgrown"}
    gone = entry.template not in run.read and not (run.result.root / entry.template).exists()
    judged = run.judged(entry.rule, entry.template, entry.source) and (entry.template in run.read or gone)
    state = _state(entry.lapsed(run.today), count, judged)
    if state is DecisionState.STALE and entry.span in outgrown:
        state = DecisionState.OUTGROWN
    given = Suppression(
        entry.reason, entry.span, entry.until, SuppressionKind.BASELINE, owner=entry.owner, since=entry.since
    )
    return Decision(entry.rule, entry.source, entry.template, entry.resource, entry.target, given, state, count)


def _state(lapsed: bool, count: int, judged: bool) -> DecisionState:
    if lapsed:
        return DecisionState.LAPSED
    if count:
        return DecisionState.ACTIVE
    return DecisionState.STALE if judged else DecisionState.NOT_JUDGED


def _count(findings: Sequence[Finding], covers: Callable[[Finding], bool]) -> int:
    return sum(map(covers, findings))


def _place(decision: Decision) -> tuple[object, ...]:
    span = decision.suppression.span
    where = (span.path, span.line, span.column) if span else (decision.template, 0, 0)
    return (decision.template, *where, decision.rule, decision.resource, decision.target)
