"""Other engines in a review: which of their rules count, what is accepted, what is told of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from validator.model import EngineStatus, Finding, Severity, UsageError, Verdict
from validator.review import ReviewRequest, review
from validator.settings import Settings

BUCKET = """\
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      NoSuchProperty: 1
"""


@pytest.fixture
def request_of_bucket(tmp_path: Path) -> ReviewRequest:
    (tmp_path / "template.yaml").write_text(BUCKET)
    return ReviewRequest(("template.yaml",), tmp_path, engines=("tierlens", "cfn-lint", "checkov"))


@pytest.fixture(autouse=True)
def _in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def by_source(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.source for finding in findings}


def failing(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(item.source, item.rule) for item in findings if item.verdict is Verdict.FAIL]


def test_one_list_from_three_engines(request_of_bucket: ReviewRequest) -> None:
    result = review(request_of_bucket)
    assert {("cfn-lint", "E3002"), ("checkov", "CKV_AWS_18")} <= set(failing(result.findings))
    runs = {run.name: run.status for run in result.engines}
    assert runs == {
        "tierlens": EngineStatus.RAN,
        "cfn-lint": EngineStatus.RAN,
        "checkov": EngineStatus.RAN,
        "cloudformation-validate": EngineStatus.OFF,
    }
    assert all(run.version for run in result.engines if run.status is EngineStatus.RAN)
    assert result.rules["CKV_AWS_18"].source == "checkov"
    assert not result.incomplete


@pytest.mark.parametrize(
    ("select", "ignore", "left"),
    [
        (("CKV_AWS_18",), (), [("checkov", "CKV_AWS_18")]),
        (("E3002",), (), [("cfn-lint", "E3002")]),
        (("cfn-lint",), (), [("cfn-lint", "E3002")]),
        (("template-validity",), (), [("cfn-lint", "E3002")]),
        (("CKV_AWS_1", "CKV_AWS_2"), ("CKV_AWS_18",), [("checkov", "CKV_AWS_21")]),
    ],
)
def test_their_rules_are_selected_as_ours(
    request_of_bucket: ReviewRequest, select: tuple[str, ...], ignore: tuple[str, ...], left: list[tuple[str, str]]
) -> None:
    result = review(replace(request_of_bucket, select=select, ignore=ignore))
    assert failing(result.findings) == left
    assert {finding.source for finding in result.findings} == {left[0][0]}


def test_an_engine_without_a_selected_rule_is_not_started(request_of_bucket: ReviewRequest) -> None:
    result = review(replace(request_of_bucket, select=("TIER001",)))
    assert {run.name for run in result.engines if run.status is EngineStatus.RAN} == {"tierlens"}


def test_severities_and_rules_that_are_off(request_of_bucket: ReviewRequest) -> None:
    settings = Settings(severity={"CKV_AWS_18": Severity.CRITICAL, "CKV_AWS_21": None})
    found = {item.rule: item.severity for item in review(replace(request_of_bucket, settings=settings)).findings}
    assert found["CKV_AWS_18"] is Severity.CRITICAL
    assert "CKV_AWS_21" not in found


def test_ours_suppress_theirs(request_of_bucket: ReviewRequest, tmp_path: Path) -> None:
    comment = '  # tierlens: ignore[CKV_AWS_18] reason="it holds no data"\n  Files:'
    (tmp_path / "template.yaml").write_text(BUCKET.replace("  Files:", comment))
    result = review(request_of_bucket)
    (finding,) = [item for item in result.findings if item.rule == "CKV_AWS_18"]
    assert finding.verdict is Verdict.SUPPRESSED
    assert [item.code for item in result.diagnostics if item.code.startswith("suppression")] == []
    alone = review(replace(request_of_bucket, engines=("tierlens",)))
    assert [item.code for item in alone.diagnostics if item.code.startswith("suppression")] == []


def test_by_default_a_review_runs_our_rules_only(request_of_bucket: ReviewRequest) -> None:
    result = review(ReviewRequest(request_of_bucket.paths, request_of_bucket.root))
    assert by_source(result.findings) <= {"tierlens"}


def test_without_ours_only_theirs_run(request_of_bucket: ReviewRequest) -> None:
    result = review(replace(request_of_bucket, engines=("cfn-lint",)))
    assert by_source(result.findings) == {"cfn-lint"}
    assert result.engines[0].status is EngineStatus.OFF


def test_remarks_are_shown_only_when_they_are_named(request_of_bucket: ReviewRequest, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(f"{BUCKET}  Queue:\n    Type: AWS::SQS::Queue\n")
    quiet = review(replace(request_of_bucket, engines=("cfn-lint",)))
    named = review(replace(request_of_bucket, engines=("cfn-lint",), select=("I3011", "E3002")))
    assert "I3011" not in {item.rule for item in quiet.findings}
    assert {item.rule: item.severity for item in named.findings} == {"I3011": Severity.LOW, "E3002": Severity.HIGH}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"engines": ("checkof",)}, "there is no engine 'checkof'"),
        ({"select": ("CKV_AWS_9999",)}, "select: 'CKV_AWS_9999' matches no rule"),
        ({"engines": ("tierlens",), "select": ("CKV_AWS_18",)}, "the selection leaves no rule to run"),
        ({"engines": ("cfn-lint",), "select": ("TIER001",)}, "the selection leaves no rule to run"),
    ],
)
def test_what_makes_no_sense(request_of_bucket: ReviewRequest, changes: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        review(replace(request_of_bucket, **changes))  # type: ignore[arg-type]  # each is a field of the request
