"""What runs: installed distributions, our own files, those of rule packs that are installed in place."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from validator.cache.running_code import modules_from_elsewhere, running_code


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages with a rule pack in it."""
    metadata = tmp_path / "house_rules-1.0.dist-info"
    metadata.mkdir()
    (metadata / "entry_points.txt").write_text("[tierlens.rules]\nhouse = house_rules.pack:pack\n")
    (tmp_path / "house_rules").mkdir()
    (tmp_path / "house_rules" / "pack.py").write_text("def pack(): return ()\n")
    (tmp_path / "house_rules" / "data.toml").write_text("a = 1\n")
    (tmp_path / "unrelated").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


EDITS: dict[str, Callable[[Path], object]] = {
    "code": lambda site: (site / "house_rules" / "pack.py").write_text("def pack(): return []\n"),
    "same size": lambda site: os.utime(site / "house_rules" / "pack.py", (1, 1)),
    "data": lambda site: (site / "house_rules" / "data.toml").write_text("a = 12\n"),
    "new module": lambda site: (site / "house_rules" / "more.py").write_text(""),
    "other version": lambda site: (site / "house_rules-1.0.dist-info").rename(site / "house_rules-1.1.dist-info"),
    "other distribution": lambda site: (site / "cfn_lint-9.dist-info").mkdir(),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_change_of_the_code_changes_the_key(site: Path, edit: str) -> None:
    before = running_code()
    assert running_code() == before
    EDITS[edit](site)

    assert running_code() != before


def test_what_does_not_run_does_not_count(site: Path) -> None:
    before = running_code()
    (site / "unrelated" / "notes.txt").write_text("text")
    (site / "house_rules" / "__pycache__").mkdir()
    os.utime(site / "house_rules", None)

    assert running_code() == before


def test_modules_from_elsewhere_are_those_that_nobody_stands_for(site: Path) -> None:
    (site / "helper.py").write_text("")
    __import__("helper")
    found = set(modules_from_elsewhere())
    sys.modules.pop("helper")

    assert str(site / "helper.py") in found
    assert not any("validator" in Path(path).parts and "tests" not in Path(path).parts for path in found)
