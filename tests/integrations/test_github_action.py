"""The composite action, its steps run one by one by a small runner."""

import base64
import gzip
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integrations.action_runner import Ran, run_action

CHECKOUT = Path(__file__).resolve().parents[2]
ACTION = CHECKOUT / "action.yml"
CLOSED = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
OPEN = """\
Resources:
  Hello:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: arn:aws:lambda:eu-west-1:111122223333:function:hello}
  HelloPermission:
    Type: AWS::Lambda::Permission
    Properties:
      {Action: lambda:InvokeFunctionUrl, FunctionName: !Ref Hello, FunctionUrlAuthType: NONE, Principal: "*"}
"""

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """A search path with our own tierlens and stand-ins for gh and for the python that would install."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program(folder / "tierlens", f'exec {sys.executable} -c "from validator.cli.main import main; main()" "$@"')
    program(
        folder / "gh",
        f'printf "%s\\n" "$*" >> {tmp_path}/gh.calls\n'
        f'for last; do case "$last" in body=@*) cp "${{last#body=@}}" {tmp_path}/comment.md;; esac; done\n'
        f'[ "$3" = POST ] && [ "$6" != "" ] && cp "$6" {tmp_path}/upload.json 2>/dev/null\n'
        f'case "$*" in *--paginate*) cat {tmp_path}/known 2>/dev/null;; esac; exit 0',
    )
    return os.pathsep.join((str(folder), os.environ["PATH"]))


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/usr/bin/env bash\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "tierlens.toml").write_text('select = ["AUTH003"]\n')
    (folder / "template.yaml").write_text(CLOSED)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def without_installation(programs: str, tmp_path: Path) -> str:
    """The first step makes an environment: here python3 only notes what it was asked for."""
    folder = tmp_path / "installer"
    folder.mkdir(exist_ok=True)
    program(
        folder / "python3",
        f'if [ "$1" = -m ]; then mkdir -p "$3/bin"; printf "#!/usr/bin/env bash\\nprintf \'%%s\\\\n\' \\"\\$*\\" '
        f'>> {tmp_path}/pip.calls\\n" > "$3/bin/python"; chmod +x "$3/bin/python"; '
        f'else exec {sys.executable} "$@"; fi',
    )
    return os.pathsep.join((str(folder), programs))


@pytest.fixture
def call(project: Path, programs: str, tmp_path: Path):
    path = without_installation(programs, tmp_path)

    def called(github: dict[str, object] | None = None, **inputs: str) -> Ran:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        return run_action(ACTION, given, {"token": "t", "sha": "c0ffee", "ref": "refs/heads/main", **(github or {})},
                          project, path)  # fmt: skip

    return called


def test_a_clean_project_passes(call, tmp_path: Path):
    ran = call()
    assert ran.failed_step == ""
    assert ran.outputs["exit-code"] == "0"
    assert (ran.outputs["findings"], ran.outputs["unknowns"]) == ("0", "0")
    assert "tierlens" in ran.summary
    assert ran.steps == ["Install tierlens", "Check the templates", "Gate"]
    assert (tmp_path / "pip.calls").read_text() == f"-m pip install --quiet --disable-pip-version-check {CHECKOUT}\n"


def test_a_release_can_be_asked_for(call, tmp_path: Path):
    call(version="0.1.0")
    assert (tmp_path / "pip.calls").read_text().endswith(" tierlens==0.1.0\n")


def test_a_hole_fails_the_gate_after_everything_was_told(call, project: Path):
    (project / "template.yaml").write_text(OPEN)
    ran = call()
    assert ran.failed_step == "Gate"
    assert (ran.outputs["exit-code"], ran.outputs["findings"]) == ("1", "1")
    assert "::error file=template.yaml,line=" in ran.printed
    assert "AUTH003" in ran.summary


def test_what_cannot_be_read_fails_the_gate(call, project: Path):
    (project / "template.yaml").write_text("Resources: [\n")
    ran = call(paths="template.yaml")
    assert (ran.failed_step, ran.outputs["exit-code"]) == ("Gate", "2")


def test_inputs_are_no_shell(call, project: Path):
    name = "a b; $(touch pwned) `touch pwned` '\" &.yaml"
    (project / name).write_text(OPEN)
    ran = call(paths=f"{name}\n\ntemplate.yaml", fail_on="high")
    assert (ran.outputs["exit-code"], ran.outputs["findings"]) == ("1", "1")
    assert not (project / "pwned").exists()


def test_a_path_is_no_option(call, project: Path):
    ran = call(paths="--help")
    assert ran.outputs["exit-code"] == "2"


def test_the_upload_holds_the_sarif_file(call, project: Path, tmp_path: Path):
    (project / "template.yaml").write_text(OPEN)
    ran = call(sarif="true")
    body = json.loads((tmp_path / "upload.json").read_text())
    assert {key: body[key] for key in ("commit_sha", "ref", "tool_name")} == {
        "commit_sha": "c0ffee",
        "ref": "refs/heads/main",
        "tool_name": "tierlens",
    }
    sarif = json.loads(gzip.decompress(base64.b64decode(body["sarif"])))
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["AUTH003"]
    assert ran.outputs["sarif-file"].endswith("tierlens.sarif")


PULL_REQUEST = {"event": {"pull_request": {"number": "7", "head": {"sha": "beef"}}}}


def test_one_comment_is_kept_up_to_date(call, project: Path, tmp_path: Path):
    (project / "template.yaml").write_text(OPEN)
    call(github=PULL_REQUEST, comment="true")
    calls = (tmp_path / "gh.calls").read_text().splitlines()
    assert "--method POST repos/team/shop/issues/7/comments" in calls[-1]
    assert (tmp_path / "comment.md").read_text().startswith("<!-- tierlens: one comment")
    (tmp_path / "known").write_text("42\n")
    call(github=PULL_REQUEST, comment="true")
    assert "--method PATCH repos/team/shop/issues/comments/42" in (tmp_path / "gh.calls").read_text().splitlines()[-1]


def test_outside_of_a_pull_request_nothing_is_commented(call):
    assert "Comment on the pull request" not in call(comment="true").steps


def test_with_a_base_only_the_change_counts(call, project: Path):
    (project / "template.yaml").write_text(OPEN)
    git(project, "commit", "--quiet", "--all", "--message", "a hole from before")
    (project / "second.yaml").write_text(CLOSED)
    ran = call(diff_base="HEAD")
    assert (ran.failed_step, ran.outputs["exit-code"], ran.outputs["findings"]) == ("", "0", "0")
    (project / "second.yaml").write_text(OPEN.replace("Hello", "Second"))
    ran = call(diff_base="HEAD")
    assert (ran.failed_step, ran.outputs["findings"]) == ("Gate", "1")
    assert "```mermaid" in ran.summary
