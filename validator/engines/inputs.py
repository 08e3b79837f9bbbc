"""What an engine is given of a template, and what comes back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from validator.expand.template import Template
from validator.model import Diagnostic, DiagnosticLevel, EngineRun, Finding, RuleText, Span
from validator.resolve import Scope

if TYPE_CHECKING:
    from validator.engines.remembered import AnswerStore


@dataclass(frozen=True, slots=True)
class EngineInput:
    """One template of a run.

    ``scope`` resolves its values; of a template that several stacks share, the first one's. ``file`` is its
    path on disk. ``given`` are parameter values that the run was given. With ``suppressions`` False what an
    engine's own comments and metadata accept is shown as the failure it is.
    """

    template: Template
    scope: Scope
    file: Path
    given: Mapping[str, str] = field(default_factory=dict)
    region: str | None = None
    suppressions: bool = True

    @property
    def path(self) -> str:
        """The template's path as it is shown."""
        return self.template.path


@dataclass(frozen=True, slots=True)
class GuardFile:
    """A file of an organisation's own rules: ``kind`` is guard, rego or cel."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What stays the same for all templates of a run.

    ``root`` is the folder below which an engine may read (nested templates). ``informational`` shows remarks
    as well as errors and warnings. ``guard`` are the files of an organisation's own rules.
    """

    root: Path
    region: str | None = None
    informational: bool = False
    guard: tuple[GuardFile, ...] = ()
    answers: "AnswerStore | None" = None
    """What the engines said before; None asks them everything anew."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one engine says of one template."""

    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    rules: Mapping[str, RuleText] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EngineResults:
    """What the engines say of all templates of a run."""

    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    runs: tuple[EngineRun, ...] = ()
    rules: Mapping[str, RuleText] = field(default_factory=dict)


def numbered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with those of one rule on one target counted from 0."""
    seen: dict[tuple[str, str, str, str], int] = {}
    for finding in findings:
        key = (finding.rule, finding.resource_type, finding.resource, finding.target)
        number = seen.get(key, 0)
        seen[key] = number + 1
        yield replace(finding, ordinal=number) if number else finding


def not_done(engine: str, path: str, what: str, hint: str) -> Diagnostic:
    """The error for a template that an engine did not check."""
    return Diagnostic(
        DiagnosticLevel.ERROR, "engine-failed", f"{path}: {engine} {what}", Span(path, 1, 1, 1, 1), hint
    )


LONGEST_MESSAGE = 300


def sentence(text: str) -> str:
    """An engine's message in one line; a list of all that would be allowed is cut."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_MESSAGE else f"{words[: LONGEST_MESSAGE - 1].rstrip()}…"
