"""Reading the small files that steer a run, and naming them to people."""

from pathlib import Path

from validator.files import exists, is_file, read_bytes, status
from validator.model import SettingsError, Span

SIZE_LIMIT = 1_000_000
"""Largest settings or parameter file in bytes: 200 parameters of 4,096 bytes fit."""


def project_root(folder: Path) -> Path:
    """The nearest folder from ``folder`` upwards that holds ``.git``, else ``folder`` itself (resolved)."""
    start = folder.resolve()
    return next((place for place in (start, *start.parents) if exists(place / ".git")), start)


def is_below(path: Path, root: Path) -> bool:
    """Whether the file, symbolic links followed, is ``root`` or lies below it."""
    return path.resolve().is_relative_to(root.resolve())


def shown_path(path: Path, root: Path) -> str:
    """The path as people read it: relative to ``root`` with forward slashes where it lies below."""
    full = path.absolute()
    for base in (root.absolute(), root.resolve()):
        if full.is_relative_to(base):
            return full.relative_to(base).as_posix()
    return path.as_posix()


def start_of(shown: str) -> Span:
    """The first character of a file, for a remark on the whole of it."""
    return Span(shown, 1, 1, 1, 1)


def read_text(path: Path, shown: str) -> str:
    """The text of a small UTF-8 file, without a byte order mark.

    Raises:
        SettingsError: the file is missing, no ordinary file, too large or not UTF-8.
    """
    try:
        if not is_file(path):
            raise SettingsError(f"{shown}: there is no such file", hint="check the path")
        if status(path).st_size > SIZE_LIMIT:
            raise SettingsError(f"{shown}: the file is larger than {SIZE_LIMIT:,} bytes")
        content = read_bytes(path)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{shown}: the file cannot be read: {error}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise SettingsError(
            f"{shown}:{line}:{column}: the file is not UTF-8 text",
            span=Span(shown, line, column, line, column + 1),
            hint="save it as UTF-8",
        ) from error
