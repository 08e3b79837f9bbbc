"""A lens review on a terminal: risks, what to do first, what changed; the rest is in the documents."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from reports.strings import visible
from validator.lens import (
    LensReview,
    LensReviewOptions,
    PlanItem,
    PlanStep,
    PracticeReview,
    QuestionReview,
    QuestionState,
    Risk,
    RiskRange,
    Standing,
    Texts,
    Trend,
    texts_of,
)

_MARKS = {Standing.SHOWN: "+", Standing.NOT_SHOWN: "-", Standing.OPEN: "?", Standing.NOT_APPLICABLE: "·"}
_FIRST_STEPS = 10
"""How many items of the plan a terminal shows unless more is asked for."""
_COLOURS = {Risk.HIGH: "31", Risk.MEDIUM: "33", Risk.NONE: "32"}


class TextSummaryWriter:
    """Writes a page for people; with ``-v`` every practice, with ``-q`` the questions only."""

    name = "text"

    def write(self, lens_review: LensReview, options: LensReviewOptions) -> str:
        """The summary, ending in a line break."""
        page = _Page(lens_review, options, texts_of(options.language))
        return "\n".join(page.lines()) + "\n"


writer = TextSummaryWriter()


class _Page:
    def __init__(self, lens_review: LensReview, options: LensReviewOptions, texts: Texts) -> None:
        self.review = lens_review
        self.options = options.report
        self.texts = texts

    def lines(self) -> Iterator[str]:
        texts, review = self.texts, self.review
        yield texts("summary.heading", title=visible(review.title))
        yield texts("summary.date", date=review.date.isoformat(), version=review.review.version)
        if review.review.incomplete:
            yield texts("summary.incomplete")
        yield from self._risks()
        if self.options.quiet:
            return
        yield from self._plan()
        yield from self._section("summary.contradictions", self._contradictions())
        yield from self._section("summary.notes", self._notes())
        yield from self._changes()
        if count := len(review.open_practices):
            yield ""
            yield from self._wrapped(texts.counted("summary.open", count), "")

    def _risks(self) -> Iterator[str]:
        for pillar in self.review.pillars:
            yield ""
            yield self._strong(self.texts(f"pillar.{pillar.pillar.id}.name"))
            for question in pillar.questions:
                yield from self._question(question)

    def _question(self, question: QuestionReview) -> Iterator[str]:
        title = self.texts(f"question.{question.question.id}.title")
        yield f"  {question.question.id:<6}{self._level(question)}  {title}"
        if self.options.quiet:
            return
        counts = {standing.name.lower(): len(question.of_standing(standing)) for standing in Standing}
        yield " " * 8 + self.texts("summary.practices", **counts)
        if self.options.verbose:
            for practice in question.practices:
                yield from self._practice(practice)

    def _practice(self, review: PracticeReview) -> Iterator[str]:
        name = review.practice.id
        title, reason = self.texts(f"practice.{name}.title"), self.texts(f"reason.{review.reason.value}")
        text = self.texts("summary.practice", practice=name, title=title, reason=reason)
        yield from self._wrapped(text, " " * 8, first=f"{' ' * 6}{_MARKS[review.standing]} ")

    def _level(self, question: QuestionReview) -> str:
        if question.state is QuestionState.NOT_APPLICABLE:
            return self.texts("state.not-applicable")
        shown = self._range(question.risk)
        if question.state is QuestionState.UNANSWERED:
            shown = f"{self.texts('state.unanswered')} ({shown})"
        return self._coloured(shown, question.risk.best if question.risk.is_decided else question.risk.worst)

    def _range(self, risk: RiskRange) -> str:
        best, worst = (self.texts(f"risk.short.{level.value}") for level in (risk.best, risk.worst))
        return best if risk.is_decided else self.texts("risk.range", best=best, worst=worst)

    def _plan(self) -> Iterator[str]:
        yield ""
        yield self._strong(self.texts("summary.first"))
        if not self.review.plan:
            yield f"  {self.texts('summary.nothing_to_do')}"
        shown = self.review.plan if self.options.verbose else self.review.plan[:_FIRST_STEPS]
        for item in shown:
            yield from self._plan_item(item)

    def _plan_item(self, item: PlanItem) -> Iterator[str]:
        texts, name = self.texts, item.practice.id
        effort = texts("summary.effort", effort=texts(f"effort.{item.effort.value}"))
        head = f"{name} {texts(f'practice.{name}.title')} ({texts(f'risk.{item.risk.value}')}, {effort})"
        yield from self._wrapped(head, " " * 6, first=f"{item.position:>4}. ")
        for step in item.steps:
            places = texts.counted("summary.places", len(step.findings))
            line = texts("summary.step", rule=step.rule, title=visible(self._title(step)), places=places)
            yield from self._wrapped(line, " " * 8, first=" " * 6)

    def _title(self, step: PlanStep) -> str:
        text = self.review.review.rules.get(step.rule)
        wording = None if text is None or text.source != step.source else text.wording(self.texts.language)
        return step.title if wording is None else wording.title

    def _contradictions(self) -> Iterator[str]:
        for found in self.review.contradictions:
            by = visible(found.answer.by) or self.texts("contradiction.somebody")
            yield self.texts(f"contradiction.{found.kind.value}", by=by, practice=found.practice)

    def _notes(self) -> Iterator[str]:
        from validator.lens.notes import STALE_AFTER

        for note in self.review.notes:
            when = "" if note.answer.when is None else note.answer.when.isoformat()
            values = {"subject": note.answer.subject, "when": when, "days": STALE_AFTER.days}
            yield self.texts(f"note.{note.kind.value}", **values)

    def _changes(self) -> Iterator[str]:
        change = self.review.comparison
        if change is None:
            return
        texts = self.texts
        yield ""
        yield self._strong(texts("summary.changes", date=change.date.isoformat()))
        yield "  " + texts(
            "summary.findings_changed",
            new=len(change.new),
            worse=len(change.worse),
            improved=len(change.improved),
            removed=len(change.removed),
            unchanged=change.unchanged,
        )
        for question in change.questions:
            if question.trend is not Trend.SAME:
                yield f"  {question.question:<6}{texts(f'trend.{question.trend.value}')}"

    def _section(self, heading: str, sentences: Iterable[str]) -> Iterator[str]:
        found = list(sentences)
        if not found:
            return
        yield ""
        yield self._strong(self.texts(heading))
        for sentence in found:
            yield from self._wrapped(sentence, "    ", first="  ")

    def _wrapped(self, text: str, indent: str, first: str | None = None) -> list[str]:
        return wrap(
            text,
            width=max(self.options.width, 40),
            initial_indent=indent if first is None else first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.options.color else text

    def _coloured(self, text: str, level: Risk) -> str:
        return f"\x1b[{_COLOURS[level]}m{text}\x1b[0m" if self.options.color else text
