"""Values that every step shares: spans, verdicts, findings, reviews, errors. Imports nothing of ours."""

from validator.model.errors import (
    ExpandError,
    LoadError,
    RulePackError,
    SettingsError,
    TierlensError,
    UsageError,
)
from validator.model.finding import (
    AlsoReported,
    Change,
    Evidence,
    Finding,
    Missing,
    Refutation,
    Suppression,
    SuppressionKind,
)
from validator.model.parameter import ParameterDeclaration
from validator.model.picture import BoxKind, Lane, Picture, PictureBox, PictureEdge, PictureNode
from validator.model.report_writer import ReportOptions, ReportWriter
from validator.model.review import (
    AssumptionUsed,
    Diagnostic,
    DiagnosticLevel,
    EngineRun,
    EngineStatus,
    Review,
    RuleText,
    Settling,
    StackSummary,
    TemplateSummary,
)
from validator.model.span import Origin, Span
from validator.model.verdict import CORE_CATEGORIES, Category, Severity, Verdict

__all__ = [
    "CORE_CATEGORIES",
    "AlsoReported",
    "AssumptionUsed",
    "BoxKind",
    "Category",
    "Change",
    "Diagnostic",
    "DiagnosticLevel",
    "EngineRun",
    "EngineStatus",
    "Evidence",
    "ExpandError",
    "Finding",
    "Lane",
    "LoadError",
    "Missing",
    "Origin",
    "ParameterDeclaration",
    "Picture",
    "PictureBox",
    "PictureEdge",
    "PictureNode",
    "Refutation",
    "ReportOptions",
    "ReportWriter",
    "Review",
    "RulePackError",
    "RuleText",
    "SettingsError",
    "Settling",
    "Severity",
    "Span",
    "StackSummary",
    "Suppression",
    "SuppressionKind",
    "TemplateSummary",
    "TierlensError",
    "UsageError",
    "Verdict",
]
