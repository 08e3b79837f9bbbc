"""Triage in a review with checkov: one list, refuted reports with their proof, accepted faults under every id."""

from pathlib import Path

import pytest

from tools.triage_tables import PAGE, renewed
from validator.model import EngineStatus, Finding, Review, Severity, Verdict
from validator.review import ReviewRequest, review
from validator.triage import exit_status

ORDERS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: s3://code/orders.zip
      Events:
        Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""


@pytest.fixture(scope="module", autouse=True)
def checkov() -> None:
    pytest.importorskip("checkov", reason="checkov is not installed")


def reviewed(folder: Path, template: str, *engines: str) -> Review:
    (folder / "template.yaml").write_text(template)
    result = review(ReviewRequest(("template.yaml",), folder, engines=engines or ("tierlens", "checkov")))
    assert all(run.status is not EngineStatus.FAILED for run in result.engines)
    return result


def of_rule(result: Review, rule: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.rule == rule]


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_reports_are_merged_and_refuted(in_folder: Path) -> None:
    result = reviewed(in_folder, ORDERS)
    (dead_letters,) = of_rule(result, "CKV_AWS_116")
    assert dead_letters.verdict is Verdict.REFUTED
    assert dead_letters.refutation is not None
    assert dead_letters.refutation.statement == (
        "Orders is called synchronously only: its dead-letter queue would stay empty"
    )
    (network,) = of_rule(result, "CKV_AWS_117")
    assert network.verdict is Verdict.REFUTED
    (backup,) = of_rule(result, "PROT005")
    assert [(also.source, also.rule) for also in backup.also] == [("checkov", "CKV_AWS_28")]
    assert of_rule(result, "CKV_AWS_28") == []


def test_what_is_refuted_does_not_gate(in_folder: Path) -> None:
    jobs = "Resources:\n  Jobs: {Type: AWS::SQS::Queue}\n"
    refuted = reviewed(in_folder, jobs, "checkov")
    assert [(finding.rule, finding.verdict) for finding in refuted.findings] == [("CKV_AWS_27", Verdict.REFUTED)]
    assert exit_status(refuted, Severity.LOW) == 0
    stands = reviewed(
        in_folder, jobs.replace("Queue}", "Queue, Properties: {SqsManagedSseEnabled: false}}"), "checkov"
    )
    assert [(finding.rule, finding.verdict) for finding in stands.findings] == [("CKV_AWS_27", Verdict.FAIL)]
    assert exit_status(stands, Severity.LOW) == 1


def test_an_accepted_finding_is_accepted_under_every_id(in_folder: Path) -> None:
    marked = ORDERS.replace("  Table:\n", "  # tierlens: ignore[PROT005] reason='made anew'\n  Table:\n")
    result = reviewed(in_folder, marked)
    (backup,) = of_rule(result, "PROT005")
    assert (backup.verdict, [also.rule for also in backup.also]) == (Verdict.SUPPRESSED, ["CKV_AWS_28"])
    assert of_rule(result, "CKV_AWS_28") == []


def test_the_tables_of_the_page_are_fresh() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, "run: python -m tools.triage_tables"
