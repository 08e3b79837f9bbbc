"""Is the gate open, and why: the same words in every report for people."""

from dataclasses import dataclass

from reports.facts import change_text, failed_engines, stood_before, stops
from reports.strings import counted
from reports.tally import tally
from validator.model import DiagnosticLevel, ReportOptions, Review


@dataclass(frozen=True, slots=True)
class GateSentence:
    """The outcome of a run in words."""

    closed: bool
    incomplete: bool
    verdict: str
    """Why the gate is open or closed, and whether everything was checked."""
    rest: str
    """What does not decide it and still is there; may be empty."""

    @property
    def text(self) -> str:
        """Both, as one or two sentences."""
        return f"{self.verdict} {self.rest}".strip()

    @property
    def headline(self) -> str:
        """Three words for a heading."""
        if self.incomplete:
            return "not everything could be checked"
        return "the gate is closed" if self.closed else "the gate is open"


def gate_sentence(review: Review, options: ReportOptions, errors_stand: str = " above") -> GateSentence:
    """The outcome as the exit status has it: of a compared run only what the change did counts.

    ``errors_stand`` says where in the report the errors are.
    """
    counts = tally(finding for finding in review.findings if not stood_before(finding))
    stopping = tally(finding for finding in review.findings if stops(finding, options))
    threshold = str(options.thresholds)
    newer = tally(f for f in review.findings if f.newer_than_pin and not stood_before(f))
    pinned = " of the pinned rules" if newer.failed else ""
    change = change_text(review)
    closed = stopping.failed + stopping.unknown + stopping.suppressed > 0
    new = "new " if change else ""
    if closed:
        failures = counted(stopping.failed, f"{new}failure") if stopping.failed else ""
        unknowns = f"{stopping.unknown} {new}unknown" if stopping.unknown else ""
        found = " and ".join(filter(None, (failures, unknowns)))
        denied = f"{counted(stopping.suppressed, f'{new}suppression')}, which this gate denies"
        reasons = (f"{found} at or above {threshold}" if found else "", denied if stopping.suppressed else "")
        verdict = f"{', and '.join(filter(None, reasons))}: the gate is closed."
    elif review.incomplete:
        verdict = f"Nothing at or above {threshold}{pinned} in the rest."
    elif change:
        verdict = f"Nothing new at or above {threshold}{pinned}."
    elif review.findings:
        verdict = f"Nothing at or above {threshold}{pinned}."
    else:
        verdict = "No rule found anything to judge."
    if review.incomplete:
        verdict = f"Not everything could be checked ({_reasons(review)}{errors_stand}). {verdict}"
    if change:
        verdict = f"Compared: {change}. {verdict}"
    mild = counts.failed - stopping.failed - newer.failed
    undecided = counts.unknown - stopping.unknown - newer.unknown
    later = newer.failed + newer.unknown
    accepted = counts.suppressed - stopping.suppressed
    parts = (
        f"{counted(mild, f'{new}failure')} below it" if mild else "",
        f"{later} of rules newer than rules-version" if later else "",
        f"{undecided} {new}unknown" if undecided else "",
        f"{accepted} suppressed" if accepted else "",
    )
    rest = ", ".join(filter(None, parts))
    return GateSentence(closed, review.incomplete, verdict, f"{rest}." if rest else "")


def _reasons(review: Review) -> str:
    """Why a run is incomplete: errors, else the engines that failed without saying where."""
    errors = sum(d.level is DiagnosticLevel.ERROR for d in review.diagnostics)
    return counted(errors, "error") if errors else f"{counted(len(failed_engines(review)), 'engine')} failed"
