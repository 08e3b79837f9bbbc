"""One finding in Markdown: a block for a failure, a line for what is folded."""

from reports.facts import also_named, rule_name, scenario, subject, suppression_text, surroundings
from reports.markdown.escape import block, code, place, prose
from validator.model import Evidence, Finding, ReportOptions, Review

MOST_STEPS = 12


def failure(number: int, finding: Finding, review: Review, options: ReportOptions) -> str:
    """The fact, its place, the path that proves it (folded) and the fix."""
    lines = [
        f"**{number}. {finding.severity.value}** {code(rule_name(finding))} {code(subject(finding))} "
        f"at {place(finding.span, options.link_base)}",
        "",
        prose(finding.message),
        "",
    ]
    details = (
        ("when", prose(scenario(finding))),
        ("in", prose(surroundings(finding, review.environments))),
        ("also", prose(also_named(finding))),
        ("why", prose(finding.why)),
    )
    lines += [f"- *{label}* {text}" for label, text in details if text]
    lines += _fix(finding)
    lines += _path(finding, options)
    return "\n".join(lines).rstrip("\n")


def _fix(finding: Finding) -> list[str]:
    """The first line as words, a snippet as a block of its own."""
    first, _, rest = finding.fix.strip().partition("\n")
    if not first:
        return []
    snippet = [f"  {line}" for line in block(rest.strip("\n"))] if rest.strip() else []
    return [f"- *fix* {prose(first)}", *(["", *snippet] if snippet else [])]


def _path(finding: Finding, options: ReportOptions) -> list[str]:
    if not finding.evidence:
        return []
    steps = [_step(step, options) for step in finding.evidence[:MOST_STEPS]]
    left = len(finding.evidence) - len(steps)
    more = [f"1. and {left} more"] if left > 0 else []
    return ["", "<details>", "<summary>path</summary>", "", *steps, *more, "", "</details>"]


def _step(step: Evidence, options: ReportOptions) -> str:
    where = "" if step.span is None else f" ({place(step.span, options.link_base)})"
    return f"1. {code(step.resource)} {prose(step.relation, 300)}{where}"


def _line(finding: Finding, text: str, options: ReportOptions) -> str:
    where = place(finding.span, options.link_base)
    return f"- {finding.severity.value} {code(rule_name(finding))} {code(subject(finding))}: {text} ({where})"


def unknown_line(finding: Finding, options: ReportOptions) -> str:
    """What is not decided, and what is missing for it."""
    missing = "; ".join(prose(item.what, 200) for item in finding.missing)
    return _line(finding, missing or prose(finding.message, 300), options)


def accepted_line(finding: Finding, options: ReportOptions) -> str:
    """What is accepted, why, and until when."""
    return _line(finding, prose(suppression_text(finding), 300), options)


def refuted_line(finding: Finding, options: ReportOptions) -> str:
    """What an engine reported, and the fact that disproves it."""
    statement = finding.refutation.statement if finding.refutation else finding.message
    return _line(finding, prose(statement, 300), options)


def told_line(finding: Finding, options: ReportOptions) -> str:
    """A failure that needs no mending now: below the gate, there before the change, or ended by it."""
    return _line(finding, prose(finding.message, 300), options)
