"""A baseline from its first day to the day when it is not needed any more."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from validator.cli.baseline import command
from validator.cli.main import run

OPEN = """\
Resources:
  {name}:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
      TargetFunctionArn: arn:aws:lambda:eu-west-1:111122223333:function:hello
  {name}Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunctionUrl
      FunctionName: !Ref {name}
      FunctionUrlAuthType: NONE
      Principal: "*"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TIERLENS_ENGINE", "tierlens")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "tierlens.toml").write_text('select = ["AUTH003"]\n')
    (tmp_path / "template.yaml").write_text(OPEN.format(name="Hello"))
    return tmp_path


def call(*arguments: str) -> int:
    return run([*arguments])


def entries(project: Path) -> list[dict]:
    return json.loads((project / "tierlens-baseline.json").read_text())["entries"]


def accept(*more: str) -> int:
    return call("baseline", "write", "template.yaml", "--reason", "from before the gate", "--owner", "team-a", *more)


def test_without_it_the_gate_is_closed_and_with_it_open(project: Path):
    assert call("check", "template.yaml") == 1
    assert accept() == 0
    assert call("check", "template.yaml", "--baseline", "tierlens-baseline.json") == 0
    (entry,) = entries(project)
    assert {key: entry[key] for key in ("rule", "resource", "status", "severity", "reason", "owner")} == {
        "rule": "AUTH003",
        "resource": "Hello",
        "status": "fail",
        "severity": "high",
        "reason": "from before the gate",
        "owner": "team-a",
    }


def test_a_new_hole_closes_the_gate(project: Path):
    accept()
    (project / "template.yaml").write_text(OPEN.format(name="Hello") + OPEN.format(name="Other").split("\n", 1)[1])
    assert call("check", "template.yaml", "--baseline", "tierlens-baseline.json") == 1


def test_the_configuration_names_it(project: Path):
    accept()
    (project / "tierlens.toml").write_text('select = ["AUTH003"]\nbaseline = "tierlens-baseline.json"\n')
    assert call("check", "template.yaml") == 0
    assert call("check", "template.yaml", "--no-suppressions") == 1


def test_a_renamed_template_keeps_it_and_update_learns_the_name(project: Path):
    accept()
    (project / "template.yaml").rename(project / "service.yaml")
    assert call("check", "service.yaml", "--baseline", "tierlens-baseline.json") == 0
    assert call("baseline", "update", "service.yaml") == 0
    (entry,) = entries(project)
    assert (entry["template"], entry["reason"]) == ("service.yaml", "from before the gate")


def test_what_is_fixed_leaves_it(project: Path, capsys: pytest.CaptureFixture[str]):
    accept()
    (project / "template.yaml").write_text(OPEN.format(name="Hello").replace("NONE", "AWS_IAM"))
    assert call("baseline", "check", "template.yaml") == 1
    said = capsys.readouterr().out
    assert "stale: AUTH003 on Hello in template.yaml (tierlens-baseline.json:4:5)" in said
    assert call("baseline", "update", "template.yaml") == 0
    assert entries(project) == []
    assert "1 entry removed as fixed, 0 kept, 0 added in tierlens-baseline.json" in capsys.readouterr().out


def test_update_accepts_what_is_new_only_when_asked(project: Path, capsys: pytest.CaptureFixture[str]):
    accept()
    (project / "template.yaml").write_text(OPEN.format(name="Hello") + OPEN.format(name="Other").split("\n", 1)[1])
    assert call("baseline", "update", "template.yaml") == 0
    assert "1 finding not in the baseline" in capsys.readouterr().out
    assert call("baseline", "update", "template.yaml", "--add") == 2
    assert call("baseline", "update", "template.yaml", "--add", "--reason", "moved in") == 0
    assert [entry["reason"] for entry in entries(project)] == ["from before the gate", "moved in"]


def test_it_is_not_written_over(project: Path, capsys: pytest.CaptureFixture[str]):
    accept()
    assert accept() == 2
    assert "tierlens-baseline.json exists" in capsys.readouterr().err
    assert accept("--force") == 0


def test_it_needs_a_reason(project: Path, capsys: pytest.CaptureFixture[str]):
    assert call("baseline", "write", "template.yaml") == 2
    assert "a baseline needs a reason" in capsys.readouterr().err


def test_a_lapsed_entry_closes_the_gate(project: Path, capsys: pytest.CaptureFixture[str]):
    accept("--until", "2020-01-31")
    assert call("check", "template.yaml", "--baseline", "tierlens-baseline.json") == 1
    assert "lapsed after 2020-01-31: the finding stands" in " ".join(capsys.readouterr().out.split())
    assert call("baseline", "check", "template.yaml") == 1
    assert "1 entry: 0 stale, 1 lapsed" in capsys.readouterr().out


def test_a_template_that_cannot_be_read_keeps_its_entries(project: Path):
    accept()
    (project / "template.yaml").write_text("Resources: [")
    assert call("baseline", "update", "template.yaml") == 2
    assert len(entries(project)) == 1


def test_help_names_the_three():
    said = CliRunner().invoke(command, ["--help"]).output
    assert [name for name in ("check", "update", "write") if name in said] == ["check", "update", "write"]
