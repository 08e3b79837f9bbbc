"""The improvement plan: every practice that is not followed, ordered by risk, then severity, then effort."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from validator.lens.review import Effort, PlanItem, PlanStep, PracticeReview, Risk, Standing
from validator.model import Category, Finding, RuleText

_FEW, _SOME = 3, 12
"""Up to how many changes are a small and a medium effort."""

_STRUCTURAL_WEIGHT = 4
_STRUCTURAL = (Category.TIER_SEPARATION, Category.PRIVATE_DATA)
"""Their failures are mended by moving or replacing resources: one of them is no small change."""


def plan_of(practices: Iterable[PracticeReview], rules: Mapping[str, RuleText]) -> tuple[PlanItem, ...]:
    """What to do, in order. ``practices`` come in the order of the lens, which settles what is equal."""
    items = [_item(review, rules) for review in practices if review.standing is Standing.NOT_SHOWN]
    ordered = sorted(items, key=_order)
    return tuple(replace(item, position=number) for number, item in enumerate(ordered, 1))


def effort_of(findings: Iterable[Finding]) -> Effort:
    """An estimate from the places that are to change: small up to 3, medium up to 12, a structural one counts 4."""
    places = {(f.template, f.resource, f.target): f.category in _STRUCTURAL for f in findings}
    if not places:
        return Effort.UNKNOWN
    weight = sum(_STRUCTURAL_WEIGHT if structural else 1 for structural in places.values())
    return Effort.SMALL if weight <= _FEW else Effort.MEDIUM if weight <= _SOME else Effort.LARGE


def _item(review: PracticeReview, rules: Mapping[str, RuleText]) -> PlanItem:
    return PlanItem(
        position=0,
        practice=review.practice,
        risk=Risk.HIGH if review.practice.is_required else Risk.MEDIUM,
        effort=effort_of(review.contradicting),
        steps=_steps(review.contradicting, rules),
        answer=review.answer,
    )


def _steps(findings: Iterable[Finding], rules: Mapping[str, RuleText]) -> tuple[PlanStep, ...]:
    by_rule: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.source, finding.rule].append(finding)
    steps = (_step(found, rules) for found in by_rule.values())
    return tuple(sorted(steps, key=lambda step: (-_worst(step.findings), step.effort.rank, step.rule)))


def _step(findings: list[Finding], rules: Mapping[str, RuleText]) -> PlanStep:
    worst = max(findings, key=lambda finding: finding.severity.rank)
    text = rules.get(worst.rule)
    title = worst.message if text is None else text.title
    return PlanStep(worst.rule, worst.source, title, worst.fix, tuple(findings), effort_of(findings))


def _worst(findings: Iterable[Finding]) -> int:
    return max((finding.severity.rank for finding in findings), default=-1)


def _order(item: PlanItem) -> tuple[int, int, int]:
    severity = _worst(finding for step in item.steps for finding in step.findings)
    return -item.risk.rank, -severity, item.effort.rank
