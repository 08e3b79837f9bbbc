"""Paths as people give them to template files."""

import glob
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from validator import files as project_files
from validator.discover.cloud_assembly import Fault
from validator.discover.walk import Skipped, Walk, matches
from validator.model import Diagnostic, DiagnosticLevel, Span, UsageError


@dataclass(frozen=True, slots=True)
class DiscoveredFile:
    """A file to load: its absolute path, and the path that people are shown."""

    path: Path
    display_path: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, in the order of the arguments, and what was left out, with the reason for each."""

    files: tuple[DiscoveredFile, ...]
    skipped: tuple[Skipped, ...]
    faults: tuple[Diagnostic, ...] = ()
    """Errors: what the output of a tool names and what cannot be used, so that it is not checked."""


def discover(arguments: Sequence[str], root: Path) -> Discovery:
    """The template files that ``arguments`` name: files, directories and globs (``**`` too).

    A file that is named is always taken; in directories and globs templates are recognised by their
    content. ``root`` is the project's root: paths below it are shown relative to it, and a symbolic link
    that leaves it is not followed. Relative arguments start at the working directory. Raises UsageError for
    an argument that names nothing, and when no template is found at all.
    """
    taken: dict[str, DiscoveredFile] = {}
    skipped: dict[str, Skipped] = {}
    faults: list[Diagnostic] = []
    for argument in arguments:
        files, walk = _expand(argument, root)
        left_out = walk.skipped if walk is not None else []
        faults += (_error(fault, root) for fault in (walk.faults if walk is not None else ()))
        for path in files:
            taken.setdefault(os.path.realpath(path), DiscoveredFile(path, display_path(path, root)))
        for path, reason in left_out:
            shown = display_path(path, root)
            skipped.setdefault(shown, Skipped(shown, reason))
    chosen = {file.display_path for file in taken.values()}
    remaining = tuple(entry for shown, entry in skipped.items() if shown not in chosen)
    if not taken and faults:
        raise UsageError(faults[0].message, hint=faults[0].hint, code=faults[0].code, span=faults[0].span)
    if not taken:
        raise _nothing_found(arguments, remaining)
    return Discovery(tuple(taken.values()), remaining, tuple(dict.fromkeys(faults)))


def display_path(path: Path, root: Path) -> str:
    """``path`` relative to ``root`` with forward slashes where it lies below it, else as it is."""
    for base in (Path(os.path.abspath(root)), Path(os.path.realpath(root))):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()


def _error(fault: Fault, root: Path) -> Diagnostic:
    shown = display_path(fault.file, root)
    span = Span(shown, fault.line, fault.column, fault.line, fault.column)
    hint = "what it names is not checked: synthesise the application anew, and leave its output as it is"
    return Diagnostic(DiagnosticLevel.ERROR, "cloud-assembly", f"{shown}: {fault.message}", span, hint)


def _expand(argument: str, root: Path) -> tuple[list[Path], Walk | None]:
    path = Path(os.path.abspath(argument))
    if project_files.is_folder(path):
        walk = Walk(_boundary(path, root))
        return list(walk.templates(path)), walk
    if project_files.is_named(path):
        return [path], None
    if glob.has_magic(argument):
        return _expand_glob(argument, root)
    raise UsageError(
        f"no such file or directory: {argument}",
        hint="paths start at the working directory; check the spelling",
        code="no-such-path",
    )


def _expand_glob(pattern: str, root: Path) -> tuple[list[Path], Walk]:
    parts = Path(os.path.abspath(pattern)).parts
    first_magic = next(index for index, part in enumerate(parts) if glob.has_magic(part))
    base = Path(*parts[:first_magic])
    walk = Walk(_boundary(base, root))
    wanted = parts[first_magic:]
    seen: list[Path] = []

    def takes(path: Path) -> bool:
        relative = path.relative_to(base).parts
        if not any(matches(relative[:length], wanted) for length in range(1, len(relative) + 1)):
            return False
        seen.append(path)
        return True

    files = list(walk.templates(base, takes)) if project_files.is_folder(base) else []
    if not seen:
        raise UsageError(
            f"no file matches {pattern}",
            hint="put the pattern in quotes so that the shell leaves it alone; ** stands for any directories",
            code="no-such-path",
        )
    return files, walk


def _boundary(start: Path, root: Path) -> Path:
    """What symbolic links may not leave: the root, or the argument itself where that lies outside."""
    real_root = Path(os.path.realpath(root))
    real_start = Path(os.path.realpath(start))
    return real_root if real_start.is_relative_to(real_root) else real_start


def _nothing_found(arguments: Sequence[str], skipped: Sequence[Skipped]) -> UsageError:
    looked_at = ", ".join(arguments) or "no path at all"
    if skipped:
        reasons = Counter(entry.reason for entry in skipped)
        counts = "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common())
        noun = "path was" if len(skipped) == 1 else "paths were"
        hint = f"{len(skipped)} {noun} skipped ({counts}); name a file itself to check it all the same"
    else:
        hint = "no file there has .yaml, .yml, .json, .template, .cfn or no ending; name a file itself"
    return UsageError(f"no CloudFormation or SAM template found in: {looked_at}", hint=hint, code="nothing-found")
