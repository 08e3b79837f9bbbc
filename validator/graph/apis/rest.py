"""REST APIs: their methods, full paths, endpoint type and stages (API Gateway Developer Guide, *REST APIs*)."""

from dataclasses import dataclass
from enum import StrEnum

from validator.graph.apis.authorization import Authorization, AuthorizationKind, authorization_of_type
from validator.graph.apis.integration import method_integration
from validator.graph.apis.lookup import naming
from validator.graph.apis.openapi import body_operations
from validator.graph.apis.operation import Operation
from validator.graph.apis.security import Protocol
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Unknown, Value

REST_API = "AWS::ApiGateway::RestApi"
METHOD = "AWS::ApiGateway::Method"
STAGE = "AWS::ApiGateway::Stage"
DEPLOYMENT = "AWS::ApiGateway::Deployment"
_DEEPEST = 32


class Endpoint(StrEnum):
    """Who can reach the API's own endpoint."""

    PUBLIC = "public"
    PRIVATE = "private"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class EndpointType:
    """The endpoint of a REST API and the place that decides it."""

    endpoint: Endpoint
    span: Span
    missing: Missing | None = None


def rest_api_of(graph: Architecture, resource: Resource) -> Resource | None:
    """The REST API that a method, stage or deployment belongs to, None when it is not in the run."""
    found = graph.target(resource.prop("RestApiId"), REST_API)
    return found if isinstance(found, Resource) else None


def endpoint_type(api: Resource) -> EndpointType:
    """Whether the API is private: ``EndpointConfiguration``, or the parameter that imports use. Edge by default."""
    for value in (
        api.prop("EndpointConfiguration", "Types"),
        api.prop("EndpointConfiguration", "Type"),
        api.prop("Parameters", "endpointConfigurationTypes"),
    ):
        if value.is_absent:
            continue
        for item in value.items():
            if item.literal is None:
                cause = item.missing or Missing(
                    f"the endpoint type at {item.span} is not decided", "write it", "endpoint"
                )
                return _endpoint_of_unknown(item, cause)
            if "PRIVATE" in item.literal.upper():
                return EndpointType(Endpoint.PRIVATE, item.span)
        return EndpointType(Endpoint.PUBLIC, value.span)
    whole = api.prop("EndpointConfiguration")
    if isinstance(whole, Unknown):
        return EndpointType(Endpoint.UNKNOWN, whole.span, whole.cause)
    return EndpointType(Endpoint.PUBLIC, api.span)


def _endpoint_of_unknown(item: Value, cause: Missing) -> EndpointType:
    candidates = item.candidates if isinstance(item, Unknown) else ()
    if candidates and "PRIVATE" not in candidates:
        return EndpointType(Endpoint.PUBLIC, item.span)
    if candidates and set(candidates) == {"PRIVATE"}:
        return EndpointType(Endpoint.PRIVATE, item.span)
    return EndpointType(Endpoint.UNKNOWN, item.span, cause)


def rest_operations(graph: Architecture, api: Resource) -> tuple[Operation, ...]:
    """All operations of a REST API of the run: those of its body and its method resources."""

    def compute() -> tuple[Operation, ...]:
        methods = tuple(method_operation(graph, method) for method in naming(graph, api, ("RestApiId",), METHOD))
        return body_operations(graph, api, Protocol.REST) + methods

    return graph.memo("rest-operations", api, compute)


def method_operation(graph: Architecture, method: Resource) -> Operation:
    """The operation that an ``AWS::ApiGateway::Method`` makes."""
    return graph.memo("method-operation", method, lambda: _method_operation(graph, method))


def _method_operation(graph: Architecture, method: Resource) -> Operation:
    verb = method.prop("HttpMethod")
    name = (verb.literal or str(verb.missing.key if verb.missing else "")).upper()
    authorization = _authorization(method)
    integration = method_integration(graph, method)
    api = rest_api_of(graph, method)
    path = _path(graph, method.prop("ResourceId"))
    return Operation(api, method, name, path, method.span, authorization, integration)


def _authorization(method: Resource) -> Authorization:
    found = authorization_of_type(method.prop("AuthorizationType"), method)
    key = method.prop("ApiKeyRequired")
    if key.boolean():
        return found.with_api_key()
    if key.boolean() is None and not key.is_absent and found.kind is AuthorizationKind.NONE:
        # With the key the finding would be another one; without it, this one. Both fail.
        return found
    return found


def _path(graph: Architecture, resource_id: Value, depth: int = 0) -> str:
    """The full path along ``ParentId``; a piece that the run does not hold is shown as ``…``."""
    reference = resource_id.reference
    if reference is None or depth > _DEEPEST:
        return "" if depth == 0 else "…"
    if reference.attribute == "RootResourceId":
        return "/" if depth == 0 else ""
    resource = graph.resource_of(reference)
    if resource is None or resource.type != "AWS::ApiGateway::Resource":
        return "…"
    part = resource.prop("PathPart")
    text = part.literal if part.literal is not None else str(part) if part.missing is None else "{…}"
    return f"{_path(graph, resource.prop('ParentId'), depth + 1)}/{text}"
