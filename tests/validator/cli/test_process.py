"""The command as a process: streams that close, terminals without Unicode, input that is no template."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.validator.fakes import write

ROOT = Path(__file__).resolve().parents[3]
COMMAND = "import sys; from validator.cli.main import main; main()"

OPEN_BUCKET = """\
Resources:
  Säule:
    Type: AWS::S3::Bucket
  Files:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: owner, Value: "予約 \\e[31m"}]
  FilesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:*", Resource: !Sub "${Files.Arn}/*"}]
"""


def tierlens(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def shell(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Runs a script in which ``tierlens`` is the command."""
    bash = "/bin/bash"
    if not Path(bash).exists():
        pytest.skip("bash is not here: redirections of the shell cannot be tried")
    function = f'tierlens() {{ "{sys.executable}" -c "{COMMAND}" "$@"; }}\n'
    return subprocess.run(
        [bash, "-c", function + script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"bucket.yaml": OPEN_BUCKET})
    return tmp_path


def test_ascii_output_shows_every_character_it_lacks(project: Path) -> None:
    done = tierlens(project, "check", "bucket.yaml", "-v", PYTHONIOENCODING="ascii")

    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.isascii()
    assert "S\\xe4ule" in done.stdout


def test_json_is_utf_8_whatever_the_terminal(project: Path) -> None:
    done = tierlens(project, "check", "bucket.yaml", "--format", "json", PYTHONIOENCODING="ascii")

    assert "Säule" in {finding["resource"] for finding in json.loads(done.stdout)["findings"]}


@pytest.mark.parametrize("format_name", ["text", "json"])
def test_what_is_printed_ends_in_one_line_break(project: Path, format_name: str) -> None:
    done = tierlens(project, "check", "bucket.yaml", "--format", format_name)

    assert done.stdout.endswith("\n")
    assert not done.stdout.endswith("\n\n")


def test_streams_may_be_closed(project: Path) -> None:
    closed_input = shell(project, "tierlens check bucket.yaml -q <&-")
    closed_output = shell(project, "tierlens check bucket.yaml >&-")

    assert (closed_input.returncode, closed_input.stderr) == (1, "")
    assert (closed_output.returncode, closed_output.stderr) == (1, "")


def test_a_reader_that_goes_away_changes_no_verdict(project: Path) -> None:
    long = "Resources:\n" + "".join(f"  Bucket{n}: {{Type: AWS::S3::Bucket}}\n" for n in range(800))
    write(project, {"long.yaml": long})

    done = shell(project, "tierlens check long.yaml --select api-auth,TIER005 -vv | head -1; echo ${PIPESTATUS[0]}")
    listed = shell(project, "tierlens graph --format json long.yaml | head -1; echo ${PIPESTATUS[0]}")

    assert (done.stdout.splitlines()[-1], done.stderr) == ("0", "")
    assert (listed.stdout.splitlines()[-1], listed.stderr) == ("0", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_said(project: Path) -> None:
    done = shell(project, "tierlens check bucket.yaml > /dev/full")

    assert (done.returncode, done.stderr) == (2, "error: No space left on device\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "bucket.yaml"),
        (b"- a\n- b\n", "bucket.yaml"),
        (b"just a text\n", "bucket.yaml"),
        (b"\x00\x01\xff\xfe" * 40, "bucket.yaml"),
        (b"\xff\xfeR\x00e\x00", "bucket.yaml"),
        (b"Resources: [" * 400, "bucket.yaml"),
        (b"Resources:\n\tQueue: 1\n", "bucket.yaml:2"),
        (b'{"Resources": {"Queue": ', "bucket.yaml"),
        (b"Resources: 7\n", "bucket.yaml:1"),
        (b"Resources: {}\nResources: {Queue: 3}\n", "bucket.yaml:2"),
    ],
    ids=["empty", "list", "text", "binary", "utf-16", "deep", "tab", "cut", "number", "no-resource"],
)
def test_what_is_no_template_is_an_error_with_its_place(project: Path, content: bytes, said: str) -> None:
    (project / "bucket.yaml").write_bytes(content)

    done = tierlens(project, "check", "bucket.yaml")

    assert done.returncode == 2, done.stdout
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nowhere.yaml"], "error: no such file or directory: nowhere.yaml"),
        (["check", "*.cfn"], "error: no file matches *.cfn"),
        (["check", "empty"], "error: no CloudFormation or SAM template found in: empty"),
        (["check", "bucket.yaml", "--parameters", "none.json"], "none.json"),
        (["check", "bucket.yaml", "--config", "none.toml"], "none.toml"),
        (["graph", "nowhere.yaml"], "error: no such file or directory: nowhere.yaml"),
        (["trace", "a\x1b[2J", "b", "bucket.yaml"], "error: no resource is named a\\x1b[2J"),
        (["explain", "\u202e"], "error: no rule is named \\u202e"),
    ],
)
def test_bad_input_is_said_without_a_traceback(project: Path, arguments: list[str], said: str) -> None:
    (project / "empty").mkdir()

    done = tierlens(project, *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupted_run_ends_as_shells_expect(project: Path) -> None:
    code = (
        "import validator.review, validator.cli.main as m\n"
        "def stop(request): raise KeyboardInterrupt\n"
        "validator.review.review = stop\n"
        "m.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "bucket.yaml"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.strip() == "interrupted: the run is not complete"


def test_a_fault_of_tierlens_is_no_finding(project: Path) -> None:
    code = (
        "import validator.review, validator.cli.main as m\n"
        "def fault(request): return {}['templates']\n"
        "validator.review.review = fault\n"
        "m.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "bucket.yaml"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: tierlens failed: KeyError: 'templates' (<string>:2)\n"
        "  hint: this is a fault of tierlens: report it with the command and the template\n"
    )


def test_completion_for_bash(project: Path) -> None:
    script = tierlens(project, _TIERLENS_COMPLETE="bash_source")
    values = tierlens(
        project, _TIERLENS_COMPLETE="bash_complete", COMP_WORDS="tierlens check --select WAF00", COMP_CWORD="3"
    )

    assert script.returncode == 0
    assert "complete -o nosort -F _tierlens_completion tierlens" in script.stdout
    assert values.stdout.split()[:2] == ["plain,WAF001", "plain,WAF002"]
