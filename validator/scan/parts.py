"""What a scan keeps of each finished repository, so that a later one goes on from there.

A part is one file, written whole and then put in its place: a scan that is killed leaves whole parts only.
"""

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypedDict

from validator.scan.repository import Job, Outcome
from validator.scan.rows import SCHEMA_VERSION, Row
from validator.version import VERSION

_LEFT_OUT: Final = frozenset((".git", "node_modules", ".venv", "__pycache__"))
_WHOLE_UP_TO: Final = 4_000_000
"""Bytes of a file that are read for its key; of a larger one size and time of change count."""


class Part(TypedDict):
    """A finished repository."""

    key: str
    status: Row
    findings: list[Row]


class Parts:
    """The folder with the parts of one output."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, resume: bool) -> None:
        """Make the folder; without ``resume`` empty it. Raises OSError."""
        if not resume and self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def finished(self, job: Job, key: str) -> bool:
        """Whether the repository is there, unchanged, and was checked whole."""
        part = self.read(job)
        return part is not None and part["key"] == key and part["status"]["status"] in ("ok", "empty")

    def read(self, job: Job) -> Part | None:
        """The part of a repository, None when there is none that can be read."""
        try:
            part: Part = json.loads(self._place(job).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return part if isinstance(part, dict) and {"key", "status", "findings"} <= part.keys() else None

    def write(self, job: Job, part: Part) -> None:
        """Keep a finished repository. Raises OSError."""
        write_whole(self._place(job), json.dumps(part).encode())

    def _place(self, job: Job) -> Path:
        return self.folder / (hashlib.sha256(job["path"].encode("utf-8", "surrogatepass")).hexdigest()[:32] + ".json")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all. Raises OSError."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def part_of(key: str, outcome: Outcome, **columns: object) -> Part:
    """The part of an outcome; ``columns`` are those that only the scan knows."""
    return {"key": key, "status": {**columns, **outcome["status"]}, "findings": outcome["findings"]}


def key_of(job: Job) -> str:
    """The identity of everything that decides the outcome: files, release of tierlens, options, day.

    The day counts because suppressions end. Names, kinds and bytes of all files count, those of version control
    and of installed packages left out; symbolic links count by where they lead.
    """
    seen = hashlib.sha256()
    options = {name: value for name, value in job.items() if name not in ("name", "path", "timeout")}
    seen.update(json.dumps([SCHEMA_VERSION, VERSION, options], sort_keys=True).encode())
    root = job["path"]
    for path in _files(root):
        shown = os.path.relpath(path, root).encode("utf-8", "surrogateescape")
        seen.update(b"\x00" + shown + b"\x00" + _content(path))
    return seen.hexdigest()


def _files(root: str) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and name not in linked)
        yield from (os.path.join(folder, name) for name in sorted((*files, *linked)))


def _content(path: str) -> bytes:
    try:
        found = os.lstat(path)
        if stat.S_ISLNK(found.st_mode):
            return b"link " + os.fsencode(os.readlink(path))
        if not stat.S_ISREG(found.st_mode):
            return b"other"
        if found.st_size > _WHOLE_UP_TO:
            return f"large {found.st_size} {found.st_mtime_ns}".encode()
        with open(path, "rb") as stream:
            return hashlib.sha256(stream.read()).digest()
    except OSError as error:
        return f"error {error.errno}".encode()
