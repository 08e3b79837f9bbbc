"""GitHub's workflow annotations: lines that a job prints and GitHub shows at the changed lines.

The form and its escapes are those of *Workflow commands for GitHub Actions*. GitHub shows at most ten errors,
ten warnings and ten notices of a step, so the worst come first and the last of ten tells how many are left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.facts import (
    change_text,
    checked_by,
    engine_failure,
    failed_engines,
    newer_text,
    rule_name,
    scenario,
    settling_text,
    stood_before,
    stops,
    subject,
    suppression_text,
    surroundings,
    worst_first,
)
from reports.strings import counted, one_line, visible, visible_lines
from reports.tally import tally
from validator.model import Diagnostic, DiagnosticLevel, Finding, ReportOptions, Review, Severity, Span, Verdict

MOST_OF_A_LEVEL = 10

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: str
    title: str
    message: str
    span: Span | None = None

    def line(self) -> str:
        properties = {} if self.span is None else _place(self.span)
        properties["title"] = self.title
        shown = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        return f"::{self.level} {shown}::{_data(self.message)}"


class GithubWriter:
    """Writes failures that are the change's own, what was not checked, and one notice for what is unknown."""

    name = "github"

    def write(self, review: Review, options: ReportOptions) -> str:
        """Annotations, worst first, then the counts as a plain line for the log."""
        failures = [f for f in review.findings if f.verdict is Verdict.FAIL and not stood_before(f)]
        annotations = [_of_diagnostic(d) for d in review.diagnostics if d.level is DiagnosticLevel.ERROR]
        annotations += [
            _Annotation("error", "engine-failed", engine_failure(engine)) for engine in failed_engines(review)
        ]
        annotations += [_of_failure(finding, review) for finding in worst_first(failures)]
        denied = [f for f in review.findings if f.verdict is Verdict.SUPPRESSED and stops(f, options)]
        annotations += [_of_denied(finding) for finding in worst_first(denied)]
        lines = [line for level in ("error", "warning") for line in _capped(annotations, level)]
        notices = [a for a in annotations if a.level == "notice"]
        unknown = [] if options.quiet else _of_unknowns(review)
        lines += _capped([*unknown, *notices], "notice")
        return "\n".join([*lines, _log_line(review, options)]) + "\n"


writer = GithubWriter()


def _capped(annotations: Sequence[_Annotation], level: str) -> list[str]:
    """The lines of one level, as many as GitHub shows; the last one names how many more there are."""
    of_level = [annotation for annotation in annotations if annotation.level == level]
    if len(of_level) <= MOST_OF_A_LEVEL:
        return [annotation.line() for annotation in of_level]
    shown = [annotation.line() for annotation in of_level[: MOST_OF_A_LEVEL - 1]]
    left = len(of_level) - len(shown)
    more = f"{left} more of this level are not shown here: see the step summary or another report"
    return [*shown, _Annotation(level, "tierlens", more).line()]


def _of_failure(finding: Finding, review: Review) -> _Annotation:
    when = scenario(finding)
    where = surroundings(finding, review.environments)
    details = [
        visible(finding.message),
        f"When {when}." if when else "",
        f"In {where}." if where else "",
        newer_text(finding),
        *visible_lines(f"Fix: {finding.fix}" if finding.fix.strip() else ""),
    ]
    title = one_line(f"{rule_name(finding)} {subject(finding)} ({finding.severity.value})", 200)
    message = "\n".join(one_line(detail) for detail in details if detail)
    level = "notice" if finding.newer_than_pin else _LEVELS[finding.severity]
    return _Annotation(level, title, message, finding.span)


def _of_denied(finding: Finding) -> _Annotation:
    """A suppression that closes the gate, at the place where it is written."""
    decision = finding.suppression
    title = one_line(f"{rule_name(finding)} {subject(finding)} is suppressed", 200)
    message = one_line(f"this gate denies suppressions: {suppression_text(finding)}")
    return _Annotation("error", title, message, decision.span if decision and decision.span else finding.span)


def _of_diagnostic(diagnostic: Diagnostic) -> _Annotation:
    hint = f"\n{one_line(diagnostic.hint)}" if diagnostic.hint else ""
    message = f"not checked: {one_line(diagnostic.message)}{hint}"
    return _Annotation("error", one_line(diagnostic.code, 200), message, diagnostic.span)


def _of_unknowns(review: Review) -> list[_Annotation]:
    """One notice for all unknowns, with the inputs that settle the most of them."""
    number = sum(f.verdict is Verdict.UNKNOWN and not stood_before(f) for f in review.findings)
    if not number:
        return []
    ways = [f"To settle most: {one_line(settling_text(entry))}" for entry in review.settling[:3]]
    message = "\n".join([f"{counted(number, 'verdict')} could not be decided", *ways])
    return [_Annotation("notice", "tierlens: unknown", message)]


def _place(span: Span) -> dict[str, str]:
    """Columns only within one line: GitHub refuses them over several. Its end column is the last one."""
    place = {"file": visible(span.path), "line": str(span.line)}
    if span.end_line > span.line:
        return place | {"endLine": str(span.end_line)}
    end = max(span.column, span.end_column - 1)
    return place | {"endLine": str(span.line), "col": str(span.column), "endColumn": str(end)}


def _log_line(review: Review, options: ReportOptions) -> str:
    counts = tally(review.findings)
    stopping = sum(stops(finding, options) for finding in review.findings)
    parts = (
        f"tierlens: {counts.failed} fail, {counts.unknown} unknown, {counts.suppressed} suppressed, "
        f"{counts.refuted} refuted, {counts.passed} pass",
        change_text(review),
        f"{stopping} close the gate (at or above {options.thresholds})",
        "not everything could be checked" if review.incomplete else "",
        checked_by(review),
    )
    # A runner also obeys ##[command] anywhere in a line of the log.
    return one_line("; ".join(filter(None, parts))).replace("##[", "# #[")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
