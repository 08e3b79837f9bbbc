"""An organisation's own rules: cfn-guard, Rego and CEL."""

from pathlib import Path

import pytest

from tests.validator.engines.running import guard_run
from validator.engines import GuardFile, guard_rule_ids, read_guard_files
from validator.model import Category, EngineStatus, Severity, UsageError, Verdict

GUARD = """\
let buckets = Resources.*[ Type == 'AWS::S3::Bucket' ]
rule BUCKET_NAMED when %buckets !empty {
  %buckets.Properties.BucketName exists
  <<Every bucket has a name>>
}
"""
REGO = """\
package own
import rego.v1
violation contains v if {
    some name, res in input.resources
    res.resourceType == "AWS::S3::Bucket"
    not res.properties.BucketName
    v := make_diag("OWN001", "WARN", name, "a bucket has no name")
}
"""
CEL = """\
{"rules": [{"rule_id": "OWN002", "severity": "ERROR", "resource_type": "AWS::S3::Bucket",
            "expression": "!has(properties.BucketName)", "message": "{name} has no name"}]}
"""
NAMELESS = "Resources:\n  Files:\n    Type: AWS::S3::Bucket\n"
NAMED = "Resources:\n  Files:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: files}\n"


@pytest.mark.parametrize(
    ("file", "rule", "severity", "message"),
    [
        (GuardFile("guard", "own.guard", GUARD), "BUCKET_NAMED", Severity.HIGH, "Every bucket has a name"),
        (GuardFile("rego", "own.rego", REGO), "OWN001", Severity.LOW, "a bucket has no name"),
        (GuardFile("cel", "own.cel", CEL), "OWN002", Severity.HIGH, "Files has no name"),
    ],
)
def test_each_kind_runs(file: GuardFile, rule: str, severity: Severity, message: str) -> None:
    pytest.importorskip("cloudformation_validate")
    assert guard_rule_ids([file]) == (rule,)
    with guard_run((file,), NAMELESS) as results:
        (finding,) = results.findings
        assert (finding.rule, finding.severity, finding.message) == (rule, severity, message)
        assert (finding.resource, finding.resource_type, finding.source) == ("Files", "AWS::S3::Bucket", "guard")
        assert (finding.verdict, finding.category) == (Verdict.FAIL, Category.ORGANIZATION_RULES)
        assert (finding.span.line, finding.span.column) == (2, 3)
        assert results.rules[rule].source == "guard"
        assert [run.status for run in results.runs] == [EngineStatus.RAN]
    with guard_run((file,), NAMED) as results:
        assert results.findings == ()


def test_rules_that_cannot_be_read_are_an_error() -> None:
    pytest.importorskip("cloudformation_validate")
    with guard_run((GuardFile("guard", "own.guard", "rule X {"),), NAMELESS) as results:
        (problem,) = results.diagnostics
        assert problem.level.value == "error"
        assert "own.guard" in problem.message
        assert "1 template was not checked by it" in problem.message
        assert [run.status for run in results.runs] == [EngineStatus.FAILED]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("own.txt", "x", "is of no known kind of rules"),
        ("own.guard", " \n", "holds no rules"),
        ("missing.rego", None, "cannot be read"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=message):
        read_guard_files([tmp_path / name])
