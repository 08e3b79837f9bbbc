"""What a rule is: its metadata, its explanation, its examples and its judge, in one class.

This is the public interface for rule packs. A rule is stateless, prints nothing and reads no file; it is
written for one scenario, and the runner asks it again in every scenario that it tells apart.
"""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from validator.graph import Architecture, Resource
from validator.model import Category, Evidence, Missing, Severity, Span, Verdict

HEADINGS = ("What it proves", "Why it matters", "How to fix", "What it cannot see")
"""Headings that every rule's docstring has, in this order."""

FINDING_MARK = "# <- finding"


@dataclass(frozen=True, slots=True)
class RuleMeta:
    """The catalogue entry of a rule.

    ``why`` is one sentence for the report. ``subjects`` are the resource types it judges, as they are after
    expansion. ``lens`` names the best practices of the Serverless Lens that it bears on (``SEC1.a1``), or a
    question where it bears on no single practice (``SEC1``). ``since`` is the release that brought the rule.
    """

    id: str
    title: str
    category: Category
    severity: Severity
    why: str
    subjects: tuple[str, ...]
    lens: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    since: str = "0.1"

    @property
    def questions(self) -> tuple[str, ...]:
        """The lens questions (``SEC1``) that it bears on."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.lens))

    @property
    def practices(self) -> tuple[str, ...]:
        """The best practices of the lens (``SEC1.a1``) that it bears on."""
        return tuple(name for name in self.lens if "." in name)


@dataclass(frozen=True, slots=True)
class Example:
    """A template that is documentation and test at once.

    In a failing example the line of the finding ends in ``# <- finding``. ``resource`` and ``target`` narrow
    what is compared; ``files`` are further files beside the template.
    """

    verdict: Verdict
    name: str
    template: str
    resource: str = ""
    target: str = ""

    @staticmethod
    def fails(name: str, template: str, *, resource: str = "", target: str = "") -> "Example":
        """A template for which the rule gives a failure at the marked line."""
        return Example(Verdict.FAIL, name, template, resource, target)

    @staticmethod
    def passes(name: str, template: str, *, resource: str = "", target: str = "") -> "Example":
        """A template for which the rule gives passes only, at least one."""
        return Example(Verdict.PASS, name, template, resource, target)

    @staticmethod
    def unknown(name: str, template: str, *, resource: str = "", target: str = "") -> "Example":
        """A template that does not decide: the rule says what is missing."""
        return Example(Verdict.UNKNOWN, name, template, resource, target)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict in one scenario, before the runner adds the rule's texts and the conditions."""

    verdict: Verdict
    subject: Resource
    message: str
    span: Span
    target: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    fix: str = ""
    severity: Severity | None = None


class Rule(ABC):
    """Base of every rule. The class docstring is the explanation, with the fixed headings."""

    meta: ClassVar[RuleMeta]
    examples: ClassVar[Sequence[Example]]
    judges_refused: ClassVar[bool] = True
    """Whether a SAM resource that cannot be expanded leaves its subjects unknown, rather than without a verdict."""

    @classmethod
    def explanation(cls) -> str:
        """The class docstring as Markdown, without indentation; ``tierlens explain`` prints it."""
        return inspect.cleandoc(cls.__doc__ or "")

    def subjects(self, graph: Architecture) -> Iterable[Resource]:
        """The resources to judge, whether or not they exist in a scenario (the runner sees to that)."""
        return graph.declared(*self.meta.subjects)

    @abstractmethod
    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """The verdicts on one existing subject in the scenario in force; none when the rule does not apply."""

    def fails(
        self,
        subject: Resource,
        message: str,
        *,
        evidence: Iterable[Evidence],
        fix: str,
        at: Span | None = None,
        target: str = "",
        severity: Severity | None = None,
    ) -> Judgement:
        """A failure with the path that proves it; ``at`` is the primary place (default: the subject's)."""
        steps = tuple(evidence)
        if not steps:
            raise ValueError(f"{self.meta.id} fails {subject.name} without evidence")
        return Judgement(
            Verdict.FAIL, subject, message, at or subject.span, target, steps, fix=fix, severity=severity
        )

    def passes(
        self,
        subject: Resource,
        message: str,
        *,
        evidence: Iterable[Evidence] = (),
        at: Span | None = None,
        target: str = "",
    ) -> Judgement:
        """A proof that the property holds."""
        return Judgement(Verdict.PASS, subject, message, at or subject.span, target, tuple(evidence))

    def unknown(
        self,
        subject: Resource,
        message: str,
        *,
        missing: Iterable[Missing],
        evidence: Iterable[Evidence] = (),
        at: Span | None = None,
        target: str = "",
        fix: str = "",
    ) -> Judgement:
        """The template does not decide: ``missing`` says what is lacking, at least one."""
        lacking = tuple(dict.fromkeys(missing))
        if not lacking:
            raise ValueError(f"{self.meta.id} leaves {subject.name} unknown without saying what is missing")
        return Judgement(Verdict.UNKNOWN, subject, message, at or subject.span, target, tuple(evidence), lacking, fix)
