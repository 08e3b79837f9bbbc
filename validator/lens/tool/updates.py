"""Answers for the official Serverless Lens, as parameters of ``UpdateAnswer``.

Only what a review decided is sent. What people selected in the tool is kept: it is read first and merged. Never sent
are an empty ``SelectedChoices`` and *None of these*, whose effects AWS does not document.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from validator.lens.review import (
    LensReview,
    PracticeReview,
    QuestionReview,
    QuestionState,
    Reason,
    Standing,
)
from validator.lens.tool.matching import Matched, match_titles

NOTE_LENGTH = 250
ALIAS = "serverless"

_STATUS = {
    Standing.SHOWN: "SELECTED",
    Standing.NOT_SHOWN: "UNSELECTED",
    Standing.NOT_APPLICABLE: "NOT_APPLICABLE",
}


@dataclass(frozen=True, slots=True)
class Updates:
    """The calls to make, in order, and what was left alone and why."""

    calls: tuple[dict[str, Any], ...]
    notes: tuple[str, ...] = field(default=())


def updates_of(
    lens_review: LensReview, workload_id: str = "", current: Sequence[Mapping[str, Any]] | None = None
) -> Updates:
    """The calls for every question that the review decides, wholly or in part.

    ``current`` are the ``AnswerSummaries`` of ``ListAnswers``; None when they are not known: then a call replaces
    what is selected in the tool. Raises UsageError when titles and ids of the tool do not match the lens.
    """
    matched = None if current is None else match_titles(lens_review.lens, current)
    calls: list[dict[str, Any]] = []
    notes: list[str] = list(matched.notes) if matched is not None else []
    for question in lens_review.questions:
        call, remarks = _Question(question, matched).call()
        notes += remarks
        if call is not None:
            head = {"WorkloadId": workload_id} if workload_id else {}
            calls.append(head | {"LensAlias": ALIAS} | call)
    return Updates(tuple(calls), tuple(notes))


class _Question:
    """One question with what the tool has of it."""

    def __init__(self, review: QuestionReview, matched: Matched | None) -> None:
        self.review = review
        self.matched = matched
        self.name = review.question.id
        self.current = {} if matched is None else matched.summaries[self.name]
        self.selected = list(self.current.get("SelectedChoices", []))
        statuses = self.current.get("ChoiceAnswerSummaries", [])
        self.statuses = {entry["ChoiceId"]: entry["Status"] for entry in statuses}
        self.remarks: list[str] = []

    def call(self) -> tuple[dict[str, Any] | None, list[str]]:
        """The parameters without workload and lens, None when there is nothing to send; and remarks."""
        parameters = {"QuestionId": self._question_id()}
        if self.review.state is QuestionState.NOT_APPLICABLE:
            body = self._not_applicable()
        elif self._is_left_alone():
            body = None
        else:
            body = self._choices()
        return (None if body is None else parameters | body), self.remarks

    def _not_applicable(self) -> dict[str, Any] | None:
        if self.selected:
            self.remarks.append(f"{self.name}: does not apply by this review, but choices are selected: left alone")
            return None
        if self.current.get("IsApplicable") is False:
            return None
        return {"IsApplicable": False, "Reason": "OUT_OF_SCOPE"}

    def _is_left_alone(self) -> bool:
        if self.current.get("IsApplicable") is False:
            self.remarks.append(f"{self.name}: somebody marked it as not applicable: left alone")
            return True
        none = [choice for choice in self.selected if choice.endswith("_no")]
        if none:
            self.remarks.append(f"{self.name}: somebody selected 'None of these': left alone")
        return bool(none)

    def _choices(self) -> dict[str, Any] | None:
        changes = dict(self._changes())
        chosen = [choice for choice, change in changes.items() if change["Status"] == "SELECTED"]
        selected = list(dict.fromkeys((*self.selected, *chosen)))
        if not changes:
            return None
        body: dict[str, Any] = {"ChoiceUpdates": changes, "IsApplicable": True}
        return ({"SelectedChoices": selected} if selected else {}) | body

    def _changes(self) -> Iterator[tuple[str, dict[str, str]]]:
        for practice in self.review.practices:
            status = _STATUS.get(practice.standing)
            if status is None:
                continue
            choice = self._choice_id(practice)
            if choice in self.selected and status != "SELECTED":
                found = f"selected in the tool, {practice.standing.value} by this review"
                self.remarks.append(f"{practice.practice.id}: {found}: left alone")
                continue
            now = self.statuses.get(choice, "SELECTED" if choice in self.selected else "")
            if now == status:
                continue
            if now == "NOT_APPLICABLE":
                self.remarks.append(f"{practice.practice.id}: somebody marked it as not applicable: left alone")
                continue
            yield choice, _change(practice, status)

    def _question_id(self) -> str:
        if self.matched is None:
            return self.review.question.official_id
        return self.matched.question_ids[self.name]

    def _choice_id(self, practice: PracticeReview) -> str:
        if self.matched is None:
            return practice.practice.official_id
        return self.matched.choice_ids[practice.practice.id]


def _change(review: PracticeReview, status: str) -> dict[str, str]:
    reason = "OUT_OF_SCOPE" if status == "NOT_APPLICABLE" else "NONE"
    return {"Status": status, "Reason": reason, "Notes": _note(review)}


def _note(review: PracticeReview) -> str:
    """Why, in at most 250 characters; no names of people."""
    match review.reason:
        case Reason.PROVEN:
            text = f"{_counted(len(review.supporting), 'proof')} by {_rules(review.supporting)}"
        case Reason.CONTRADICTED:
            text = f"{_counted(len(review.contradicting), 'failure')} of {_rules(review.contradicting)}"
        case Reason.CONFIRMED | Reason.DENIED | Reason.EXCLUDED:
            text = "answered by a person"
        case _:
            text = "the templates hold nothing that it is about"
    note = f"tierlens: {text}"
    return note if len(note) <= NOTE_LENGTH else f"{note[: NOTE_LENGTH - 1]}…"


def _rules(findings: Sequence[Any]) -> str:
    return ", ".join(sorted({finding.rule for finding in findings}))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
