"""What a whole run gives: the object that report writers turn into text."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from validator.model.finding import Finding
from validator.model.span import Span
from validator.model.verdict import Category, Severity


class DiagnosticLevel(StrEnum):
    """How bad a remark on the input is; an error means that something was not checked (exit 2)."""

    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A remark on an input or on the run itself, never a verdict."""

    level: DiagnosticLevel
    code: str
    """Stable, kebab-case: ``duplicate-key``, ``unknown-tag``, ``sam-refused``, ``rule-failed``."""
    message: str
    span: Span | None = None
    hint: str = ""
    """What to do about it; may be empty."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """What reports show of a rule."""

    id: str
    title: str
    category: Category
    severity: Severity
    why: str
    explanation: str
    """Markdown with the fixed headings of ``docs/rules``."""
    lens: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateSummary:
    """One template of the run: what it is and whether it could be read."""

    path: str
    dialect: str
    """``sam``, ``cloudformation``, or empty when the file could not be read."""
    resources: int
    readable: bool


@dataclass(frozen=True, slots=True)
class Review:
    """The result of one run.

    ``findings`` are sorted: by template, then worst first. ``sources`` holds the text of each file that a
    finding or a diagnostic points into, for excerpts. ``rules`` has the text of every rule that ran.
    """

    version: str
    templates: tuple[TemplateSummary, ...]
    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    rules: Mapping[str, RuleText]
    sources: Mapping[str, str]
    root: Path

    @property
    def incomplete(self) -> bool:
        """True when something that was asked for was not checked: the run then ends with exit status 2."""
        return any(d.level is DiagnosticLevel.ERROR for d in self.diagnostics)
