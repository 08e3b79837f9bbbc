"""The review as Markdown: a page of a wiki, or a comment on a pull request."""

from collections.abc import Iterator, Sequence

from reports.document.chapters import accepted_of, gaps_of, patterns_of
from reports.document.lens_view import PillarView, PlanView, pillars_of, plan_of
from reports.document.mermaid import mermaid
from reports.document.overview import Overview, overview_of, paragraphs
from reports.document.register import Numbered, Register
from reports.document.texts import document_texts
from reports.facts import engine_name, engines_in_order
from reports.markdown.escape import code, place, prose
from reports.markdown.room import LIMIT, fitting, size
from validator.lens import LensReview, LensReviewOptions, QuestionReview, QuestionState, RiskRange, Standing
from validator.model import EngineStatus, Span, SuppressionKind, Verdict

_FINDINGS_SHARE = 20_000
"""Bytes that the list of failures may take."""
_PICTURE_SHARE = 12_000
_MARKS = {Standing.SHOWN: "✅", Standing.NOT_SHOWN: "❌", Standing.OPEN: "❔", Standing.NOT_APPLICABLE: "➖"}


class MarkdownReviewWriter:
    """Writes the review in at most 65,000 bytes, which fits a wiki page or a comment; what is left out is named."""

    name = "markdown"

    def write(self, lens_review: LensReview, options: LensReviewOptions) -> str:
        """The page, ending in a line break. Places are links where ``options.report.link_base`` is known."""
        return _Page(lens_review, options).text()


writer = MarkdownReviewWriter()


class _Page:
    def __init__(self, lens_review: LensReview, options: LensReviewOptions) -> None:
        self.review = lens_review
        self.run = lens_review.review
        self.base = options.report.link_base
        self.texts = document_texts(options.language)
        self.lens = self.texts.lens
        self.register = Register(self.run, self.texts.language)

    def text(self) -> str:
        """Chapters in order; the last that do not fit are named instead."""
        plan = plan_of(self.review, self.register)
        overview = overview_of(self.review)
        head = [*self._head(), *self._summary(overview), *self._risks(), *self._checks(overview), *self._plan(plan)]
        chapters: list[tuple[str, list[str]]] = [
            (self.texts("chapter.architecture"), list(self._pictures())),
            *((self._pillar_name(view), list(self._pillar(view))) for view in pillars_of(self.review, self.register)),
            (self.texts("chapter.findings"), list(self._findings())),
            (self.texts("chapter.patterns"), list(self._patterns())),
            (self.texts("chapter.accepted"), list(self._accepted())),
            (self.texts("chapter.gaps"), list(self._gaps())),
        ]
        foot = list(self._foot())
        room = LIMIT - sum(map(size, (*head, *foot))) - 600
        lines, left_out = list(head), []
        for title, chapter in chapters:
            needed = sum(map(size, chapter))
            if needed > room:
                left_out.append(title)
                continue
            room -= needed
            lines += chapter
        if left_out:
            lines += [prose(self.texts("markdown.left_out", names=self.texts.joined(left_out))), ""]
        return "\n".join([*lines, *foot]).rstrip("\n") + "\n"

    def _head(self) -> Iterator[str]:
        texts, run = self.texts, self.run
        yield f"# {prose(texts('document.title', title=self.review.title), 200)}"
        yield ""
        facts = (
            texts("document.date", date=texts.day(self.review.date)),
            texts("document.tool", version=run.version),
            texts.counted("document.templates", len(run.templates)),
            texts.counted("document.resources", sum(template.resources for template in run.templates)),
        )
        yield prose(" · ".join(facts))
        yield ""
        if run.incomplete:
            yield f"> **{prose(texts('document.incomplete'))}** {prose(texts('document.incomplete_detail'))}"
            yield ""

    def _summary(self, overview: Overview) -> Iterator[str]:
        yield from self._heading("chapter.summary")
        for paragraph in paragraphs(overview, self.texts):
            yield prose(paragraph)
            yield ""
        change = self.review.comparison
        if change is not None:
            counts = {name: len(getattr(change, name)) for name in ("new", "worse", "improved", "removed")}
            heading = self.texts("change.heading", date=self.texts.day(change.date))
            summary = self.texts("change.summary", **counts, unchanged=change.unchanged)
            yield f"**{prose(heading)}**: {prose(summary)}"
            yield ""
        for found in self.review.contradictions:
            by = found.answer.by or self.lens("contradiction.somebody")
            yield f"- ⚠️ {prose(self.lens(f'contradiction.{found.kind.value}', by=by, practice=found.practice))}"
        if self.review.contradictions:
            yield ""

    def _risks(self) -> Iterator[str]:
        yield from self._table("risks.question", "risks.range", "risks.practices")
        for question in self.review.questions:
            title = self.lens(f"question.{question.question.id}.title")
            counts = ((standing, len(question.of_standing(standing))) for standing in Standing)
            tally = ", ".join(self.texts.counted(f"tally.{s.value}", count) for s, count in counts if count)
            yield self._row(f"**{question.question.id}** {prose(title)}", self._level(question), prose(tally))
        yield ""

    def _checks(self, overview: Overview) -> Iterator[str]:
        names = ("check", "result", "fail", "unknown", "suppressed", "refuted", "pass")
        yield from self._table(*(f"checks.{name}" for name in names))
        for check in (*overview.core, *overview.others):
            worst = "" if check.worst is None else self.texts(f"severity.{check.worst.value}")
            counts = check.counts
            numbers = (counts.failed, counts.unknown, counts.suppressed, counts.refuted, counts.passed)
            yield self._row(
                prose(self.texts(f"category.{check.category.value}")),
                prose(self.texts(f"checks.state.{check.state}", severity=worst)),
                *map(self.texts.number, numbers),
            )
        yield ""

    def _plan(self, plan: Sequence[PlanView]) -> Iterator[str]:
        yield from self._heading("chapter.plan")
        if not plan:
            yield prose(self.texts("plan.empty"))
        for view in plan:
            item = view.item
            practice = prose(self.lens(f"practice.{item.practice.id}.title"))
            facts = (
                self.lens(f"risk.{item.risk.value}"),
                self.lens("summary.effort", effort=self.lens(f"effort.{item.effort.value}")),
                self.lens.counted("summary.places", view.places) if view.places else "",
            )
            yield f"{item.position}. **{item.practice.id}** {practice} ({prose(', '.join(filter(None, facts)))})"
            for step in view.steps:
                yield f"   - {code(step.step.rule)} {prose(step.evidence.group.title, 200)}"
        yield ""

    def _pictures(self) -> Iterator[str]:
        drawn = [(picture, mermaid(picture, self.run.findings, self.texts)) for picture in self.run.pictures]
        if not drawn:
            return
        yield from self._heading("chapter.architecture")
        for picture, text in drawn:
            if len(drawn) > 1:
                yield f"**{prose(picture.title, 200) or self.texts('label.none')}**"
                yield ""
            if not text or size(text) > _PICTURE_SHARE:
                yield prose(self.texts("markdown.picture_too_large"))
            else:
                yield f"```mermaid\n{text}```"
            yield ""
        yield prose(self.texts("markdown.picture_folded"))
        yield ""

    def _pillar_name(self, view: PillarView) -> str:
        return self.lens(f"pillar.{view.review.pillar.id}.name")

    def _pillar(self, view: PillarView) -> Iterator[str]:
        yield f"## {prose(self._pillar_name(view))}"
        yield ""
        for question in view.questions:
            name = question.review.question.id
            yield f"### {name} {prose(self.lens(f'question.{name}.title'))}"
            yield ""
            yield f"{prose(self.texts('question.risk', risk=self._level(question.review)))}"
            yield ""
            for entry in question.practices:
                review = entry.review
                title = prose(self.lens(f"practice.{review.practice.id}.title"))
                standing = prose(self.lens(f"standing.{review.standing.value}"))
                reason = prose(self.lens(f"reason.{review.reason.value}"))
                yield f"- {_MARKS[review.standing]} **{review.practice.id}** {title}: *{standing}*. {reason}"
                for found in entry.evidence:
                    if not found.is_folded:
                        rules = ", ".join(
                            f"{code(e.group.rule)} ({self.texts.number(len(e.items))})" for e in found.rules
                        )
                        kind = prose(self.texts("label.colon", label=self.texts(f"practice.{found.kind}")))
                        yield f"  - {kind} {rules}"
                if entry.asks:
                    label = prose(self.texts("label.colon", label=self.texts("practice.ask")))
                    yield f"  - {label} {prose(self.lens(f'practice.{review.practice.id}.ask'))}"
            yield ""

    def _findings(self) -> Iterator[str]:
        groups = self.register.of_verdict(Verdict.FAIL)
        if not groups:
            return
        yield from self._heading("chapter.findings")
        lines = [self._finding(item) for group in groups for item in group.items]
        shown, left_out = fitting(lines, _FINDINGS_SHARE)
        yield from shown
        yield ""
        if left_out:
            yield prose(self.texts.counted("markdown.more_findings", left_out))
            yield ""

    def _finding(self, item: Numbered) -> str:
        finding = item.finding
        severity = prose(self.texts(f"severity.{finding.severity.value}"))
        where = place(finding.span, self.base)
        return f"- **{item.number}** {severity} {code(finding.rule)} {prose(finding.message, 400)} ({where})"

    def _patterns(self) -> Iterator[str]:
        tables = patterns_of(self.register)
        if not tables:
            return
        yield from self._heading("chapter.patterns")
        for table in tables:
            name = self.texts.sentences.get(f"patterns.name.{table.rule}", table.title)
            yield f"**{prose(self.texts('patterns.heading', pattern=name, resource=table.resource), 300)}**"
            yield ""
            yield from self._table("patterns.component", "patterns.state", "patterns.statement")
            for component in table.components:
                state = self.texts(f"patterns.state.{component.item.finding.verdict.value}")
                yield self._row(prose(component.name, 100), prose(state), prose(component.statement, 200))
            yield ""

    def _accepted(self) -> Iterator[str]:
        accepted = [item for kind in SuppressionKind for item in accepted_of(self.register, kind)]
        if not accepted and not self.run.assumptions:
            return
        yield from self._heading("chapter.accepted")
        lines = [self._accepted_line(item) for item in accepted]
        lines += [
            f"- {prose(a.subject, 200)}: {prose(a.meaning, 200)} ({prose(a.reason, 300)})"
            for a in self.run.assumptions
        ]
        shown, left_out = fitting(lines, _FINDINGS_SHARE // 2)
        yield from shown
        if left_out:
            yield f"- {prose(self.texts('list.more', count=left_out))}"
        yield ""

    def _accepted_line(self, item: Numbered) -> str:
        texts, decision = self.texts, item.finding.suppression
        reason = (decision.reason if decision else "") or texts("accepted.no_reason")
        owner = (decision.owner if decision else "") or texts("accepted.no_owner")
        until = texts.day(decision.until) if decision and decision.until else texts("accepted.no_end")
        facts = (
            f"{texts('label.colon', label=texts('accepted.reason'))} {reason}",
            f"{texts('label.colon', label=texts('accepted.owner'))} {owner}",
            f"{texts('label.colon', label=texts('accepted.until'))} {until}",
        )
        message = prose(item.finding.message, 200)
        return f"- **{item.number}** {code(item.finding.rule)} {message} ({prose('; '.join(facts), 400)})"

    def _gaps(self) -> Iterator[str]:
        gaps = gaps_of(self.run)
        yield from self._heading("chapter.gaps")
        lines = [
            f"- **{prose(d.message, 300)}**{self._where(d.span)} {prose(d.hint, 200)}".rstrip() for d in gaps.errors
        ]
        for engine in gaps.engines:
            key = "gaps.engine_off" if engine.status is EngineStatus.OFF else "gaps.engine_failed"
            lines.append(f"- {prose(self.texts(key, engine=engine.name))} {prose(engine.note, 300)}".rstrip())
        for settling in self.run.settling:
            how = (settling.how or settling.what).strip().split("\n")[0]
            settles = self.texts.counted("gaps.settles_count", settling.unknowns)
            lines.append(f"- {prose(settling.what, 200)} → {prose(how, 200)} ({prose(settles)})")
        shown, left_out = fitting(lines, _FINDINGS_SHARE // 2)
        yield from shown
        if left_out:
            yield f"- {prose(self.texts('list.more', count=left_out))}"
        yield f"- {prose(self.texts('gaps.beyond_text'))}"
        yield ""

    def _foot(self) -> Iterator[str]:
        ran = (engine_name(e) for e in engines_in_order(self.run) if e.status is EngineStatus.RAN)
        engines = ", ".join(ran)
        sentence = self.texts("document.footer", version=self.run.version, date=self.texts.day(self.review.date))
        yield f"<sub>{prose(sentence)} {prose(engines, 300)}</sub>".replace(" </sub>", "</sub>")

    def _heading(self, key: str) -> Iterator[str]:
        yield f"## {prose(self.texts(key))}"
        yield ""

    def _table(self, *keys: str) -> Iterator[str]:
        yield self._row(*(prose(self.texts(key)) for key in keys))
        yield self._row(*("---" for _ in keys))

    def _row(self, *cells: str) -> str:
        return f"| {' | '.join(cells)} |"

    def _where(self, span: Span | None) -> str:
        return "" if span is None else f" ({place(span, self.base)})"

    def _level(self, question: QuestionReview) -> str:
        if question.state is QuestionState.NOT_APPLICABLE:
            return self.lens("state.not-applicable")
        shown = self._range(question.risk)
        unanswered = self.texts("question.unanswered")
        return f"{shown} ({unanswered})" if question.state is QuestionState.UNANSWERED else shown

    def _range(self, risk: RiskRange) -> str:
        best, worst = (self.lens(f"risk.short.{level.value}") for level in (risk.best, risk.worst))
        return best if risk.is_decided else self.lens("risk.range", best=best, worst=worst)
