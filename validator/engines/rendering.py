"""A stack in one scenario as plain data: what is known is written out, the rest stays an intrinsic function.

Meant for an engine that reads one resource at a time and decides no conditions. Each place of the data is
remembered with the place it was written at, and each value that the template does not decide with what lacks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from validator.expand.template import TemplateResource
from validator.load.nodes import MapNode, Node, plain
from validator.model import Missing, Span
from validator.resolve import (
    ConditionKey,
    DynamicReference,
    ListValue,
    MapValue,
    Pseudo,
    ResourceRef,
    Scope,
    Text,
    Undecided,
    Unknown,
    Value,
)

_SECTIONS = ("Properties", "DeletionPolicy", "UpdateReplacePolicy")
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,8})")
_TRUTH = {"true": True, "false": False}
_TEXT_KEYS = ("Key", "Value")
"""Attribute lists hold texts (``"true"``), also where a parameter gives them."""


@dataclass(slots=True)
class RenderedResource:
    """One resource: ``places`` and ``unknown`` go by paths such as ``Properties/Tags/0/Key``."""

    data: dict[str, object]
    places: dict[str, Span] = field(default_factory=dict)
    unknown: dict[str, Missing] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    """Those of ``unknown`` of which nothing is known: a text with a hole in it is not among them."""


class _Nothing:
    """What ``AWS::NoValue`` leaves: no entry at all."""


_NOTHING = _Nothing()


def render(resource: TemplateResource, scope: Scope) -> RenderedResource:
    """The resource as the scope's scenario makes it."""
    rendered = RenderedResource({"Type": resource.type})
    writer = _Writer(scope, rendered)
    for name in _SECTIONS:
        entry = resource.body.entries.get(name)
        if entry is None:
            continue
        rendered.places[name] = entry.key_span
        value = writer.node(entry.value, name)
        if not isinstance(value, _Nothing):
            rendered.data[name] = value
    if not isinstance(rendered.data.get("Properties"), dict):
        rendered.data["Properties"] = {}
    return rendered


class _Writer:
    def __init__(self, scope: Scope, rendered: RenderedResource) -> None:
        self._scope = scope
        self._rendered = rendered

    def node(self, node: Node, path: str, scope: Scope | None = None) -> object:
        """The data of a node."""
        scope = scope or self._scope
        try:
            return self._value(scope.resolve(node), path, node)
        except Undecided as undecided:
            # A parent stack passes a value that depends on a condition of its own.
            return self._unknown(_of_parent(undecided.key), path, node)

    def _value(self, value: Value, path: str, node: Node | None) -> object:
        if value.is_absent:
            return _NOTHING
        match value:
            case MapValue():
                return self._map(value, path)
            case ListValue():
                return self._list(value, path)
            case Text():
                return self._text(value, path)
            case Unknown():
                return self._unknown(value.cause, path, node)
        return _NOTHING

    def _map(self, value: MapValue, path: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, entry in value.node.entries.items():
            below = f"{path}/{key}"
            if key == "Fn::Transform":
                missing = Missing(
                    "a macro may change this", "check the processed template", f"macro:{entry.key_span}"
                )
                self._lacks(path, missing)
                continue
            child = self.node(entry.value, below, value.scope)
            if not isinstance(child, _Nothing):
                self._rendered.places[below] = entry.key_span
                found[key] = child
        return found

    def _list(self, value: ListValue, path: str) -> list[object]:
        found: list[object] = []
        if value.node is None:
            items = [self._value(item, f"{path}/{number}", None) for number, item in enumerate(value.made)]
            return [item for item in items if not isinstance(item, _Nothing)]
        for node in value.node.items:
            below = f"{path}/{len(found)}"
            child = self.node(node, below, value.scope)
            if not isinstance(child, _Nothing):
                self._rendered.places[below] = node.span
                found.append(child)
        return found

    def _text(self, value: Text, path: str) -> object:
        literal = value.literal
        if literal is not None:
            return _typed(literal, path) if value.raw is None else value.raw
        if value.reference is not None:
            return _call(value.reference)
        if all(isinstance(part, str | DynamicReference) for part in value.parts):
            # What is kept in a secret or a parameter store is as good as known: it is set, and not written here.
            return str(value)
        if value.missing is not None:
            self._rendered.unknown[path] = value.missing
        if len(value.parts) == 1 and isinstance(value.parts[0], Pseudo):
            return {"Ref": value.parts[0].name}
        return {"Fn::Sub": "".join(_escaped(part) if isinstance(part, str) else str(part) for part in value.parts)}

    def _lacks(self, path: str, missing: Missing) -> None:
        self._rendered.unknown[path] = missing
        self._rendered.open.add(path)

    def _unknown(self, missing: Missing, path: str, node: Node | None) -> object:
        self._lacks(path, missing)
        if isinstance(node, MapNode):
            return plain(node)
        return {"Ref": missing.key.rpartition(":")[2] or "Unknown"}


def _typed(literal: str, path: str) -> object:
    """A parameter's text as the property takes it: checks compare with true and with numbers."""
    if path.rpartition("/")[2] in _TEXT_KEYS:
        return literal
    if literal.lower() in _TRUTH:
        return _TRUTH[literal.lower()]
    return int(literal) if _INTEGER.fullmatch(literal) else literal


def _call(reference: ResourceRef) -> Mapping[str, object]:
    if reference.attribute:
        return {"Fn::GetAtt": [reference.logical_id, reference.attribute]}
    return {"Ref": reference.logical_id}


def _escaped(text: str) -> str:
    return text.replace("${", "${!")


def _of_parent(key: ConditionKey) -> Missing:
    what = f"the value depends on condition {key.name} of {key.stack}"
    return Missing(what, "give the parent stack's parameters", f"condition:{key.stack}:{key.name}")
