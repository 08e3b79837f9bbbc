"""Text from templates as a terminal shows it: names, lines, columns."""

from rich.cells import cell_len

from reports.strings import counted, one_line, printable

__all__ = ["NAME_LIMIT", "counted", "name", "one_line", "printable", "several_lines", "width_of"]

NAME_LIMIT = 160


def name(text: str) -> str:
    """A name (logical ID, target, path) on one line."""
    return one_line(text, NAME_LIMIT)


def several_lines(text: str) -> list[str]:
    """The lines of a text that may have several, each made harmless, without blank ones at the end."""
    return [one_line(line.replace("\t", "    ")).rstrip() for line in text.rstrip().split("\n")]


def width_of(text: str) -> int:
    """Columns of the terminal that printable ``text`` takes: wide characters take two."""
    return cell_len(text)
