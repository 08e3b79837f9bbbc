"""What a whole run gives: the object that report writers turn into text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from validator.model.finding import Finding
from validator.model.picture import Picture
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
class RuleWording:
    """A rule in another language than English."""

    language: str
    title: str
    why: str


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
    practices: tuple[str, ...] = ()
    """Best practices of the Serverless Lens (``SEC1.a1``)."""
    since: str = ""
    """The release of the rule set that brought the rule."""
    source: str = "tierlens"
    """The engine whose rule it is."""
    translations: tuple[RuleWording, ...] = ()
    """Title and reason in the languages that the rule's pack brings."""

    def wording(self, language: str) -> RuleWording | None:
        """The rule in that language; None when its pack does not have it."""
        return next((wording for wording in self.translations if wording.language == language), None)


class EngineStatus(StrEnum):
    """How an engine's part of the run ended."""

    RAN = "ran"
    OFF = "off"
    FAILED = "failed"
    """It crashed, or did not read a template: the run is incomplete, a diagnostic says where."""


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One engine's part of a run: ours, cfn-lint, checkov, cloudformation-validate."""

    name: str
    version: str
    status: EngineStatus
    note: str = ""
    """What did not run and why; empty when all did."""


@dataclass(frozen=True, slots=True)
class StackSummary:
    """One stack of a workload: an instance of a template."""

    path: str
    """Stack names from the root stack down, with slashes: ``Shop/Network``."""
    template: str
    workload: str
    environment: str = ""
    construct: str = ""
    """The CDK construct path of the stack."""


@dataclass(frozen=True, slots=True)
class AssumptionUsed:
    """One ``assume`` entry of the configuration that settled something in the run."""

    subject: str
    meaning: str
    reason: str
    span: Span | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Settling:
    """An input that would settle unknown verdicts: what to give, and how many findings wait for it."""

    what: str
    how: str
    key: str
    unknowns: int


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
    engines: tuple[EngineRun, ...] = ()
    stacks: tuple[StackSummary, ...] = ()
    environments: tuple[str, ...] = ()
    assumptions: tuple[AssumptionUsed, ...] = ()
    settling: tuple[Settling, ...] = ()
    """The shortest list of inputs that would settle the most unknowns, best first."""
    pictures: tuple[Picture, ...] = ()
    """One architecture picture a workload; made only when asked for."""
    fixed: tuple[Finding, ...] = ()
    """What the compared state had and this one has no more; empty when nothing is compared."""

    @property
    def incomplete(self) -> bool:
        """True when something that was asked for was not checked: the run then ends with exit status 2."""
        return any(d.level is DiagnosticLevel.ERROR for d in self.diagnostics) or any(
            engine.status is EngineStatus.FAILED for engine in self.engines
        )
