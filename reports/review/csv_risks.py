"""The risks of a lens review as CSV (RFC 4180): one row for each practice, for spreadsheets and risk registers."""

import csv
import io
from collections.abc import Iterable

from reports.strings import visible
from validator.lens import LensReview, LensReviewOptions, PracticeReview, QuestionReview, Texts, texts_of
from validator.model import Finding

COLUMNS = (
    "pillar",
    "question",
    "question_title",
    "question_risk_best",
    "question_risk_worst",
    "practice",
    "practice_title",
    "rating",
    "standing",
    "reason",
    "plan_position",
    "effort",
    "failures",
    "worst_severity",
    "unknown",
    "accepted",
    "passes",
    "rules",
    "resources",
    "answer",
    "answered_by",
    "answered_when",
    "note",
    "contradiction",
    "official_question",
    "official_choice",
)

_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CELL_LIMIT = 32_000


class CsvRisksWriter:
    """Writes every practice, whatever its standing: who wants the risks only filters by a column."""

    name = "csv"

    def write(self, lens_review: LensReview, options: LensReviewOptions) -> str:
        """The table with a header; titles and reasons are in the language that is asked for."""
        texts = texts_of(options.language)
        plan = {item.practice.id: (str(item.position), item.effort.value) for item in lens_review.plan}
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        for pillar in lens_review.pillars:
            name = texts(f"pillar.{pillar.pillar.id}.name")
            for question in pillar.questions:
                for practice in question.practices:
                    position, effort = plan.get(practice.practice.id, ("", ""))
                    cells = _row(name, question, practice, texts) | {"plan_position": position, "effort": effort}
                    table.writerow([_cell(cells[column]) for column in COLUMNS])
        return out.getvalue()


writer = CsvRisksWriter()


def _row(pillar: str, question: QuestionReview, review: PracticeReview, texts: Texts) -> dict[str, str]:
    practice, answer, failures = review.practice, review.answer, (*review.contradicting, *review.concerns)
    return {
        "pillar": pillar,
        "question": question.question.id,
        "question_title": texts(f"question.{question.question.id}.title"),
        "question_risk_best": question.risk.best.value,
        "question_risk_worst": question.risk.worst.value,
        "practice": practice.id,
        "practice_title": texts(f"practice.{practice.id}.title"),
        "rating": practice.rating.value,
        "standing": review.standing.value,
        "reason": texts(f"reason.{review.reason.value}"),
        "failures": str(len(failures)),
        "worst_severity": _worst(failures),
        "unknown": str(len(review.unknown)),
        "accepted": str(len(review.suppressed)),
        "passes": str(len(review.supporting)),
        "rules": _named(finding.rule for finding in failures),
        "resources": _named(finding.resource for finding in failures),
        "answer": "" if answer is None else answer.value.value,
        "answered_by": "" if answer is None else answer.by,
        "answered_when": "" if answer is None or answer.when is None else answer.when.isoformat(),
        "note": "" if answer is None else answer.note,
        "contradiction": "" if review.contradiction is None else review.contradiction.kind.value,
        "official_question": question.question.official_id,
        "official_choice": practice.official_id,
    }


def _worst(findings: Iterable[Finding]) -> str:
    worst = max((finding.severity for finding in findings), key=lambda severity: severity.rank, default=None)
    return "" if worst is None else worst.value


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))


def _cell(value: str) -> str:
    # A spreadsheet takes a cell that begins so for a formula, and a formula can run programs.
    text = visible(value)[:_CELL_LIMIT]
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) else text
