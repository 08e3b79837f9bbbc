"""From a parsed table to `Settings`: every key checked, all mistakes reported together."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from validator.files import is_folder
from validator.model import SettingsError, Span
from validator.settings.assumptions import SUBJECT_KINDS, SUBNET_KINDS, Assumed, Assumption
from validator.settings.files import is_below
from validator.settings.given import GivenParameters, canonical_value
from validator.settings.policy_keys import PolicyReader
from validator.settings.settings import Settings
from validator.settings.suggest import did_you_mean
from validator.settings.toml_lines import TomlLines
from validator.settings.workload_keys import Notes, WorkloadReader

KEYS = (
    "select",
    "ignore",
    "fail-on",
    "fail-on-unknown",
    "parameters",
    "parameter-files",
    "samconfig-environment",
    "region",
    "account-id",
    "exclude",
    "root",
    "assume",
    "severity",
    "workload",
    "environment",
    "engines",
    "guard",
    "baseline",
    "paths",
    "rules-version",
    "deny-suppressions",
)
"""Every key of a settings table."""

_ASSUME_KEYS = ("subject", "is", "value", "reason", "until")
_MINIMAL_REASON = 10
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
_ACCOUNT = re.compile(r"\d{12}")
_LOGICAL_ID = re.compile(r"[A-Za-z0-9]+")

KeyPath = tuple[str | int, ...]


def settings_from(
    table: Mapping[str, object], *, source: Path, root: Path, at: KeyPath, lines: TomlLines
) -> Settings:
    """The settings that a table makes.

    ``at`` is the table's own place in the file (``("tool", "tierlens")``), ``root`` the folder that paths
    in it may not leave.

    Raises:
        SettingsError: one error that lists every key that is unknown or has a wrong value, in file order.
    """
    reader = _Reader(table, source, root, at, lines)
    settings = reader.settings()
    if not reader.problems:
        return settings
    problems = sorted(reader.problems, key=lambda problem: problem[0])
    hint = "mend the key" if len(problems) == 1 else "mend the keys"
    raise SettingsError("\n".join(f"{span}: {message}" for span, message in problems), span=problems[0][0], hint=hint)


class _Reader:
    """Takes the keys of one table one by one and notes what is wrong with them."""

    def __init__(self, table: Mapping[str, object], source: Path, root: Path, at: KeyPath, lines: TomlLines) -> None:
        self.problems: list[tuple[Span, str]] = []
        self._table = table
        self._source = source
        self._root = root
        self._at = at
        self._lines = lines
        notes = Notes(source, root, self._span, self._problem)
        self._workloads = WorkloadReader(notes)
        self._policy = PolicyReader(notes, self._wrong)

    def settings(self) -> Settings:
        self._refuse_unknown(self._table, KEYS, ())
        defaults = Settings()
        fail_on = self._policy.fail_on(self._table.get("fail-on", defaults.fail_on.value), defaults.fail_on)
        return Settings(
            source=self._source,
            select=self._texts("select"),
            ignore=self._texts("ignore"),
            fail_on=fail_on.default,
            fail_on_categories=fail_on.categories,
            fail_on_unknown=self._flag("fail-on-unknown"),
            parameters=self._parameters(),
            parameter_files=self._parameter_files(),
            samconfig_environment=self._text("samconfig-environment"),
            region=self._text("region", _REGION, 'a region such as "eu-west-1"'),
            account_id=self._text("account-id", _ACCOUNT, "an account's 12 digits in quotes"),
            exclude=self._texts("exclude"),
            root=self._root_folder(),
            assume=self._assumptions(),
            severity=self._policy.severities(self._table.get("severity", {})),
            paths=self._policy.paths(self._table.get("paths", {})),
            rules_version=self._policy.rules_version(self._table.get("rules-version")),
            deny_suppressions=self._flag("deny-suppressions"),
            places=MappingProxyType(dict(self._places(self._table, ()))),
            workloads=self._workloads.workloads(self._table.get("workload")),
            environments=self._workloads.environments(self._table.get("environment")),
            engines=self._texts("engines"),
            guard=self._files("guard"),
            baseline=self._file("baseline"),
        )

    def _places(self, table: Mapping[str, object], at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Span]]:
        """Where each key stands, also those of tables below it."""
        for key, value in table.items():
            yield (*at, key), self._span((*at, key))
            if isinstance(value, dict):
                yield from self._places(value, (*at, key))

    def _span(self, path: KeyPath) -> Span:
        return self._lines.span((*self._at, *path))

    def _problem(self, path: KeyPath, message: str) -> None:
        self.problems.append((self._span(path), message))

    def _refuse_unknown(self, table: Mapping[str, object], known: tuple[str, ...], path: KeyPath) -> None:
        for key in table:
            if key not in known:
                # People write fail_on for fail-on: the underscore is no near miss, it is the same word.
                near = did_you_mean(key.replace("_", "-"), known) or f"known are {', '.join(known)}"
                self._problem((*path, key), f"unknown key '{key}': {near}")

    def _wrong(self, path: KeyPath, expected: str, value: object) -> None:
        self._problem(path, f"'{_name(path)}' has to be {expected}, not {_kind(value)}")

    def _flag(self, key: str) -> bool:
        value = self._table.get(key, False)
        if isinstance(value, bool):
            return value
        self._wrong((key,), "true or false", value)
        return False

    def _text(self, key: str, pattern: re.Pattern[str] | None = None, expected: str = "a text") -> str | None:
        value = self._table.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value and (pattern is None or pattern.fullmatch(value)):
            return value
        self._wrong((key,), expected, value)
        return None

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self._wrong((key,), "a list of texts", value)
        return ()

    def _map(self, key: str) -> Mapping[str, object]:
        value = self._table.get(key, {})
        if isinstance(value, dict):
            return value
        self._wrong((key,), "a table", value)
        return {}

    def _parameters(self) -> GivenParameters:
        values: dict[str, str] = {}
        for name, value in self._map("parameters").items():
            text = canonical_value(value)
            if text is None:
                self._wrong(("parameters", name), "a text, a number, true, false or a list of these", value)
            else:
                values[name] = text
        spans = {name: self._span(("parameters", name)) for name in values}
        source = f"'parameters' in {self._span(()).path}"
        return GivenParameters(source, MappingProxyType(values), spans=MappingProxyType(spans))

    def _below_root(self, path: KeyPath, text: str) -> Path | None:
        place = self._source.parent / text
        if is_below(place, self._root):
            return place
        self._problem(path, f"'{_name(path)}' names '{text}', which lies outside of the project")
        return None

    def _parameter_files(self) -> tuple[Path, ...]:
        return self._files("parameter-files")

    def _files(self, key: str) -> tuple[Path, ...]:
        places = [self._below_root((key,), text) for text in self._texts(key)]
        return tuple(place for place in places if place is not None)

    def _file(self, key: str) -> Path | None:
        text = self._text(key)
        return None if text is None else self._below_root((key,), text)

    def _root_folder(self) -> Path | None:
        text = self._text("root")
        folder = None if text is None else self._below_root(("root",), text)
        if folder is not None and not is_folder(folder):
            self._problem(("root",), f"'root' names '{text}', which is no folder")
            return None
        return folder

    def _assumptions(self) -> tuple[Assumption, ...]:
        entries = self._table.get("assume", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._wrong(("assume",), "an array of tables: [[assume]]", entries)
            return ()
        made = [self._assumption(entry, ("assume", number)) for number, entry in enumerate(entries)]
        assumptions = tuple(assumption for assumption in made if assumption is not None)
        for number, assumption in enumerate(assumptions):
            self._refuse_contradiction(assumption, assumptions[:number])
        return assumptions

    def _assumption(self, entry: Mapping[str, object], path: KeyPath) -> Assumption | None:
        before = len(self.problems)
        self._refuse_unknown(entry, _ASSUME_KEYS, path)
        subject = self._subject(entry.get("subject"), path)
        assumed = self._assumed(entry.get("is"), path)
        reason = entry.get("reason")
        if not isinstance(reason, str) or len(reason.strip()) < _MINIMAL_REASON:
            self._problem(
                (*path, "reason"), f"an assumption has to have a 'reason' of at least {_MINIMAL_REASON} characters"
            )
        value = self._assumed_value(entry.get("value"), assumed, subject, path)
        until = self._until(entry.get("until"), path)
        if len(self.problems) > before or assumed is None:
            return None
        return Assumption(subject, assumed, str(reason).strip(), self._span(path), value, until)

    def _subject(self, value: object, path: KeyPath) -> str:
        if not isinstance(value, str) or not value:
            self._problem(
                (*path, "subject"),
                "an assumption has to have a 'subject': parameter:NAME, import:NAME, security-group:ID, "
                "subnet:ID or a logical ID",
            )
            return ""
        kind, divider, name = value.partition(":")
        if divider and kind not in SUBJECT_KINDS:
            near = did_you_mean(kind, SUBJECT_KINDS) or f"known are {', '.join(SUBJECT_KINDS)}"
            self._problem((*path, "subject"), f"the subject '{value}' is of no known kind: {near}")
        elif divider and not name:
            self._problem((*path, "subject"), f"the subject '{value}' has no name after the colon")
        elif not divider and not _LOGICAL_ID.fullmatch(value):
            self._problem((*path, "subject"), f"the subject '{value}' is no logical ID (letters and digits)")
        return value

    def _assumed(self, value: object, path: KeyPath) -> Assumed | None:
        known = tuple(assumed.value for assumed in Assumed)
        if value in known:
            return Assumed(value)
        near = did_you_mean(value, known) if isinstance(value, str) else ""
        self._problem((*path, "is"), f"'is' has to be {_one_of(known)}{': ' + near if near else ''}")
        return None

    def _assumed_value(self, value: object, assumed: Assumed | None, subject: str, path: KeyPath) -> str | None:
        if assumed is not Assumed.VALUE:
            if value is not None and assumed is not None:
                self._problem((*path, "value"), "'value' goes with is = \"value\" only")
            return None
        if not subject.startswith(("parameter:", "import:")):
            self._problem((*path, "is"), "only a parameter or an import can be assumed to have a value")
        text = canonical_value(value)
        if text is None:
            self._problem((*path, "value"), "is = \"value\" needs a 'value': a text or a list of texts")
        return text

    def _until(self, value: object, path: KeyPath) -> date | None:
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self._wrong((*path, "until"), "a date such as 2026-12-31", value)
            return None

    def _refuse_contradiction(self, later: Assumption, earlier: Iterable[Assumption]) -> None:
        for other in earlier:
            clash = later.is_ is other.is_ or {later.is_, other.is_} <= SUBNET_KINDS
            if later.subject == other.subject and clash:
                self.problems.append(
                    (
                        later.span,
                        f"'{later.subject}' is assumed to be '{later.is_}', but line {other.span.line} "
                        f"already assumes '{other.is_}'",
                    )
                )


def _name(path: KeyPath) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _one_of(names: Iterable[str]) -> str:
    return "one of " + ", ".join(names)


def _kind(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"'{value}'"
        case int():
            return f"the number {value}"
        case list():
            return "a list" if all(isinstance(item, str) for item in value) else "a list with other things in it"
        case dict():
            return "a table"
        case _:
            return f"{value}"
