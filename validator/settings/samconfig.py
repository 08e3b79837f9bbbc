"""``samconfig.toml`` and ``samconfig.yaml``: what ``sam deploy`` would be given.

Follows the SAM Developer Guide, *AWS SAM CLI configuration file*, and the SAM CLI's own reading: one
environment is taken alone; in it, ``deploy.parameters`` beats ``global.parameters`` key by key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import yaml

from validator.files import is_file
from validator.model import SettingsError, Span
from validator.settings.files import is_below, project_root, read_text, shown_path, start_of
from validator.settings.find import read_toml
from validator.settings.given import GivenParameters, canonical_value
from validator.settings.overrides import parse_overrides
from validator.settings.parameter_files import read_parameter_file
from validator.settings.suggest import did_you_mean
from validator.settings.toml_lines import TomlLines
from validator.settings.value_nodes import canonical, compose, entries

NAMES = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")
"""The files the SAM CLI looks for, in its order."""

_FILE = "file://"

_LAYERS = ("global", "deploy")

Layer = Mapping[str, tuple[Span, object]]


@dataclass(frozen=True, slots=True)
class SamConfig:
    """What one environment of a SAM configuration says about a deployment."""

    source: Path
    environment: str
    parameters: GivenParameters
    stack_name: str | None = None
    region: str | None = None


def read_samconfig(folder: Path, environment: str, root: Path | None = None) -> SamConfig | None:
    """The named environment of the SAM configuration in ``folder``; None when there is no such file.

    It is read only for an environment that somebody named: a review that picked ``default`` by itself would
    prove another deployment than the one that is meant. Files named by ``file://`` are looked for beside
    the configuration and have to lie below ``root``.

    Raises:
        SettingsError: the file cannot be read, lacks the environment, or its overrides have no known form.
    """
    path = next((folder / name for name in NAMES if is_file(folder / name)), None)
    if path is None:
        return None
    limit = root or project_root(folder)
    shown = shown_path(path, limit)
    text = read_text(path, shown)
    layers = (_toml_layers if path.suffix == ".toml" else _yaml_layers)(text, shown, environment)
    merged = {key: entry for layer in layers for key, entry in layer.items()}
    overrides = _Overrides(path, limit, f"{shown} ({environment})")
    if "parameter_overrides" in merged:
        overrides.add(*merged["parameter_overrides"])
    return SamConfig(
        source=path,
        environment=environment,
        parameters=overrides.given(),
        stack_name=_text(merged, "stack_name"),
        region=_text(merged, "region"),
    )


def _toml_layers(text: str, shown: str, environment: str) -> list[Layer]:
    document = read_toml(text, shown)
    lines = TomlLines(shown, text)
    chosen = document.get(environment)
    if not isinstance(chosen, dict):
        raise _no_environment(environment, (k for k, v in document.items() if isinstance(v, dict)), shown)
    layers: list[Layer] = []
    for command in _LAYERS:
        table = chosen.get(command)
        parameters = table.get("parameters") if isinstance(table, dict) else None
        if isinstance(parameters, dict):
            at = (environment, command, "parameters")
            layers.append({key: (lines.span((*at, key)), value) for key, value in parameters.items()})
    return layers


def _yaml_layers(text: str, shown: str, environment: str) -> list[Layer]:
    """Only what is asked for is opened, so that aliases that explode elsewhere cost nothing."""
    document = _children(compose(text, shown), shown)
    chosen = document.get(environment)
    if chosen is None or not isinstance(chosen[1], yaml.MappingNode):
        names = (key for key, (_, value) in document.items() if isinstance(value, yaml.MappingNode))
        raise _no_environment(environment, names, shown)
    layers: list[Layer] = []
    for command in _LAYERS:
        _, table = _children(chosen[1], shown).get(command, (None, None))
        _, parameters = _children(table, shown).get("parameters", (None, None))
        found = _children(parameters, shown)
        layers.append({key: (span, _plain(value, shown)) for key, (span, value) in found.items()})
    return layers


def _children(node: yaml.Node | None, shown: str) -> Mapping[str, tuple[Span, yaml.Node]]:
    return entries(node, shown) if isinstance(node, yaml.MappingNode) else {}


def _plain(node: yaml.Node, shown: str) -> object:
    """The value as TOML would give it: a text, a list of texts or a table of texts."""
    if isinstance(node, yaml.MappingNode):
        return {key: canonical(value) for key, (_, value) in entries(node, shown).items()}
    if isinstance(node, yaml.SequenceNode):
        return [canonical(item) for item in node.value]
    return canonical(node)


def _no_environment(environment: str, names: Iterable[str], shown: str) -> SettingsError:
    known = tuple(names)
    near = did_you_mean(environment, known) or f"it has {', '.join(known) or 'none'}"
    return SettingsError(
        f"{shown}: there is no environment '{environment}': {near}",
        span=start_of(shown),
        hint="name an environment of the file",
    )


def _text(merged: Layer, key: str) -> str | None:
    _, value = merged.get(key, (None, None))
    return value if isinstance(value, str) and value else None


class _Overrides:
    """The values of ``parameter_overrides``, as they are gathered; later ones beat earlier ones."""

    def __init__(self, path: Path, root: Path, source: str) -> None:
        self._path = path
        self._root = root
        self._source = source
        self._values: dict[str, str] = {}
        self._unknown: set[str] = set()
        self._spans: dict[str, Span] = {}

    def given(self) -> GivenParameters:
        return GivenParameters(
            source=self._source,
            values=MappingProxyType(self._values),
            unknown=frozenset(self._unknown),
            spans=MappingProxyType(self._spans),
        )

    def add(self, span: Span, value: object) -> None:
        match value:
            case str():
                self._add_text(span, value)
            case list():
                for item in value:
                    if not isinstance(item, str):
                        raise self._refused(span, "a list of overrides holds texts only")
                    self._add_text(span, item)
            case dict():
                self._add_map(span, value)
            case _:
                raise self._refused(span, "'parameter_overrides' is no text, list or table")

    def _add_text(self, span: Span, text: str) -> None:
        if text.strip().startswith(_FILE):
            self._add_file(span, text.strip().removeprefix(_FILE))
            return
        try:
            parsed = parse_overrides(text)
        except ValueError as error:
            # The text may hold secrets, so it is not repeated.
            raise self._refused(span, f"'parameter_overrides' {error}") from error
        for name, value in parsed.items():
            self._note(name, value, span)

    def _add_map(self, span: Span, table: Mapping[str, object]) -> None:
        for name, value in table.items():
            text = canonical_value(value)
            if text is None:
                raise self._refused(span, f"'{name}' has no value that a parameter can have")
            self._note(name, text, span)

    def _add_file(self, span: Span, name: str) -> None:
        path = self._path.parent / name
        if not is_below(path, self._root):
            raise self._refused(span, f"'{name}' lies outside of the project")
        if path.suffix == ".toml":
            shown = shown_path(path, self._root)
            self._add_map(start_of(shown), read_toml(read_text(path, shown), shown))
            return
        given = read_parameter_file(path, self._root)
        for parameter in sorted(given.names):
            self._note(parameter, given.values.get(parameter), given.spans[parameter])

    def _note(self, name: str, value: str | None, span: Span) -> None:
        self._spans[name] = span
        self._unknown.discard(name)
        self._values.pop(name, None)
        if value is None:
            self._unknown.add(name)
        else:
            self._values[name] = value

    @staticmethod
    def _refused(span: Span, message: str) -> SettingsError:
        return SettingsError(
            f"{span}: {message}", span=span, hint="write NAME=VALUE pairs, or ParameterKey=…,ParameterValue=…"
        )
