"""``--engine``, ``--guard`` and what ``explain`` knows of other engines' rules."""

import json

import pytest

from tests.validator.cli.conftest import Project, Tierlens

BUCKET = "Resources:\n  Files:\n    Type: AWS::S3::Bucket\n    Properties: {NoSuchProperty: 1}\n"


def test_three_engines_run_by_default(project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIERLENS_ENGINE")
    project(**{"bucket.yaml": BUCKET})
    done = tierlens("check", "bucket.yaml", "--format", "json")
    found = {(item["source"], item["rule"]) for item in json.loads(done.out)["findings"]}
    assert done.status == 1
    assert {("cfn-lint", "E3002"), ("checkov", "CKV_AWS_18")} <= found


def test_engines_are_chosen(project: Project, tierlens: Tierlens) -> None:
    project(**{"bucket.yaml": BUCKET})
    done = tierlens("check", "bucket.yaml", "--format", "json", "--engine", "cfn-lint")
    assert {item["source"] for item in json.loads(done.out)["findings"]} == {"cfn-lint"}


def test_what_an_engine_cannot_read_is_not_passed(project: Project, tierlens: Tierlens) -> None:
    project(**{"twice.yaml": "Resources:\n  A: {Type: AWS::SNS::Topic}\n  A: {Type: AWS::SNS::Topic}\n"})
    done = tierlens("check", "twice.yaml", "--engine", "cfn-lint", "--ignore", "E0000")
    assert done.status == 2
    assert "cfn-lint cannot read it, so nothing was linted" in done.out + done.err


def test_own_rules_close_the_gate(project: Project, tierlens: Tierlens) -> None:
    pytest.importorskip("cloudformation_validate")
    rule = "rule NAMED when Resources.Files exists {\n  Resources.Files.Properties.BucketName exists\n}\n"
    project(**{"bucket.yaml": BUCKET, "own.guard": rule})
    done = tierlens("check", "bucket.yaml", "--guard", "own.guard", "--format", "json", "--select", "guard")
    assert [(item["source"], item["rule"]) for item in json.loads(done.out)["findings"]] == [("guard", "NAMED")]
    assert done.status == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--engine", "checkof"), "'checkof' is not one of"),
        (("--guard", "missing.guard"), "missing.guard cannot be read"),
        (("--guard", "bucket.yaml"), "bucket.yaml is of no known kind of rules"),
    ],
)
def test_mistakes(project: Project, tierlens: Tierlens, options: tuple[str, ...], message: str) -> None:
    project(**{"bucket.yaml": BUCKET})
    done = tierlens("check", "bucket.yaml", *options)
    assert done.status == 2
    assert message in done.err


def test_settings_name_engines_and_files(
    project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIERLENS_ENGINE")
    project(**{"bucket.yaml": BUCKET, "tierlens.toml": 'engines = ["cfn-lint"]\n'})
    done = tierlens("check", "bucket.yaml", "--format", "json")
    assert {item["source"] for item in json.loads(done.out)["findings"]} == {"cfn-lint"}
    project(**{"tierlens.toml": 'guard = ["../own.guard"]\n'})
    done = tierlens("check", "bucket.yaml")
    assert done.status == 2
    assert "outside of the project" in done.err


def test_rules_of_other_engines_are_explained(tierlens: Tierlens) -> None:
    done = tierlens("explain", "ckv_aws_18")
    assert done.status == 0
    assert done.out.startswith("# CKV_AWS_18: The S3 bucket has access logging enabled")
    assert "a rule of checkov" in done.out
