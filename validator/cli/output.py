"""Where text leaves the program: the standard output, and files that were asked for."""

import os
import sys
from pathlib import Path

import click

from validator.model import UsageError


def print_text(text: str, *, color: bool = False) -> None:
    """Print for people: a character that the terminal's encoding lacks is shown as its escape."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    # Done here, since click takes a stream for ASCII to be misconfigured and writes UTF-8 to it.
    shown = text.encode(encoding, "backslashreplace").decode(encoding)
    _print(shown if shown.endswith("\n") else f"{shown}\n", color)


def print_document(text: str) -> None:
    """Print for programs: always UTF-8, as a file would be; an escape of ours would spoil JSON."""
    _print(text.encode("utf-8", "backslashreplace"), None)


def _print(text: str | bytes, color: bool | None) -> None:
    """Print as it is. A reader that goes away (head, less) is no fault: the rest goes nowhere."""
    try:
        click.echo(text, nl=False, color=color)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        silence()


def harmless(text: str) -> str:
    """The text with everything a terminal would act on as its escape: templates and paths are hostile input."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)


def silence() -> None:
    """Send what is still to be printed nowhere, or Python complains about it when it ends."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_terminal() -> bool:
    """Whether somebody watches the standard output; it may be closed."""
    return sys.stdout is not None and sys.stdout.isatty()


def write_file(path: Path, text: str, what: str) -> None:
    """Write ``what`` to a file. Raises UsageError when that cannot be done."""
    write_bytes(path, text.encode("utf-8", "backslashreplace"), what)


def write_bytes(path: Path, content: bytes, what: str) -> None:
    """Write ``what``, which is no text, to a file. Raises UsageError when that cannot be done."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"the {what} cannot be written to {path}: {error.strerror}",
            hint="name a file in a folder that exists and can be written to",
        ) from error
