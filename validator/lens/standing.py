"""Where a practice stands: what the findings prove, what people say, and what stays open.

A wrong *shown* is the worst outcome: a practice is shown by templates only if they can decide it, something of its
core was judged and passed, and nothing else was said about it. All that is undecided stays open.
"""

from dataclasses import dataclass

from validator.lens.catalogue import Decidable, Practice
from validator.lens.coverage import Coverage, CoverageTable
from validator.lens.evidence import Evidence
from validator.lens.review import (
    Answer,
    AnswerValue,
    Contradiction,
    ContradictionKind,
    PracticeReview,
    Reason,
    Standing,
)
from validator.model import EngineStatus, Finding, Review


@dataclass(frozen=True, slots=True)
class Outcome:
    """A standing and why."""

    standing: Standing
    reason: Reason


def judge_practice(
    practice: Practice,
    evidence: Evidence,
    answer: Answer | None,
    *,
    review: Review,
    table: CoverageTable,
    out_of_scope: bool,
) -> PracticeReview:
    """The practice with its standing, from findings and a person's answer together."""
    found = by_templates(practice, evidence, review, table, out_of_scope)
    outcome = found if answer is None else with_answer(found, answer)
    return PracticeReview(
        practice=practice,
        standing=outcome.standing,
        reason=outcome.reason,
        contradicting=tuple(evidence.contradicting),
        supporting=tuple(evidence.supporting),
        concerns=tuple(evidence.concerns),
        unknown=tuple(evidence.unknown),
        suppressed=tuple(evidence.suppressed),
        answer=answer,
        contradiction=None if answer is None else contradiction(practice, found, answer, evidence),
    )


def by_templates(
    practice: Practice, evidence: Evidence, review: Review, table: CoverageTable, out_of_scope: bool
) -> Outcome:
    """What the findings alone say of a practice."""
    if evidence.contradicting:
        return Outcome(Standing.NOT_SHOWN, Reason.CONTRADICTED)
    if out_of_scope:
        return Outcome(Standing.NOT_APPLICABLE, Reason.NO_SUBJECT)
    if practice.decidable is Decidable.INTERVIEW:
        return Outcome(Standing.OPEN, Reason.NEEDS_ANSWER)
    coverage = table.of(practice.id)
    doubt = _doubt(practice.id, evidence, table)
    if practice.decidable is Decidable.PARTIAL:
        supported = Reason.NEEDS_CONFIRMATION if evidence.supporting else Reason.NEEDS_ANSWER
        return Outcome(Standing.OPEN, doubt or supported)
    if doubt is not None:
        return Outcome(Standing.OPEN, doubt)
    if not any(_decides(finding, coverage) for finding in evidence.supporting):
        return Outcome(Standing.OPEN, Reason.NOTHING_TO_JUDGE)
    if _is_incomplete(review, coverage):
        return Outcome(Standing.OPEN, Reason.INCOMPLETE)
    if coverage.gap:
        return Outcome(Standing.OPEN, Reason.NEEDS_CONFIRMATION)
    return Outcome(Standing.SHOWN, Reason.PROVEN)


def with_answer(found: Outcome, answer: Answer) -> Outcome:
    """The worse of what templates say and what a person says; a person decides what templates leave open."""
    if found.standing is Standing.NOT_SHOWN:
        return found
    match answer.value:
        case AnswerValue.NO:
            return Outcome(Standing.NOT_SHOWN, Reason.DENIED)
        case AnswerValue.NOT_APPLICABLE:
            return found if found.standing is Standing.SHOWN else Outcome(Standing.NOT_APPLICABLE, Reason.EXCLUDED)
        case AnswerValue.YES:
            return found if found.standing is Standing.SHOWN else Outcome(Standing.SHOWN, Reason.CONFIRMED)


def contradiction(practice: Practice, found: Outcome, answer: Answer, evidence: Evidence) -> Contradiction | None:
    """How the templates contradict the answer; None when they do not."""
    said = answer.value
    if found.standing is Standing.NOT_SHOWN and said is not AnswerValue.NO:
        kind = ContradictionKind.SAID_YES if said is AnswerValue.YES else ContradictionKind.SAID_NOT_APPLICABLE
        return Contradiction(practice.id, kind, answer, tuple(evidence.contradicting))
    if found.standing is Standing.SHOWN and said is not AnswerValue.YES:
        kind = ContradictionKind.SAID_NO if said is AnswerValue.NO else ContradictionKind.SAID_NOT_APPLICABLE
        return Contradiction(practice.id, kind, answer, tuple(evidence.supporting))
    return None


def _doubt(name: str, evidence: Evidence, table: CoverageTable) -> Reason | None:
    """What keeps the practice open although nothing contradicts it.

    Findings that would be concerns only, were they failures, keep it open only where their rule decides it.
    """
    coverage = table.of(name)

    def matters(finding: Finding) -> bool:
        return _decides(finding, coverage) or table.contradicts(finding, name)

    if any(matters(finding) for finding in evidence.unknown):
        return Reason.UNKNOWN
    if any(matters(finding) for finding in evidence.suppressed):
        return Reason.ACCEPTED
    if any(_decides(finding, coverage) for finding in evidence.concerns):
        return Reason.CONCERN
    return None


def _decides(finding: Finding, coverage: Coverage) -> bool:
    return finding.source == "tierlens" and finding.rule in coverage.decided_by


def _is_incomplete(review: Review, coverage: Coverage) -> bool:
    """Whether something that could contradict the practice was not judged."""
    ran = {engine.name for engine in review.engines if engine.status is EngineStatus.RAN}
    return review.incomplete or not (coverage.decided_by <= review.rules.keys() and coverage.engines <= ran)
