"""The two tables of a scan: their columns, and how a review becomes rows.

The columns of a schema version never change their type or meaning. A new column raises ``SCHEMA_VERSION``.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from validator.model import DiagnosticLevel, Finding, Review, Verdict

SCHEMA_VERSION: Final = 1

Row = dict[str, object]


class ColumnType(StrEnum):
    """The type of a column, the same in JSON lines (as text where JSON has none) and in Parquet."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXTS = "list of text"
    DATE = "date"
    """ISO 8601 day in JSON lines."""
    TIME = "timestamp"
    """UTC, microseconds; ISO 8601 with ``Z`` in JSON lines."""


class Status(StrEnum):
    """How the scan of one repository ended."""

    OK = "ok"
    EMPTY = "empty"
    """There is no template in it."""
    INCOMPLETE = "incomplete"
    """Something in it could not be checked; what could has its findings."""
    ERROR = "error"
    """Nothing could be checked: a wrong configuration, a folder that is not there."""
    TIMEOUT = "timeout"
    CRASHED = "crashed"

    @property
    def is_done(self) -> bool:
        """Whether everything in the repository was checked."""
        return self in (Status.OK, Status.EMPTY)


_SHARED: Final[dict[str, ColumnType]] = {
    "schema_version": ColumnType.INTEGER,
    "scan_id": ColumnType.TEXT,
    "scan_date": ColumnType.DATE,
    "scanned_at": ColumnType.TIME,
    "tierlens_version": ColumnType.TEXT,
    "repository": ColumnType.TEXT,
}

FINDINGS: Final[dict[str, ColumnType]] = {
    **_SHARED,
    "fingerprint": ColumnType.TEXT,
    "source": ColumnType.TEXT,
    "rule": ColumnType.TEXT,
    "category": ColumnType.TEXT,
    "verdict": ColumnType.TEXT,
    "severity": ColumnType.TEXT,
    "template": ColumnType.TEXT,
    "file": ColumnType.TEXT,
    "line": ColumnType.INTEGER,
    "column": ColumnType.INTEGER,
    "stack": ColumnType.TEXT,
    "environments": ColumnType.TEXTS,
    "resource": ColumnType.TEXT,
    "resource_type": ColumnType.TEXT,
    "target": ColumnType.TEXT,
    "construct": ColumnType.TEXT,
    "conditions": ColumnType.TEXTS,
    "at_defaults": ColumnType.BOOLEAN,
    "message": ColumnType.TEXT,
    "why": ColumnType.TEXT,
    "fix": ColumnType.TEXT,
    "missing": ColumnType.TEXTS,
    "lens": ColumnType.TEXTS,
    "practices": ColumnType.TEXTS,
    "suppression_reason": ColumnType.TEXT,
    "suppression_until": ColumnType.DATE,
}
"""One row a finding, passes included. Only ``suppression_until`` may be null."""

REPOSITORIES: Final[dict[str, ColumnType]] = {
    **_SHARED,
    "path": ColumnType.TEXT,
    "content_key": ColumnType.TEXT,
    "status": ColumnType.TEXT,
    "message": ColumnType.TEXT,
    "duration_seconds": ColumnType.NUMBER,
    "templates": ColumnType.INTEGER,
    "resources": ColumnType.INTEGER,
    "failed": ColumnType.INTEGER,
    "unknown": ColumnType.INTEGER,
    "suppressed": ColumnType.INTEGER,
    "refuted": ColumnType.INTEGER,
    "passed": ColumnType.INTEGER,
    "errors": ColumnType.TEXTS,
}
"""One row a repository. None of its columns is ever null."""

_COUNTS: Final[Mapping[str, Verdict]] = {
    "failed": Verdict.FAIL,
    "unknown": Verdict.UNKNOWN,
    "suppressed": Verdict.SUPPRESSED,
    "refuted": Verdict.REFUTED,
    "passed": Verdict.PASS,
}


def finding_row(finding: Finding) -> Row:
    """A finding's own columns."""
    suppression = finding.suppression
    until: date | None = suppression.until if suppression is not None else None
    return {
        "fingerprint": finding.fingerprint,
        "source": finding.source,
        "rule": finding.rule,
        "category": finding.category.value,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "template": whole(finding.template or finding.span.path),
        "file": whole(finding.span.path),
        "line": finding.span.line,
        "column": finding.span.column,
        "stack": whole(finding.stack),
        "environments": [whole(one) for one in finding.environments],
        "resource": whole(finding.resource),
        "resource_type": whole(finding.resource_type),
        "target": whole(finding.target),
        "construct": whole(finding.construct),
        "conditions": [whole(f"{name}={str(value).lower()}") for name, value in sorted(finding.scenario.items())],
        "at_defaults": finding.at_defaults,
        "message": whole(finding.message),
        "why": whole(finding.why),
        "fix": whole(finding.fix),
        "missing": [whole(one.what) for one in finding.missing],
        "lens": list(finding.lens),
        "practices": list(finding.practices),
        "suppression_reason": whole(suppression.reason) if suppression is not None else "",
        "suppression_until": until.isoformat() if until is not None else None,
    }


def status_row(status: Status, message: str, review: Review | None = None) -> Row:
    """What the repository's row says of how its scan ended."""
    found = Counter(finding.verdict for finding in review.findings) if review is not None else Counter[Verdict]()
    templates = review.templates if review is not None else ()
    diagnostics = review.diagnostics if review is not None else ()
    errors = [whole(one.message) for one in diagnostics if one.level is DiagnosticLevel.ERROR]
    return {
        "status": status.value,
        "message": whole(message),
        "templates": len(templates),
        "resources": sum(template.resources for template in templates),
        **{column: found[verdict] for column, verdict in _COUNTS.items()},
        "errors": errors,
    }


def whole(text: str) -> str:
    """The text as strict UTF-8 can hold it: a template may have lone surrogates, a warehouse refuses them."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
