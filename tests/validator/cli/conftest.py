"""Command lines run in this process, in a folder of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.validator.fakes import write
from validator.cli.main import run


@dataclass(frozen=True)
class Done:
    """What a command line gave."""

    status: int
    out: str
    err: str


Tierlens = Callable[..., Done]
Project = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Writes files into a project of its own, which is the working folder."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)

    def make(**files: str) -> Path:
        write(tmp_path, files)
        return tmp_path

    return make


@pytest.fixture
def tierlens(capsys: pytest.CaptureFixture[str]) -> Tierlens:
    """Runs one command line as the installed command does."""

    def call(*arguments: str) -> Done:
        capsys.readouterr()
        status = run(arguments)
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return call
