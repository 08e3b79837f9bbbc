"""The texts that a review's places point into, for the excerpts of reports."""

from collections.abc import Iterable
from pathlib import Path

from validator.discover import DiscoveredFile
from validator.files import read_text, status
from validator.load import MAXIMUM_SOURCE_BYTES
from validator.model import Diagnostic, Finding


def missing_texts(
    known: Iterable[str],
    findings: Iterable[Finding],
    diagnostics: Iterable[Diagnostic],
    files: Iterable[DiscoveredFile],
    root: Path,
) -> dict[str, str]:
    """The texts, by shown path, that findings and remarks point into and that are not ``known``.

    These are files beside a template (an OpenAPI definition) and templates that cannot be read. Settings and
    parameter files are left out: their lines may hold secrets. So is what is too large, no text or outside
    of ``root``; the place then stands without an excerpt.
    """
    given = {file.display_path: file.path for file in files}
    remarked = {diagnostic.span.path for diagnostic in diagnostics if diagnostic.span is not None}
    wanted = {finding.span.path for finding in findings} | (remarked & given.keys())
    texts = {path: _text(given.get(path), root / path, root) for path in wanted.difference(known)}
    return {path: text for path, text in texts.items() if text is not None}


def _text(given: Path | None, below_root: Path, root: Path) -> str | None:
    try:
        place = (given or below_root).resolve()
        if given is None and not place.is_relative_to(root.resolve()):
            return None
        if status(place).st_size > MAXIMUM_SOURCE_BYTES:
            return None
        return read_text(place)
    except (OSError, ValueError, RuntimeError):
        return None
