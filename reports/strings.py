"""Strings of templates made harmless for every format.

A template is hostile input: its names can hold escape sequences, line breaks that forge report lines, and
bidirectional marks that show something else than what is there. Nothing is dropped silently: what does not
print is shown as its escape (``\\x1b``, ``\\u202e``).
"""

import unicodedata

SENTENCE_LIMIT = 1200


def is_harmless(character: str) -> bool:
    """Whether a terminal shows the character as one, and does nothing else with it."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def printable(character: str) -> str:
    """The character itself, or its escape when a terminal would not show it as one."""
    return character if is_harmless(character) else character.encode("unicode_escape").decode("ascii")


def visible(text: str) -> str:
    """All of ``text`` on one line, everything unprintable escaped."""
    return text if text.isprintable() else "".join(map(printable, text))


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters."""
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def one_line(text: str, limit: int = SENTENCE_LIMIT) -> str:
    """``text`` on one line, everything unprintable escaped, cut to ``limit`` characters."""
    # No character gets shorter by its escape: what lies behind the limit is never shown.
    return cut(visible(text[: limit + 1]), limit)


def visible_lines(text: str) -> list[str]:
    """The lines of a text that may have several, each made harmless, without blank ones at the end."""
    return [visible(line.replace("\t", "    ")).rstrip() for line in text.rstrip().split("\n")]


def well_formed(text: str) -> str:
    """Text with each lone surrogate replaced by U+FFFD: it has no strict UTF-8 form otherwise."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 failure``, ``2 failures``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
