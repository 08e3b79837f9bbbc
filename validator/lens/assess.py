"""From a run and what people know to a lens review."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from pathlib import PurePosixPath

from validator.lens.applicability import is_out_of_scope
from validator.lens.catalogue import Pillar, Question, load_lens
from validator.lens.compare import compare, trend_of
from validator.lens.coverage import CoverageTable, coverage_table
from validator.lens.evidence import Evidence, Sorted, sort_findings
from validator.lens.notes import notes_on
from validator.lens.past import PastReview
from validator.lens.plan import plan_of
from validator.lens.review import (
    Answer,
    LensReview,
    PillarReview,
    PracticeReview,
    QuestionReview,
    QuestionState,
    Standing,
)
from validator.lens.risk import NO_RISK, counts_of, risk_of, state_of
from validator.lens.standing import judge_practice
from validator.model import Review


def assess(
    review: Review,
    *,
    today: date,
    answers: Iterable[Answer] = (),
    past: Sequence[PastReview] = (),
    title: str = "",
) -> LensReview:
    """Review a run by the Serverless Lens.

    Takes the run, what people answered (at most one answer a subject), earlier reviews of the same workload in any
    order, and the name of the workload. Gives the review as of ``today``. Raises nothing.
    """
    lens, table = load_lens(), coverage_table()
    found = sort_findings(review.findings, table, lens.practices)
    by_subject = {answer.subject: answer for answer in answers}
    pillars = tuple(_pillar(pillar, found, by_subject, review, table) for pillar in lens.pillars)
    practices = [practice for pillar in pillars for question in pillar.questions for practice in question.practices]
    result = LensReview(
        title=title or _title(review),
        date=today,
        lens=lens,
        review=review,
        pillars=pillars,
        plan=plan_of(practices, review.rules),
        contradictions=tuple(p.contradiction for p in practices if p.contradiction is not None),
        notes=notes_on(practices, by_subject.values(), today),
        unmapped=found.unmapped,
    )
    return _compared(result, past)


def _compared(result: LensReview, past: Sequence[PastReview]) -> LensReview:
    if not past:
        return result
    ordered = sorted(past, key=lambda earlier: earlier.date)
    return replace(result, comparison=compare(ordered[-1], result), trend=trend_of(ordered, result))


def _title(review: Review) -> str:
    """The workload by the folder that holds all its templates, or by its template where there is one only."""
    paths = [PurePosixPath(template.path) for template in review.templates]
    if len(paths) == 1:
        return str(paths[0])
    folders = [path.parts[:-1] for path in paths]
    shared = takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False))
    folder = str(PurePosixPath(*(parts[0] for parts in shared)))
    return folder if folder not in {".", "/"} else review.root.name or "workload"


def _pillar(
    pillar: Pillar, found: Sorted, answers: Mapping[str, Answer], review: Review, table: CoverageTable
) -> PillarReview:
    questions = tuple(_question(question, found, answers, review, table) for question in pillar.questions)
    return PillarReview(pillar, questions, counts_of(questions))


def _question(
    question: Question, found: Sorted, answers: Mapping[str, Answer], review: Review, table: CoverageTable
) -> QuestionReview:
    whole = answers.get(question.id)
    nothing_asked = is_out_of_scope(question.id, review, table)
    practices = tuple(
        judge_practice(
            practice,
            found.by_practice.get(practice.id, Evidence()),
            answers.get(practice.id, whole),
            review=review,
            table=table,
            out_of_scope=nothing_asked or is_out_of_scope(practice.id, review, table),
        )
        for practice in question.practices
    )
    risk = risk_of(practices)
    state = state_of(practices, risk)
    if state is QuestionState.NOT_APPLICABLE:
        risk = NO_RISK
    return QuestionReview(question, state, risk, practices, found.by_question.get(question.id, ()), whole)


def open_points(lens_review: LensReview) -> tuple[PracticeReview, ...]:
    """What to ask people, the most telling first: what decides between best and worst case of a high risk."""
    states = {question.question.id: question for question in lens_review.questions}

    def order(review: PracticeReview) -> tuple[int, int]:
        risk = states[review.practice.question].risk
        return -(risk.worst.rank - risk.best.rank), 0 if review.practice.is_required else 1

    points = (practice for practice in lens_review.practices if practice.standing is Standing.OPEN)
    return tuple(sorted(points, key=order))
