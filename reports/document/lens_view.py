"""The lens part of the document: pillars, questions, practices with their evidence, and the improvement plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.document.register import Numbered, Register, RuleGroup
from validator.lens import LensReview, PillarReview, PlanItem, PlanStep, PracticeReview, QuestionReview, Standing
from validator.model import Finding

_NAMED = 4
"""Findings of one rule that are named where evidence is listed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """The findings of one rule as evidence: the first are named, the rest is counted."""

    group: RuleGroup
    items: tuple[Numbered, ...]

    @property
    def named(self) -> tuple[Numbered, ...]:
        """Those that are named."""
        return self.items[:_NAMED]

    @property
    def more(self) -> int:
        """How many are counted only."""
        return len(self.items) - len(self.named)


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """Evidence of one kind; ``kind`` ends the key ``practice.<kind>`` of the catalogue."""

    kind: str
    rules: tuple[RuleEvidence, ...]
    is_folded: bool

    @property
    def count(self) -> int:
        """Findings in all."""
        return sum(len(rule.items) for rule in self.rules)


@dataclass(frozen=True, slots=True)
class PracticeView:
    """A practice and what speaks for and against it."""

    review: PracticeReview
    evidence: tuple[EvidenceList, ...]

    @property
    def asks(self) -> bool:
        """Whether its question to people is open."""
        return self.review.standing is Standing.OPEN and bool(self.review.practice.ask)


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its practices."""

    review: QuestionReview
    practices: tuple[PracticeView, ...]
    evidence: tuple[RuleEvidence, ...]
    """Findings that bear on no single practice."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the plan with the findings it mends."""

    step: PlanStep
    evidence: RuleEvidence


@dataclass(frozen=True, slots=True)
class PlanView:
    """One item of the plan."""

    item: PlanItem
    steps: tuple[StepView, ...]

    @property
    def places(self) -> int:
        """How many findings it mends."""
        return len({number.number for step in self.steps for number in step.evidence.items})


@dataclass(frozen=True, slots=True)
class PillarView:
    """One chapter."""

    review: PillarReview
    questions: tuple[QuestionView, ...]
    plan: tuple[PlanView, ...]

    @property
    def practices(self) -> tuple[PracticeReview, ...]:
        """All its practices."""
        return tuple(practice for question in self.questions for practice in question.review.practices)


def pillars_of(lens_review: LensReview, register: Register) -> tuple[PillarView, ...]:
    """The pillars in the order of the lens, each with its part of the plan."""
    plan = plan_of(lens_review, register)
    return tuple(_pillar(pillar, register, plan) for pillar in lens_review.pillars)


def plan_of(lens_review: LensReview, register: Register) -> tuple[PlanView, ...]:
    """The whole plan, in its order."""
    return tuple(PlanView(item, tuple(_step(step, register) for step in item.steps)) for item in lens_review.plan)


def by_rule(findings: Iterable[Finding], register: Register) -> tuple[RuleEvidence, ...]:
    """Findings by rule and verdict, in the order of the document."""
    found: dict[int, list[Numbered]] = {}
    groups: dict[int, RuleGroup] = {}
    for item in register.numbered(findings):
        group = register.group_of(item)
        groups[group.number] = group
        found.setdefault(group.number, []).append(item)
    return tuple(RuleEvidence(groups[number], tuple(items)) for number, items in sorted(found.items()))


def _pillar(review: PillarReview, register: Register, plan: Iterable[PlanView]) -> PillarView:
    questions = tuple(_question(question, register) for question in review.questions)
    ids = {question.question.id for question in review.questions}
    return PillarView(review, questions, tuple(view for view in plan if view.item.practice.question in ids))


def _question(review: QuestionReview, register: Register) -> QuestionView:
    practices = tuple(_practice(practice, register) for practice in review.practices)
    return QuestionView(review, practices, by_rule(review.findings, register))


def _practice(review: PracticeReview, register: Register) -> PracticeView:
    kinds = (
        ("contradicting", review.contradicting),
        ("concerns", review.concerns),
        ("unknown", review.unknown),
        ("suppressed", review.suppressed),
        ("supporting", review.supporting),
    )
    evidence = (EvidenceList(kind, by_rule(found, register), kind == "supporting") for kind, found in kinds if found)
    return PracticeView(review, tuple(evidence))


def _step(step: PlanStep, register: Register) -> StepView:
    (evidence, *_) = by_rule(step.findings, register)
    return StepView(step, evidence)
