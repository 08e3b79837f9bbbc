"""Revisions as folders: only what git stored, and nothing is run."""

import os
import subprocess
from pathlib import Path

import pytest

from validator.difference.revisions import Repository
from validator.model import UsageError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    made = tmp_path / "project"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    git(made, "config", "user.email", "test@example.com")
    git(made, "config", "user.name", "Test")
    return made


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "state")


def test_links_that_lead_out_are_left_out_and_others_kept(folder: Path):
    (folder / "a b.yaml").write_text("x")
    (folder / "inside").symlink_to("a b.yaml")
    (folder / "outside").symlink_to("../../secret")
    (folder / "absolute").symlink_to("/etc/passwd")
    commit(folder)
    repository = Repository(folder)

    with repository.tree(repository.get("main")) as tree:
        found = sorted(place.name for place in tree.iterdir() if place.name != ".git")
        assert found == ["a b.yaml", "inside"]
        assert (tree / "inside").read_text() == "x"
    assert not tree.exists()


def test_no_filter_and_no_hook_runs(folder: Path, tmp_path: Path):
    marker = tmp_path / "ran"
    (folder / ".gitattributes").write_text("*.yaml filter=evil export-ignore\n")
    (folder / "t.yaml").write_text("stored")
    commit(folder)
    git(folder, "config", "filter.evil.smudge", f"touch {marker}; cat")
    hook = folder / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    repository = Repository(folder)

    with repository.tree(repository.get("HEAD")) as tree:
        assert (tree / "t.yaml").read_text() == "stored"

    assert not marker.exists()


@pytest.mark.parametrize("name", ["-x", "--output=/x", "a..b", "HEAD:file", "a b", "", "no-such-branch", "HEAD~9"])
def test_what_is_no_revision_is_an_error(folder: Path, name: str):
    (folder / "t.yaml").write_text("x")
    commit(folder)

    with pytest.raises(UsageError):
        Repository(folder).get(name)


def test_histories_without_a_common_commit_are_an_error(folder: Path):
    (folder / "t.yaml").write_text("x")
    commit(folder)
    git(folder, "checkout", "-q", "--orphan", "other")
    (folder / "t.yaml").write_text("y")
    commit(folder)
    repository = Repository(folder)

    with pytest.raises(UsageError, match="have no common commit"):
        repository.merge_base(repository.get("main"), repository.get("other"))


def test_outside_of_a_repository_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(UsageError, match="in no git repository"):
        Repository(tmp_path).get("main")
