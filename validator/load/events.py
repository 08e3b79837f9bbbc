"""Events of the YAML parser, with the types that the parser's own stubs lack."""

from collections.abc import Callable, Iterator
from typing import Protocol, cast

import yaml

FAST_LOADER: type[yaml.CSafeLoader] | None = getattr(yaml, "CSafeLoader", None)
"""libyaml's parser; None where PyYAML was built without it."""


class Mark(Protocol):
    """A place in the text: line and column from 0, offset in characters."""

    line: int
    column: int
    index: int


class Event(Protocol):
    """What a parser event has.

    The tag and the rest exist on events that start a node only; who reads them has looked at the class.
    """

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    implicit: tuple[bool, bool]
    flow_style: bool


SCALAR: type[object] = yaml.ScalarEvent
MAP_START: type[object] = yaml.MappingStartEvent
MAP_END: type[object] = yaml.MappingEndEvent
LIST_START: type[object] = yaml.SequenceStartEvent
LIST_END: type[object] = yaml.SequenceEndEvent
ALIAS: type[object] = yaml.AliasEvent
DOCUMENT_START: type[object] = yaml.DocumentStartEvent


def yaml_events(text: str) -> Iterator[Event]:
    """The events of a YAML text, one by one: stopping early costs nothing.

    Raises yaml.YAMLError where the text is no YAML. Events alone never recurse; libyaml's composer does,
    and ends the process on deep nesting.
    """
    return cast(Iterator[Event], _parse(text))


def _parse(text: str) -> Iterator[yaml.Event]:
    loader = (FAST_LOADER or yaml.SafeLoader)(text)
    next_event: Callable[[], yaml.Event | None] = loader.get_event
    try:
        while True:
            event = next_event()
            if event is None or event.__class__ is yaml.StreamEndEvent:
                return
            yield event
    finally:
        loader.dispose()
