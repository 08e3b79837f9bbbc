"""What would run: the interpreter, the installed distributions, our own packages and those of rule packs.

Versions alone do not tell: a checkout that is installed in place changes without one. So the files of tierlens, of
every package that brings rules or writers, and of the modules that a run imported from elsewhere count too.
"""

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from typing import Final

from validator.cache.key import key_of
from validator.version import VERSION

_METADATA: Final = (".dist-info", ".egg-info", ".egg-link", ".pth")
Distribution = tuple[str, tuple[int, int], tuple[str, ...]]
"""Metadata, what tells that it changed, the packages that it plugs in."""

_GROUPS: Final = b"[tierlens."
_OWN: Final = "validator"
_ENVIRONMENT: Final = ("PYTHONHASHSEED", "PYTHONOPTIMIZE", "PYTHONUTF8", "LC_ALL", "LC_CTYPE", "LANG", "TZ")


def running_code() -> str:
    """A key that changes when tierlens, a rule pack, a writer, an engine or the interpreter does. Raises nothing."""
    metadata = list(_distributions())
    packages = _packages(metadata)
    return key_of(
        VERSION,
        sys.version,
        sys.platform,
        sys.path,
        [os.environ.get(name) for name in _ENVIRONMENT],
        [(path, stamp) for path, stamp, _ in metadata],
        [(name, list(_files_of(name))) for name in packages],
    )


def modules_from_elsewhere() -> Iterator[str]:
    """Source files of imported modules that neither an installed distribution nor ``running_code`` stands for."""
    paths = sysconfig.get_paths()
    known = [os.path.realpath(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    known += (os.path.realpath(place) for name in _packages(_distributions()) for place in _places_of(name))
    below = tuple(folder + os.sep for folder in known)
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and os.path.isfile(file):
            real = os.path.realpath(file)
            if real not in known and not real.startswith(below):
                yield file


def _distributions() -> Iterator[Distribution]:
    """The metadata of each distribution, what tells that it changed, and its packages that plug into tierlens."""
    for folder in dict.fromkeys(sys.path):
        try:
            with os.scandir(folder or os.curdir) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(_METADATA) or entry.name.startswith("__editable__"):
                stamp = _stamp(entry)
                yield entry.path, stamp, tuple(_plugged(entry.path))


def _plugged(metadata: str) -> Iterator[str]:
    try:
        with open(os.path.join(metadata, "entry_points.txt"), "rb") as stream:
            text = stream.read()
    except OSError:
        return
    if _GROUPS not in text:
        return
    group = ""
    for line in text.decode("utf-8", "replace").splitlines():
        if line.startswith("["):
            group = line.strip("[] ")
        elif group.startswith("tierlens.") and "=" in line:
            yield line.partition("=")[2].partition(":")[0].strip().partition(".")[0]


def _packages(distributions: Iterable[Distribution]) -> list[str]:
    """The top-level packages that bring rules or writers, our own among them."""
    return sorted({_OWN, *(name for _, _, names in distributions for name in names)})


def _files_of(package: str) -> Iterator[tuple[str, int, int]]:
    """Every file of a top-level package or module, with size and time of change."""
    for place in _places_of(package):
        if os.path.isdir(place):
            yield from _files_below(place)
        else:
            found = os.stat(place)
            yield place, found.st_size, found.st_mtime_ns


def _places_of(package: str) -> list[str]:
    """The folders of a top-level package, or the file of a module; none when it is not installed."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    folders = list(spec.submodule_search_locations or ())
    return folders or [place for place in (spec.origin,) if place and os.path.isfile(place)]


def _files_below(folder: str) -> Iterator[tuple[str, int, int]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files_below(entry.path)
        else:
            yield entry.path, *_stamp(entry)


def _stamp(entry: os.DirEntry[str]) -> tuple[int, int]:
    try:
        found = entry.stat()
    except OSError:
        return 0, 0
    return (0 if entry.is_dir() else found.st_size), found.st_mtime_ns
