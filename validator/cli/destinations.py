"""``--output``: which report goes to which file."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from validator.model import UsageError

_BY_ENDING = {".txt": "text", ".log": "text", "": "text", ".xml": "junit", ".md": "markdown"}
"""Formats of endings that are not a format's own name."""

_BY_END_OF_NAME = {
    "gl-code-quality-report.json": "gitlab",
    ".gitlab.json": "gitlab",
    ".sarif.json": "sarif",
    ".junit.xml": "junit",
}
"""Formats of names whose ending alone would mislead: what GitLab calls its report, GitHub's second SARIF ending."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A file, and the name of the format that is written to it."""

    format_name: str
    path: Path


def destinations(outputs: Iterable[str]) -> tuple[Destination, ...]:
    """The destinations that ``FORMAT=FILE`` or ``FILE`` name; of a file alone, the ending tells the format.

    Raises UsageError when two reports would go to one file, or one to a place that cannot hold it: that
    shows before a long run, not after it.
    """
    found = tuple(_destination(output) for output in outputs)
    seen: set[Path] = set()
    for destination in found:
        place = destination.path.absolute()
        if place in seen:
            raise UsageError(f"two reports are to be written to {destination.path}", hint="name two files")
        seen.add(place)
        if place.is_dir() or not place.parent.is_dir():
            reason = "it is a folder" if place.is_dir() else f"there is no folder {destination.path.parent}"
            raise UsageError(f"no report can be written to {destination.path}: {reason}", hint="name another file")
    return found


def _destination(output: str) -> Destination:
    name, divider, file = output.partition("=")
    if divider and name and file:
        return Destination(name, Path(file))
    if divider or not output:
        raise UsageError(f"--output {output}: the file is missing", hint="write FILE, or FORMAT=FILE")
    path = Path(output)
    for end, format_name in _BY_END_OF_NAME.items():
        if path.name.lower().endswith(end):
            return Destination(format_name, path)
    ending = path.suffix.lower()
    return Destination(_BY_ENDING.get(ending, ending.removeprefix(".")), path)
