"""Revisions of a git repository as folders, read without touching its working tree, index or configuration.

Only plumbing commands are run (``rev-parse``, ``merge-base``, ``ls-tree``, ``cat-file``): they start no hooks,
filters or helpers, and every transport is switched off, so that a partial clone fetches nothing.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Final

from validator.model import UsageError

LARGEST_FILE: Final = 32_000_000
"""Bytes; a larger file is no template and is left out."""

_NAME: Final = re.compile(r"[^\s\x00-\x1f\x7f~^:?*\[\\-][^\s\x00-\x1f\x7f:?*\[\\]*")
_LINK: Final = "120000"
_SUBMODULE: Final = "160000"
_SHALLOW: Final = "the clone is shallow: fetch the whole history first (fetch-depth: 0, git fetch --unshallow)"


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit as it was asked for."""

    name: str
    commit: str

    @property
    def label(self) -> str:
        """How people are shown it: ``main (1a2b3c4)``."""
        return self.name if self.commit.startswith(self.name) else f"{self.name} ({self.commit[:7]})"


class Repository:
    """A git repository around a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def top(self) -> Path | None:
        """The folder of the working tree; None outside of a repository. Raises UsageError when git is missing."""
        found = self._run("rev-parse", "--show-toplevel")
        return Path(found.rstrip("\n")).resolve() if found else None

    def find(self, name: str) -> Revision | None:
        """The commit that a name stands for, None when there is none. Raises UsageError for what is no name."""
        if not _NAME.fullmatch(name) or ".." in name:
            return None
        commit = self._run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return None if not commit else Revision(name, commit.strip())

    def get(self, name: str) -> Revision:
        """The commit that a name stands for. Raises UsageError when there is none."""
        if name.startswith("-"):
            raise UsageError(f"'{name}' is no revision: it looks like an option", hint="name a branch, tag or commit")
        found = self.find(name)
        if found is None:
            if self.top is None:
                raise UsageError(f"'{name}' cannot be read: this folder is in no git repository")
            hint = _SHALLOW if self.is_shallow else "name a branch, tag or commit that is here; fetch it first"
            raise UsageError(f"the git repository has no revision '{name}'", hint=hint)
        return found

    def merge_base(self, one: Revision, other: Revision) -> Revision:
        """The commit from which two revisions parted (``git merge-base``). Raises UsageError when there is none."""
        found = self._run("merge-base", one.commit, other.commit)
        if not found:
            hint = _SHALLOW if self.is_shallow else "name a revision of the same history"
            raise UsageError(f"'{one.name}' and '{other.name}' have no common commit", hint=hint)
        return Revision(one.name, found.split()[0])

    @property
    def is_shallow(self) -> bool:
        """Whether the history is cut off."""
        return (self._run("rev-parse", "--is-shallow-repository") or "").strip() == "true"

    @contextmanager
    def tree(self, revision: Revision) -> Iterator[Path]:
        """A folder with the revision's files, for as long as it is used; links that lead out of it are left out.

        Raises UsageError when an object is missing (a partial clone) or the folder cannot be written.
        """
        with TemporaryDirectory(prefix="tierlens-") as made:
            folder = Path(made).resolve() / "tree"
            # Marks the project's root, so that no file above the folder is looked for.
            (folder / ".git").mkdir(parents=True)
            try:
                self._write(revision, folder)
            except OSError as error:
                raise UsageError(f"{revision.label} cannot be read: {error.strerror or error}") from error
            yield folder

    def _write(self, revision: Revision, folder: Path) -> None:
        listing = self._run("ls-tree", "-r", "-z", "-l", "--full-tree", revision.commit)
        if listing is None:
            raise UsageError(f"{revision.label} cannot be read: its list of files is missing", hint=_SHALLOW)
        with self._reader() as process:
            stdin, stdout = process.stdin, process.stdout
            if stdin is None or stdout is None:
                raise UsageError("git cannot be read from")
            for mode, digest, path in _entries(listing):
                stdin.write(f"{digest}\n".encode())
                stdin.flush()
                content = _content(stdout)
                if content is None:
                    hint = "the clone is partial: fetch the missing objects first (git fetch --refetch)"
                    raise UsageError(f"{revision.label}: git does not have the content of {path}", hint=hint)
                _place(folder, mode, path, content)

    @contextmanager
    def _reader(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [*_GIT, "cat-file", "--batch"]
        process = subprocess.Popen(
            command,
            cwd=self._folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            with suppress(OSError):
                if process.stdin is not None:
                    process.stdin.close()
            if process.stdout is not None:
                process.stdout.close()
            process.wait()

    def _run(self, *arguments: str) -> str | None:
        """What git prints; None when it fails. Raises UsageError when there is no git, or it refuses the folder."""
        try:
            done = subprocess.run(
                [*_GIT, *arguments],
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise UsageError("git is not installed", hint="install git, or compare files or folders") from error
        except OSError as error:
            raise UsageError(f"git cannot be run: {error.strerror}") from error
        said = done.stderr.decode("utf-8", "replace")
        if "dubious ownership" in said:
            hint = "tell git that you trust the folder: git config --global --add safe.directory FOLDER"
            raise UsageError("git does not read this repository: somebody else owns it", hint=hint)
        # Paths are bytes: the file system's own way of keeping those that are no UTF-8.
        return os.fsdecode(done.stdout) if done.returncode == 0 else None


_GIT: Final = ("git", "--no-pager", "-c", "protocol.allow=never", "-c", "core.fsmonitor=false")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_TRACE", "GIT_CONFIG"))}
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LITERAL_PATHSPECS": "1",
    }


def _entries(listing: str) -> Iterator[tuple[str, str, str]]:
    """Mode, digest and path of each file that is written: no submodule, nothing huge, nothing that leads out."""
    for line in listing.split("\0"):
        head, divider, path = line.partition("\t")
        if not divider:
            continue
        mode, _, digest, size = head.split()
        parts = PurePosixPath(path).parts
        leads_out = path.startswith("/") or any(part == ".." or part.lower() == ".git" for part in parts)
        if mode != _SUBMODULE and size.isdigit() and int(size) <= LARGEST_FILE and not leads_out:
            yield mode, digest, path


def _content(stdout: IO[bytes]) -> bytes | None:
    head = stdout.readline().split()
    if len(head) != 3:
        return None
    content = stdout.read(int(head[2]))
    stdout.read(1)
    return content


def _place(folder: Path, mode: str, path: str, content: bytes) -> None:
    place = folder / path
    if not place.parent.resolve().is_relative_to(folder):
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if mode != _LINK:
            place.write_bytes(content)
            return
        target = os.fsdecode(content)
        inside = (place.parent / target).resolve().is_relative_to(folder)
        if not os.path.isabs(target) and inside:
            place.symlink_to(target)
    except (ValueError, NotADirectoryError, FileExistsError):
        # A name that this file system cannot hold beside the others.
        return
