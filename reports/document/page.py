"""The document as one HTML file: no network, strict content security policy, every string escaped."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from reports.document.chapters import (
    Gaps,
    PatternTable,
    TemplateChapter,
    accepted_of,
    gaps_of,
    patterns_of,
    templates_of,
)
from reports.document.drawings import DrawnPicture, drawn_pictures, picture_rules
from reports.document.lens_view import PillarView, PlanView, pillars_of, plan_of
from reports.document.overview import Overview, overview_of, paragraphs
from reports.document.register import VERDICTS, Numbered, Register
from reports.document.sources import Sources
from reports.document.texts import DocumentTexts, document_texts
from reports.document.trend import trend_chart
from reports.facts import OWN_SOURCE, engines_in_order, template_of
from reports.strings import one_line, visible_lines
from validator.lens import LensReview, LensReviewOptions, PracticeReview, Risk, Standing
from validator.model import Category, EngineRun, Finding, Severity, SuppressionKind

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its anchor, heading and template."""

    id: str
    title: str
    template: str
    pillar: PillarView | None = None


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What the findings can be filtered by, beside verdict and severity."""

    categories: tuple[Category, ...]
    rules: tuple[str, ...]
    templates: tuple[str, ...]
    engines: tuple[str, ...]
    environments: tuple[str, ...]

    @property
    def named(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The filters whose values are names of the run; one with a single value is none."""
        found = (
            ("rule", self.rules),
            ("template", self.templates),
            ("engine", self.engines),
            ("environment", self.environments),
        )
        return tuple((name, values if len(values) > 1 else ()) for name, values in found)


@dataclass(frozen=True, slots=True)
class Document:
    """Everything the templates show, worked out."""

    texts: DocumentTexts
    lens_review: LensReview
    register: Register
    sources: Sources
    overview: Overview
    pillars: tuple[PillarView, ...]
    plan: tuple[PlanView, ...]
    patterns: tuple[PatternTable, ...]
    accepted: tuple[tuple[str, tuple[Numbered, ...]], ...]
    gaps: Gaps
    templates: tuple[TemplateChapter, ...]
    pictures: tuple[DrawnPicture, ...]
    trend_chart: "Markup"
    options: FilterOptions
    chapters: tuple[Chapter, ...]

    @property
    def resources(self) -> int:
        """Resources of all templates."""
        return sum(template.resources for template in self.lens_review.review.templates)

    @property
    def engines(self) -> Sequence[EngineRun]:
        """The engines of the run, ours first."""
        return engines_in_order(self.lens_review.review)

    @property
    def lead(self) -> tuple[str, str]:
        """The review in a few sentences."""
        return paragraphs(self.overview, self.texts)

    @property
    def practice_ids(self) -> frozenset[str]:
        """The practices that have a place in the document."""
        return frozenset(review.practice.id for review in self.lens_review.practices)

    def tally_of(self, practices: Sequence[PracticeReview]) -> str:
        """``3 shown, 2 open``: practices by standing, without those that are none."""
        counts = ((standing, sum(review.standing is standing for review in practices)) for standing in Standing)
        return self.texts("list.separator").join(
            self.texts.counted(f"tally.{standing.value}", count) for standing, count in counts if count
        )

    def template_of(self, finding: Finding) -> int:
        """The position of its template among the filter's, from 1."""
        return _position(template_of(finding), self.options.templates)

    def environments_of(self, finding: Finding) -> str:
        """The positions of its environments among the filter's, from 1."""
        return " ".join(str(_position(name, self.options.environments)) for name in finding.environments)

    def facts_of(self, finding: Finding) -> list[tuple[str, str]]:
        """Circumstances with their labels: when it holds, where it stands, who else reports it."""
        texts = self.texts
        conditions = [
            texts("finding.condition", name=name, value=texts(f"finding.condition_{str(value).lower()}"))
            for name, value in sorted(finding.scenario.items())
        ]
        conditions += [] if finding.at_defaults else [texts("finding.not_at_defaults")]
        also = (texts("finding.also_rule", engine=other.source, rule=other.rule) for other in finding.also)
        change = "" if finding.change is None else texts(f"finding.change.{finding.change.value}")
        facts = (
            ("finding.when", texts.joined(conditions)),
            ("finding.stack", finding.stack),
            ("finding.construct", finding.construct),
            ("finding.environments", texts.joined(finding.environments)),
            ("finding.also", texts.joined(also)),
            ("change.trend", change),
        )
        return [(texts(key), value) for key, value in facts if value]


class HtmlReviewWriter:
    """Writes the review as one HTML file."""

    name = "html"

    def write(self, lens_review: LensReview, options: LensReviewOptions) -> str:
        """The whole page. The same review always gives the same page."""
        return page(document_of(lens_review, options), paper=False)


writer = HtmlReviewWriter()


def document_of(lens_review: LensReview, options: LensReviewOptions) -> Document:
    """Everything that the document shows. Raises UsageError for a language that there is not."""
    texts = document_texts(options.language)
    review = lens_review.review
    register = Register(review, texts.language)
    pillars = pillars_of(lens_review, register)
    patterns = patterns_of(register)
    templates = templates_of(review, register)
    accepted = ((kind, accepted_of(register, SuppressionKind(value))) for kind, value in _ACCEPTED)
    return Document(
        texts=texts,
        lens_review=lens_review,
        register=register,
        sources=Sources(review, options.report.link_base),
        overview=overview_of(lens_review),
        pillars=pillars,
        plan=plan_of(lens_review, register),
        patterns=patterns,
        accepted=tuple((kind, items) for kind, items in accepted if items),
        gaps=gaps_of(review),
        templates=templates,
        pictures=drawn_pictures(review.pictures, register.failures, texts),
        trend_chart=trend_chart(lens_review.trend, texts),
        options=_filter_options(lens_review, register),
        chapters=_chapters(pillars, texts),
    )


_ON_SCREEN = "sources"
"""The chapter that only links lead to."""
_ACCEPTED = (("suppressions", "template"), ("engine", "engine"), ("baseline", "baseline"))


def page(document: Document, *, paper: bool) -> str:
    """The HTML text; ``paper`` leaves out what needs a screen: scripts, filters, folding, single proofs."""
    from markupsafe import Markup

    from reports.picture import party_name, picture_texts

    environment = _environment()
    texts = document.texts
    words = picture_texts(texts.language)
    style = _style(document, paper=paper)
    script = static("page.js")
    rendered = environment.get_template("document.html.j2").render(
        doc=document,
        review=document.lens_review,
        run=document.lens_review.review,
        t=texts,
        lens=texts.lens,
        en=Markup("") if texts.language == "en" else Markup(' lang="en"'),
        paper=paper,
        chapters=[chapter for chapter in document.chapters if not (paper and chapter.id == _ON_SCREEN)],
        # Ours, constant but for numbers; the policy below names their hashes.
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        lines_of=lambda text: visible_lines(text.strip("\n")) or [""],
        verdicts=VERDICTS,
        severities=tuple(reversed(Severity)),
        risk_levels=tuple(Risk),
        high=Risk.HIGH,
        standing=Standing,
        own=OWN_SOURCE,
        stale_days=_stale_days(),
        party=lambda name: party_name(name, words),
    )
    return rendered if rendered.endswith("\n") else f"{rendered}\n"


def _stale_days() -> int:
    from validator.lens.notes import STALE_AFTER

    return STALE_AFTER.days


def _chapters(pillars: Sequence[PillarView], texts: DocumentTexts) -> tuple[Chapter, ...]:
    def plain(name: str) -> Chapter:
        return Chapter(name, texts(f"chapter.{name}"), f"{name}.html.j2")

    return (
        *(plain(name) for name in ("summary", "architecture", "plan")),
        *(
            Chapter(view.review.pillar.id, texts.lens(f"pillar.{view.review.pillar.id}.name"), "pillar.html.j2", view)
            for view in pillars
        ),
        *(plain(name) for name in ("findings", "patterns", "accepted", "gaps", "templates", "method", "sources")),
    )


def _filter_options(lens_review: LensReview, register: Register) -> FilterOptions:
    groups = register.groups
    findings = lens_review.review.findings
    return FilterOptions(
        categories=tuple(c for c in Category if any(group.category is c for group in groups)),
        rules=tuple(sorted({group.rule for group in groups})),
        templates=tuple(sorted({template_of(finding) for finding in findings})),
        engines=tuple(sorted({group.source for group in groups})),
        environments=tuple(sorted({name for finding in findings for name in finding.environments})),
    )


def _position(name: str, names: Sequence[str]) -> int:
    return names.index(name) + 1


def _style(document: Document, *, paper: bool) -> str:
    from reports.picture import PICTURE_CSS

    if paper:
        # Drawings bring their own styles to paper: see reports.document.pdf.
        return static("page.css") + static("paper.css")
    return f"{static('page.css')}{static('print.css')}{PICTURE_CSS}\n{picture_rules(document.pictures)}"


def _policy(style: str, script: str) -> str:
    """Nothing is fetched, sent or framed; the one style and the one script are known by their hashes."""
    parts = (
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return "; ".join(parts)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def static(name: str) -> str:
    """One of the files beside the templates: styles or the script."""
    return files("reports.document").joinpath("static", name).read_text(encoding="utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("reports.document"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: object) -> object:
    """Every text that a template shows: on one line, with nothing in it that does not print; then it is escaped."""
    from markupsafe import Markup

    if isinstance(value, str) and not isinstance(value, Markup):
        return one_line(value)
    return value
