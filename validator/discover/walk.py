"""The walk through a directory: what is looked into, what is taken, what is left out and why."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from validator.discover.directories import (
    SERVERLESS_FRAMEWORK,
    SERVERLESS_FRAMEWORK_TEMPLATE,
    is_cloud_assembly,
    why_skipped,
)
from validator.discover.recognise import MAXIMUM_SNIFFED_BYTES, is_packaged, why_no_template

_SUFFIXES = frozenset((".yaml", ".yml", ".json", ".template", ".cfn"))
_PACKAGED_NAME = re.compile(r"(?:^|[-_.])packaged(?:[-_.]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or directory that was left out, as people are shown it, and why."""

    path: str
    reason: str


class Walk:
    """One walk; ``skipped`` fills as it goes. Directories are entered once, in the order of their names."""

    def __init__(self, boundary: Path) -> None:
        self.skipped: list[tuple[Path, str]] = []
        self._boundary = boundary
        self._entered: set[str] = set()

    def templates(self, start: Path, takes: Callable[[Path], bool] | None = None) -> Iterator[Path]:
        """The templates below ``start``; with ``takes`` only of the files that it accepts."""
        pending = [start]
        while pending:
            directory = pending.pop()
            real = os.path.realpath(directory)
            if real in self._entered:
                continue
            self._entered.add(real)
            files, directories = self._entries(directory)
            for file in files:
                if (takes is None or takes(file)) and self._is_wanted(file):
                    yield file
            pending.extend(reversed([child for child in directories if self._enters(child)]))

    def _entries(self, directory: Path) -> tuple[list[Path], list[Path]]:
        try:
            with os.scandir(directory) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._skip(directory, f"it cannot be read: {error.strerror or error}")
            return [], []
        directories = [Path(entry.path) for entry in entries if _is_directory(entry)]
        files = [Path(entry.path) for entry in entries if not _is_directory(entry)]
        if directory.name == SERVERLESS_FRAMEWORK:
            return self._only(files, lambda name: name == SERVERLESS_FRAMEWORK_TEMPLATE), []
        if is_cloud_assembly(directory):
            nested = [child for child in directories if child.name.startswith("assembly-")]
            return self._only(files, lambda name: name.endswith(".template.json")), nested
        return files, directories

    def _only(self, files: Sequence[Path], is_template_name: Callable[[str], bool]) -> list[Path]:
        """Of the output of a tool, the files it names so; the rest are its assets and records."""
        for file in files:
            if file.suffix in _SUFFIXES and not is_template_name(file.name):
                self._skip(file, "an asset or record of the tool that wrote the directory")
        return [file for file in files if is_template_name(file.name)]

    def _enters(self, directory: Path) -> bool:
        reason = why_skipped(directory)
        if not reason and self._leaves(directory):
            reason = "a symbolic link that leaves the project"
        if reason:
            self._skip(directory, reason)
        return not reason

    def _is_wanted(self, file: Path) -> bool:
        suffix = file.suffix.lower()
        if suffix and suffix not in _SUFFIXES:
            return False
        reason = self._why_not(file)
        # A file without an ending is most often no candidate at all: it is not worth a line each.
        if reason and suffix:
            self._skip(file, reason)
        return not reason

    def _why_not(self, file: Path) -> str:
        if self._leaves(file):
            return "a symbolic link that leaves the project"
        try:
            status = file.stat()
            if not stat.S_ISREG(status.st_mode):
                return "it is no regular file"
            if status.st_size > MAXIMUM_SNIFFED_BYTES:
                return f"it has more than {MAXIMUM_SNIFFED_BYTES // 1_000_000} MB"
            data = file.read_bytes()
        except OSError as error:
            return self._why_unreadable(file, error)
        reason = why_no_template(data)
        if not reason and _PACKAGED_NAME.search(file.stem) and is_packaged(data):
            return "packaged output: its source is checked instead"
        return reason

    def _why_unreadable(self, file: Path, error: OSError) -> str:
        """Empty for a file that may be a template: loading it reports the error, nothing is passed over."""
        if file.is_symlink() or not file.suffix:
            return f"it cannot be read: {error.strerror or error}"
        return ""

    def _leaves(self, path: Path) -> bool:
        return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(self._boundary)

    def _skip(self, path: Path, reason: str) -> None:
        self.skipped.append((path, reason))


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a symbolic link to itself
        return False


def matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether path parts match pattern parts, where ``**`` stands for any number of directories."""
    reachable = {0}
    for index, wanted in enumerate(pattern):
        if wanted == "**":
            last = index == len(pattern) - 1
            shortest = min(reachable, default=len(parts) + 1)
            reachable = set(range(shortest + last, len(parts) + 1))
        else:
            reachable = {at + 1 for at in reachable if at < len(parts) and fnmatchcase(parts[at], wanted)}
    return len(parts) in reachable
