"""HTTP and WebSocket APIs: routes, imported bodies, quick create (API Gateway Developer Guide, *HTTP APIs*)."""

from collections.abc import Iterator

from validator.graph.apis.authorization import Authorization, AuthorizationKind, authorization_of_type
from validator.graph.apis.integration import (
    Integration,
    IntegrationKind,
    route_integration,
    target_integration,
)
from validator.graph.apis.lookup import naming
from validator.graph.apis.openapi import DEFAULT_ROUTE, body_operations
from validator.graph.apis.operation import Operation
from validator.graph.apis.security import Protocol
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing
from validator.resolve import Unknown, Value

API = "AWS::ApiGatewayV2::Api"
ROUTE = "AWS::ApiGatewayV2::Route"
STAGE = "AWS::ApiGatewayV2::Stage"
INTEGRATION = "AWS::ApiGatewayV2::Integration"
OVERRIDES = "AWS::ApiGatewayV2::ApiGatewayManagedOverrides"


def api_of(graph: Architecture, resource: Resource) -> Resource | None:
    """The API that a route or stage belongs to, None when it is not in the run."""
    found = graph.target(resource.prop("ApiId"), API)
    return found if isinstance(found, Resource) else None


def protocol_of(api: Resource | None, route_key: str = "") -> Protocol:
    """HTTP or WebSocket. Without the API in the run the route's key tells: ``GET /x`` is HTTP."""
    if api is not None and not (written := api.prop("ProtocolType")).is_absent:
        return Protocol.WEBSOCKET if (written.literal or "").upper() == "WEBSOCKET" else Protocol.HTTP
    if api is None and route_key not in ("", DEFAULT_ROUTE) and " " not in route_key:
        return Protocol.WEBSOCKET
    return Protocol.HTTP


def http_operations(graph: Architecture, api: Resource) -> tuple[Operation, ...]:
    """All routes of an HTTP or WebSocket API of the run."""

    def compute() -> tuple[Operation, ...]:
        routes = tuple(route_operation(graph, route) for route in naming(graph, api, ("ApiId",), ROUTE))
        return body_operations(graph, api, Protocol.HTTP) + routes + tuple(_quick_created(graph, api))

    return graph.memo("http-operations", api, compute)


def route_operation(graph: Architecture, route: Resource) -> Operation:
    """The operation that an ``AWS::ApiGatewayV2::Route`` makes."""
    return graph.memo("route-operation", route, lambda: _route_operation(graph, route))


def _route_operation(graph: Architecture, route: Resource) -> Operation:
    key = route.prop("RouteKey")
    text = key.literal if key.literal is not None else str(key) if key.missing is None else "an undecided route"
    verb, _, path = text.partition(" ")
    method, path = (verb.upper(), path) if path else ("", text)
    authorization = authorization_of_type(route.prop("AuthorizationType"), route)
    api = api_of(graph, route)
    # Only WebSocket APIs have keys; on an HTTP API the property demands nothing.
    if protocol_of(api, text) is Protocol.WEBSOCKET and route.prop("ApiKeyRequired").boolean():
        authorization = authorization.with_api_key()
    return Operation(
        api,
        route,
        method,
        path,
        route.span,
        authorization,
        _integration(graph, route.prop("Target")),
    )


def _integration(graph: Architecture, target: Value) -> Integration:
    found = graph.target(target, INTEGRATION)
    if isinstance(found, Resource):
        return route_integration(graph, found)
    if found is None:
        return Integration(IntegrationKind.NONE, target.span)
    cause = found.cause if isinstance(found, Unknown) else Missing(f"{found.text} is not in the run", "", "target")
    return Integration(IntegrationKind.UNKNOWN, target.span, missing=cause)


def quick_create_override(graph: Architecture, api: Resource) -> Resource | None:
    """The resource that overrides the managed route of a quick-created API."""
    return next(iter(graph.referrers(api, OVERRIDES)), None)


def _quick_created(graph: Architecture, api: Resource) -> Iterator[Operation]:
    """Quick create: ``Target`` makes a route and a stage without resources of their own."""
    target = api.prop("Target")
    if target.is_absent:
        return
    key = api.prop("RouteKey").literal or DEFAULT_ROUTE
    verb, _, path = key.partition(" ")
    method, path = (verb.upper(), path) if path else ("", key)
    span = api.property_span("Target")
    authorization = Authorization(AuthorizationKind.NONE, "is made by quick create, which authorizes nobody", span)
    override = quick_create_override(graph, api)
    if override is not None and not (kind := override.prop("Route", "AuthorizationType")).is_absent:
        authorization = authorization_of_type(kind, override)
    yield Operation(api, api, method, path, span, authorization, target_integration(graph, target))
