"""The one door to the files of a reviewed project: every look through it can be noted, and checked again later.

A review is kept for the next run together with all that it looked at: the bytes of files, the entries of folders,
and what was looked for and not there. So whatever of ``validator`` reads something of a project reads it here;
``tests/contracts/test_looks_at_files.py`` holds that. Without a trace these functions are those of the standard
library.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath

Place = str | os.PathLike[str]

_ENTRIES = "entries"
_BYTES = "bytes"
_KIND = "kind"
_MISSING = frozenset((errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP))


class Trace:
    """What a run looked at: pairs of the sort of look and the absolute path, and what was seen there."""

    def __init__(self) -> None:
        self.looks: dict[tuple[str, str], str] = {}
        self.doubt = ""
        """Why a second run may see something else although no file changed; empty when nothing speaks for that."""

    def note(self, sort: str, path: str, seen: str) -> None:
        """Keep what was seen; a file that changed while the run went on makes the whole trace doubtful."""
        key = (sort, os.path.abspath(path))
        if self.looks.setdefault(key, seen) != seen:
            self.doubt = f"{path} changed during the run"

    def holds(self) -> bool:
        """Whether everything that was looked at is still as it was. Raises nothing."""
        return not self.doubt and looks_hold(self.looks)


_trace: Trace | None = None


@contextmanager
def traced() -> Iterator[Trace]:
    """A trace that notes all looks until the end of the block, those of threads as well. Traces do not nest."""
    global _trace
    before, trace = _trace, Trace()
    _trace = trace
    try:
        yield trace
    finally:
        _trace = before


def doubtful(reason: str) -> None:
    """Say that this run met something that need not happen again (a process that died): it is not kept."""
    if _trace is not None:
        _trace.doubt = reason


def read_bytes(path: Place, most: int | None = None) -> bytes:
    """The bytes of a file, at ``most`` so many from its start. Raises OSError and ValueError as ``open`` does."""
    if _trace is None:
        return _content(path, most)[0]
    try:
        data, is_regular = _content(path, most)
    except OSError as error:
        _trace.note(_BYTES, os.fspath(path), _refusal(error))
        raise
    if not is_regular:
        doubtful(f"{path} is no regular file")
    sort = _BYTES if most is None or len(data) < most else f"{_BYTES}:{most}"
    _trace.note(sort, os.fspath(path), _digest(data) + _way(path))
    return data


def read_text(path: Place) -> str:
    """The text of a UTF-8 file, without a byte order mark, each line ending in a line feed.

    Raises OSError, ValueError and UnicodeDecodeError.
    """
    return read_bytes(path).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def real(path: Place) -> str:
    """The path with symbolic links followed, as ``os.path.realpath`` gives it."""
    if _trace is not None:
        _trace.note(_KIND, os.fspath(path), _seen_kind(path))
    return os.path.realpath(path)


def is_file(path: Place) -> bool:
    """Whether a regular file stands there, symbolic links followed. Raises OSError where nobody may look."""
    return _kind(path) == "file"


def is_folder(path: Place) -> bool:
    """Whether a folder stands there, symbolic links followed. Raises OSError where nobody may look."""
    return _kind(path) == "folder"


def exists(path: Place) -> bool:
    """Whether anything stands there, symbolic links followed. Raises OSError where nobody may look."""
    return _kind(path) not in ("", "broken")


def is_named(path: Place) -> bool:
    """Whether anything stands there, also a symbolic link that leads nowhere."""
    try:
        return _kind(path) != ""
    except OSError:
        return os.path.lexists(path)


def status(path: Place) -> os.stat_result:
    """Kind and size of a file, symbolic links followed. Raises OSError when there is none."""
    if _trace is not None:
        _trace.note(_KIND, os.fspath(path), _seen_kind(path))
    return os.stat(path)


def entries(path: Place, endings: Collection[str]) -> list[os.DirEntry[str]]:
    """The entries of a folder by name. Raises OSError when it cannot be read.

    Only folders and files with one of the ``endings`` (in lower case, "" for none) matter to the caller: others
    are given too, but a later run does not mind when they come and go.
    """
    sort = f"{_ENTRIES}:{','.join(sorted(endings))}"
    try:
        found = _listed(path)
    except OSError as error:
        if _trace is not None:
            _trace.note(sort, os.fspath(path), _refusal(error))
        raise
    if _trace is not None:
        _trace.note(sort, os.fspath(path), _seen_entries(found, path, endings))
    return found


def looks_hold(looks: Mapping[tuple[str, str], str]) -> bool:
    """Whether looking again sees the same everywhere. Raises nothing."""
    return all(_again(sort, path, seen) == seen for (sort, path), seen in looks.items())


def _kind(path: Place) -> str:
    try:
        seen = _seen_kind(path)
    except ValueError:  # a path with a null byte: nothing can ever stand there
        return ""
    if _trace is not None:
        _trace.note(_KIND, os.fspath(path), seen)
    if seen.startswith("error"):
        os.stat(path)
    return seen.partition(" ")[0]


def _seen_kind(path: Place) -> str:
    try:
        found = os.stat(path)
    except OSError as error:
        if error.errno in _MISSING:
            return "broken" + _way(path) if os.path.islink(path) else ""
        return _refusal(error)
    if stat.S_ISREG(found.st_mode):
        return f"file {found.st_size}{_way(path)}"
    return ("folder" if stat.S_ISDIR(found.st_mode) else "other") + _way(path)


def _way(path: Place) -> str:
    """Where symbolic links lead; empty when there are none on the way."""
    real, plain = os.path.realpath(path), os.path.abspath(path)
    return "" if real == plain else f" > {real}"


def _content(path: Place, most: int | None) -> tuple[bytes, bool]:
    with open(path, "rb") as stream:
        is_regular = stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
        return stream.read() if most is None else stream.read(most), is_regular


def _listed(path: Place) -> list[os.DirEntry[str]]:
    with os.scandir(os.fspath(path)) as found:
        return sorted(found, key=lambda entry: entry.name)


def _seen_entries(found: list[os.DirEntry[str]], path: Place, endings: Collection[str]) -> str:
    lines = (f"{kind}{entry.name}\0" for entry in found if (kind := _kind_of(entry, endings)))
    return _digest("".join(lines).encode("utf-8", "surrogatepass")) + _way(path)


def _kind_of(entry: os.DirEntry[str], endings: Collection[str]) -> str:
    """A letter for what the entry is, a capital for a symbolic link; empty for a file that does not matter."""
    try:
        kind = "d" if entry.is_dir() else "f" if entry.is_file() else "o"
    except OSError:  # a symbolic link to itself
        kind = "o"
    if kind != "d" and PurePath(entry.name).suffix.lower() not in endings:
        return ""
    return kind.upper() if entry.is_symlink() else kind


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refusal(error: OSError) -> str:
    return f"error {error.errno}"


def _again(sort: str, path: str, seen: str) -> str:
    """What is seen there now; what is surely different for a look that nobody knows."""
    name, _, detail = sort.partition(":")
    try:
        if name == _BYTES:
            return _bytes_again(path, int(detail) if detail else None, seen)
        if name == _ENTRIES:
            return _seen_entries(_listed(path), path, detail.split(","))
        return _seen_kind(path) if name == _KIND else f"not {seen}"
    except OSError as error:
        return _refusal(error)
    except ValueError:
        return f"not {seen}"


def _bytes_again(path: str, most: int | None, seen: str) -> str:
    # A pipe that has come to stand there would never end.
    if not seen.startswith("error") and not stat.S_ISREG(os.stat(path).st_mode):
        return "no regular file"
    return _digest(_content(path, most)[0]) + _way(path)
