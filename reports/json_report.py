"""The JSON report: one object, described by ``reports/schema/v1.json``."""

import json
import re

from pydantic import BaseModel

from reports.schema import v1
from reports.tally import tally
from validator.model import (
    Category,
    Diagnostic,
    Evidence,
    Finding,
    ReportOptions,
    Review,
    Severity,
    Span,
    Suppression,
    TemplateSummary,
)

# JSON is often read in a terminal, where C1 controls act as escape sequences, and bidirectional marks and
# invisible characters disguise text. All of them can only stand inside strings, where \u means the same.
_TREACHEROUS = re.compile("[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


class JsonWriter:
    """Writes every finding, passes included, whatever the options: a machine chooses for itself."""

    name = "json"

    def write(self, review: Review, options: ReportOptions) -> str:
        """The report as indented JSON. The same review always gives the same text."""
        # Findings are written one by one: the models of a large run would take ten times the text's memory.
        head, gap, tail = _text(_report(review, [])).partition(_NO_FINDINGS)
        if not review.findings:
            return f"{head}{gap}{tail}\n"
        pieces = [head, _NO_FINDINGS.removesuffix("]")]
        for finding in review.findings:
            pieces += ("\n", _text(_finding(finding), indentation=4), ",")
        pieces[-1] = "\n  ]"
        return "".join((*pieces, tail, "\n"))


writer = JsonWriter()

_NO_FINDINGS = '\n  "findings": []'
"""How the frame shows the list to fill; no string of JSON holds a raw line break, so it stands there only."""


def _text(model: BaseModel, indentation: int = 0) -> str:
    text = json.dumps(model.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False)
    harmless = _TREACHEROUS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    margin = " " * indentation
    return margin + harmless.replace("\n", f"\n{margin}")


def report_of(review: Review) -> v1.Report:
    """The review in the public shape."""
    return _report(review, [_finding(finding) for finding in review.findings])


def _report(review: Review, findings: list[v1.Finding]) -> v1.Report:
    return v1.Report(
        schema_version=v1.SCHEMA_VERSION,
        tool=v1.Tool(name="tierlens", version=review.version),
        templates=[_template(template) for template in review.templates],
        findings=findings,
        diagnostics=[_diagnostic(diagnostic) for diagnostic in review.diagnostics],
        summary=_summary(review),
    )


def _template(template: TemplateSummary) -> v1.Template:
    return v1.Template(
        path=template.path,
        dialect=template.dialect,
        resources=template.resources,
        readable=template.readable,
    )


def _finding(finding: Finding) -> v1.Finding:
    return v1.Finding(
        rule=finding.rule,
        category=finding.category,
        status=finding.verdict,
        severity=finding.severity,
        resource=finding.resource,
        resource_type=finding.resource_type,
        target=finding.target,
        message=finding.message,
        why=finding.why,
        fix=finding.fix,
        lens=list(finding.lens),
        location=_location(finding.span),
        evidence=[_evidence(step) for step in finding.evidence],
        scenario=dict(sorted(finding.scenario.items())),
        at_defaults=finding.at_defaults,
        missing=[v1.Missing(what=m.what, how=m.how, key=m.key) for m in finding.missing],
        suppression=_suppression(finding.suppression),
        source=finding.source,
        fingerprint=finding.fingerprint,
    )


def _evidence(step: Evidence) -> v1.Evidence:
    return v1.Evidence(resource=step.resource, relation=step.relation, location=_optional_location(step.span))


def _suppression(suppression: Suppression | None) -> v1.Suppression | None:
    if suppression is None:
        return None
    return v1.Suppression(
        reason=suppression.reason,
        until=suppression.until,
        location=_optional_location(suppression.span),
    )


def _diagnostic(diagnostic: Diagnostic) -> v1.Diagnostic:
    return v1.Diagnostic(
        level=diagnostic.level,
        code=diagnostic.code,
        message=diagnostic.message,
        hint=diagnostic.hint,
        location=_optional_location(diagnostic.span),
    )


def _optional_location(span: Span | None) -> v1.Location | None:
    return None if span is None else _location(span)


def _location(span: Span) -> v1.Location:
    return v1.Location(
        path=span.path,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
    )


def _summary(review: Review) -> v1.Summary:
    findings = review.findings
    return v1.Summary(
        incomplete=review.incomplete,
        totals=_counts(findings),
        by_category={c: _counts([f for f in findings if f.category is c]) for c in Category},
        by_severity={s: _counts([f for f in findings if f.severity is s]) for s in reversed(Severity)},
    )


def _counts(findings: tuple[Finding, ...] | list[Finding]) -> v1.Counts:
    counts = tally(findings)
    return v1.Counts(
        passed=counts.passed,
        failed=counts.failed,
        unknown=counts.unknown,
        suppressed=counts.suppressed,
    )
