"""YAML and JSON files of values, read as PyYAML nodes so that each value keeps its place."""

import json
import re

import yaml

from validator.model import SettingsError, Span
from validator.settings.files import start_of

_TEXT = "tag:yaml.org,2002:str"
_INTEGER = "tag:yaml.org,2002:int"
_BOOLEAN = "tag:yaml.org,2002:bool"
_MERGE = "tag:yaml.org,2002:merge"
_SCALARS = (
    _TEXT,
    _INTEGER,
    _BOOLEAN,
    "tag:yaml.org,2002:float",
    "tag:yaml.org,2002:timestamp",
)
_YAML_LINE_BREAK = re.compile("[\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRUE = ("yes", "true", "on")


def compose(text: str, shown: str) -> yaml.Node:
    """The root node of a YAML or JSON text.

    Raises:
        SettingsError: the text is empty, is neither YAML nor JSON, or is nested too deeply.
    """
    if text.lstrip().startswith(("{", "[")):
        # YAML refuses the tabs that JSON indents with; inside of JSON's texts there can be none.
        text = text.replace("\t", " ")
        # YAML folds these into spaces where JSON keeps them: better no value than another one.
        if broken := _YAML_LINE_BREAK.search(text):
            line = text.count("\n", 0, broken.start()) + 1
            column = broken.start() - (text.rfind("\n", 0, broken.start()) + 1) + 1
            span = Span(shown, line, column, line, column + 1)
            raise SettingsError(
                f"{span}: the character {ord(broken[0]):#x} is not read here", span=span, hint="write it as an escape"
            )
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = start_of(shown) if mark is None else _from_mark(mark, mark, shown)
        raise SettingsError(
            f"{span}: the file is neither YAML nor JSON: {error.problem or error.context}", span=span
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        cause = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        raise SettingsError(f"{shown}: the file is neither YAML nor JSON: {cause}", span=start_of(shown)) from error
    if node is None:
        raise SettingsError(f"{shown}: the file is empty", span=start_of(shown))
    return node


def span_of(node: yaml.Node, shown: str) -> Span:
    """The node's place."""
    return _from_mark(node.start_mark, node.end_mark, shown)


def _from_mark(start: yaml.Mark, end: yaml.Mark, shown: str) -> Span:
    return Span(shown, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def entries(node: yaml.MappingNode, shown: str) -> dict[str, tuple[Span, yaml.Node]]:
    """The map's values by key, each with the place of its key.

    Raises:
        SettingsError: a key is no text, is a merge key, or is written twice.
    """
    found: dict[str, tuple[Span, yaml.Node]] = {}
    for key, value in node.value:
        span = span_of(key, shown)
        if not isinstance(key, yaml.ScalarNode):
            raise SettingsError(f"{span}: a key has to be a text", span=span)
        if key.tag == _MERGE:
            raise SettingsError(f"{span}: merge keys are not read here", span=span, hint="write the values out")
        if key.value in found:
            first = found[key.value][0]
            raise SettingsError(
                f"{span}: '{key.value}' is written twice, first in line {first.line}",
                span=span,
                hint="remove one of the two",
            )
        found[key.value] = (span, value)
    return found


def canonical(node: yaml.Node) -> str | None:
    """The text CloudFormation is given for a scalar or a list of scalars; None for anything else."""
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        items = [_scalar(item) if isinstance(item, yaml.ScalarNode) else None for item in node.value]
        known = [item for item in items if item is not None]
        return ",".join(known) if len(known) == len(items) else None
    return None


def _scalar(node: yaml.ScalarNode) -> str | None:
    if node.tag not in _SCALARS:
        return None
    if node.tag == _BOOLEAN:
        return "true" if node.value.lower() in _TRUE else "false"
    if node.tag == _INTEGER:
        return str(yaml.SafeLoader("").construct_yaml_int(node))
    return _joined_surrogates(str(node.value))


def _joined_surrogates(text: str) -> str | None:
    """JSON writes one character as two ``\\u`` escapes where it needs more than 16 bits; YAML keeps both.

    A half without its other half is no character: None.
    """
    if not _SURROGATE.search(text):
        return text
    joined = str(json.loads(json.dumps(text)))
    return None if _SURROGATE.search(joined) else joined
