"""The order of the Markdown report: outcome, table, failures, then what is folded."""

from collections.abc import Callable, Sequence

from reports.facts import (
    change_text,
    checked_by,
    engine_failure,
    failed_engines,
    may_stop,
    settling_text,
    stood_before,
    stops,
    worst_first,
)
from reports.markdown.escape import code, place, prose
from reports.markdown.findings import accepted_line, failure, refuted_line, told_line, unknown_line
from reports.markdown.room import LIMIT, fitting, size
from reports.strings import counted
from reports.tally import tally
from reports.verdict_sentence import gate_sentence
from validator.model import (
    CORE_CATEGORIES,
    Category,
    Diagnostic,
    DiagnosticLevel,
    Finding,
    ReportOptions,
    Review,
    Verdict,
)

MARKER = "<!-- tierlens report -->"
"""The first line: by it a later run finds its own comment and writes over it."""

_FOLDED_SHARE = 12_000
"""Bytes that the folded lists may take together before the failures are cut."""

_REMARK_SHARE = 6_000


class MarkdownWriter:
    """Writes for a pull request: at most 65,000 characters; what does not fit is counted."""

    name = "markdown"

    def write(self, review: Review, options: ReportOptions) -> str:
        """The report; links need ``options.link_base``, folded lists go with ``quiet``."""
        failures = [f for f in review.findings if f.verdict is Verdict.FAIL]
        of_change = worst_first(f for f in failures if may_stop(f, options))
        head = [MARKER, *_heading(review, options), *_remarks(review, options), *_denied(review, options)]
        head += _table(review)
        foot = _foot(review)
        folded = [] if options.quiet else _folded(review, failures, options)
        room = LIMIT - sum(map(size, (*head, *folded, *foot))) - 400
        title = "### New failures" if change_text(review) else "### Failures"
        blocks = (failure(number, finding, review, options) for number, finding in enumerate(of_change, start=1))
        shown, left_out = fitting(blocks, room)
        body = [title, "", *[line for shown_block in shown for line in (shown_block, "")]] if of_change else []
        if left_out:
            body += [
                f"**{counted(left_out, 'more failure')} did not fit into this comment.** "
                "Another report has all: `tierlens check -o report.json`.",
                "",
            ]
        return "\n".join([*head, *body, *folded, *foot]).rstrip("\n") + "\n"


def _heading(review: Review, options: ReportOptions) -> list[str]:
    sentence = gate_sentence(review, options, " below")
    sign = "⚠️" if sentence.incomplete else "❌" if sentence.closed else "✅"
    return [f"## {sign} tierlens: {sentence.headline}", "", prose(sentence.text), ""]


def _remarks(review: Review, options: ReportOptions) -> list[str]:
    """What was not checked comes first: findings of half a review must not look like all there are."""
    errors = [d for d in review.diagnostics if d.level is DiagnosticLevel.ERROR]
    lines = [_remark(diagnostic, options) for diagnostic in errors]
    lines += [f"- **{prose(engine_failure(engine), 300)}**" for engine in failed_engines(review)]
    if not lines:
        return []
    shown, left_out = fitting(lines, _REMARK_SHARE)
    more = [f"- and {left_out} more"] if left_out else []
    return ["### Not checked", "", *shown, *more, ""]


def _denied(review: Review, options: ReportOptions) -> list[str]:
    """The suppressions of a gate that denies them: they stop the change, so they are not folded."""
    denied = [f for f in review.findings if f.verdict is Verdict.SUPPRESSED and stops(f, options)]
    if not denied:
        return []
    shown, left_out = fitting((accepted_line(finding, options) for finding in worst_first(denied)), _FOLDED_SHARE)
    more = [f"- and {left_out} more"] if left_out else []
    return ["### Suppressions, which this gate denies", "", *shown, *more, ""]


def _remark(diagnostic: Diagnostic, options: ReportOptions) -> str:
    where = "" if diagnostic.span is None else f" ({place(diagnostic.span, options.link_base)})"
    hint = f" {prose(diagnostic.hint, 300)}" if diagnostic.hint else ""
    return f"- {code(diagnostic.code)} {prose(diagnostic.message, 300)}{where}{hint}"


def _table(review: Review) -> list[str]:
    """The five core checks, and the others that gave a verdict."""
    findings = review.findings
    others = [c for c in Category if c not in CORE_CATEGORIES and any(f.category is c for f in findings)]
    lines = ["| check | pass | fail | unknown | suppressed | refuted |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for category in (*CORE_CATEGORIES, *others):
        counts = tally(f for f in findings if f.category is category)
        failed = f"**{counts.failed}**" if counts.failed else "0"
        cells = (counts.passed, failed, counts.unknown, counts.suppressed, counts.refuted)
        lines.append(f"| {category.value} | {' | '.join(map(str, cells))} |")
    return [*lines, ""]


def _folded(review: Review, failures: Sequence[Finding], options: ReportOptions) -> list[str]:
    by_verdict = {v: worst_first(f for f in review.findings if f.verdict is v) for v in Verdict}
    mild = worst_first(f for f in failures if not options.thresholds.reached(f) and not f.newer_than_pin)
    newer = worst_first(f for f in failures if f.newer_than_pin and not stood_before(f))
    lists: list[tuple[str, Sequence[Finding], Callable[[Finding, ReportOptions], str]]] = [
        (
            f"below {options.thresholds}: the gate lets them pass",
            [f for f in mild if not stood_before(f)],
            told_line,
        ),
        ("of rules newer than rules-version: they would fail without the pin", newer, told_line),
        ("undecided", by_verdict[Verdict.UNKNOWN], unknown_line),
        ("unchanged: stood before the change", [f for f in failures if stood_before(f)], told_line),
        ("fixed by the change", review.fixed, told_line),
        ("suppressed", [f for f in by_verdict[Verdict.SUPPRESSED] if not stops(f, options)], accepted_line),
        ("refuted by the graph", by_verdict[Verdict.REFUTED], refuted_line),
    ]
    filled = [entry for entry in lists if entry[1]]
    lines: list[str] = []
    for title, findings, line in filled:
        settling = _settling(review) if title == "undecided" else []
        shown, left_out = fitting((line(f, options) for f in findings), _FOLDED_SHARE // len(filled))
        more = [f"- and {left_out} more"] if left_out else []
        summary = f"<summary>{len(findings)} {title}</summary>"
        lines += ["<details>", summary, "", *settling, *shown, *more, "", "</details>", ""]
    return lines


def _settling(review: Review) -> list[str]:
    entries = [f"- {prose(settling_text(entry), 300)}" for entry in review.settling[:3]]
    return ["To settle most of them:", "", *entries, ""] if entries else []


def _foot(review: Review) -> list[str]:
    return [f"<sub>{prose(checked_by(review) or f'checked by tierlens {review.version}', 400)}</sub>"]
