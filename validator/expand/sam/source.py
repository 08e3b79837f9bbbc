"""The SAM part of a document as it was written: resources, globals, events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from validator.load.nodes import ListNode, MapEntry, MapNode, Node, ScalarNode
from validator.model import Span

PREFIX = "AWS::Serverless::"
IMPLICIT_APIS: Mapping[str, str] = {"Api": "ServerlessRestApi", "HttpApi": "ServerlessHttpApi"}
"""Event type → logical ID of the API that SAM makes for events that name none."""
API_ID_PROPERTY: Mapping[str, str] = {"Api": "RestApiId", "HttpApi": "ApiId"}


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """An event of a function or a state machine."""

    name: str
    key_span: Span
    type: str
    properties: MapNode
    node: MapNode

    @property
    def api_id(self) -> str | None:
        """The logical ID of the API the event belongs to, or None when it is not a plain reference."""
        named = self.properties.get(API_ID_PROPERTY.get(self.type, ""))
        if named is None:
            return IMPLICIT_APIS.get(self.type)
        if isinstance(named, MapNode) and len(named.entries) == 1:
            named = named.get("Ref")
        return named.text if isinstance(named, ScalarNode) else None

    @property
    def is_implicit(self) -> bool:
        """True when the event names no API, so that it belongs to the implicit one."""
        return self.type in API_ID_PROPERTY and API_ID_PROPERTY[self.type] not in self.properties.entries


@dataclass(frozen=True)
class SourceResource:
    """A resource as written; ``note`` says which loop made it."""

    logical_id: str
    type: str
    body: MapNode
    key_span: Span
    note: str = ""

    @cached_property
    def properties(self) -> MapNode:
        """The written properties; an empty map when there are none."""
        written = self.body.get("Properties")
        return written if isinstance(written, MapNode) else MapNode({}, self.key_span)

    @cached_property
    def events(self) -> tuple[SourceEvent, ...]:
        """The events, as far as they are written as maps with a type."""
        written = self.properties.get("Events")
        return tuple(_events(written)) if isinstance(written, MapNode) else ()

    @property
    def is_sam(self) -> bool:
        """True for ``AWS::Serverless::*``."""
        return self.type.startswith(PREFIX)


def _events(written: MapNode) -> Iterator[SourceEvent]:
    for name, entry in written.entries.items():
        if not isinstance(entry.value, MapNode):
            continue
        event_type, properties = entry.value.get("Type"), entry.value.get("Properties")
        if isinstance(event_type, ScalarNode):
            fitting = properties if isinstance(properties, MapNode) else MapNode({}, entry.key_span)
            yield SourceEvent(name, entry.key_span, event_type.text, fitting, entry.value)


@dataclass(frozen=True)
class SamSource:
    """All of a template that the translator is about."""

    root: MapNode
    resources: Mapping[str, SourceResource]

    @property
    def sam_resources(self) -> Iterator[SourceResource]:
        """The ``AWS::Serverless::*`` resources in source order."""
        return (resource for resource in self.resources.values() if resource.is_sam)

    def globals_for(self, resource_type: str) -> MapNode | None:
        """The section of ``Globals`` for a type, or None."""
        section = self.root.get("Globals")
        written = section.get(resource_type.removeprefix(PREFIX)) if isinstance(section, MapNode) else None
        return written if isinstance(written, MapNode) else None

    def written_properties(self, resource: SourceResource) -> MapNode:
        """The properties with ``Globals`` beneath them: where each effective value was written.

        Lists are not joined here as SAM joins them: this serves to find places and switches.
        """
        shared = self.globals_for(resource.type)
        return resource.properties if shared is None else _overlaid(shared, resource.properties)

    def implicit_sources(self, event_type: str) -> tuple[SourceResource, ...]:
        """The resources with events of a type that name no API."""
        return tuple(
            resource
            for resource in self.sam_resources
            if any(event.is_implicit and event.type == event_type for event in resource.events)
        )


def _overlaid(shared: MapNode, local: MapNode) -> MapNode:
    entries: dict[str, MapEntry] = dict(shared.entries)
    for key, entry in local.entries.items():
        under = entries.get(key)
        if under is not None and _is_plain_map(under.value) and _is_plain_map(entry.value):
            assert isinstance(under.value, MapNode)
            assert isinstance(entry.value, MapNode)
            entry = MapEntry(entry.key_span, _overlaid(under.value, entry.value), entry.duplicated)
        entries[key] = entry
    return MapNode(entries, local.span)


def _is_plain_map(node: Node) -> bool:
    return isinstance(node, MapNode) and not is_intrinsic(node)


def is_intrinsic(node: Node | None) -> bool:
    """True for a map that is one intrinsic function."""
    if not isinstance(node, MapNode) or len(node.entries) != 1:
        return False
    (key,) = node.entries
    return key in {"Ref", "Condition"} or key.startswith("Fn::")


def at(node: Node | None, *path: str | int) -> Node | None:
    """The node under a path of keys and indexes, or None."""
    for step in path:
        if isinstance(node, MapNode) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node
