"""The folder of kept results: where it is, whether it can be trusted, how entries get in, out and too many.

Follows the XDG Base Directory Specification on Linux, and the usual places of macOS and Windows. An entry is written
beside its place and renamed into it, so that a reader meets the whole of it or nothing.
"""

import hashlib
import os
import stat
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

VARIABLE: Final = "TIERLENS_CACHE_DIR"
BOUND: Final = 256 * 1024 * 1024
"""Bytes that the folder may hold before the entries that were not used for the longest time go."""
_KEPT_SHARE: Final = 0.8
_LARGEST: Final = BOUND // 8
_LARGEST_PLAIN: Final = 512 * 1024 * 1024
_HOUR: Final = 3600
_MAGIC: Final = b"tierlens-cache-1"
_SUFFIX: Final = ".entry"
_UNFINISHED: Final = ".part"
_LAYOUT: Final = "v1"


def usual_place(environment: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """The folder that the environment names, else the platform's; None when there is no home to put it in."""
    named = environment.get(VARIABLE)
    if named:
        return Path(named).absolute()
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) / "tierlens" / "Cache" if local else None
    home = environment.get("HOME", "")
    if platform == "darwin":
        return Path(home) / "Library" / "Caches" / "tierlens" if os.path.isabs(home) else None
    # A relative path is to be ignored, says the specification.
    base = environment.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):
        return Path(base) / "tierlens"
    return Path(home) / ".cache" / "tierlens" if os.path.isabs(home) else None


def open_folder(environment: Mapping[str, str]) -> "CacheFolder | None":
    """The folder, made when it is missing; None when there is no place for one or it cannot be written.

    A folder that belongs to somebody else, or that others may write to, is not used either: what is read from it
    decides whether a change passes. The reason then stands in ``notices`` of a folder that keeps nothing.
    """
    place = usual_place(environment)
    if place is None:
        return None
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.stat()
    except OSError as error:
        if not environment.get(VARIABLE):
            return None
        return CacheFolder(place, False, [f"the cache folder {place} cannot be used: {error.strerror or error}"])
    reason = _distrust(found)
    if reason:
        hint = f"make it yours alone (chmod 700), or name another with {VARIABLE}"
        return CacheFolder(place, False, [f"the cache folder {place} is not used: {reason}; {hint}"])
    return CacheFolder(place)


def _distrust(found: os.stat_result) -> str:
    if os.name != "posix":
        return ""
    if found.st_uid != os.geteuid():
        return "it belongs to another user"
    return "others may write to it" if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else ""


@dataclass(slots=True)
class CacheFolder:
    """An opened folder. Nothing here raises: a cache that does not work costs time and nothing else."""

    place: Path
    usable: bool = True
    notices: list[str] = field(default_factory=list)
    """What a person should know: entries that were damaged, a folder that is not used."""

    def get(self, key: str) -> bytes | None:
        """What is kept under a key; None when nothing is. A damaged entry is removed, with a notice."""
        path = self._path(key)
        if not self.usable:
            return None
        try:
            data = path.read_bytes()
        except OSError:
            return None
        content = _unpacked(data)
        if content is None:
            self.damaged(key)
            return None
        with suppress(OSError):
            os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep something under a key, in place of what was there."""
        if not self.usable:
            return
        data = _packed(content)
        if len(data) > _LARGEST:
            return
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(_UNFINISHED, dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(data)
                os.replace(name, path)
            except BaseException:
                os.unlink(name)
                raise

    def damaged(self, key: str) -> None:
        """Remove an entry that cannot be read, and say so."""
        self.notices.append(f"a damaged entry of the cache is ignored and made anew: {self._path(key)}")
        with suppress(OSError):
            self._path(key).unlink()

    def trim(self, bound: int = BOUND) -> None:
        """Remove what was not used for the longest time until the folder is well below the bound."""
        found = sorted(self._files(), key=lambda one: one[1].st_mtime_ns)
        total = sum(status.st_size for _, status in found)
        overfull, now = total > bound, time.time()
        for path, status in found:
            is_left_over = path.suffix == _UNFINISHED and status.st_mtime < now - _HOUR
            if is_left_over or (overfull and total > bound * _KEPT_SHARE):
                total -= status.st_size
                with suppress(OSError):
                    path.unlink()

    def clear(self) -> tuple[int, int]:
        """Remove every entry, and nothing that is not ours; gives how many there were and their bytes."""
        removed = size = 0
        for path, status in list(self._files()):
            with suppress(OSError):
                path.unlink()
                removed, size = removed + 1, size + status.st_size
        return removed, size

    def size(self) -> tuple[int, int]:
        """How many entries there are, and their bytes."""
        sizes = [status.st_size for _, status in self._files()]
        return len(sizes), sum(sizes)

    def _path(self, key: str) -> Path:
        return self.place / _LAYOUT / key[:2] / f"{key}{_SUFFIX}"

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in (self.place / _LAYOUT).glob("??/*"):
            if path.suffix in (_SUFFIX, _UNFINISHED):
                with suppress(OSError):
                    yield path, path.lstat()


def _packed(content: bytes) -> bytes:
    body = zlib.compress(content, 1)
    return b"%s %s\n%s" % (_MAGIC, hashlib.sha256(body).hexdigest().encode(), body)


def _unpacked(data: bytes) -> bytes | None:
    head, _, body = data.partition(b"\n")
    if head != b"%s %s" % (_MAGIC, hashlib.sha256(body).hexdigest().encode()):
        return None
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(body, _LARGEST_PLAIN)
    except zlib.error:
        return None
    return content if unpacker.eof else None
