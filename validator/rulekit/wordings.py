"""Rules in other languages: what a pack brings beside its rules.

``<package>/texts/<language>.json`` of the package that holds a rule maps ids of rules to ``title`` and ``why``.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from validator.model import RulePackError, RuleWording
from validator.rulekit.rule import Rule

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_FOLDER = "texts"
_ENDING = ".json"
_KEYS = {"title", "why"}


def wordings_of(rule: Rule) -> tuple[RuleWording, ...]:
    """The rule in each language that its pack brings, by language. Raises RulePackError for a file that is wrong."""
    package = type(rule).__module__.partition(".")[0]
    found = _by_language(package).items()
    return tuple(wordings[rule.meta.id] for _, wordings in found if rule.meta.id in wordings)


@cache
def _by_language(package: str) -> Mapping[str, Mapping[str, RuleWording]]:
    return {name.removesuffix(_ENDING): _read(package, name) for name in sorted(_names(package))}


def _names(package: str) -> Iterator[str]:
    folder = _folder(package)
    if folder is not None and folder.is_dir():
        yield from (entry.name for entry in folder.iterdir() if entry.name.endswith(_ENDING))


def _folder(package: str) -> "Traversable | None":
    try:
        return files(package).joinpath(_FOLDER)
    except (ModuleNotFoundError, TypeError):
        # A pack that is a single module, or one that was made at run time, brings no files.
        return None


def _read(package: str, name: str) -> Mapping[str, RuleWording]:
    where = f"{package}/{_FOLDER}/{name}"
    try:
        entries = json.loads(files(package).joinpath(_FOLDER, name).read_text(encoding="utf-8"))
    except ValueError as error:
        raise RulePackError(f"{where} is no JSON: {error}", hint="mend the file or remove it") from error
    if not isinstance(entries, dict) or not all(map(_is_wording, entries.values())):
        raise RulePackError(
            f"{where} does not map ids of rules to texts",
            hint='write it so: {"AUTH001": {"title": "…", "why": "…"}}',
        )
    language = name.removesuffix(_ENDING)
    return {rule: RuleWording(language, entry["title"], entry["why"]) for rule, entry in entries.items()}


def _is_wording(entry: object) -> bool:
    return isinstance(entry, dict) and entry.keys() == _KEYS and all(isinstance(text, str) for text in entry.values())
