import csv
import io
from dataclasses import replace

import pytest

from reports.csv_report import COLUMNS, writer
from tests.reports.conftest import BASELINED, GONE, MERGED, REFUTED, TICKETS, WILDCARD, only
from validator.model import ReportOptions, ReportWriter, Review

PLAIN = ReportOptions()


def rows(review: Review, options: ReportOptions = PLAIN) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(writer.write(review, options), newline=""), strict=True))


def test_is_a_report_writer() -> None:
    assert isinstance(writer, ReportWriter)
    assert writer.name == "csv"


def test_one_row_for_each_finding(gate: Review, compared: Review) -> None:
    assert [row["status"] for row in rows(gate)] == [finding.verdict.value for finding in gate.findings]
    assert {row["status"] for row in rows(gate, ReportOptions(quiet=True))} == {"fail"}
    assert [row["change"] for row in rows(compared) if row["resource"] == GONE.resource] == ["fixed"]


def test_a_row(gate: Review) -> None:
    (row,) = rows(only(gate, MERGED))
    assert tuple(row) == COLUMNS
    assert {key: value for key, value in row.items() if value} == {
        "status": "fail",
        "severity": "high",
        "category": "api-auth",
        "source": "tierlens",
        "rule": "AUTH001",
        "also": "checkov CKV_AWS_59",
        "template": TICKETS,
        "stack": "Shop/Api",
        "environments": "prod",
        "construct": "Shop/Api/Resource",
        "resource": "TicketsApi",
        "resource_type": "AWS::Serverless::Api",
        "target": "GET /shows",
        "path": TICKETS,
        "line": "15",
        "column": "9",
        "message": "TicketsApi answers GET /shows to anyone.",
        "scenario": "IsProd is false (not with the default parameters)",
        "why": MERGED.why,
        "fix": MERGED.fix.replace("\n", "\\n"),
        "lens": "SEC1, SEC2",
        "practices": "SEC1.a1",
        "fingerprint": MERGED.fingerprint,
    }


def test_decisions_and_proofs_have_their_columns(gate: Review) -> None:
    accepted, refuted = rows(only(gate, BASELINED, REFUTED))
    assert [accepted[f"suppression_{name}"] for name in ("reason", "kind", "owner", "since", "until")] == [
        "before the gate",
        "baseline",
        "web team",
        "2026-01-02",
        "",
    ]
    assert refuted["refutation"] == "Create uses no store of a VPC: it needs none"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "\\t=1"),
        ("\r=1", "\\r=1"),
        ("\uff1d1", "'\uff1d1"),
        ("a=1", "a=1"),
        ("a-1", "a-1"),
        ('say "x", now', 'say "x", now'),
        ("one\ntwo", "one\\ntwo"),
        ("\u202eabc", "\\u202eabc"),
    ],
)
def test_no_cell_is_a_formula(gate: Review, text: str, cell: str) -> None:
    (row,) = rows(only(gate, replace(WILDCARD, resource=text, message=text)))
    assert (row["resource"], row["message"]) == (cell, cell)


def test_a_cell_fits_into_a_spreadsheet(gate: Review) -> None:
    (row,) = rows(only(gate, replace(WILDCARD, message="x" * 100_000)))
    assert len(row["message"]) == 32_000
