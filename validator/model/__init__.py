"""Values that every step shares: spans, verdicts, findings, reviews, errors. Imports nothing of ours."""

from validator.model.errors import (
    ExpandError,
    LoadError,
    RulePackError,
    SettingsError,
    TierlensError,
    UsageError,
)
from validator.model.finding import Evidence, Finding, Missing, Suppression
from validator.model.parameter import ParameterDeclaration
from validator.model.report_writer import ReportOptions, ReportWriter
from validator.model.review import Diagnostic, DiagnosticLevel, Review, RuleText, TemplateSummary
from validator.model.span import Origin, Span
from validator.model.verdict import CORE_CATEGORIES, Category, Severity, Verdict

__all__ = [
    "CORE_CATEGORIES",
    "Category",
    "Diagnostic",
    "DiagnosticLevel",
    "Evidence",
    "ExpandError",
    "Finding",
    "LoadError",
    "Missing",
    "Origin",
    "ParameterDeclaration",
    "ReportOptions",
    "ReportWriter",
    "Review",
    "RulePackError",
    "RuleText",
    "SettingsError",
    "Severity",
    "Span",
    "Suppression",
    "TemplateSummary",
    "TierlensError",
    "UsageError",
    "Verdict",
]
