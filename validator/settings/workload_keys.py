"""From the ``workload`` and ``environment`` tables to what they say: every key checked, mistakes by their places."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from validator.files import is_file
from validator.model import Span
from validator.settings.files import is_below
from validator.settings.given import GivenParameters, canonical_value
from validator.settings.suggest import did_you_mean
from validator.settings.workloads import Deployment, Workload, WorkloadStack

_DEPLOYMENT_KEYS: Final = ("parameters", "parameter-files", "region", "account-id", "samconfig-environment")
_STACK_KEYS: Final = ("path", *_DEPLOYMENT_KEYS)
_WORKLOAD_KEYS: Final = ("paths", "stacks", "environment")
_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
_ACCOUNT: Final = re.compile(r"\d{12}")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
STACK_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

KeyPath = tuple[str | int, ...]
Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Notes:
    """Where tables stand, and where mistakes in them are noted."""

    source: Path
    root: Path
    span: Callable[[KeyPath], Span]
    problem: Callable[[KeyPath, str], None]


class WorkloadReader:
    """Takes the two tables apart."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def workloads(self, value: object) -> tuple[Workload, ...]:
        """The ``[workload.NAME]`` tables."""
        tables = self._tables(value, ("workload",))
        return tuple(self._workload(name, table) for name, table in tables.items())

    def environments(self, value: object, at: KeyPath = ()) -> Mapping[str, Deployment]:
        """The ``[environment.NAME]`` tables, of the project or of one workload."""
        tables = self._tables(value, (*at, "environment"))
        made = {
            name: self._deployment(table, (*at, "environment", name), _DEPLOYMENT_KEYS)
            for name, table in tables.items()
        }
        return MappingProxyType(made)

    def _tables(self, value: object, at: KeyPath) -> Mapping[str, Table]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong(at, f"tables: [{'.'.join(map(str, at))}.NAME]")
            return {}
        found: dict[str, Table] = {}
        for name, table in value.items():
            if not _NAME.fullmatch(name):
                self._notes.problem((*at, name), f"'{name}' is no name: letters, digits, '-', '_' and '.'")
            elif not isinstance(table, dict):
                self._wrong((*at, name), "a table")
            else:
                found[name] = table
        return found

    def _workload(self, name: str, table: Table) -> Workload:
        at: KeyPath = ("workload", name)
        self._refuse_unknown(table, _WORKLOAD_KEYS, at)
        paths = tuple(self._place(text) for text in self._texts(table, "paths", at) if self._is_inside(text, at))
        stacks = self._stacks(table.get("stacks", {}), (*at, "stacks"))
        if not {*table} - {"environment"}:
            self._notes.problem(at, f"workload '{name}' has neither 'paths' nor 'stacks'")
        environments = self.environments(table.get("environment"), at)
        return Workload(name, self._notes.span(at), paths, stacks, environments)

    def _is_inside(self, text: str, at: KeyPath) -> bool:
        fixed = re.split(r"[*?\[]", text)[0]
        if is_below(self._notes.source.parent / fixed, self._notes.root):
            return True
        self._notes.problem((*at, "paths"), f"'paths' names '{text}', which lies outside of the project")
        return False

    def _place(self, text: str) -> str:
        return str(self._notes.source.parent / text)

    def _stacks(self, value: object, at: KeyPath) -> tuple[WorkloadStack, ...]:
        if not isinstance(value, dict):
            self._wrong(at, "a table of stack names to templates")
            return ()
        made = [self._stack(name, entry, (*at, name)) for name, entry in value.items()]
        return tuple(stack for stack in made if stack is not None)

    def _stack(self, name: str, entry: object, at: KeyPath) -> WorkloadStack | None:
        if not STACK_NAME.fullmatch(name):
            self._notes.problem(at, f"'{name}' cannot be the name of a stack: letters, digits, '-', a letter first")
            return None
        table: Table = {"path": entry} if isinstance(entry, str) else entry if isinstance(entry, dict) else {}
        path = table.get("path")
        if not isinstance(path, str) or not path:
            self._wrong(at, 'a path, or a table with one: { path = "network.yaml" }')
            return None
        if not is_below(self._notes.source.parent / path, self._notes.root):
            self._notes.problem(at, f"'{name}' names '{path}', which lies outside of the project")
            return None
        if not is_file(self._notes.source.parent / path):
            self._notes.problem(at, f"'{name}' names '{path}', which is no file")
            return None
        deployment = self._deployment(table, at, _STACK_KEYS)
        return WorkloadStack(name, self._notes.source.parent / path, deployment)

    def _deployment(self, table: Table, at: KeyPath, known: tuple[str, ...]) -> Deployment:
        self._refuse_unknown(table, known, at)
        files = tuple(
            self._notes.source.parent / text
            for text in self._texts(table, "parameter-files", at)
            if self._is_file_inside(text, at)
        )
        return Deployment(
            self._notes.span(at),
            self._parameters(table.get("parameters", {}), (*at, "parameters")),
            files,
            self._text(table, "region", at, _REGION, 'a region such as "eu-west-1"'),
            self._text(table, "account-id", at, _ACCOUNT, "an account's 12 digits in quotes"),
            self._text(table, "samconfig-environment", at, None, "a text"),
        )

    def _is_file_inside(self, text: str, at: KeyPath) -> bool:
        if is_below(self._notes.source.parent / text, self._notes.root):
            return True
        where = (*at, "parameter-files")
        self._notes.problem(where, f"'parameter-files' names '{text}', which lies outside of the project")
        return False

    def _parameters(self, value: object, at: KeyPath) -> GivenParameters:
        values: dict[str, str] = {}
        if not isinstance(value, dict):
            self._wrong(at, "a table")
            value = {}
        for name, given in value.items():
            text = canonical_value(given)
            if text is None:
                self._wrong((*at, name), "a text, a number, true, false or a list of these")
            else:
                values[name] = text
        spans = {name: self._notes.span((*at, name)) for name in values}
        source = f"'{'.'.join(map(str, at))}' in {self._notes.span(at).path}"
        return GivenParameters(source, MappingProxyType(values), spans=MappingProxyType(spans))

    def _texts(self, table: Table, key: str, at: KeyPath) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self._wrong((*at, key), "a list of texts")
        return ()

    def _text(
        self, table: Table, key: str, at: KeyPath, pattern: re.Pattern[str] | None, expected: str
    ) -> str | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value and (pattern is None or pattern.fullmatch(value)):
            return value
        self._wrong((*at, key), expected)
        return None

    def _refuse_unknown(self, table: Table, known: tuple[str, ...], at: KeyPath) -> None:
        for key in table:
            if key not in known:
                near = did_you_mean(key.replace("_", "-"), known) or f"known are {', '.join(known)}"
                self._notes.problem((*at, key), f"unknown key '{key}': {near}")

    def _wrong(self, at: KeyPath, expected: str) -> None:
        self._notes.problem(at, f"'{'.'.join(map(str, at))}' has to be {expected}")
