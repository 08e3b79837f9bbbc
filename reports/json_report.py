"""The JSON report: one object, described by ``reports/schema/v1.json``."""

from dataclasses import replace

from pydantic import BaseModel

from reports.facts import change_counts, engines_in_order
from reports.json_text import json_text
from reports.schema import v1
from reports.tally import tally
from validator.model import (
    AlsoReported,
    AssumptionUsed,
    Category,
    Change,
    Diagnostic,
    Evidence,
    Finding,
    Refutation,
    ReportOptions,
    Review,
    Severity,
    Span,
    StackSummary,
    Suppression,
    TemplateSummary,
)


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
    text = json_text(model.model_dump(mode="json", by_alias=True))
    margin = " " * indentation
    return margin + text.replace("\n", f"\n{margin}")


def report_of(review: Review) -> v1.Report:
    """The review in the public shape."""
    return _report(review, [_finding(finding) for finding in review.findings])


def _report(review: Review, findings: list[v1.Finding]) -> v1.Report:
    return v1.Report(
        schema_version=v1.SCHEMA_VERSION,
        tool=v1.Tool(name="tierlens", version=review.version),
        engines=[
            v1.Engine(name=e.name, version=e.version, status=e.status, note=e.note) for e in engines_in_order(review)
        ],
        environments=list(review.environments),
        templates=[_template(template) for template in review.templates],
        stacks=[_stack(stack) for stack in review.stacks],
        findings=findings,
        fixed=[_finding(replace(finding, change=Change.FIXED)) for finding in review.fixed],
        diagnostics=[_diagnostic(diagnostic) for diagnostic in review.diagnostics],
        assumptions=[_assumption(assumption) for assumption in review.assumptions],
        settling=[v1.Settling(what=s.what, how=s.how, key=s.key, unknowns=s.unknowns) for s in review.settling],
        summary=_summary(review),
    )


def _template(template: TemplateSummary) -> v1.Template:
    return v1.Template(
        path=template.path,
        dialect=template.dialect,
        resources=template.resources,
        readable=template.readable,
    )


def _stack(stack: StackSummary) -> v1.Stack:
    return v1.Stack(
        path=stack.path,
        template=stack.template,
        workload=stack.workload,
        environment=stack.environment,
        construct_path=stack.construct,
    )


def _assumption(assumption: AssumptionUsed) -> v1.Assumption:
    return v1.Assumption(
        subject=assumption.subject,
        meaning=assumption.meaning,
        reason=assumption.reason,
        until=assumption.until,
        location=_optional_location(assumption.span),
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
        practices=list(finding.practices),
        location=_location(finding.span),
        evidence=[_evidence(step) for step in finding.evidence],
        scenario=dict(sorted(finding.scenario.items())),
        at_defaults=finding.at_defaults,
        missing=[v1.Missing(what=m.what, how=m.how, key=m.key) for m in finding.missing],
        suppression=_suppression(finding.suppression),
        refutation=_refutation(finding.refutation),
        source=finding.source,
        also=[_also(other) for other in finding.also],
        template=finding.template,
        stack=finding.stack,
        environments=list(finding.environments),
        construct_path=finding.construct,
        change=finding.change,
        newer_than_pin=finding.newer_than_pin,
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
        kind=suppression.kind,
        owner=suppression.owner,
        since=suppression.since,
    )


def _also(other: AlsoReported) -> v1.AlsoReported:
    return v1.AlsoReported(
        source=other.source, rule=other.rule, message=other.message, location=_optional_location(other.span)
    )


def _refutation(refutation: Refutation | None) -> v1.Refutation | None:
    if refutation is None:
        return None
    return v1.Refutation(statement=refutation.statement, proof=[_evidence(step) for step in refutation.proof])


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
        changes=_changes(review),
    )


def _changes(review: Review) -> v1.Changes | None:
    counts = change_counts(review)
    if counts is None:
        return None
    new, fixed, unchanged = counts
    return v1.Changes(new=new, fixed=fixed, unchanged=unchanged)


def _counts(findings: tuple[Finding, ...] | list[Finding]) -> v1.Counts:
    counts = tally(findings)
    return v1.Counts(
        passed=counts.passed,
        failed=counts.failed,
        unknown=counts.unknown,
        suppressed=counts.suppressed,
        refuted=counts.refuted,
    )
