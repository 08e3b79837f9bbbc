"""Parameter files in every form that AWS tools read.

- ``create-stack --parameters file://…``: a list of ``{ParameterKey, ParameterValue, UsePreviousValue}``;
- ``deploy --parameter-overrides file://…``: that, a list of ``NAME=VALUE`` texts, or a plain map;
- CodePipeline's template configuration: a map ``Parameters`` beside ``Tags`` and ``StackPolicy``;
- ``create-stack --cli-input-json`` (the CLI skeleton): a list ``Parameters`` beside ``StackName``.
"""

import re
from pathlib import Path
from types import MappingProxyType

import yaml

from validator.model import SettingsError, Span
from validator.settings.files import project_root, read_text, shown_path
from validator.settings.given import GivenParameters
from validator.settings.suggest import did_you_mean
from validator.settings.value_nodes import canonical, compose, entries, span_of

_FORMS = "a map of names to values, a list of NAME=VALUE texts or a list of ParameterKey and ParameterValue"
_PIPELINE_FUNCTIONS = frozenset({"Fn::GetArtifactAtt", "Fn::GetParam"})
_NAME = re.compile(r"[A-Za-z0-9]+")
_ITEM_KEYS = ("ParameterKey", "ParameterValue", "UsePreviousValue", "ResolvedValue")


def read_parameter_file(path: Path, root: Path | None = None) -> GivenParameters:
    """The values a parameter file gives; ``root`` is the folder its name is shown relative to.

    Values become canonical texts: lists are joined by commas, booleans are ``true`` or ``false``, integers
    are decimal. ``UsePreviousValue`` and CodePipeline's functions make a parameter unknown.

    Raises:
        SettingsError: the file cannot be read, has none of the forms, names a parameter twice, or gives one
            a value that is no parameter value; with file, line and column.
    """
    shown = shown_path(path, root or project_root(path.parent))
    return parameters_in(compose(read_text(path, shown), shown), shown)


def parameters_in(node: yaml.Node, shown: str) -> GivenParameters:
    """The values below a node that has one of the forms of a parameter file.

    Raises:
        SettingsError: as `read_parameter_file`.
    """
    collected = _Collected(shown)
    if isinstance(node, yaml.MappingNode):
        found = entries(node, shown)
        inner = found["Parameters"][1] if "Parameters" in found else None
        if isinstance(inner, yaml.SequenceNode):
            collected.add_list(inner)
        else:
            collected.add_map(inner if isinstance(inner, yaml.MappingNode) else node)
    elif isinstance(node, yaml.SequenceNode):
        collected.add_list(node)
    else:
        raise _refused(span_of(node, shown), "the file gives no parameters", f"write {_FORMS}")
    return collected.given()


def _refused(span: Span, message: str, hint: str = "") -> SettingsError:
    return SettingsError(f"{span}: {message}", span=span, hint=hint)


class _Collected:
    """The values of one file, as they are gathered."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._values: dict[str, str] = {}
        self._unknown: set[str] = set()
        self._spans: dict[str, Span] = {}

    def given(self) -> GivenParameters:
        return GivenParameters(
            source=self._shown,
            values=MappingProxyType(self._values),
            unknown=frozenset(self._unknown),
            spans=MappingProxyType(self._spans),
        )

    def add_map(self, node: yaml.MappingNode) -> None:
        for name, (span, value) in entries(node, self._shown).items():
            self._add(name, span, value)

    def add_list(self, node: yaml.SequenceNode) -> None:
        for item in node.value:
            if isinstance(item, yaml.MappingNode):
                self._add_item(item)
            elif isinstance(item, yaml.ScalarNode):
                self._add_assignment(item)
            else:
                raise _refused(span_of(item, self._shown), "a list gives no parameter", f"write {_FORMS}")

    def _add_item(self, node: yaml.MappingNode) -> None:
        """One ``{ParameterKey, ParameterValue}`` of the CLI."""
        found = entries(node, self._shown)
        for key, (span, _) in found.items():
            if key not in _ITEM_KEYS:
                near = did_you_mean(key, _ITEM_KEYS) or f"known are {', '.join(_ITEM_KEYS)}"
                raise _refused(span, f"unknown key '{key}': {near}")
        name = found["ParameterKey"][1] if "ParameterKey" in found else None
        if not isinstance(name, yaml.ScalarNode) or not name.value:
            raise _refused(span_of(node, self._shown), "the entry has no ParameterKey")
        span = span_of(name, self._shown)
        if "UsePreviousValue" in found and canonical(found["UsePreviousValue"][1]) == "true":
            self._note(name.value, span, None)
        elif "ParameterValue" in found:
            self._add(name.value, span, found["ParameterValue"][1])
        else:
            raise _refused(span, f"'{name.value}' has neither ParameterValue nor UsePreviousValue: true")

    def _add_assignment(self, node: yaml.ScalarNode) -> None:
        """One ``NAME=VALUE`` text."""
        span = span_of(node, self._shown)
        name, divider, value = (canonical(node) or "").partition("=")
        if not divider or not name:
            raise _refused(span, "a text in the list is not NAME=VALUE")
        self._note(name, span, value)

    def _add(self, name: str, span: Span, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode) and entries(node, self._shown).keys() & _PIPELINE_FUNCTIONS:
            self._note(name, span, None)
            return
        value = canonical(node)
        if value is None:
            raise _refused(
                span_of(node, self._shown),
                f"'{name}' has no value that a parameter can have",
                "write a text, a number, true, false or a list of these",
            )
        self._note(name, span, value)

    def _note(self, name: str, span: Span, value: str | None) -> None:
        if not _NAME.fullmatch(name):
            raise _refused(span, f"'{name}' is no name of a parameter: these are letters and digits only")
        if name in self._spans:
            raise _refused(
                span,
                f"'{name}' is given twice, first in line {self._spans[name].line}",
                "remove one of the two",
            )
        self._spans[name] = span
        if value is None:
            self._unknown.add(name)
        else:
            self._values[name] = value
