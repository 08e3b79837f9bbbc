"""Shadows: for what SAM generates, the places of what it was generated from.

A shadow is a tree of nodes with the shape of the translated resource, whose spans are those of the
source. ``marks.restored`` asks it where a value without a mark was written.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from validator.expand.marks import map_node
from validator.expand.sam.origins import Provenance
from validator.expand.sam.preparation import symbolic_path
from validator.expand.sam.source import (
    API_ID_PROPERTY,
    IMPLICIT_APIS,
    SamSource,
    SourceEvent,
    SourceResource,
    at,
    is_intrinsic,
)
from validator.expand.template import EventSource
from validator.load.nodes import ListNode, MapEntry, MapNode, Node, ScalarNode
from validator.model import Span

_ANY = "x-amazon-apigateway-any-method"
_SAME_PROPERTIES = frozenset(
    {"AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage", "AWS::Lambda::LayerVersion", "AWS::Lambda::Url"}
)
"""Generated types whose properties have the names of their source's properties."""
_POLICY_NUMBER = re.compile(r"Policy(\d+)$")


class Places:
    """Makes the shadows of one template's translated resources."""

    def __init__(self, source: SamSource, dropped: Iterable[tuple[str, str]]) -> None:
        self._source = source
        self._dropped = frozenset(dropped)
        self.operations = self._collect_operations()

    def shadow(self, logical_id: str, body: Mapping[str, Any], provenance: Provenance) -> MapNode:
        """The shadow of a translated resource."""
        source, event = provenance.source, provenance.event
        written = self._source.written_properties(source)
        span = event.key_span if event is not None else source.key_span
        if logical_id in IMPLICIT_APIS.values() and not provenance.same:
            return self._implicit_api(logical_id, source)
        if provenance.same:
            return self._same(logical_id, source, written)
        if body.get("Type") == "AWS::IAM::Role" and event is None:
            return _properties(_role(body, written, span), span)
        if event is not None:
            return _properties(map_node(event.properties.entries, span), span)
        invocation = written.get("EventInvokeConfig")
        if body.get("Type") == "AWS::Lambda::EventInvokeConfig" and isinstance(invocation, MapNode):
            return _properties(map_node(invocation.entries, span), span)
        if body.get("Type") in _SAME_PROPERTIES:
            return _properties(map_node(written.entries, span), span)
        return map_node({}, span)

    def _same(self, logical_id: str, source: SourceResource, written: MapNode) -> MapNode:
        if not source.is_sam:
            return source.body
        entries = dict(source.body.entries)
        if self._has_body(source):
            definition = written.entries.get("DefinitionBody")
            key_span = definition.key_span if definition is not None else source.key_span
            body = MapEntry(key_span, self._body(logical_id, written, source.key_span))
            written = map_node({**written.entries, "Body": body}, source.key_span)
        key_span = entries["Properties"].key_span if "Properties" in entries else source.key_span
        entries["Properties"] = MapEntry(key_span, map_node(written.entries, source.key_span))
        return map_node(entries, source.body.span)

    @staticmethod
    def _has_body(source: SourceResource) -> bool:
        return source.type in {"AWS::Serverless::Api", "AWS::Serverless::HttpApi"}

    def _implicit_api(self, logical_id: str, source: SourceResource) -> MapNode:
        event_type = next(kind for kind, api in IMPLICIT_APIS.items() if api == logical_id)
        shared = self._source.globals_for(f"AWS::Serverless::{event_type}") or map_node({}, source.key_span)
        body = MapEntry(source.key_span, self._body(logical_id, shared, source.key_span))
        return _properties(map_node({**shared.entries, "Body": body}, source.key_span), source.key_span)

    def _body(self, api: str, written: MapNode, span: Span) -> MapNode:
        """What the OpenAPI body was made from: events, authorizers, CORS."""
        auth = written.get("Auth")
        paths: dict[str, dict[str, MapEntry]] = {}
        path_spans: dict[str, Span] = {}
        cors = written.entries.get("Cors") or written.entries.get("CorsConfiguration")
        for (owner, path, method), operation in self.operations.items():
            if owner != api:
                continue
            resource = self._source.resources[operation.logical_id]
            event = next(event for event in resource.events if event.name == operation.event)
            methods = paths.setdefault(path, {})
            key = _ANY if method == "any" else method
            methods[key] = MapEntry(_span_of(event.properties, "Method", event), _operation(event, auth))
            path_spans.setdefault(path, _span_of(event.properties, "Path", event))
            if cors is not None:
                methods.setdefault("options", MapEntry(cors.key_span, map_node({}, cors.key_span)))
        entries = {
            path: MapEntry(path_spans[path], map_node(methods, path_spans[path])) for path, methods in paths.items()
        }
        shadow = {"paths": MapEntry(span, map_node(entries, span))}
        schemes = auth.entries.get("Authorizers") if isinstance(auth, MapNode) else None
        if schemes is not None:
            shadow["securityDefinitions"] = schemes
            shadow["components"] = MapEntry(span, map_node({"securitySchemes": schemes}, span))
        if cors is not None:
            shadow["x-amazon-apigateway-cors"] = cors
        return map_node(shadow, span)

    def _collect_operations(self) -> dict[tuple[str, str, str], EventSource]:
        operations: dict[tuple[str, str, str], EventSource] = {}
        for resource in self._source.sam_resources:
            for event in resource.events:
                api = event.api_id
                if event.type not in API_ID_PROPERTY or api is None:
                    continue
                if (resource.logical_id, event.name) in self._dropped or not self._is_managed(api):
                    continue
                path, method = _route(event, resource.logical_id)
                if not self._is_written(api, path, method):
                    found = EventSource(resource.logical_id, event.name, event.key_span)
                    operations.setdefault((api, path, method), found)
        return operations

    def _is_managed(self, api: str) -> bool:
        """True when SAM writes the API's operations from events."""
        if api in IMPLICIT_APIS.values():
            return True
        resource = self._source.resources.get(api)
        if resource is None or not self._has_body(resource):
            return False
        written = self._source.written_properties(resource)
        if "DefinitionUri" in written.entries:
            return False
        merges = resource.type == "AWS::Serverless::HttpApi" or "MergeDefinitions" in written.entries
        return "DefinitionBody" not in written.entries or merges

    def _is_written(self, api: str, path: str, method: str) -> bool:
        """True when the author's own definition holds the operation, and SAM keeps it."""
        resource = self._source.resources.get(api)
        if resource is None or resource.type == "AWS::Serverless::Api":
            return False
        key = _ANY if method == "any" else method
        return at(resource.properties, "DefinitionBody", "paths", path, key) is not None


def _route(event: SourceEvent, logical_id: str) -> tuple[str, str]:
    path, method = event.properties.get("Path"), event.properties.get("Method")
    if path is None and method is None:
        return "$default", "any"
    method_text = method.text.lower() if isinstance(method, ScalarNode) else ""
    method_text = "any" if method_text == _ANY else method_text
    if is_intrinsic(path):
        return symbolic_path(path, logical_id, event.name), method_text
    return (path.text if isinstance(path, ScalarNode) else ""), method_text


def _operation(event: SourceEvent, api_auth: Node | None) -> MapNode:
    """An operation lies at its event; its security where the authorizer was named."""
    entries: dict[str, MapEntry] = {}
    own = event.properties.get("Auth")
    for auth, names in ((own, ("Authorizer", "ApiKeyRequired")), (api_auth, ("DefaultAuthorizer", "ApiKeyRequired"))):
        named = [auth.entries[name] for name in names if name in auth.entries] if isinstance(auth, MapNode) else []
        if named:
            entries["security"] = MapEntry(named[0].key_span, map_node({}, named[0].value.span))
            break
    return map_node(entries, event.key_span)


def _span_of(properties: MapNode, name: str, event: SourceEvent) -> Span:
    node = properties.get(name)
    return node.span if node is not None else event.key_span


def _properties(properties: MapNode, span: Span) -> MapNode:
    return map_node({"Properties": MapEntry(span, properties)}, span)


def _role(body: Mapping[str, Any], written: MapNode, span: Span) -> MapNode:
    """The role of a function: SAM numbers its inline policies as they stand in ``Policies``."""
    entries = {
        name: written.entries[name]
        for name in ("AssumeRolePolicyDocument", "PermissionsBoundary", "Tags")
        if name in written.entries
    }
    policies = written.entries.get("Policies")
    if policies is None:
        return map_node(entries, span)
    listed = policies.value.items if isinstance(policies.value, ListNode) else (policies.value,)
    generated = body.get("Properties", {}).get("Policies") or ()
    items = tuple(_policy_place(policy, listed, policies) for policy in generated)
    entries["Policies"] = MapEntry(policies.key_span, ListNode(items, policies.value.span))
    managed = ListNode((), policies.value.span)
    entries["ManagedPolicyArns"] = MapEntry(policies.key_span, managed)
    return map_node(entries, span)


def _policy_place(policy: Any, listed: tuple[Node, ...], policies: MapEntry) -> Node:
    name = policy.get("PolicyName") if isinstance(policy, dict) else None
    number = _POLICY_NUMBER.search(name) if isinstance(name, str) else None
    if number is not None and int(number[1]) < len(listed):
        return map_node({}, listed[int(number[1])].span)
    return map_node({}, policies.key_span)
