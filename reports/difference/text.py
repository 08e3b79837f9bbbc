"""A difference on a terminal: new findings, what became of the architecture, the outcome."""

from collections.abc import Iterator, Sequence

from reports.difference.lists import closes, sorted_findings, summary, title
from reports.facts import engine_failure, failed_engines, rule_name, scenario, subject
from reports.strings import one_line, visible
from validator.model import (
    ArchitectureChange,
    Danger,
    Diagnostic,
    DiagnosticLevel,
    Difference,
    Finding,
    ReportOptions,
    Span,
)

_COLORS = {"dangerous": "31", "notable": "33", "safer": "32", "new": "31", "fixed": "32", "head": "1"}
_LABELS = {Danger.DANGEROUS: "danger", Danger.NOTABLE: "note  ", Danger.PLAIN: "      ", Danger.SAFER: "safer "}


class TextWriter:
    """Writes for people at a terminal."""

    name = "text"

    def write(self, difference: Difference, options: ReportOptions) -> str:
        """The difference; ``verbose`` adds what is unchanged, ``quiet`` leaves out what belongs to a line."""
        return "\n".join(_Page(difference, options).lines()).rstrip("\n") + "\n"


class _Page:
    def __init__(self, difference: Difference, options: ReportOptions) -> None:
        self._difference = difference
        self._options = options

    def _painted(self, text: str, color: str) -> str:
        code = _COLORS.get(color)
        return f"\x1b[{code}m{text}\x1b[0m" if self._options.color and code else text

    def lines(self) -> Iterator[str]:
        difference, options = self._difference, self._options
        found = sorted_findings(difference)
        yield self._painted(visible(title(difference)), "head")
        yield ""
        yield from self._remarks(difference.review.diagnostics)
        yield from self._findings("New findings", found.new, "new")
        yield from self._findings("New unknowns", found.undecided, "notable")
        if difference.changes:
            yield self._painted("Architecture", "head")
            for one in difference.changes:
                yield from self._change(one)
            yield ""
        if not options.quiet:
            yield from self._findings("Fixed", found.fixed, "fixed")
        if options.verbose:
            yield from self._findings("Unchanged", found.unchanged, "plain")
        yield f"{summary(difference)}."
        yield self._outcome()

    def _remarks(self, diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
        told = [one for one in diagnostics if one.level is DiagnosticLevel.ERROR or one.code.startswith("base-")]
        for one in told:
            label = "error" if one.level is DiagnosticLevel.ERROR else "note"
            yield f"{label}: {_where(one.span)}{one_line(one.message)}"
        for engine in failed_engines(self._difference.review):
            yield f"error: {engine_failure(engine)}"
        if told:
            yield ""

    def _findings(self, heading: str, findings: Sequence[Finding], color: str) -> Iterator[str]:
        if not findings:
            return
        yield self._painted(f"{heading} ({len(findings)})", "head")
        for one in findings:
            when = f" when {scenario(one)}" if scenario(one) else ""
            severity = self._painted(one.severity.value, color)
            yield f"  {severity} {rule_name(one)} {subject(one)}: {one_line(one.message, 300)}{when}"
            if not self._options.quiet:
                yield f"      {visible(str(one.span))}"
        yield ""

    def _change(self, one: ArchitectureChange) -> Iterator[str]:
        yield f"  {self._painted(_LABELS[one.danger], one.danger.value)} {one_line(one.sentence)}"
        if self._options.quiet:
            return
        for part in one.parts:
            yield f"           {one_line(part, 300)}"
        if one.span.path:
            before = f" in {visible(self._difference.base)}" if one.removed else ""
            yield f"         {visible(str(one.span))}{before}"

    def _outcome(self) -> str:
        review, options = self._difference.review, self._options
        closed = closes(self._difference, options)
        said = "the gate is closed" if closed else f"nothing new at or above {options.fail_on.value}"
        return f"Not everything could be checked; {said}." if review.incomplete else f"{said[0].upper()}{said[1:]}."


def _where(span: Span | None) -> str:
    return "" if span is None else f"{visible(str(span))}: "


writer = TextWriter()
