"""Version 1 of a lens review as JSON.

These classes are the public contract, as ``reports/schema/v1.py`` is for ``tierlens check``: a field is never renamed
or removed within a version. The docstrings are the schema's descriptions.
"""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from reports.schema import v1
from validator.lens import (
    AnswerValue,
    ContradictionKind,
    Decidable,
    Effort,
    NoteKind,
    QuestionState,
    Rating,
    Reason,
    Risk,
    Standing,
    Trend,
)
from validator.model import Severity, Verdict

SCHEMA_VERSION: Literal[1] = 1
SCHEMA_FILE = Path(__file__).with_name("review_v1.json")

Text = Annotated[str, BeforeValidator(v1.without_lone_surrogates)]
Count = Annotated[int, Field(ge=0)]
Index = Annotated[int, Field(ge=0, description="Position in report.findings, from 0.")]


class _Public(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lens(_Public):
    """The lens that was asked."""

    alias: Text
    name: Text


class Levels(_Public):
    """Questions by level of risk."""

    none: Count
    medium: Count
    high: Count


class Answer(_Public):
    """What a person said."""

    subject: Text = Field(description="A practice (SEC1.a2), or a question that does not apply (SEC1).")
    answer: AnswerValue
    by: Text
    when: date | None
    note: Text


class Practice(_Public):
    """One best practice and where it stands; the lists name findings."""

    id: Text
    official_id: Text
    official_title: Text
    title: Text
    rating: Rating
    decidable: Decidable
    standing: Standing
    reason: Reason
    contradicting: list[Index]
    concerns: list[Index] = Field(description="Failures that bear on it without contradicting it.")
    unknown: list[Index]
    suppressed: list[Index]
    supporting: list[Index]
    answer: Answer | None
    contradiction: ContradictionKind | None = Field(description="How the templates contradict the answer.")


class Question(_Public):
    """One question; its risk if each open practice is followed (best) and if none is (worst)."""

    id: Text
    official_id: Text
    official_title: Text
    title: Text
    why: Text
    state: QuestionState
    best: Risk
    worst: Risk
    practices: list[Practice]
    findings: list[Index] = Field(description="Findings that bear on the question and on no single practice.")


class Pillar(_Public):
    """One pillar."""

    id: Text
    name: Text
    best: Levels
    worst: Levels
    unanswered: Count
    not_applicable: Count
    questions: list[Question]


class PlanStep(_Public):
    """The failures of one rule under a practice."""

    rule: Text
    source: Text
    title: Text
    fix: Text
    effort: Effort
    findings: list[Index]


class PlanItem(_Public):
    """A practice that is not followed."""

    position: int = Field(ge=1, description="What to do first has 1.")
    practice: Text
    risk: Risk
    effort: Effort
    steps: list[PlanStep]


class Note(_Public):
    """A remark on an answer."""

    kind: NoteKind
    subject: Text


class RiskRange(_Public):
    """The best and the worst case."""

    best: Risk
    worst: Risk


class PracticeChange(_Public):
    """A practice whose standing changed."""

    practice: Text
    before: Standing
    after: Standing


class QuestionChange(_Public):
    """One question then and now; null where it did or does not apply."""

    question: Text
    trend: Trend
    before: RiskRange | None
    after: RiskRange | None
    practices: list[PracticeChange]


class FindingChange(_Public):
    """A finding of now, and its verdict then."""

    before: Verdict
    finding: Index


class PastFinding(_Public):
    """A failure of then whose subject is not judged any more."""

    fingerprint: Text
    rule: Text
    source: Text
    severity: Severity
    resource: Text
    target: Text
    message: Text
    template: Text
    stack: Text


class Comparison(_Public):
    """This review against the latest of the earlier ones."""

    date: date
    version: Text
    questions: list[QuestionChange]
    new: list[Index]
    worse: list[FindingChange]
    improved: list[FindingChange]
    removed: list[PastFinding]
    unchanged: Count = Field(description="Failures that are in both.")


class TrendPoint(_Public):
    """One review in the row of reviews."""

    date: date
    version: Text
    best: Levels
    worst: Levels
    failures: dict[Severity, Count]
    open_practices: Count
    is_current: bool


class Summary(_Public):
    """The review in numbers."""

    best: Levels
    worst: Levels
    unanswered: Count
    not_applicable: Count
    practices: dict[Standing, Count]


class LensReviewDocument(_Public):
    """The object that ``tierlens review --format json`` prints; ``--compare`` reads it."""

    kind: Literal["tierlens-review"]
    schema_version: Literal[1]
    tool: v1.Tool
    title: Text
    date: date
    lens: Lens
    summary: Summary
    pillars: list[Pillar]
    plan: list[PlanItem]
    notes: list[Note]
    comparison: Comparison | None
    trend: list[TrendPoint] = Field(description="Earlier reviews and this one, oldest first; empty without any.")
    unmapped: list[Index] = Field(description="Failures and unknowns that bear on no question.")
    report: v1.Report = Field(description="The run that the review rests on, as tierlens check writes it.")


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of the review, as it is committed in ``SCHEMA_FILE``."""
    schema = LensReviewDocument.model_json_schema(mode="serialization")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | schema, indent=2, sort_keys=True) + "\n"
