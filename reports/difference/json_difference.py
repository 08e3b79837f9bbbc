"""A difference as JSON: the format is described in ``docs/diff.md`` and carries its own version."""

from collections.abc import Mapping
from typing import Any

from reports.difference.lists import closes
from reports.json_text import json_text
from validator.model import (
    ArchitectureChange,
    Difference,
    DifferenceEdge,
    DifferenceNode,
    Finding,
    ReportOptions,
    Span,
    Verdict,
)

SCHEMA_VERSION = 1


class JsonWriter:
    """Writes for programs."""

    name = "json"

    def write(self, difference: Difference, options: ReportOptions) -> str:
        """All of the difference; no option leaves anything out."""
        review = difference.review
        shown = [one for one in review.findings if one.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
        by_change = {
            name: [_finding(one) for one in shown if one.change is not None and one.change.value == name]
            for name in ("new", "unchanged")
        }
        document = {
            "schema_version": SCHEMA_VERSION,
            "version": review.version,
            "base": difference.base,
            "head": difference.head,
            "gate": {"closed": closes(difference, options), "complete": not review.incomplete},
            "findings": {**by_change, "fixed": [_finding(one) for one in review.fixed]},
            "architecture": [_change(one) for one in difference.changes],
            "nodes": [_node(one) for one in difference.nodes],
            "edges": [_edge(one) for one in difference.edges],
            "diagnostics": [
                {"level": one.level.value, "code": one.code, "message": one.message, "location": _place(one.span)}
                for one in review.diagnostics
            ],
        }
        return json_text(document) + "\n"


def _place(span: Span | None) -> Mapping[str, Any] | None:
    if span is None or not span.path:
        return None
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "rule": finding.rule,
        "source": finding.source,
        "status": finding.verdict.value,
        "severity": finding.severity.value,
        "category": finding.category.value,
        "resource": finding.resource,
        "resource_type": finding.resource_type,
        "target": finding.target,
        "message": finding.message,
        "template": finding.template,
        "stack": finding.stack,
        "environments": list(finding.environments),
        "scenario": dict(finding.scenario),
        "fingerprint": finding.fingerprint,
        "location": _place(finding.span),
    }


def _change(one: ArchitectureChange) -> Mapping[str, Any]:
    return {
        "kind": one.kind.value,
        "danger": one.danger.value,
        "sentence": one.sentence,
        "parts": list(one.parts),
        "nodes": list(one.nodes),
        "scenario": dict(one.scenario),
        "location": _place(one.span),
        "location_in": "base" if one.removed else "head",
    }


def _node(one: DifferenceNode) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "type": one.resource_type,
        "template": one.template,
        "change": _CHANGES[one.change.value],
        "location": _place(one.span),
    }


def _edge(one: DifferenceEdge) -> Mapping[str, Any]:
    return {
        "source": one.source,
        "relation": one.relation,
        "target": one.target,
        "detail": one.detail,
        "change": _CHANGES[one.change.value],
        "scenario": dict(one.scenario),
        "location": _place(one.span),
    }


_CHANGES = {"new": "added", "fixed": "removed", "unchanged": "unchanged"}

writer = JsonWriter()
