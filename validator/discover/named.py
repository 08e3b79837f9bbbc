"""Files that a tool names without knowing what they are."""

from collections.abc import Iterable
from pathlib import Path

from validator import files
from validator.discover.recognise import MAXIMUM_SNIFFED_BYTES, claims_to_be_template, why_no_template


def templates_among(arguments: Iterable[str]) -> tuple[str, ...]:
    """The arguments without the files that are no templates; a broken template stays, so that it is told.

    Folders, globs, and what cannot be read stay: what becomes of them is told where they are searched or read.
    """
    return tuple(argument for argument in arguments if not _is_something_else(Path(argument)))


def _is_something_else(path: Path) -> bool:
    try:
        if not files.is_file(path):
            return False
        data = files.read_bytes(path, MAXIMUM_SNIFFED_BYTES)
        return why_no_template(data) != "" and not claims_to_be_template(data)
    except (OSError, ValueError):
        return False
