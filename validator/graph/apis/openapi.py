"""Operations of OpenAPI bodies: the ``Body`` of REST and HTTP APIs, walked as values under conditions."""

from collections.abc import Iterator
from dataclasses import replace

from validator.expand.template import EventSource
from validator.graph.apis.authorization import Authorization, AuthorizationKind
from validator.graph.apis.integration import Integration, IntegrationKind, openapi_integration
from validator.graph.apis.operation import ANY, Operation
from validator.graph.apis.security import Protocol, operation_authorization
from validator.graph.architecture import Architecture
from validator.graph.references import mentioned
from validator.graph.resource import Resource
from validator.load.nodes import MapNode, Node
from validator.model import Missing, Span
from validator.resolve import MapValue, Unknown, Value

ANY_METHOD = "x-amazon-apigateway-any-method"
_VERBS = ("get", "put", "post", "delete", "patch", "head", "options")
DEFAULT_ROUTE = "$default"


def body_operations(graph: Architecture, api: Resource, protocol: Protocol) -> tuple[Operation, ...]:
    """The operations of the API's ``Body``; none when it has no readable one (see ``body_missing``)."""
    return graph.memo("openapi-operations", api, lambda: tuple(_operations(graph, api, protocol)))


def body_missing(api: Resource) -> Missing | None:
    """What lacks to read the API's definition: it is kept elsewhere, or its paths are not decided."""
    body = api.prop("Body")
    if isinstance(body, Unknown):
        return body.cause
    if isinstance(paths := body.get("paths"), Unknown):
        return paths.cause
    if not body.is_absent:
        return None
    location = api.prop("BodyS3Location")
    if not location.is_absent:
        what = f"the definition of {api.name} is kept in S3"
        return location.missing or Missing(what, "write it into the template or beside it", f"body:{api.name}")
    clone = api.prop("CloneFrom")
    if not clone.is_absent:
        what = f"{api.name} is cloned from another API"
        return clone.missing or Missing(what, "check the API it is cloned from", f"body:{api.name}")
    return None


def refused_events(graph: Architecture, api: Resource) -> Missing | None:
    """The SAM function or state machine that is refused and whose events may make further operations of the API."""
    for resource in graph.refused("AWS::Serverless::Function", "AWS::Serverless::StateMachine"):
        near = resource.id.stack == api.id.stack
        if near and (is_implicit(api) or api.logical_id in mentioned(resource.body)):
            what = f"SAM cannot expand {resource.name}, whose events may be operations of {api_label(api)}"
            return Missing(what, "correct it", f"sam:{resource.name}")
    return None


def is_implicit(api: Resource) -> bool:
    """Whether SAM made the API for events that name none."""
    return api.is_generated and api.logical_id in ("ServerlessRestApi", "ServerlessHttpApi")


def api_label(api: Resource) -> str:
    """How a message names an API (or what belongs to one) beside its own subject."""
    return "the implicit API" if is_implicit(api) else api.name


def _operations(graph: Architecture, api: Resource, protocol: Protocol) -> Iterator[Operation]:
    body = api.prop("Body")
    paths = body.get("paths")
    for path, item in paths.entries():
        if not isinstance(item, MapValue):
            if isinstance(item, Unknown):
                yield _undecided(api, path, item)
            continue
        if not item.get("$ref").is_absent:
            what = f"path {path} is defined by a $ref"
            yield _undecided(api, path, Unknown(Missing(what, "write the path item out", f"ref:{path}"), item.span))
        for verb in (*_VERBS, ANY_METHOD):
            operation = item.get(verb)
            if not operation.is_absent:
                yield _operation(graph, api, body, path, verb, item, operation, protocol)


def _undecided(api: Resource, path: str, item: Unknown) -> Operation:
    authorization = Authorization(AuthorizationKind.UNKNOWN, "is not decided", item.span, missing=item.cause)
    nothing = Integration(IntegrationKind.UNKNOWN, item.span, missing=item.cause)
    return Operation(api, api, ANY, path, item.span, authorization, nothing)


def _operation(
    graph: Architecture,
    api: Resource,
    body: Value,
    path: str,
    verb: str,
    item: MapValue,
    operation: Value,
    protocol: Protocol,
) -> Operation:
    method = ANY if verb == ANY_METHOD else verb.upper()
    event = _event(api, path, verb)
    at = event.span if event is not None and is_implicit(api) else _key_span(item, verb, operation)
    if isinstance(operation, Unknown):
        return replace(_undecided(api, path, operation), method=method)
    authorization = operation_authorization(api, operation, protocol, at)
    authorization = _not_by_default(api, event, authorization)
    if protocol is Protocol.HTTP and path.lstrip("/") == DEFAULT_ROUTE:
        path, method = DEFAULT_ROUTE, ""
    integration = openapi_integration(graph, body, operation)
    source = _source(graph, api, event, integration)
    name = event.event if event is not None else ""
    return Operation(api, source, method, path, at, authorization, integration, name)


def _key_span(item: MapValue, verb: str, operation: Value) -> Span:
    span = item.key_span(verb)
    return operation.span if span == item.span else span


def _event(api: Resource, path: str, verb: str) -> EventSource | None:
    method = "any" if verb == ANY_METHOD else verb
    return api.scope.template.event_operations.get((api.logical_id, path, method))


def _source(graph: Architecture, api: Resource, event: EventSource | None, integration: Integration) -> Resource:
    """For the implicit API the function (or state machine) whose event it is, else the API."""
    if not is_implicit(api):
        return api
    of_event = graph.find(api.id.stack, event.logical_id) if event is not None else None
    return of_event or integration.function or api


def _not_by_default(api: Resource, event: EventSource | None, authorization: Authorization) -> Authorization:
    """SAM expands one value of a parameter only: what its default closed, another value may open."""
    if not authorization.kind.identifies:
        return authorization
    for parameter in _deciding_parameters(api, event):
        what = f"SAM decided the authorization by the default of parameter {parameter}"
        cause = Missing(what, f"give --parameter {parameter}=…", f"parameter:{parameter}")
        return replace(authorization, kind=AuthorizationKind.UNKNOWN, missing=cause)
    return authorization


def _deciding_parameters(api: Resource, event: EventSource | None) -> Iterator[str]:
    template, environment = api.scope.template, api.scope.environment
    subjects = {api.name} | ({event.logical_id} if event is not None else set())
    for parameter, users in template.decided_by_default.items():
        declared = api.scope.parameters.get(parameter)
        if declared is None or environment.is_fixed(declared) or not subjects & set(users):
            continue
        if any(parameter in mentioned(node) for node in _auth_nodes(api, subjects)):
            yield parameter


def _auth_nodes(api: Resource, subjects: set[str]) -> Iterator[Node]:
    template = api.scope.template
    for logical_id in subjects:
        declared = template.sam_resources.get(logical_id)
        if declared is not None:
            yield from _written_auth(declared.body.get("Properties"))
    shared = template.document.root.get("Globals") if isinstance(template.document.root, MapNode) else None
    for kind in ("Api", "HttpApi"):
        yield from _written_auth(shared.get(kind) if isinstance(shared, MapNode) else None)


def _written_auth(properties: Node | None) -> Iterator[Node]:
    if not isinstance(properties, MapNode):
        return
    for key in ("Auth", "Events"):
        node = properties.get(key)
        if node is not None:
            yield node
