"""One finding: a block for a failure, a line for a pass, a suppression or a quiet report."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from reports.facts import OWN_SOURCE, newer_text, scenario, suppression_text, surroundings
from reports.text.page import FAINT, LABEL_WIDTH, SEVERITY_STYLES, STRONG, VERDICT_STYLES, Page, joined, place
from reports.text.plain import name, one_line, several_lines
from validator.model import Change, Evidence, Finding, Span, SuppressionKind, Verdict

SHORT_SENTENCE = 360
_KINDS = {
    SuppressionKind.TEMPLATE: "",
    SuppressionKind.BASELINE: "(baseline)",
    SuppressionKind.ENGINE: "(engine's own form)",
}


def failure_block(finding: Finding, page: Page, *, with_why: bool = True) -> Iterator[Text]:
    """All that a person needs to judge and mend one failure.

    ``with_why`` is for the first failure of a rule: the reason is the rule's, and the same each time. A path
    of one step that stands at the failure itself says nothing new, so it is shown with ``-v`` only.
    """
    yield from page.wrapped(heading(finding), Text(), 2)
    yield from page.paragraph(Text(sentence(finding.message, page)), 2)
    yield from excerpt_lines(finding.span, page, VERDICT_STYLES[finding.verdict])
    if page.options.verbose or [step.span for step in finding.evidence] != [finding.span]:
        yield from evidence_lines(finding, page)
    yield from scenario_lines(finding, page)
    yield from also_lines(finding, page)
    if finding.why and (with_why or page.options.verbose):
        yield from page.labelled("why", Text(one_line(finding.why)))
    yield from _fix_lines(finding, page)
    if finding.lens and page.options.verbose:
        yield from page.labelled("lens", Text(", ".join(map(name, finding.lens))))


def heading(finding: Finding) -> Text:
    """``fail  high  AUTH001  TicketsApi  GET /tickets``."""
    verdict = finding.verdict
    return joined(
        [
            (verdict.value, VERDICT_STYLES[verdict]),
            (finding.severity.value, SEVERITY_STYLES[finding.severity]),
            (rule_shown(finding), STRONG),
            (name(finding.resource), STRONG),
            (name(finding.target), ""),
            ("new" if finding.change is Change.NEW else "", STRONG),
            (newer_text(finding), FAINT),
        ]
    )


def rule_shown(finding: Finding) -> str:
    """``AUTH001``, or with its engine ``cfn-lint E3012``."""
    rule = name(finding.rule)
    return rule if finding.source == OWN_SOURCE else f"{name(finding.source)} {rule}"


def also_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """The ids under which other engines reported the same; with ``-v`` in their words."""
    if not finding.also:
        return
    named = ", ".join(f"{name(other.rule)} ({name(other.source)})" for other in finding.also)
    yield from page.labelled("also", Text(named))
    if page.options.verbose:
        for other in finding.also:
            words = Text(f"{name(other.rule)}: {one_line(other.message)}")
            yield from page.with_place(page.paragraph(words, 8), other.span, 8)


def excerpt_lines(span: Span, page: Page, style: str) -> Iterator[Text]:
    """The place, and below it the source line with a caret, as compilers show it."""
    gutter = " " * (len(str(span.line)) + 1)
    yield Text.assemble(gutter, ("-->", FAINT), f" {place(span)}")
    excerpt = page.sources.excerpt(span, page.width - len(gutter) - 3)
    if excerpt is None:
        return
    bar = (f" {gutter}|", FAINT)
    yield Text.assemble(bar)
    yield Text.assemble((f" {excerpt.number} |", FAINT), f" {excerpt.code}")
    yield Text.assemble(bar, f" {' ' * excerpt.offset}", ("^" * excerpt.length, style))


def evidence_lines(finding: Finding, page: Page, indent: int = 2) -> Iterator[Text]:
    """The path that proves the verdict, one numbered step a line, each with its place."""
    # The place of a failure stands above, with its line.
    above = finding.span if finding.verdict is Verdict.FAIL and not page.options.verbose else None
    yield from step_lines(finding.evidence, page, indent, above)


def step_lines(steps: Sequence[Evidence], page: Page, indent: int = 2, above: Span | None = None) -> Iterator[Text]:
    """A path, one numbered step a line, each with its place unless that is the one shown ``above``."""
    for number, step in enumerate(steps, start=1):
        label = "path" if number == 1 else ""
        counter = f"{number}. "
        first = Text.assemble(" " * indent, (f"{label.ljust(LABEL_WIDTH)}{counter}", FAINT))
        hang = indent + LABEL_WIDTH + len(counter)
        span = None if step.span == above else step.span
        yield from page.with_place(page.wrapped(_step(step, page), first, hang), span, hang)


def _step(step: Evidence, page: Page) -> Text:
    return Text.assemble((name(step.resource), STRONG), f" {sentence(step.relation, page)}")


def sentence(text: str, page: Page) -> str:
    """A sentence on one line; a long one (hundreds of actions) is cut unless ``-v`` asks for all of it."""
    return one_line(text) if page.options.verbose else one_line(text, SHORT_SENTENCE)


def scenario_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """The conditions and environments in which the verdict holds when it does not hold in all; the stack."""
    text = scenario(finding)
    if text:
        yield from page.labelled("when", Text(one_line(text)))
    where = surroundings(finding, page.environments)
    if where:
        yield from page.labelled("in", Text(one_line(where)))


def _fix_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """The fix; lines of a snippet keep their own indentation."""
    if not finding.fix.strip():
        return
    first, *rest = several_lines(finding.fix)
    yield from page.labelled("fix", Text(first))
    for line in rest:
        if line:
            yield from page.paragraph(Text(line.lstrip()), 8 + len(line) - len(line.lstrip()))
        else:
            yield Text()


def pass_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """One proven property, with its evidence when that is asked for; the heading above names the file."""
    parts = joined(
        [
            (finding.verdict.value, VERDICT_STYLES[finding.verdict]),
            (rule_shown(finding), STRONG),
            (name(finding.resource), ""),
            (name(finding.target), ""),
            (name(finding.stack), FAINT),
            (f"line {finding.span.line}", FAINT),
        ]
    )
    yield from page.wrapped(parts, Text(), 2)
    if page.options.verbose > 1:
        if finding.message:
            yield from page.paragraph(Text(one_line(finding.message)), 2)
        yield from evidence_lines(finding, page)
        yield from scenario_lines(finding, page)


def suppressed_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """An accepted failure: what, why it was accepted, by whom, where that stands, and until when."""
    decision = finding.suppression
    reason = "" if decision is None else f'"{one_line(decision.reason)}"'
    owner = "" if decision is None or not decision.owner else f"by {name(decision.owner)}"
    since = "" if decision is None or decision.since is None else f"since {decision.since.isoformat()}"
    until = "" if decision is None or decision.until is None else f"until {decision.until.isoformat()}"
    kind = "" if decision is None else _KINDS[decision.kind]
    parts = joined(
        [
            (finding.verdict.value, VERDICT_STYLES[finding.verdict]),
            (finding.severity.value, SEVERITY_STYLES[finding.severity]),
            (rule_shown(finding), STRONG),
            (name(finding.resource), ""),
            (name(finding.target), ""),
            (name(finding.stack), FAINT),
            (reason, ""),
            (owner, ""),
            (since, ""),
            (until, ""),
            (kind, FAINT),
        ]
    )
    yield from page.with_place(page.wrapped(parts, Text(), 2), finding.span, 2)


def refuted_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """What an engine reported, the fact that disproves it, and the proof."""
    parts = joined(
        [
            (finding.verdict.value, VERDICT_STYLES[finding.verdict]),
            (finding.severity.value, SEVERITY_STYLES[finding.severity]),
            (rule_shown(finding), STRONG),
            (name(finding.resource), ""),
            (name(finding.target), ""),
            (name(finding.stack), FAINT),
        ]
    )
    yield from page.with_place(page.wrapped(parts, Text(), 2), finding.span, 2)
    yield from page.paragraph(Text(one_line(finding.message)), 2)
    if finding.refutation is not None:
        yield from page.labelled("but", Text(one_line(finding.refutation.statement)))
        yield from step_lines(finding.refutation.proof, page)


def quiet_line(finding: Finding) -> Text:
    """``template.yaml:12:5: high AUTH001 TicketsApi GET /tickets: message``, never broken."""
    subject = " ".join(filter(None, (rule_shown(finding), name(finding.resource), name(finding.target))))
    severity = (finding.severity.value, SEVERITY_STYLES[finding.severity])
    newer = f" ({one_line(newer_text(finding))})" if finding.newer_than_pin else ""
    return Text.assemble(f"{place(finding.span)}: ", severity, f" {subject}: {one_line(finding.message)}{newer}")


def quiet_denied(finding: Finding) -> Text:
    """``template.yaml:9:5: suppressed AUTH001 TicketsApi: the reason, by team-a (template)``, where it is written."""
    decision = finding.suppression
    span = finding.span if decision is None or decision.span is None else decision.span
    subject = " ".join(filter(None, (rule_shown(finding), name(finding.resource), name(finding.target))))
    verdict = (finding.verdict.value, VERDICT_STYLES[finding.verdict])
    return Text.assemble(f"{place(span)}: ", verdict, f" {subject}: {one_line(suppression_text(finding))}")
