"""The engines of a run: isolation per template, limits, deaths, and what is told of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.validator.engines.running import engine_input
from validator.engines import EngineOptions, EngineResults, process, running, start_engines
from validator.model import EngineStatus, UsageError

OPTIONS = EngineOptions(Path("/nowhere"))
TOPIC = "Resources: {A: {Type: AWS::SNS::Topic}} # %s\n"
FAKE = """
import json, os, sys, time
sys.path[:] = json.loads(sys.argv[1])
from validator.engines.frames import read_frame, write_frame
out = sys.stdout.buffer
read_frame(sys.stdin.buffer)
START
while (request := read_frame(sys.stdin.buffer)) is not None:
    text = request["text"]
    if "die" in text: os._exit(7)
    if "hang" in text: time.sleep(60)
    if "garbage" in text: out.write(b"x" * 100); out.flush()
    write_frame(out, {"error": "ValueError: bad"} if "fail" in text else {"unread": False, "matches": []})
"""
STARTS = 'write_frame(out, {"version": "1.2"})'


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of cfn-lint a program that does what the template's comment says."""
    monkeypatch.setattr(process, "_BOOTSTRAP", FAKE.replace("START", STARTS))


def run(*words: str) -> EngineResults:
    with start_engines(["cfn-lint"], OPTIONS) as engines:
        for word in words:
            engines.submit(engine_input(TOPIC % word))
        return engines.results()


def messages(results: EngineResults) -> list[str]:
    assert all(item.level.value == "error" for item in results.diagnostics)
    return [item.message for item in results.diagnostics]


@pytest.mark.usefixtures("fake")
def test_a_run_without_trouble() -> None:
    results = run("fine", "fine")
    assert messages(results) == []
    (only,) = results.runs
    assert (only.name, only.version, only.status, only.note) == ("cfn-lint", "1.2", EngineStatus.RAN, "")


@pytest.mark.usefixtures("fake")
def test_what_it_raises_on_one_template_does_not_end_the_run() -> None:
    results = run("fine", "fail", "fine")
    assert messages(results) == ["template.yaml: cfn-lint failed on it: ValueError: bad"]
    (only,) = results.runs
    assert (only.status, only.note) == (EngineStatus.FAILED, "1 template not checked in full")


@pytest.mark.usefixtures("fake")
def test_a_process_that_dies_is_started_again() -> None:
    results = run("die", "fine", "fail")
    assert messages(results) == [
        "template.yaml: cfn-lint ended with status 7 on it",
        "template.yaml: cfn-lint failed on it: ValueError: bad",
    ]


@pytest.mark.usefixtures("fake")
def test_an_answer_that_is_none_counts_as_death() -> None:
    assert messages(run("garbage", "fine")) == ["template.yaml: cfn-lint gave an answer that is none on it"]


@pytest.mark.usefixtures("fake")
def test_a_template_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    kinds = {**process.KINDS, "cfn-lint": replace(process.KINDS["cfn-lint"], timeout_seconds=0.2)}
    monkeypatch.setattr(process, "KINDS", kinds)
    assert messages(run("hang", "fine")) == ["template.yaml: cfn-lint took longer than 0.2 seconds on it"]


@pytest.mark.usefixtures("fake")
def test_an_engine_that_dies_again_and_again_is_given_up() -> None:
    results = run(*["die"] * running.DEATHS, "fine", "fine")
    assert messages(results)[-1] == "cfn-lint died on 3 templates in a row; 2 templates were not checked by it"
    assert results.runs[0].note == "died on 3 templates in a row"


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ('write_frame(out, {"error": "ImportError: no"})', "cfn-lint did not start: ImportError: no"),
        ("os._exit(3)", "cfn-lint did not start: it ended with status 3"),
    ],
)
def test_an_engine_that_does_not_start(monkeypatch: pytest.MonkeyPatch, start: str, message: str) -> None:
    monkeypatch.setattr(process, "_BOOTSTRAP", FAKE.replace("START", start))
    results = run("fine")
    assert messages(results) == [f"{message}; 1 template was not checked by it"]
    assert [item.status for item in results.runs] == [EngineStatus.FAILED]


@pytest.mark.usefixtures("fake")
def test_leaving_early_ends_the_process() -> None:
    with start_engines(["cfn-lint"], OPTIONS) as engines:
        engines.submit(engine_input(TOPIC % "hang"))
        child = engines._runners[0]._process._process
    assert child.poll() is not None


def test_an_engine_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="the engine checkov is not installed"), start_engines(["checkov"], OPTIONS):
        pass


def test_an_engine_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="there is no engine 'checkof'"), start_engines(["checkof"], OPTIONS):
        pass


FORBIDDEN = {
    "network": 'import socket; socket.create_connection(("127.0.0.1", 9))',
    "name": 'import socket; socket.getaddrinfo("example.org", 80)',
    "program": 'import subprocess; subprocess.run(["true"])',
    "writing": 'open("%s/new", "w")',
    "folder": 'import os; os.mkdir("%s/new")',
    "reading": 'open("%s/secret")',
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_an_engine_may_not_do(what: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "project").mkdir()
    action = FORBIDDEN[what].replace("%s", str(tmp_path))
    code = (
        "from validator.engines.workers.guard import Guard; guard = Guard(); guard.install();"
        f" guard.close_files({str(tmp_path / 'project')!r})\n"
        f"try:\n    exec({action!r})\nexcept PermissionError as error:\n    print('refused', error)\n"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("refused an engine may not"), done.stderr
    assert not (tmp_path / "new").exists()


def test_what_lies_below_the_root_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "nested.yaml").write_text("x")
    code = (
        "from validator.engines.workers.guard import Guard; guard = Guard(); guard.install();"
        f" guard.close_files({str(tmp_path)!r}); print(open({str(tmp_path / 'nested.yaml')!r}).read())"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout == "x\n", done.stderr
