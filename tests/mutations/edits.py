"""Edits of a template as plain data: each takes a template and gives a changed copy."""

import copy
import functools
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from tests.properties.rewriting import data_of

Data = Any
"""Plain JSON data: a template without positions."""

Edit = Callable[[Data], Data]
"""A pure function from a template to a changed one; it raises KeyError or IndexError when it finds no place."""


def both(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(template: Data) -> Data:
        return functools.reduce(lambda changed, step: step(changed), edits, template)

    return edit


def add(resources: str) -> Edit:
    """Add resources that are written in YAML, logical ID first."""
    added = _resources(textwrap.dedent(resources))

    def edit(template: Data) -> Data:
        clash = added.keys() & template["Resources"].keys()
        if clash:
            raise KeyError(f"{clash} is in the template")
        return {**template, "Resources": {**template["Resources"], **copy.deepcopy(added)}}

    return edit


def remove(*logical_ids: str) -> Edit:
    """Take resources away."""

    def edit(template: Data) -> Data:
        changed = copy.deepcopy(template)
        for logical_id in logical_ids:
            del changed["Resources"][logical_id]
        return changed

    return edit


def put(logical_id: str, path: str, value: str) -> Edit:
    """Set a property to a value that is written in YAML; ``path`` is its keys and list indices, spaces between."""
    written = _value(value)
    *parents, last = _keys(path)

    def edit(template: Data) -> Data:
        changed = copy.deepcopy(template)
        place = _descend(changed["Resources"][logical_id].setdefault("Properties", {}), parents)
        if isinstance(last, int) and last == len(place):
            place.append(copy.deepcopy(written))
        else:
            place[last] = copy.deepcopy(written)
        return changed

    return edit


def drop(logical_id: str, path: str) -> Edit:
    """Take a property away."""
    *parents, last = _keys(path)

    def edit(template: Data) -> Data:
        changed = copy.deepcopy(template)
        del _descend(changed["Resources"][logical_id]["Properties"], parents)[last]
        return changed

    return edit


def append(logical_id: str, path: str, value: str) -> Edit:
    """Put one more item, written in YAML, at the end of a list; a list that is absent is begun."""
    written = _value(value)
    *parents, last = _keys(path)

    def edit(template: Data) -> Data:
        changed = copy.deepcopy(template)
        place = _descend(changed["Resources"][logical_id].setdefault("Properties", {}), parents)
        if isinstance(last, int):
            place[last].append(copy.deepcopy(written))
        else:
            place.setdefault(last, []).append(copy.deepcopy(written))
        return changed

    return edit


def attribute(logical_id: str, name: str, value: str) -> Edit:
    """Set a resource attribute such as ``Condition``."""
    written = _value(value)

    def edit(template: Data) -> Data:
        changed = copy.deepcopy(template)
        changed["Resources"][logical_id][name] = copy.deepcopy(written)
        return changed

    return edit


def without_attribute(logical_id: str, name: str) -> Edit:
    """Take a resource attribute such as ``Condition`` away."""

    def edit(template: Data) -> Data:
        changed = copy.deepcopy(template)
        del changed["Resources"][logical_id][name]
        return changed

    return edit


def section(name: str, entries: str) -> Edit:
    """Add entries, written in YAML, to a section such as ``Parameters``."""
    added = _value(entries)

    def edit(template: Data) -> Data:
        return {**template, name: {**template.get(name, {}), **copy.deepcopy(added)}}

    return edit


def _keys(path: str) -> list[str | int]:
    return [int(key) if key.isdigit() and len(key) < 3 else key for key in path.split()]


def _descend(place: Data, keys: Sequence[str | int]) -> Data:
    for key in keys:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    return place


def _value(text: str) -> Data:
    body = textwrap.indent(textwrap.dedent(text), " " * 8)
    return _resources(f"X:\n    Type: A::B::C\n    Properties:\n      V:\n{body}")["X"]["Properties"]["V"]


def _resources(text: str) -> Data:
    return data_of("Resources:\n" + textwrap.indent(text, "  "))["Resources"]
