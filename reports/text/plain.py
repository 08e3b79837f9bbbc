"""Text from templates made harmless for a terminal.

A template is hostile input: its names can hold escape sequences, line breaks that forge report lines, and
bidirectional marks that show something else than what is there. Nothing is dropped silently: what does not
print is shown as its escape (``\\x1b``, ``\\u202e``).
"""

import unicodedata

from rich.cells import cell_len

NAME_LIMIT = 160
SENTENCE_LIMIT = 1200


def one_line(text: str, limit: int = SENTENCE_LIMIT) -> str:
    """``text`` on one line, everything unprintable escaped, cut to ``limit`` characters."""
    shown = text if text.isprintable() else "".join(map(printable, text))
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."


def name(text: str) -> str:
    """A name (logical ID, target, path) on one line."""
    return one_line(text, NAME_LIMIT)


def several_lines(text: str) -> list[str]:
    """The lines of a text that may have several, each made harmless, without blank ones at the end."""
    return [one_line(line.replace("\t", "    ")).rstrip() for line in text.rstrip().split("\n")]


def printable(character: str) -> str:
    """The character itself, or its escape when a terminal would not show it as one."""
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")


def width_of(text: str) -> int:
    """Columns of the terminal that printable ``text`` takes: wide characters take two."""
    return cell_len(text)


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 failure``, ``2 failures``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
