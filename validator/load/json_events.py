"""JSON as parser events, for the valid JSON that libyaml refuses or reads differently.

YAML 1.1 is no superset of JSON: libyaml refuses surrogate pairs (``"\\ud83d\\ude00"``) and keys of more than
1,024 characters, and folds the line breaks U+0085, U+2028 and U+2029 within strings.
"""

import json
import re
from collections.abc import Iterator
from typing import cast

import yaml

from validator.load.events import Event
from validator.load.source import Source
from validator.model import LoadError

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s,:{}\[\]"]+')
_READ_OTHERWISE = re.compile("[\x7f-\x9f\u2028\u2029]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def starts_as_json(text: str) -> bool:
    """Whether the text opens as a JSON object or array (YAML's flow style does so too)."""
    return text.lstrip()[:1] in ("{", "[")


def is_json(text: str) -> bool:
    """Whether the text is JSON by ECMA-404: no trailing comma, no comment, no NaN."""
    try:
        json.loads(text, parse_constant=_refuse_constant, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def yaml_reads_otherwise(text: str) -> bool:
    """Whether the text has characters that YAML refuses or folds and JSON keeps."""
    return _READ_OTHERWISE.search(text) is not None


def json_events(source: Source) -> Iterator[Event]:
    """The events of a text that is known to be JSON, as the YAML parser would send them.

    Raises LoadError for a string with half a surrogate pair, which no encoding can carry on.
    """
    return cast(Iterator[Event], _scan(source))


def _scan(source: Source) -> Iterator[yaml.Event]:
    start = yaml.Mark(source.path, 0, 0, 0, None, 0)
    yield yaml.DocumentStartEvent(start, start)
    for token in _TOKEN.finditer(source.text):
        written = token.group()
        marks = (_mark(source, token.start()), _mark(source, token.end()))
        match written[0]:
            case "{":
                yield yaml.MappingStartEvent(None, None, True, *marks, flow_style=True)
            case "[":
                yield yaml.SequenceStartEvent(None, None, True, *marks, flow_style=True)
            case "}":
                yield yaml.MappingEndEvent(*marks)
            case "]":
                yield yaml.SequenceEndEvent(*marks)
            case '"':
                yield yaml.ScalarEvent(None, None, (False, True), _string(token, source), *marks, style='"')
            case _:
                yield yaml.ScalarEvent(None, None, (True, False), written, *marks)


def _mark(source: Source, offset: int) -> yaml.Mark:
    line, column = source.place(offset)
    return yaml.Mark(source.path, offset, line - 1, column - 1, None, 0)


def _string(token: re.Match[str], source: Source) -> str:
    value = str(json.loads(token.group()))
    if _LONE_SURROGATE.search(value):
        raise LoadError(
            "the text holds half of a surrogate pair, which is no character",
            span=source.span(token.start(), token.end()),
            hint="write the character itself, or both halves of the pair",
            code="yaml-syntax",
        )
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(name)
