"""What a manager reads first: verdicts by check, and the numbers behind the leading sentences."""

from dataclasses import dataclass

from reports.document.texts import DocumentTexts
from reports.tally import Tally, tally
from validator.lens import LensReview, QuestionState, Risk
from validator.model import CORE_CATEGORIES, Category, Finding, Review, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its verdicts and what follows from them."""

    category: Category
    counts: Tally
    state: str
    """Ends the key ``checks.state.<state>`` of the catalogue."""
    worst: Severity | None
    """Of its failures."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The review in numbers."""

    questions: int
    """Questions that apply."""
    high_best: int
    high_worst: int
    open_practices: int
    counts: Tally
    severities: tuple[tuple[Severity, int], ...]
    """Failures by severity, worst first, without those that are none."""
    core: tuple[Check, ...]
    others: tuple[Check, ...]


def overview_of(lens_review: LensReview) -> Overview:
    """The numbers of a review."""
    findings = lens_review.review.findings
    asked = [q for q in lens_review.questions if q.state is not QuestionState.NOT_APPLICABLE]
    failures = [finding for finding in findings if finding.verdict is Verdict.FAIL]
    by_severity = ((level, sum(f.severity is level for f in failures)) for level in reversed(Severity))
    others = (c for c in Category if c not in CORE_CATEGORIES and any(f.category is c for f in findings))
    return Overview(
        questions=len(asked),
        high_best=sum(question.risk.best is Risk.HIGH for question in asked),
        high_worst=sum(question.risk.worst is Risk.HIGH for question in asked),
        open_practices=len(lens_review.open_practices),
        counts=tally(findings),
        severities=tuple((level, count) for level, count in by_severity if count),
        core=tuple(check_of(category, lens_review.review) for category in CORE_CATEGORIES),
        others=tuple(check_of(category, lens_review.review) for category in others),
    )


def paragraphs(overview: Overview, texts: DocumentTexts) -> tuple[str, str]:
    """The review in a few sentences: its risks, then its findings."""
    risks = [texts.counted("lead.high_now", overview.high_best, total=overview.questions)]
    if overview.high_worst > overview.high_best:
        risks.append(texts.counted("lead.high_worst", overview.high_worst))
    open_practices = overview.open_practices
    risks.append(texts.counted("lead.open", open_practices) if open_practices else texts("lead.decided"))
    counts = overview.counts
    named = (
        texts("lead.severity", count=count, severity=texts(f"severity.{level.value}"))
        for level, count in overview.severities
    )
    found = [texts.counted("lead.failures", counts.failed, severities=texts.joined(named))]
    if counts.unknown:
        found.append(texts.counted("lead.unknown", counts.unknown))
    if counts.suppressed:
        found.append(texts.counted("lead.accepted", counts.suppressed))
    return " ".join(risks), " ".join(found)


def check_of(category: Category, review: Review) -> Check:
    """The verdicts of one check."""
    findings = [finding for finding in review.findings if finding.category is category]
    counts = tally(findings)
    return Check(category, counts, _state(counts, findings), _worst(findings))


def _state(counts: Tally, findings: list[Finding]) -> str:
    if counts.failed:
        return "broken"
    if counts.unknown:
        return "undecided"
    if counts.suppressed:
        return "accepted"
    return "proven" if counts.passed else "nothing"


def _worst(findings: list[Finding]) -> Severity | None:
    levels = [finding.severity for finding in findings if finding.verdict is Verdict.FAIL]
    return max(levels, key=lambda level: level.rank, default=None)
