"""One review against an earlier one, and the trend over several."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from validator.lens.past import PastQuestion, PastReview
from validator.lens.review import (
    Comparison,
    FindingChange,
    LensReview,
    PastFinding,
    PracticeChange,
    QuestionChange,
    QuestionReview,
    QuestionState,
    Risk,
    RiskRange,
    Standing,
    Trend,
    TrendPoint,
)
from validator.model import Finding, Severity, Verdict


class _Identified(Protocol):
    """What findings of now and then have in common."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def stack(self) -> str: ...
    @property
    def environments(self) -> tuple[str, ...]: ...


Item = TypeVar("Item", bound=_Identified)


def compare(before: PastReview, now: LensReview) -> Comparison:
    """What changed per question and per finding since ``before``."""
    pairs, new, gone = _paired(before.findings, now.review.findings)
    worse = [change for change in pairs if not _failed(change.before) and _fails(change.after)]
    improved = [change for change in pairs if _failed(change.before) and not _fails(change.after)]
    return Comparison(
        date=before.date,
        version=before.version,
        questions=tuple(_question(before.questions.get(q.question.id), q) for q in now.questions),
        new=tuple(finding for finding in new if _fails(finding)),
        worse=tuple(worse),
        improved=tuple(improved),
        removed=tuple(finding for finding in gone if _failed(finding)),
        unchanged=sum(_failed(change.before) and _fails(change.after) for change in pairs),
    )


def trend_of(past: Sequence[PastReview], now: LensReview) -> tuple[TrendPoint, ...]:
    """The earlier reviews, oldest first, and this one as the last point."""
    return (*(_past_point(review) for review in past), _current_point(now))


def _fails(finding: Finding) -> bool:
    return finding.verdict is Verdict.FAIL


def _failed(finding: PastFinding) -> bool:
    return finding.verdict == Verdict.FAIL.value


def _paired(
    before: Sequence[PastFinding], now: Sequence[Finding]
) -> tuple[list[FindingChange], list[Finding], list[PastFinding]]:
    """Pairs of the same property then and now, what is left of now, what is left of then.

    The fingerprint is the identity; several templates may share one. So pairs are made within a template, stack
    and set of environments first, then within the rest whatever the place: files are renamed, stacks are moved.
    """
    pairs: list[FindingChange] = []
    for key in (_exactly, _by_template, _by_fingerprint):
        then, today = _grouped(before, key), _grouped(now, key)
        left_before: list[PastFinding] = []
        left_now: list[Finding] = []
        for identity in dict.fromkeys((*then, *today)):
            earlier, later = then.get(identity, []), today.get(identity, [])
            pairs += (FindingChange(old, new) for old, new in zip(earlier, later, strict=False))
            left_before += earlier[len(later) :]
            left_now += later[len(earlier) :]
        before, now = left_before, left_now
    return pairs, list(now), list(before)


def _exactly(finding: _Identified) -> Hashable:
    return finding.fingerprint, finding.template, finding.stack, finding.environments


def _by_template(finding: _Identified) -> Hashable:
    return finding.fingerprint, finding.template


def _by_fingerprint(finding: _Identified) -> Hashable:
    return finding.fingerprint


class _Key(Protocol):
    def __call__(self, finding: _Identified, /) -> Hashable: ...


def _grouped(findings: Iterable[Item], key: _Key) -> dict[Hashable, list[Item]]:
    groups: dict[Hashable, list[Item]] = defaultdict(list)
    for finding in findings:
        groups[key(finding)].append(finding)
    return groups


def _question(before: PastQuestion | None, now: QuestionReview) -> QuestionChange:
    then = before if before is not None and before.state is not QuestionState.NOT_APPLICABLE else None
    applies = now.state is not QuestionState.NOT_APPLICABLE
    practices = () if before is None else tuple(_practices(before, now))
    after = now.risk if applies else None
    earlier = None if then is None else then.risk
    trend = _trend(earlier, after)
    if trend is Trend.SAME and after is not None:
        trend = _trend_of_practices(practices)
    return QuestionChange(now.question.id, trend, earlier, after, practices)


def _trend(before: RiskRange | None, after: RiskRange | None) -> Trend:
    if before is None or after is None:
        return Trend.SAME if before is after else Trend.NEW if before is None else Trend.GONE
    best, worst = after.best.rank - before.best.rank, after.worst.rank - before.worst.rank
    # What stays wrong whatever people say, the best case, weighs first; the worst case is work for the interview.
    if best:
        return Trend.WORSE if best > 0 else Trend.IMPROVED if worst <= 0 else Trend.WIDENED
    if worst:
        return Trend.WIDENED if worst > 0 else Trend.NARROWED
    return Trend.SAME


def _trend_of_practices(changes: Sequence[PracticeChange]) -> Trend:
    """What practices did while the risk stayed the same; a practice that was lost weighs first."""
    before, after = {change.before for change in changes}, {change.after for change in changes}
    if Standing.NOT_SHOWN in after:
        return Trend.WORSE
    if Standing.NOT_SHOWN in before:
        return Trend.IMPROVED
    if Standing.OPEN in after:
        return Trend.WIDENED
    return Trend.NARROWED if Standing.OPEN in before else Trend.SAME


def _practices(before: PastQuestion, now: QuestionReview) -> Iterator[PracticeChange]:
    for review in now.practices:
        earlier = before.practices.get(review.practice.id)
        if earlier is not None and earlier is not review.standing:
            yield PracticeChange(review.practice.id, earlier, review.standing)


def _past_point(review: PastReview) -> TrendPoint:
    rated = [q.risk for q in review.questions.values() if q.state is not QuestionState.NOT_APPLICABLE]
    standings = [standing for q in review.questions.values() for standing in q.practices.values()]
    return TrendPoint(
        date=review.date,
        version=review.version,
        best=_levels(risk.best for risk in rated),
        worst=_levels(risk.worst for risk in rated),
        failures=_severities(finding.severity for finding in review.findings if _failed(finding)),
        open_practices=standings.count(Standing.OPEN),
    )


def _current_point(now: LensReview) -> TrendPoint:
    rated = [q.risk for q in now.questions if q.state is not QuestionState.NOT_APPLICABLE]
    return TrendPoint(
        date=now.date,
        version=now.review.version,
        best=_levels(risk.best for risk in rated),
        worst=_levels(risk.worst for risk in rated),
        failures=_severities(finding.severity.value for finding in now.review.findings if _fails(finding)),
        open_practices=len(now.open_practices),
        is_current=True,
    )


def _levels(found: Iterable[Risk]) -> Mapping[Risk, int]:
    counted = Counter(found)
    return {level: counted[level] for level in Risk}


def _severities(found: Iterable[str]) -> Mapping[str, int]:
    counted = Counter(found)
    return {severity.value: counted[severity.value] for severity in Severity}
