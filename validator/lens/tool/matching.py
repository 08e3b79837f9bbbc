"""Questions and choices of the lens as the Well-Architected Tool has them: by title first, then by id.

AWS may word a title anew, and other lenses use the same ids for other questions: an id alone is taken only where the
titles are alike. Anything else ends the run before the first change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from validator.lens.catalogue import Lens, Practice, Question
from validator.model import UsageError

_ALIKE = 0.6
"""How alike a title of ours and of the tool's have to be for the id to count, as ``difflib`` measures."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The tool's ids by ours, and its answers by our questions."""

    question_ids: Mapping[str, str]
    choice_ids: Mapping[str, str]
    summaries: Mapping[str, Mapping[str, Any]]
    notes: tuple[str, ...]


def match_titles(lens: Lens, current: Sequence[Mapping[str, Any]]) -> Matched:
    """Match every question and practice with the ``AnswerSummaries`` of ``ListAnswers``.

    Raises UsageError that names all that has no match: the lens of the workload is not the one tierlens knows.
    """
    question_ids: dict[str, str] = {}
    choice_ids: dict[str, str] = {}
    summaries: dict[str, Mapping[str, Any]] = {}
    notes: list[str] = []
    lost: list[str] = []
    for question in lens.questions:
        summary = _find(question, current, "QuestionTitle", "QuestionId", notes)
        if summary is None:
            lost.append(question.id)
            continue
        question_ids[question.id], summaries[question.id] = summary["QuestionId"], summary
        for practice in question.practices:
            choice = _find(practice, summary.get("Choices", []), "Title", "ChoiceId", notes)
            if choice is None:
                lost.append(practice.id)
            else:
                choice_ids[practice.id] = choice["ChoiceId"]
    if lost:
        raise UsageError(
            f"the Well-Architected Tool has no match for {', '.join(lost)}: nothing was changed",
            hint="the workload has another version of the Serverless Lens, or another lens: look at list-answers",
        )
    return Matched(question_ids, choice_ids, summaries, tuple(notes))


def _find(
    wanted: Question | Practice, entries: Sequence[Mapping[str, Any]], title: str, identity: str, notes: list[str]
) -> Mapping[str, Any] | None:
    same = [entry for entry in entries if _plain(entry.get(title, "")) == _plain(wanted.official_title)]
    if len(same) == 1:
        return same[0]
    for entry in entries:
        if entry.get(identity) == wanted.official_id and _is_alike(entry.get(title, ""), wanted.official_title):
            notes.append(f"{wanted.id}: matched by its id; the tool's title is {entry.get(title)!r}")
            return entry
    return None


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").casefold().split()).rstrip("?.")


def _is_alike(one: str, other: str) -> bool:
    import difflib

    return difflib.SequenceMatcher(None, _plain(one), _plain(other)).ratio() >= _ALIKE
