"""The chapters beside the lens: patterns, what was accepted, what was not examined, templates."""

from collections import defaultdict
from dataclasses import dataclass

from reports.document.register import Numbered, Register, RuleGroup
from reports.facts import template_of
from reports.tally import Tally, tally
from validator.model import (
    Category,
    Diagnostic,
    DiagnosticLevel,
    EngineRun,
    EngineStatus,
    Evidence,
    Review,
    StackSummary,
    SuppressionKind,
    TemplateSummary,
    Verdict,
)

_COMPONENT = "component: "


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a pattern."""

    name: str
    statement: str
    item: Numbered


@dataclass(frozen=True, slots=True)
class PatternTable:
    """A workload that is recognised as a pattern, component by component."""

    rule: str
    """The pattern's rule: ``patterns.name.<rule>`` is its name in the catalogue."""
    title: str
    """The title of the rule."""
    resource: str
    reasons: tuple[Evidence, ...]
    components: tuple[Component, ...]

    @property
    def present(self) -> int:
        """How many components are there."""
        return sum(component.item.finding.verdict is Verdict.PASS for component in self.components)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the review says nothing about."""

    engines: tuple[EngineRun, ...]
    templates: tuple[TemplateSummary, ...]
    errors: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class TemplateChapter:
    """One template with its verdicts and its failures by rule."""

    number: int
    template: TemplateSummary
    counts: Tally
    stacks: tuple[StackSummary, ...]
    failures: tuple[tuple[RuleGroup, tuple[Numbered, ...]], ...]


def patterns_of(register: Register) -> tuple[PatternTable, ...]:
    """The patterns that were recognised, by the resource that leads them."""
    found: dict[tuple[str, str, str, str], list[Numbered]] = defaultdict(list)
    titles: dict[str, str] = {}
    for group in register.groups:
        for item in group.items:
            finding = item.finding
            if finding.category is Category.PATTERN_CONFORMANCE:
                titles[group.rule] = group.title
                found[group.rule, finding.resource, finding.stack, template_of(finding)].append(item)
    return tuple(
        PatternTable(
            rule=rule,
            title=titles[rule],
            resource=resource,
            reasons=next((i.finding.evidence for i in items if i.finding.verdict is not Verdict.PASS), ()),
            components=tuple(_component(item) for item in items),
        )
        for (rule, resource, _, _), items in sorted(found.items())
    )


def _component(item: Numbered) -> Component:
    finding = item.finding
    name = finding.target.removeprefix(_COMPONENT)
    _, told, statement = finding.message.partition(f"; {name}: ")
    return Component(name, statement if told else finding.message, item)


def accepted_of(register: Register, kind: SuppressionKind) -> tuple[Numbered, ...]:
    """The findings that were accepted in one way."""
    items = (item for group in register.of_verdict(Verdict.SUPPRESSED) for item in group.items)
    return tuple(item for item in items if _kind(item) is kind)


def _kind(item: Numbered) -> SuppressionKind:
    decision = item.finding.suppression
    return SuppressionKind.TEMPLATE if decision is None else decision.kind


def gaps_of(review: Review) -> Gaps:
    """What did not run and what could not be read."""
    diagnostics = review.diagnostics
    return Gaps(
        engines=tuple(engine for engine in review.engines if engine.status is not EngineStatus.RAN or engine.note),
        templates=tuple(template for template in review.templates if not template.readable),
        errors=tuple(d for d in diagnostics if d.level is DiagnosticLevel.ERROR),
        warnings=tuple(d for d in diagnostics if d.level is not DiagnosticLevel.ERROR),
    )


def templates_of(review: Review, register: Register) -> tuple[TemplateChapter, ...]:
    """One chapter a template, in the order of the run."""
    items: dict[str, list[Numbered]] = defaultdict(list)
    for group in register.groups:
        for item in group.items:
            items[template_of(item.finding)].append(item)
    return tuple(
        TemplateChapter(
            number=number,
            template=template,
            counts=tally(item.finding for item in items[template.path]),
            stacks=tuple(stack for stack in review.stacks if stack.template == template.path),
            failures=_by_group(items[template.path], register),
        )
        for number, template in enumerate(review.templates, 1)
    )


def _by_group(items: list[Numbered], register: Register) -> tuple[tuple[RuleGroup, tuple[Numbered, ...]], ...]:
    found: dict[int, list[Numbered]] = defaultdict(list)
    groups: dict[int, RuleGroup] = {}
    for item in items:
        if item.finding.verdict is Verdict.FAIL:
            group = register.group_of(item)
            groups[group.number] = group
            found[group.number].append(item)
    return tuple((groups[number], tuple(members)) for number, members in found.items())
