"""A lens review as JSON: one object, described by ``reports/review/review_v1.json``."""

from collections import Counter
from collections.abc import Iterable, Mapping

from reports.json_report import JsonWriter
from reports.json_text import json_text
from reports.review import schema
from reports.schema import v1
from validator.lens import (
    Answer,
    Comparison,
    FindingChange,
    LensReview,
    LensReviewOptions,
    PastFinding,
    PillarReview,
    PlanItem,
    PracticeReview,
    QuestionChange,
    QuestionReview,
    Risk,
    RiskRange,
    Standing,
    TrendPoint,
)
from validator.model import Finding, ReportOptions, Review, Severity, Verdict


class JsonReviewWriter:
    """Writes the review with all of the report it rests on; findings are named by their position there."""

    name = "json"

    def write(self, lens_review: LensReview, options: LensReviewOptions) -> str:
        """The review as indented JSON. The same review always gives the same text, in every language."""
        document = document_of(lens_review)
        text = json_text(document.model_dump(mode="json", exclude={"report"}))
        # The report is written apart and put in as it is: its models would take many times the text's memory.
        report = JsonWriter().write(lens_review.review, ReportOptions()).rstrip("\n").replace("\n", "\n  ")
        return text.removesuffix("\n}") + f',\n  "report": {report}\n}}\n'


writer = JsonReviewWriter()


def document_of(lens_review: LensReview) -> schema.LensReviewDocument:
    """The review in the public shape, with an empty report."""
    places = _Places(lens_review.review)
    questions = [question for pillar in lens_review.pillars for question in pillar.questions]
    counts = [pillar.counts for pillar in lens_review.pillars]
    comparison = lens_review.comparison
    return schema.LensReviewDocument.model_construct(
        kind="tierlens-review",
        schema_version=schema.SCHEMA_VERSION,
        tool=v1.Tool(name="tierlens", version=lens_review.review.version),
        title=v1.without_lone_surrogates(lens_review.title),
        date=lens_review.date,
        lens=schema.Lens(alias=lens_review.lens.alias, name=lens_review.lens.name),
        summary=schema.Summary(
            best=_levels(_sum(count.best for count in counts)),
            worst=_levels(_sum(count.worst for count in counts)),
            unanswered=sum(count.unanswered for count in counts),
            not_applicable=sum(count.not_applicable for count in counts),
            practices={standing: sum(len(q.of_standing(standing)) for q in questions) for standing in Standing},
        ),
        pillars=[_pillar(pillar, places) for pillar in lens_review.pillars],
        plan=[_plan_item(item, places) for item in lens_review.plan],
        notes=[schema.Note(kind=note.kind, subject=note.answer.subject) for note in lens_review.notes],
        comparison=None if comparison is None else _comparison(comparison, places),
        trend=[_trend_point(point) for point in lens_review.trend],
        unmapped=places.of(lens_review.unmapped),
    )


class _Places:
    """The positions of findings in the report; equal findings each have their own."""

    def __init__(self, review: Review) -> None:
        self._by_identity = {id(finding): place for place, finding in enumerate(review.findings)}

    def of(self, findings: Iterable[Finding]) -> list[int]:
        return [self._by_identity[id(finding)] for finding in findings]


def _pillar(review: PillarReview, places: _Places) -> schema.Pillar:
    return schema.Pillar(
        id=review.pillar.id,
        name=review.pillar.name,
        best=_levels(review.counts.best),
        worst=_levels(review.counts.worst),
        unanswered=review.counts.unanswered,
        not_applicable=review.counts.not_applicable,
        questions=[_question(question, places) for question in review.questions],
    )


def _question(review: QuestionReview, places: _Places) -> schema.Question:
    question = review.question
    return schema.Question(
        id=question.id,
        official_id=question.official_id,
        official_title=question.official_title,
        title=question.title,
        why=question.why,
        state=review.state,
        best=review.risk.best,
        worst=review.risk.worst,
        practices=[_practice(practice, places) for practice in review.practices],
        findings=places.of(review.findings),
    )


def _practice(review: PracticeReview, places: _Places) -> schema.Practice:
    practice = review.practice
    return schema.Practice(
        id=practice.id,
        official_id=practice.official_id,
        official_title=practice.official_title,
        title=practice.title,
        rating=practice.rating,
        decidable=practice.decidable,
        standing=review.standing,
        reason=review.reason,
        contradicting=places.of(review.contradicting),
        concerns=places.of(review.concerns),
        unknown=places.of(review.unknown),
        suppressed=places.of(review.suppressed),
        supporting=places.of(review.supporting),
        answer=None if review.answer is None else _answer(review.answer),
        contradiction=None if review.contradiction is None else review.contradiction.kind,
    )


def _answer(answer: Answer) -> schema.Answer:
    return schema.Answer(
        subject=answer.subject, answer=answer.value, by=answer.by, when=answer.when, note=answer.note
    )


def _plan_item(item: PlanItem, places: _Places) -> schema.PlanItem:
    steps = [
        schema.PlanStep(
            rule=step.rule,
            source=step.source,
            title=step.title,
            fix=step.fix,
            effort=step.effort,
            findings=places.of(step.findings),
        )
        for step in item.steps
    ]
    return schema.PlanItem(
        position=item.position, practice=item.practice.id, risk=item.risk, effort=item.effort, steps=steps
    )


def _comparison(comparison: Comparison, places: _Places) -> schema.Comparison:
    return schema.Comparison(
        date=comparison.date,
        version=comparison.version,
        questions=[_question_change(change) for change in comparison.questions],
        new=places.of(comparison.new),
        worse=[_finding_change(change, places) for change in comparison.worse],
        improved=[_finding_change(change, places) for change in comparison.improved],
        removed=[_past_finding(finding) for finding in comparison.removed],
        unchanged=comparison.unchanged,
    )


def _question_change(change: QuestionChange) -> schema.QuestionChange:
    practices = [
        schema.PracticeChange(practice=moved.practice, before=moved.before, after=moved.after)
        for moved in change.practices
    ]
    return schema.QuestionChange(
        question=change.question,
        trend=change.trend,
        before=_range(change.before),
        after=_range(change.after),
        practices=practices,
    )


def _finding_change(change: FindingChange, places: _Places) -> schema.FindingChange:
    return schema.FindingChange(before=Verdict(change.before.verdict), finding=places.of((change.after,))[0])


def _past_finding(finding: PastFinding) -> schema.PastFinding:
    return schema.PastFinding(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        source=finding.source,
        severity=Severity(finding.severity),
        resource=finding.resource,
        target=finding.target,
        message=finding.message,
        template=finding.template,
        stack=finding.stack,
    )


def _trend_point(point: TrendPoint) -> schema.TrendPoint:
    return schema.TrendPoint(
        date=point.date,
        version=point.version,
        best=_levels(point.best),
        worst=_levels(point.worst),
        failures={Severity(name): count for name, count in point.failures.items()},
        open_practices=point.open_practices,
        is_current=point.is_current,
    )


def _range(risk: RiskRange | None) -> schema.RiskRange | None:
    return None if risk is None else schema.RiskRange(best=risk.best, worst=risk.worst)


def _levels(counts: Mapping[Risk, int]) -> schema.Levels:
    return schema.Levels(none=counts[Risk.NONE], medium=counts[Risk.MEDIUM], high=counts[Risk.HIGH])


def _sum(counts: Iterable[Mapping[Risk, int]]) -> Mapping[Risk, int]:
    total: Counter[Risk] = Counter()
    for count in counts:
        total.update(count)
    return total
