"""A difference as one comment on a pull request: at most 65,000 bytes, the long parts folded."""

from collections.abc import Sequence

from reports.difference.lists import closes, sorted_findings, summary, title
from reports.difference.mermaid import mermaid
from reports.facts import engine_failure, failed_engines, rule_name, scenario, subject
from reports.markdown.escape import code, place, prose
from reports.markdown.room import LIMIT, fitting, size
from validator.model import ArchitectureChange, Danger, DiagnosticLevel, Difference, Finding, ReportOptions

MARKER = "<!-- tierlens difference -->"
"""The first line: by it a later run finds its own comment and writes over it."""

_SIGNS = {Danger.DANGEROUS: "🔴", Danger.NOTABLE: "🟡", Danger.PLAIN: "⚪", Danger.SAFER: "🟢"}
_SHARE = 9_000
_SHOWN = 12
"""Changes that are shown before the rest is folded."""


class MarkdownWriter:
    """Writes for a pull request."""

    name = "markdown"

    def write(self, difference: Difference, options: ReportOptions) -> str:
        """The comment; links need ``options.link_base``, what is fixed and unchanged goes with ``quiet``."""
        found = sorted_findings(difference)
        lines = [MARKER, *_heading(difference, options), *_remarks(difference, options)]
        lines += _section("New findings", [_finding(one, options) for one in found.new], folded=False)
        lines += _architecture(difference, options)
        lines += _section("New unknowns", [_finding(one, options) for one in found.undecided])
        if not options.quiet:
            lines += _section("Fixed", [_finding(one, options, linked=False) for one in found.fixed])
            lines += _section("Unchanged", [_finding(one, options) for one in found.unchanged])
        picture = _picture(difference)
        room = LIMIT - sum(map(size, lines)) - 100
        if picture and sum(map(size, picture)) < room:
            lines += picture
        return "\n".join(lines).rstrip("\n") + "\n"


def _heading(difference: Difference, options: ReportOptions) -> list[str]:
    closed, incomplete = closes(difference, options), difference.review.incomplete
    sign = "⚠️" if incomplete else "❌" if closed else "✅"
    said = "not everything could be checked" if incomplete else "the gate is closed" if closed else "the gate is open"
    return [f"## {sign} tierlens: {said}", "", f"{prose(title(difference))}: {prose(summary(difference))}.", ""]


def _remarks(difference: Difference, options: ReportOptions) -> list[str]:
    review = difference.review
    lines = [
        f"- {code(one.code)} {prose(one.message, 300)}"
        + ("" if one.span is None else f" ({place(one.span, options.link_base)})")
        for one in review.diagnostics
        if one.level is DiagnosticLevel.ERROR or one.code.startswith("base-")
    ]
    lines += [f"- **{prose(engine_failure(engine), 300)}**" for engine in failed_engines(review)]
    shown, left_out = fitting(lines, _SHARE)
    return [*shown, *([f"- and {left_out} more"] if left_out else []), ""] if lines else []


def _section(title: str, entries: Sequence[str], *, folded: bool = True) -> list[str]:
    if not entries:
        return []
    shown, left_out = fitting(entries, _SHARE)
    more = [f"- and {left_out} more"] if left_out else []
    if not folded:
        return [f"### {title}", "", *shown, *more, ""]
    return ["<details>", f"<summary>{title} ({len(entries)})</summary>", "", *shown, *more, "", "</details>", ""]


def _finding(finding: Finding, options: ReportOptions, linked: bool = True) -> str:
    when = f", when {prose(scenario(finding))}" if scenario(finding) else ""
    where = place(finding.span, options.link_base if linked else "")
    severity, rule = finding.severity.value, code(rule_name(finding))
    return f"- **{severity}** {rule} {code(subject(finding))}: {prose(finding.message, 300)}{when} ({where})"


def _architecture(difference: Difference, options: ReportOptions) -> list[str]:
    """Everything dangerous and notable is in sight as far as there is room, the rest is folded."""
    weighty = [one for one in difference.changes if one.danger in (Danger.DANGEROUS, Danger.NOTABLE)]
    rest = [one for one in difference.changes if one not in weighty]
    folded = weighty[_SHOWN:]
    if len(weighty) + len(rest) <= _SHOWN:
        weighty, rest = [*weighty, *rest], []
    lines = _section("Architecture", [_change(one, options) for one in weighty[:_SHOWN]], folded=False)
    more = [_change(one, options) for one in (*folded, *rest)]
    return [*lines, *_section("More changes of the architecture" if lines else "Architecture", more)]


def _change(one: ArchitectureChange, options: ReportOptions) -> str:
    parts = f"; {prose('; '.join(one.parts), 300)}" if one.parts else ""
    where = f" ({place(one.span, '' if one.removed else options.link_base)})" if one.span.path else ""
    return f"- {_SIGNS[one.danger]} {prose(one.sentence)}{parts}{where}"


def _picture(difference: Difference) -> list[str]:
    lines = mermaid(difference)
    if not lines:
        return []
    return ["<details>", "<summary>Picture</summary>", "", "```mermaid", *lines, "```", "", "</details>", ""]


writer = MarkdownWriter()
