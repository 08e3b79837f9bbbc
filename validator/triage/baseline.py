"""The baseline: what an existing system is known to break, accepted with a reason, an owner and a last day.

An entry accepts one finding as it was: the same fault in more scenarios or environments, or one that became
worse, is not what somebody accepted.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from validator.model import (
    Diagnostic,
    DiagnosticLevel,
    Finding,
    Severity,
    Span,
    Suppression,
    SuppressionKind,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """One accepted finding: what identifies it, how bad it was, and who accepted it why and until when."""

    rule: str
    template: str
    resource: str
    fingerprint: str
    verdict: Verdict
    severity: Severity
    reason: str
    source: str = "tierlens"
    stack: str = ""
    target: str = ""
    message: str = ""
    scenario: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    environments: tuple[str, ...] = ()
    owner: str = ""
    since: date | None = None
    until: date | None = None
    span: Span | None = None
    """Where the entry stands in the baseline file; None for one that was just made."""

    @property
    def subject(self) -> str:
        """What it accepts, as people name it: ``AUTH001 on Api GET /tickets``."""
        return " ".join(filter(None, (self.rule, "on", self.resource, self.target)))

    def lapsed(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and self.until < today

    def grown(self, finding: Finding) -> str:
        """How the finding is more than what was accepted; empty when it is not."""
        if finding.verdict is Verdict.FAIL and self.verdict is Verdict.UNKNOWN:
            return "it was unknown and is a failure now"
        if not finding.severity <= self.severity:
            return f"its severity is {finding.severity.value} now, and was {self.severity.value}"
        if not self.scenario.items() <= finding.scenario.items():
            return "it holds under more conditions now"
        if self.environments and not set(finding.environments) <= set(self.environments):
            return "it holds in more environments now"
        return ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """All entries of a baseline file."""

    entries: tuple[BaselineEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which entry speaks of which finding, and the entries that speak of none."""

    covering: Mapping[int, BaselineEntry]
    """By the finding's position in the list that was matched."""
    uncovered: tuple[BaselineEntry, ...]


def entry_of(finding: Finding, reason: str, owner: str, since: date, until: date | None) -> BaselineEntry:
    """The entry that accepts a finding."""
    return BaselineEntry(
        rule=finding.rule,
        template=finding.template,
        resource=finding.resource,
        fingerprint=finding.fingerprint,
        verdict=finding.verdict,
        severity=finding.severity,
        reason=reason,
        source=finding.source,
        stack=finding.stack,
        target=finding.target,
        message=finding.message,
        scenario=finding.scenario,
        environments=finding.environments,
        owner=owner,
        since=since,
        until=until,
    )


def covered(findings: Sequence[Finding], baseline: Baseline, templates: Collection[str]) -> Coverage:
    """Pairs entries with the active findings (``fail``, ``unknown``).

    A fingerprint is looked for in the entry's own template first. Where that template is none of
    ``templates`` (those of the run), the file may have been renamed: then the finding of any template counts,
    if it is the only one left with that fingerprint and stack.
    """
    waiting: dict[tuple[str, str], list[int]] = {}
    for position, finding in enumerate(findings):
        if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
            waiting.setdefault((finding.fingerprint, finding.stack), []).append(position)
    covering: dict[int, BaselineEntry] = {}
    left: list[BaselineEntry] = []
    for entry in baseline.entries:
        same = waiting.get((entry.fingerprint, entry.stack), ())
        there = [position for position in same if findings[position].template == entry.template]
        for position in there:
            # One fault may be several findings: of other conditions, or of other environments.
            if position not in covering or covering[position].grown(findings[position]):
                covering[position] = entry
        if not there:
            left.append(entry)
    uncovered: list[BaselineEntry] = []
    for entry in left:
        same = waiting.get((entry.fingerprint, entry.stack), ())
        free = [position for position in same if position not in covering]
        if entry.template not in templates and len(free) == 1:
            covering[free[0]] = entry
        else:
            uncovered.append(entry)
    return Coverage(MappingProxyType(covering), tuple(uncovered))


def apply_baseline(
    findings: Sequence[Finding],
    baseline: Baseline,
    today: date,
    templates: Collection[str],
    ran: Callable[[BaselineEntry], bool],
) -> tuple[tuple[Finding, ...], tuple[Diagnostic, ...]]:
    """The findings with the accepted ones marked as suppressed, and remarks on entries that do not do so.

    ``templates`` are those that the run read, ``ran`` tells whether the rule of an entry ran: an entry of
    another template or rule is no stale one. A lapsed entry and one whose finding has grown leave the failure
    standing.
    """
    coverage = covered(findings, baseline, templates)
    remarks: list[Diagnostic] = []
    judged: list[Finding] = []
    for position, finding in enumerate(findings):
        entry = coverage.covering.get(position)
        remark = None if entry is None else _refusal(entry, finding, today)
        if entry is None or remark is not None:
            judged.append(finding)
            remarks += () if remark is None else (remark,)
        else:
            judged.append(_accepted(finding, entry))
    remarks += (_stale(entry) for entry in stale_entries(coverage.uncovered, templates, ran))
    return tuple(judged), tuple(dict.fromkeys(remarks))


def stale_entries(
    uncovered: Iterable[BaselineEntry], templates: Collection[str], ran: Callable[[BaselineEntry], bool]
) -> Iterator[BaselineEntry]:
    """The uncovered entries whose template was read and whose rule ran: what they accepted is fixed."""
    return (entry for entry in uncovered if entry.template in templates and ran(entry))


@dataclass(frozen=True, slots=True)
class SortedOut:
    """An old baseline beside the findings of today."""

    kept: tuple[BaselineEntry, ...]
    """Entries that still speak of a finding, or of something that did not run; with today's template."""
    stale: tuple[BaselineEntry, ...]
    """Entries of what is fixed."""
    outgrown: tuple[BaselineEntry, ...]
    """Those of the kept whose finding became more than what was accepted."""
    accepted: tuple[Finding, ...]
    """The findings that the kept entries accept."""


def sort_out(
    baseline: Baseline,
    findings: Sequence[Finding],
    templates: Collection[str],
    gone: Collection[str],
    ran: Callable[[BaselineEntry], bool],
) -> SortedOut:
    """Tell what of a baseline is still needed.

    ``templates`` and ``ran`` are as in ``apply_baseline``; ``gone`` are templates that are no files any more: their
    entries are stale, unless they were renamed.
    """
    coverage = covered(findings, baseline, templates)
    stale = tuple(stale_entries(coverage.uncovered, {*templates, *gone}, ran))
    speaking: dict[BaselineEntry, list[Finding]] = {}
    moved: dict[int, BaselineEntry] = {}
    for position, entry in coverage.covering.items():
        there = moved.setdefault(id(entry), replace(entry, template=findings[position].template))
        speaking.setdefault(there, []).append(findings[position])
    waiting = tuple(entry for entry in coverage.uncovered if entry not in stale)
    grown = {there: any(there.grown(finding) for finding in covered) for there, covered in speaking.items()}
    return SortedOut(
        kept=(*speaking, *waiting),
        stale=stale,
        outgrown=tuple(there for there, is_grown in grown.items() if is_grown),
        accepted=tuple(finding for there, found in speaking.items() for finding in found if not there.grown(finding)),
    )


def _accepted(finding: Finding, entry: BaselineEntry) -> Finding:
    accepted = Suppression(
        entry.reason, entry.span, entry.until, SuppressionKind.BASELINE, owner=entry.owner, since=entry.since
    )
    return replace(finding, verdict=Verdict.SUPPRESSED, suppression=accepted)


def _refusal(entry: BaselineEntry, finding: Finding, today: date) -> Diagnostic | None:
    subject = f"{entry.subject} in {finding.template}"
    if entry.lapsed(today):
        message = f"the baseline entry for {subject} lapsed after {entry.until}: the finding stands"
        hint = "mend the finding, or decide anew with a later date"
        return Diagnostic(DiagnosticLevel.WARNING, "baseline-lapsed", message, entry.span, hint)
    grown = entry.grown(finding)
    if grown:
        message = f"the baseline does not cover {subject}: {grown}"
        hint = "mend the finding, or accept it anew with tierlens baseline update --add"
        return Diagnostic(DiagnosticLevel.WARNING, "baseline-outgrown", message, entry.span, hint)
    return None


def _stale(entry: BaselineEntry) -> Diagnostic:
    subject = f"{entry.subject} in {entry.template}"
    return Diagnostic(
        DiagnosticLevel.WARNING,
        "baseline-stale",
        f"the baseline entry for {subject} covers no finding: it is fixed",
        entry.span,
        "remove it with tierlens baseline update",
    )
