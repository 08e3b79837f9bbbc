"""What a lens review is: the object that the writers of ``tierlens.reviews`` render.

Everything here is a value. Enum members and ids are also the keys of the text catalogue (``validator.lens.texts``),
so that a review is written in any language from one object.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

from validator.lens.catalogue import Lens, Pillar, Practice, Question
from validator.model import Finding, Review, Span


class Standing(StrEnum):
    """Whether a practice is followed, from templates and people together."""

    SHOWN = "shown"
    NOT_SHOWN = "not-shown"
    """It is contradicted: by a finding, or by a person's *no*."""
    OPEN = "open"
    """Nobody decided it yet."""
    NOT_APPLICABLE = "not-applicable"


class Reason(StrEnum):
    """Why a practice stands as it does. The catalogue has a sentence for each: ``reason.<value>``."""

    PROVEN = "proven"
    """Every rule that decides it found its subjects in order."""
    CONTRADICTED = "contradicted"
    """At least one finding contradicts it."""
    CONFIRMED = "confirmed"
    """A person says yes, and nothing in the templates speaks against it."""
    DENIED = "denied"
    """A person says no."""
    EXCLUDED = "excluded"
    """A person says that it does not apply."""
    NO_SUBJECT = "no-subject"
    """The templates hold nothing that the practice is about."""
    NEEDS_CONFIRMATION = "needs-confirmation"
    """Templates support it; one thing about code, process or measurement must be confirmed by a person."""
    NEEDS_ANSWER = "needs-answer"
    """Templates say nothing of it: a person answers."""
    NOTHING_TO_JUDGE = "nothing-to-judge"
    """The rules that decide it found nothing to judge, or only parts of it: it may be kept elsewhere."""
    UNKNOWN = "unknown"
    """A rule could not decide for want of input; the findings say what is missing."""
    CONCERN = "concern"
    """Nothing contradicts it, but a rule that decides it raises advice or a doubt for people."""
    ACCEPTED = "accepted"
    """Failures were suppressed with a reason: whether the practice holds beside them is for a person."""
    INCOMPLETE = "incomplete"
    """Part of the run was not done, or a rule that decides it was switched off."""


class Risk(Enum):
    """The level of a question, as the Well-Architected Tool names it; ordered from none to high."""

    NONE = "none"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for none up to 2 for high."""
        return list(Risk).index(self)


class QuestionState(StrEnum):
    """How far a question is answered."""

    DECIDED = "decided"
    """Best and worst case are one."""
    PARTLY = "partly"
    """Practices are open, and the risk depends on them."""
    UNANSWERED = "unanswered"
    """No practice is decided."""
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class RiskRange:
    """The risk of a question if each open practice turns out to be followed, and if none does."""

    best: Risk
    worst: Risk

    @property
    def is_decided(self) -> bool:
        """Whether both cases are one."""
        return self.best is self.worst


class AnswerValue(StrEnum):
    """What a person says of a practice."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person knows. ``subject`` is a practice (``SEC1.a2``), or a question that does not apply (``SEC1``)."""

    subject: str
    value: AnswerValue
    span: Span
    by: str = ""
    when: date | None = None
    note: str = ""


class ContradictionKind(StrEnum):
    """How templates and a person disagree; the catalogue's keys are ``contradiction.<value>``."""

    SAID_YES = "said-yes"
    """The person says yes, a finding contradicts it."""
    SAID_NO = "said-no"
    """The person says no, the templates prove it."""
    SAID_NOT_APPLICABLE = "said-not-applicable"
    """The person says that it does not apply, findings show that it does."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An answer that the templates contradict. Both are kept; the risk takes the worse."""

    practice: str
    kind: ContradictionKind
    answer: Answer
    findings: tuple[Finding, ...]
    """What of the templates speaks against the answer: failures, or what proves the practice."""


@dataclass(frozen=True, slots=True)
class PracticeReview:
    """One practice with what speaks for it and against it.

    A finding of a rule that bears on several practices stands under each. Findings of suppressed and unknown
    verdict neither prove nor contradict. ``concerns`` are failures that bear on the practice without
    contradicting it: advice, or a doubt that only people can settle.
    """

    practice: Practice
    standing: Standing
    reason: Reason
    contradicting: tuple[Finding, ...] = ()
    supporting: tuple[Finding, ...] = ()
    concerns: tuple[Finding, ...] = ()
    unknown: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    answer: Answer | None = None
    contradiction: Contradiction | None = None

    @property
    def is_by_person(self) -> bool:
        """Whether a person's word decided it."""
        return self.reason in (Reason.CONFIRMED, Reason.DENIED, Reason.EXCLUDED)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings that bear on it, failures first."""
        return (*self.contradicting, *self.concerns, *self.unknown, *self.suppressed, *self.supporting)


@dataclass(frozen=True, slots=True)
class QuestionReview:
    """One question: its practices and its risk."""

    question: Question
    state: QuestionState
    risk: RiskRange
    """``NONE`` to ``NONE`` for a question that does not apply."""
    practices: tuple[PracticeReview, ...]
    findings: tuple[Finding, ...] = ()
    """Findings of rules that bear on the question and on no single practice of it."""
    answer: Answer | None = None
    """A person's word that the whole question does not apply."""

    def of_standing(self, standing: Standing) -> tuple[PracticeReview, ...]:
        """Its practices of that standing, in the order of the lens."""
        return tuple(practice for practice in self.practices if practice.standing is standing)


@dataclass(frozen=True, slots=True)
class RiskCounts:
    """Questions of a pillar by level, as ``RiskCounts`` of the Well-Architected Tool; once a case."""

    best: Mapping[Risk, int]
    worst: Mapping[Risk, int]
    unanswered: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class PillarReview:
    """One pillar: its questions and their risks."""

    pillar: Pillar
    questions: tuple[QuestionReview, ...]
    counts: RiskCounts


class Effort(Enum):
    """How much work an improvement is; ordered from small to large. An estimate from the places to change."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    UNKNOWN = "unknown"
    """No finding says what to change: people know that the practice is missing."""

    @property
    def rank(self) -> int:
        """0 for small up to 3 for unknown."""
        return list(Effort).index(self)


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing to do: the failures of one rule under a practice."""

    rule: str
    source: str
    title: str
    fix: str
    """The fix of its worst finding; the others have their own."""
    findings: tuple[Finding, ...]
    effort: Effort


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A practice that is not followed, with the steps that mend it, cheapest first within one severity."""

    position: int
    """Counts from 1 over the whole plan: what to do first."""
    practice: Practice
    risk: Risk
    """What the question's risk is for want of it: high for a required practice, else medium."""
    effort: Effort
    steps: tuple[PlanStep, ...]
    """Empty when only a person says that it is missing."""
    answer: Answer | None = None


class Trend(StrEnum):
    """What happened to a question between two reviews."""

    IMPROVED = "improved"
    WORSE = "worse"
    NARROWED = "narrowed"
    """Less is open, and neither case is worse."""
    WIDENED = "widened"
    """More is open than before."""
    SAME = "same"
    NEW = "new"
    """It applies now, or the earlier review did not have it."""
    GONE = "gone"
    """It does not apply any more."""


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question then and now."""

    question: str
    trend: Trend
    before: RiskRange | None
    after: RiskRange | None
    practices: tuple["PracticeChange", ...]
    """Only those whose standing changed."""


@dataclass(frozen=True, slots=True)
class PracticeChange:
    """A practice whose standing changed."""

    practice: str
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class PastFinding:
    """A finding as an earlier review wrote it down."""

    fingerprint: str
    rule: str
    source: str
    verdict: str
    severity: str
    resource: str
    target: str
    message: str
    template: str
    stack: str
    environments: tuple[str, ...] = ()
    path: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding whose verdict changed: ``before`` and ``after`` are the same property of the same resource."""

    before: PastFinding
    after: Finding


@dataclass(frozen=True, slots=True)
class Comparison:
    """This review against an earlier one. Failures only in ``new``, ``fixed`` and ``removed``."""

    date: date
    version: str
    questions: tuple[QuestionChange, ...]
    new: tuple[Finding, ...]
    """Failures of now whose subject was not judged then."""
    worse: tuple[FindingChange, ...]
    """Failures of now that passed, were unknown or were suppressed then."""
    improved: tuple[FindingChange, ...]
    """Failures of then that are none now: they pass, or are unknown, suppressed or refuted."""
    removed: tuple[PastFinding, ...]
    """Failures of then whose subject is not judged any more: the resource is gone, or the rule is off."""
    unchanged: int
    """How many failures are in both."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One review in the row of reviews: what a chart shows."""

    date: date
    version: str
    best: Mapping[Risk, int]
    """Questions by level in the best case."""
    worst: Mapping[Risk, int]
    failures: Mapping[str, int]
    """Failures by severity (``high``)."""
    open_practices: int
    is_current: bool = False


class NoteKind(StrEnum):
    """What a remark on the answers is about; the catalogue's keys are ``note.<value>``."""

    STALE = "stale"
    UNDATED = "undated"
    UNSIGNED = "unsigned"
    NOT_NEEDED = "not-needed"
    """The templates decide the same without it."""


@dataclass(frozen=True, slots=True)
class AnswerNote:
    """A remark on one answer."""

    kind: NoteKind
    answer: Answer


@dataclass(frozen=True, slots=True)
class LensReview:
    """A Serverless Lens review of one workload: what is shown, at risk, open, and what to do first.

    ``review`` is the run it rests on: all findings, diagnostics, sources, pictures, engines, assumptions.
    """

    title: str
    date: date
    lens: Lens
    review: Review
    pillars: tuple[PillarReview, ...]
    plan: tuple[PlanItem, ...]
    """What to do, in order: risk first, then the worst severity, then effort."""
    contradictions: tuple[Contradiction, ...] = ()
    notes: tuple[AnswerNote, ...] = ()
    comparison: Comparison | None = None
    """Against the latest of the earlier reviews that were given."""
    trend: tuple[TrendPoint, ...] = ()
    """All earlier reviews and this one, oldest first; empty when none was given."""
    unmapped: tuple[Finding, ...] = ()
    """Failures and unknowns that bear on no question of the lens."""

    @property
    def questions(self) -> Iterator[QuestionReview]:
        """All questions, in the order of the lens."""
        return (question for pillar in self.pillars for question in pillar.questions)

    @property
    def practices(self) -> Iterator[PracticeReview]:
        """All practices, in the order of the lens."""
        return (practice for question in self.questions for practice in question.practices)

    @property
    def open_practices(self) -> tuple[PracticeReview, ...]:
        """What only people can answer, or what lacks input: the agenda of the interview."""
        return tuple(practice for practice in self.practices if practice.standing is Standing.OPEN)
