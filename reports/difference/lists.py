"""What every format shows of a difference: findings by what became of them, and the outcome in words."""

from dataclasses import dataclass

from reports.facts import stood_before, worst_first
from reports.strings import counted
from validator.model import Danger, Difference, Finding, ReportOptions, Verdict


@dataclass(frozen=True, slots=True)
class Sorted:
    """The findings of a difference, worst first."""

    new: tuple[Finding, ...]
    """New failures."""
    undecided: tuple[Finding, ...]
    """New unknowns."""
    fixed: tuple[Finding, ...]
    unchanged: tuple[Finding, ...]
    """Failures and unknowns that stood before."""


def sorted_findings(difference: Difference) -> Sorted:
    """The findings that matter for a change: passes, suppressed and refuted ones are left out."""
    active = [one for one in difference.review.findings if one.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
    new = worst_first(one for one in active if not stood_before(one))
    return Sorted(
        tuple(one for one in new if one.verdict is Verdict.FAIL),
        tuple(one for one in new if one.verdict is Verdict.UNKNOWN),
        tuple(worst_first(difference.review.fixed)),
        tuple(worst_first(one for one in active if stood_before(one))),
    )


def summary(difference: Difference) -> str:
    """``1 new finding, 2 fixed, 3 unchanged; 4 changes of the architecture, 1 of them dangerous``."""
    found = sorted_findings(difference)
    unknown = f", {counted(len(found.undecided), 'new unknown')}" if found.undecided else ""
    dangerous = sum(one.danger is Danger.DANGEROUS for one in difference.changes)
    changes = counted(len(difference.changes), "change")
    part = f", {dangerous} of them dangerous" if dangerous else ""
    stood = f"{len(found.fixed)} fixed, {len(found.unchanged)} unchanged"
    return f"{counted(len(found.new), 'new finding')}{unknown}, {stood}; {changes} of the architecture{part}"


def closes(difference: Difference, options: ReportOptions) -> bool:
    """Whether a new finding closes the gate."""
    return any(options.thresholds.stops(finding) for finding in difference.review.findings)


def title(difference: Difference) -> str:
    """``main (1a2b3c4) → HEAD (5d6e7f8)``."""
    return f"{difference.base} → {difference.head}"
