"""The risk of a question as a range, by the rules that the lens's ratings imply.

AWS does not publish the risk rules of its lenses. Inferred: a missing required practice makes a question high; with
all required ones, anything else missing makes it medium; with all it is none. A practice that does not apply counts
neither way. The best case takes each open practice for followed, the worst for missing.
"""

from collections import Counter
from collections.abc import Iterable

from validator.lens.review import PracticeReview, QuestionReview, QuestionState, Risk, RiskCounts, RiskRange, Standing

NO_RISK = RiskRange(Risk.NONE, Risk.NONE)


def risk_of(practices: Iterable[PracticeReview]) -> RiskRange:
    """The range over the practices of one question."""
    found = tuple(practices)
    return RiskRange(_level(found, open_is_followed=True), _level(found, open_is_followed=False))


def state_of(practices: Iterable[PracticeReview], risk: RiskRange) -> QuestionState:
    """How far the question is answered."""
    standings = {practice.standing for practice in practices}
    if standings <= {Standing.NOT_APPLICABLE}:
        return QuestionState.NOT_APPLICABLE
    if not standings & {Standing.SHOWN, Standing.NOT_SHOWN}:
        return QuestionState.UNANSWERED
    return QuestionState.DECIDED if risk.is_decided else QuestionState.PARTLY


def counts_of(questions: Iterable[QuestionReview]) -> RiskCounts:
    """Questions by level; those that do not apply are counted apart, unanswered ones both ways."""
    found = tuple(questions)
    rated = [question for question in found if question.state is not QuestionState.NOT_APPLICABLE]
    best, worst = Counter(q.risk.best for q in rated), Counter(q.risk.worst for q in rated)
    return RiskCounts(
        best={level: best[level] for level in Risk},
        worst={level: worst[level] for level in Risk},
        unanswered=sum(question.state is QuestionState.UNANSWERED for question in found),
        not_applicable=len(found) - len(rated),
    )


def _level(practices: Iterable[PracticeReview], *, open_is_followed: bool) -> Risk:
    missing = [
        review.practice
        for review in practices
        if review.standing is Standing.NOT_SHOWN or (review.standing is Standing.OPEN and not open_is_followed)
    ]
    if any(practice.is_required for practice in missing):
        return Risk.HIGH
    return Risk.MEDIUM if missing else Risk.NONE
