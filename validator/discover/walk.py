"""The walk through a directory: what is looked into, what is taken, what is left out and why."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from validator import files as project_files
from validator.discover.cloud_assembly import CloudAssembly, Fault, read_assembly
from validator.discover.directories import (
    SAM_BUILD,
    SERVERLESS_FRAMEWORK,
    SERVERLESS_FRAMEWORK_FIRST,
    SERVERLESS_FRAMEWORK_TEMPLATE,
    is_sam_build,
    is_serverless_template,
    why_skipped,
)
from validator.discover.recognise import MAXIMUM_SNIFFED_BYTES, is_packaged, why_no_template

TEMPLATE_SUFFIXES = frozenset((".yaml", ".yml", ".json", ".template", ".cfn"))
LOOKED_INTO = TEMPLATE_SUFFIXES | {""}
"""Endings of files whose content tells whether they are templates."""
_ASSEMBLY_TEMPLATE = ".template.json"
_OTHER_OUTPUT = {
    SERVERLESS_FRAMEWORK_FIRST: f"it only makes a bucket: the service is {SERVERLESS_FRAMEWORK_TEMPLATE}"
}
_RECORD = "an asset or record of the tool that wrote the directory"
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
        self.faults: list[Fault] = []
        """What is named by the output of a tool and cannot be checked."""
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
            entries = project_files.entries(directory, LOOKED_INTO)
        except OSError as error:
            self._skip(directory, f"it cannot be read: {error.strerror or error}")
            return [], []
        directories = [Path(entry.path) for entry in entries if _is_directory(entry)]
        files = [Path(entry.path) for entry in entries if not _is_directory(entry)]
        if directory.name == SERVERLESS_FRAMEWORK:
            return self._only(files, is_serverless_template), []
        if directory.name == SAM_BUILD:
            return [], [child for child in directories if is_sam_build(child)]
        if is_sam_build(directory):
            return [file for file in files if file.stem == "template"], []
        assembly = read_assembly(directory)
        if assembly is not None:
            by_name = [child for child in directories if child.name.startswith("assembly-")]
            named_none = not assembly.stacks and not assembly.nested
            return self._of_assembly(assembly, files), by_name if named_none else list(assembly.nested)
        return files, directories

    def _of_assembly(self, assembly: CloudAssembly, files: Sequence[Path]) -> list[Path]:
        """The templates that the manifest names; by their names where it names no stack at all."""
        self.faults += assembly.faults
        if not assembly.stacks:
            stages = bool(assembly.nested) and not assembly.faults
            return self._only(files, lambda name: not stages and name.endswith(_ASSEMBLY_TEMPLATE))
        named = {path.name for path in assembly.templates if path.parent == assembly.folder}
        for file in files:
            if file.name.endswith(_ASSEMBLY_TEMPLATE) and file.name not in named:
                self._skip(file, "the manifest beside it does not name it: an earlier synthesis left it")
        others = [file for file in files if file.name in named or not file.name.endswith(_ASSEMBLY_TEMPLATE)]
        elsewhere = [path for path in assembly.templates if path.parent != assembly.folder]
        return [*self._only(others, lambda name: name in named), *elsewhere]

    def _only(self, files: Sequence[Path], is_template_name: Callable[[str], bool]) -> list[Path]:
        """Of the output of a tool, the files it names so; the rest are its assets and records."""
        for file in files:
            if file.suffix in TEMPLATE_SUFFIXES and not is_template_name(file.name):
                self._skip(file, _OTHER_OUTPUT.get(file.name, _RECORD))
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
        if suffix and suffix not in TEMPLATE_SUFFIXES:
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
            status = project_files.status(file)
            if not stat.S_ISREG(status.st_mode):
                return "it is no regular file"
            if status.st_size > MAXIMUM_SNIFFED_BYTES:
                return f"it has more than {MAXIMUM_SNIFFED_BYTES // 1_000_000} MB"
            data = project_files.read_bytes(file)
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
        return path.is_symlink() and not Path(project_files.real(path)).is_relative_to(self._boundary)

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
