"""The door to a project's files: what it gives, what it notes, and whether a note still holds."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from validator import files

posix = pytest.mark.skipif(os.name != "posix", reason="symbolic links and pipes are those of POSIX")
ENDINGS = (".yaml", "")
Look = Callable[[Path], object]
Edit = Callable[[Path], object]


def write(path: Path, text: str = "a") -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def attempt(look: Look, path: Path) -> object:
    try:
        return look(path)
    except OSError as error:
        return type(error)


LOOKS: dict[str, Look] = {
    "bytes": files.read_bytes,
    "start": lambda path: files.read_bytes(path, 1),
    "file": files.is_file,
    "folder": files.is_folder,
    "there": files.exists,
    "named": files.is_named,
    "real": files.real,
    "size": lambda path: files.status(path).st_size,
    "entries": lambda path: [entry.name for entry in files.entries(path, ENDINGS)],
}
EDITS: dict[str, Edit] = {
    "write": lambda path: path.is_dir() or write(path, "b"),
    "write longer": lambda path: path.is_dir() or write(path, "aa"),
    "remove": lambda path: path.unlink(missing_ok=True) if not path.is_dir() else None,
    "folder": lambda path: None if path.exists() else path.mkdir(),
    "inside": lambda path: write(path / "x.yaml") if path.is_dir() else None,
    "link": lambda path: path.is_dir() or path.unlink(missing_ok=True) or path.symlink_to(path.parent / "other.yaml"),
    "loop": lambda path: path.is_dir() or path.unlink(missing_ok=True) or path.symlink_to(path),
}
BEGINNINGS: dict[str, Edit] = {"nothing": lambda path: None, "a file": write, "a folder": lambda path: path.mkdir()}


@posix
@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("look", LOOKS)
def test_a_look_that_sees_something_else_does_not_hold(tmp_path: Path, look: str, edit: str, beginning: str) -> None:
    path = tmp_path / "folder" / "place.yaml"
    write(tmp_path / "folder" / "other.yaml", "other")
    BEGINNINGS[beginning](path)
    with files.traced() as trace:
        before = attempt(LOOKS[look], path)
    assert trace.holds()
    EDITS[edit](path)

    # It may see more than the look asked for, never less.
    assert not trace.holds() or attempt(LOOKS[look], path) == before


def test_files_that_do_not_matter_come_and_go(tmp_path: Path) -> None:
    with files.traced() as trace:
        files.entries(tmp_path, ENDINGS)
    write(tmp_path / "out.sarif")
    assert trace.holds()

    write(tmp_path / "NAME")
    assert not trace.holds()


def test_a_file_that_changes_during_a_run_makes_it_doubtful(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    write(path)
    with files.traced() as trace:
        files.read_bytes(path)
        write(path, "b")
        files.read_bytes(path)
        write(path, "a")

    assert trace.doubt == f"{path} changed during the run"
    assert not trace.holds()


@posix
def test_a_pipe_is_never_kept_and_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    write(path)
    with files.traced() as trace:
        files.read_bytes(path)
    path.unlink()
    os.mkfifo(path)

    assert not trace.holds()


def test_nothing_is_noted_outside_of_a_trace(tmp_path: Path) -> None:
    with files.traced() as trace:
        pass
    files.is_file(tmp_path)
    files.doubtful("nobody asks")

    assert (trace.looks, trace.doubt) == ({}, "")


def test_a_text_has_plain_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")

    assert files.read_text(tmp_path / "a") == "a\nb\nc\n"


def test_a_path_with_a_null_byte_names_nothing() -> None:
    assert not files.is_file("a\0b")
    assert not files.exists("a\0b")


def test_a_look_that_nobody_knows_does_not_hold() -> None:
    assert not files.looks_hold({("colour", "/"): "green"})
