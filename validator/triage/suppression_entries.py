"""One suppression as a person wrote it, and the remarks on those that are written wrongly."""

from dataclasses import dataclass, field
from datetime import date

from validator.model import Diagnostic, DiagnosticLevel, Finding, Span, Verdict

INVALID = "suppression-invalid"
WITHOUT_REASON = "suppression-without-reason"
FORM = 'write # tierlens: ignore[RULE] reason="…" owner="…" until=YYYY-MM-DD'
"""The comment form, as hints show it."""


@dataclass(frozen=True, slots=True)
class SuppressionEntry:
    """A decision to accept the findings of one rule at one place.

    ``logical_ids`` are the resources it stands in. ``line`` None means all of each resource; else only
    findings count that start on this line, or whose place is one of ``values``: what the keys on the line
    hold, where YAML starts that on a line of its own. ``event`` holds the first and the last line of the SAM
    event it stands in, if any: an event states what the method of an API demands, so findings on the API that
    start there count too, on this line or, behind the event's name, anywhere in the event.
    """

    rule: str
    reason: str
    span: Span
    path: str
    """The template it stands in."""
    logical_ids: frozenset[str]
    until: date | None = None
    target: str = ""
    line: int | None = None
    values: frozenset[Span] = field(default_factory=frozenset)
    owner: str = ""
    event: tuple[int, int] | None = None

    def lapsed(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and self.until < today

    def covers(self, finding: Finding, template: str) -> bool:
        """Whether it speaks of the finding, which is one of the template at the path ``template``."""
        if finding.verdict not in (Verdict.FAIL, Verdict.UNKNOWN):
            return False
        if (self.rule, self.path) != (finding.rule, template) or not self.logical_ids:
            return False
        if self.target and self.target != finding.target:
            return False
        if self.line is None:
            return finding.resource in self.logical_ids
        if self.event is None and finding.resource not in self.logical_ids:
            return False
        if finding.span in self.values:
            return True
        last = self.event[1] if self.event is not None and self.event[0] == self.line else self.line
        return finding.span.path == self.path and self.line <= finding.span.line <= last


@dataclass(frozen=True, slots=True)
class Written:
    """What the two forms give alike: entries, and errors for what could not be read as one."""

    entries: tuple[SuppressionEntry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def invalid(span: Span, message: str, hint: str = "") -> Diagnostic:
    """An error for a suppression that has no effect because it is written wrongly."""
    return Diagnostic(DiagnosticLevel.ERROR, INVALID, message, span, hint)


def without_reason(span: Span, rule: str, hint: str) -> Diagnostic:
    """An error for a suppression that has no effect because it gives no reason."""
    message = f"the suppression of {rule} gives no reason and has no effect"
    return Diagnostic(DiagnosticLevel.ERROR, WITHOUT_REASON, message, span, hint)


def read_date(text: str) -> date | None:
    """The date that ``YYYY-MM-DD`` means, or None."""
    if len(text) != len("YYYY-MM-DD"):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
