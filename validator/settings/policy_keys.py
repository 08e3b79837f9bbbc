"""From ``fail-on``, ``severity``, ``paths`` and ``rules-version`` to what they say: each key checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from validator.model import Category, Severity
from validator.settings.policy import PathPolicy, release
from validator.settings.suggest import did_you_mean
from validator.settings.workload_keys import KeyPath, Notes, Table

NEVER: Final = "never"
OFF: Final = "off"
DEFAULT: Final = "default"
SEVERITIES: Final = tuple(severity.value for severity in Severity)
CATEGORIES: Final = tuple(category.value for category in Category)
PATH_KEYS: Final = ("ignore", "severity")

Wrong = Callable[[KeyPath, str, object], None]


@dataclass(frozen=True, slots=True)
class FailOn:
    """What ``fail-on`` says: a severity for everything, or a table with one for each category."""

    default: Severity
    categories: Mapping[Category, Severity | None]


@dataclass(frozen=True, slots=True)
class PolicyReader:
    """Takes the keys of the policy apart; ``wrong`` notes a value of the wrong kind."""

    notes: Notes
    wrong: Wrong

    def fail_on(self, value: object, default: Severity) -> FailOn:
        """``fail-on = "high"``, or a table of categories with ``default`` for the rest."""
        if not isinstance(value, dict):
            return FailOn(self._severity(("fail-on",), value, default), MappingProxyType({}))
        categories: dict[Category, Severity | None] = {}
        for name, least in value.items():
            path = ("fail-on", name)
            if name == DEFAULT:
                default = self._severity(path, least, default)
            elif name not in CATEGORIES:
                near = did_you_mean(name.replace("_", "-"), (*CATEGORIES, DEFAULT))
                known = f"known are {DEFAULT}, {', '.join(CATEGORIES)}"
                self.notes.problem(path, f"there is no category '{name}': {near or known}")
            elif least == NEVER:
                categories[Category(name)] = None
            elif least in SEVERITIES:
                categories[Category(name)] = Severity(least)
            else:
                self.wrong(path, _one_of((*SEVERITIES, NEVER)), least)
        return FailOn(default, MappingProxyType(categories))

    def severities(self, value: object, at: KeyPath = ("severity",)) -> Mapping[str, Severity | None]:
        """A table of rule ids, prefixes, categories and engines to severities."""
        given: dict[str, Severity | None] = {}
        for name, rated in self._table(value, at).items():
            if rated == OFF:
                given[name] = None
            elif rated in SEVERITIES:
                given[name] = Severity(rated)
            else:
                self.wrong((*at, name), _one_of((*SEVERITIES, OFF)), rated)
        return MappingProxyType(given)

    def paths(self, value: object) -> tuple[PathPolicy, ...]:
        """The ``[paths."GLOB"]`` tables, in the order of the file."""
        tables = self._table(value, ("paths",))
        made = [self._path(pattern, table) for pattern, table in tables.items()]
        return tuple(policy for policy in made if policy is not None)

    def rules_version(self, value: object) -> str | None:
        """The release of the rule set that is pinned."""
        if value is None or (isinstance(value, str) and release(value) is not None):
            return value if isinstance(value, str) else None
        self.wrong(("rules-version",), 'a release such as "0.1"', value)
        return None

    def _path(self, pattern: str, table: object) -> PathPolicy | None:
        at: KeyPath = ("paths", pattern)
        if not isinstance(table, dict):
            self.wrong(at, "a table with ignore or severity", table)
            return None
        if not pattern.strip("/") or pattern.startswith(("/", "../")) or "\\" in pattern:
            self.notes.problem(at, f"'{pattern}' is no glob below the folder of this file: write legacy/**")
        for key in table:
            if key not in PATH_KEYS:
                near = did_you_mean(key, PATH_KEYS) or f"known are {', '.join(PATH_KEYS)}"
                self.notes.problem((*at, key), f"unknown key '{key}': {near}")
        if not table:
            self.notes.problem(at, f"the table of '{pattern}' has neither ignore nor severity")
        ignore = table.get("ignore", [])
        if not (isinstance(ignore, list) and all(isinstance(name, str) and name for name in ignore)):
            self.wrong((*at, "ignore"), "a list of texts", ignore)
            ignore = []
        severity = self.severities(table.get("severity", {}), (*at, "severity"))
        for name in severity:
            if name in ignore:
                self.notes.problem((*at, "severity", name), f"'{name}' is in ignore and in severity of '{pattern}'")
        return PathPolicy(pattern, self.notes.span(at), tuple(ignore), severity)

    def _severity(self, path: KeyPath, value: object, default: Severity) -> Severity:
        if value in SEVERITIES:
            return Severity(value)
        self.wrong(path, _one_of(SEVERITIES), value)
        return default

    def _table(self, value: object, at: KeyPath) -> Table:
        if isinstance(value, dict):
            return value
        self.wrong(at, "a table", value)
        return {}


def _one_of(names: tuple[str, ...]) -> str:
    return "one of " + ", ".join(names)
