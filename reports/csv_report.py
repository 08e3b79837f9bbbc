"""The CSV report (RFC 4180): one row for each finding, for spreadsheets and small scripts."""

import csv
import io
from dataclasses import replace

from reports.facts import also_named, scenario, template_of
from reports.strings import visible
from validator.model import Change, Finding, ReportOptions, Review, Verdict

COLUMNS = (
    "status",
    "change",
    "severity",
    "category",
    "source",
    "rule",
    "also",
    "template",
    "stack",
    "environments",
    "construct",
    "resource",
    "resource_type",
    "target",
    "path",
    "line",
    "column",
    "message",
    "scenario",
    "missing",
    "why",
    "fix",
    "lens",
    "practices",
    "refutation",
    "suppression_reason",
    "suppression_kind",
    "suppression_owner",
    "suppression_since",
    "suppression_until",
    "fingerprint",
)

# A spreadsheet takes a cell that begins so for a formula, and a formula can run programs. The wide forms
# count in some of them, and so does a sign behind blanks. Tabs and line breaks are escaped before this.
_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CELL_LIMIT = 32_000
"""A cell of a spreadsheet holds 32,767 characters."""


class CsvWriter:
    """Writes every finding, passes included, then what is fixed; with ``quiet``, failures only."""

    name = "csv"

    def write(self, review: Review, options: ReportOptions) -> str:
        """The table with a header; all cells are one line, what does not print is shown as its escape."""
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        gone = (replace(finding, change=Change.FIXED) for finding in review.fixed)
        for finding in (*review.findings, *gone):
            if finding.verdict is Verdict.FAIL or not options.quiet:
                table.writerow([_cell(value) for value in _row(finding)])
        return out.getvalue()


writer = CsvWriter()


def _row(finding: Finding) -> list[str]:
    decision = finding.suppression
    refutation = finding.refutation
    cells = {
        "status": finding.verdict.value,
        "change": finding.change.value if finding.change else "",
        "severity": finding.severity.value,
        "category": finding.category.value,
        "source": finding.source,
        "rule": finding.rule,
        "also": also_named(finding),
        "template": template_of(finding),
        "stack": finding.stack,
        "environments": ", ".join(finding.environments),
        "construct": finding.construct,
        "resource": finding.resource,
        "resource_type": finding.resource_type,
        "target": finding.target,
        "path": finding.span.path,
        "line": str(finding.span.line),
        "column": str(finding.span.column),
        "message": finding.message,
        "scenario": scenario(finding),
        "missing": "; ".join(missing.what for missing in finding.missing),
        "why": finding.why,
        "fix": finding.fix.strip(),
        "lens": ", ".join(finding.lens),
        "practices": ", ".join(finding.practices),
        "refutation": refutation.statement if refutation else "",
        "suppression_reason": decision.reason if decision else "",
        "suppression_kind": decision.kind.value if decision else "",
        "suppression_owner": decision.owner if decision else "",
        "suppression_since": decision.since.isoformat() if decision and decision.since else "",
        "suppression_until": decision.until.isoformat() if decision and decision.until else "",
        "fingerprint": finding.fingerprint,
    }
    return [cells[column] for column in COLUMNS]


def _cell(value: str) -> str:
    text = visible(value)[:_CELL_LIMIT]
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) else text
