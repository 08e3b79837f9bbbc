"""Remarks on answers: too old, without a date or a name, not needed."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from validator.lens.review import Answer, AnswerNote, AnswerValue, NoteKind, PracticeReview, Reason

STALE_AFTER = timedelta(days=365)
"""How long an answer holds: the Well-Architected Framework asks for a review at least once a year."""


def notes_on(practices: Iterable[PracticeReview], answers: Iterable[Answer], today: date) -> tuple[AnswerNote, ...]:
    """The remarks, an answer after the other in the order of their subjects."""
    proven = {
        review.practice.id
        for review in practices
        if review.reason is Reason.PROVEN and review.answer is not None and review.answer.value is AnswerValue.YES
    }
    ordered = sorted(answers, key=lambda answer: answer.span)
    return tuple(AnswerNote(kind, answer) for answer in ordered for kind in _kinds(answer, today, proven))


def _kinds(answer: Answer, today: date, proven: set[str]) -> Iterator[NoteKind]:
    if answer.when is None:
        yield NoteKind.UNDATED
    elif today - answer.when > STALE_AFTER:
        yield NoteKind.STALE
    if not answer.by:
        yield NoteKind.UNSIGNED
    if answer.subject in proven:
        yield NoteKind.NOT_NEEDED
