"""Finding and reading the settings file of a project."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from validator.files import exists, is_file
from validator.model import SettingsError, Span
from validator.settings.files import project_root, read_text, shown_path, start_of
from validator.settings.keys import KeyPath, settings_from
from validator.settings.settings import Settings
from validator.settings.toml_lines import TomlLines

NAMES = ("tierlens.toml", ".tierlens.toml", "pyproject.toml")
"""The files that may hold settings; in one folder the first wins."""


def find_settings(start: Path, explicit: Path | None = None) -> Settings:
    """The settings for a run that starts in the folder ``start``.

    Without ``explicit``, each folder from ``start`` upwards is asked for ``tierlens.toml``,
    ``.tierlens.toml`` and a ``pyproject.toml`` with a ``[tool.tierlens]`` table; the climb ends at the
    folder with ``.git``, else at the file system's root. The first file found is the only one read. Without
    any, the defaults come back with ``source`` None.

    Raises:
        SettingsError: the file is missing, is no TOML, or has unknown keys or wrong values (all of them
            named in one message).
    """
    root = project_root(start)
    if explicit is not None:
        settings = _read(explicit, root)
        if settings is not None:
            return settings
        shown = shown_path(explicit, root)
        raise SettingsError(
            f"{shown}: the file has no [tool.tierlens] table",
            span=start_of(shown),
            hint="add the table, or name another file",
        )
    for path in _candidates(start):
        settings = _read(path, root)
        if settings is not None:
            return settings
    return Settings()


def _candidates(start: Path) -> Iterator[Path]:
    folder = start.resolve()
    for place in (folder, *folder.parents):
        for name in NAMES:
            if is_file(place / name):
                yield place / name
        if exists(place / ".git"):
            return


def _read(path: Path, root: Path) -> Settings | None:
    """The settings in the file; None for a ``pyproject.toml`` that has none of ours."""
    shown = shown_path(path, root)
    text = read_text(path, shown)
    document = read_toml(text, shown)
    table: object = document
    at: KeyPath = ()
    if path.name == "pyproject.toml":
        tools = document.get("tool")
        if not isinstance(tools, dict) or "tierlens" not in tools:
            return None
        table, at = tools["tierlens"], ("tool", "tierlens")
    lines = TomlLines(shown, text)
    if not isinstance(table, dict):
        span = lines.span(at)
        raise SettingsError(f"{span}: 'tool.tierlens' has to be a table", span=span)
    place = path.resolve()
    return settings_from(table, source=place, root=project_root(place.parent), at=at, lines=lines)


def read_toml(text: str, shown: str) -> dict[str, object]:
    """The tables of a TOML text; numbers with a fraction stay the text that was written.

    Raises:
        SettingsError: the text is no TOML, with the place where that shows.
    """
    try:
        return tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        span = _place(str(error), text, shown)
        raise SettingsError(f"{span}: the file is not TOML: {error}", span=span) from error


def _place(message: str, text: str, shown: str) -> Span:
    """The place a TOML error names in its text: newer Pythons give it as attributes, older ones only so."""
    numbers = [int(part) for part in message.replace(",", " ").replace(")", " ").split() if part.isdigit()]
    if "(at line" in message and len(numbers) >= 2:
        line, column = numbers[-2:]
    elif "(at end of document)" in message:
        line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    else:
        line, column = 1, 1
    return Span(shown, line, column, line, column + 1)
