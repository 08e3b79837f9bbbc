"""Which operations a resource of the template makes, and whether something other than a method guards them."""

from dataclasses import dataclass

from validator.graph.apis import http, load_balancers, rest
from validator.graph.apis.authorization import AuthorizationKind
from validator.graph.apis.domains import default_endpoint, doors_of, mutual_tls
from validator.graph.apis.http import protocol_of
from validator.graph.apis.integration import IntegrationKind
from validator.graph.apis.openapi import body_operations, is_implicit
from validator.graph.apis.operation import Operation
from validator.graph.apis.outside_template import assumed_private
from validator.graph.apis.resource_policy import Admission, PolicyVerdict, admission
from validator.graph.apis.rest import Endpoint, EndpointType, endpoint_type
from validator.graph.apis.security import Protocol
from validator.graph.architecture import Architecture
from validator.graph.names import OUTSIDE_CONTENT
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Span

_DISTRIBUTION = "AWS::CloudFront::Distribution"
MAKERS = (
    rest.REST_API,
    rest.METHOD,
    http.API,
    http.ROUTE,
    load_balancers.LISTENER,
    load_balancers.LISTENER_RULE,
)
"""Resource types that make operations over HTTP (WebSocket routes are apart)."""


def operations_made_by(graph: Architecture, resource: Resource) -> tuple[Operation, ...]:
    """The operations that this very resource makes: a body's, a method's, a route's, a listener rule's."""
    match resource.type:
        case rest.REST_API:
            return body_operations(graph, resource, Protocol.REST)
        case rest.METHOD:
            return (rest.method_operation(graph, resource),)
        case http.API:
            if protocol_of(resource) is Protocol.WEBSOCKET:
                return ()
            return tuple(op for op in http.http_operations(graph, resource) if op.source.type != http.ROUTE)
        case http.ROUTE:
            operation = http.route_operation(graph, resource)
            return (operation,) if protocol_of(operation.api, operation.name) is Protocol.HTTP else ()
        case load_balancers.LISTENER | load_balancers.LISTENER_RULE:
            return load_balancers.function_operations(graph, resource)
    return ()


def is_preflight(graph: Architecture, operation: Operation) -> bool:
    """Whether the operation only answers CORS preflights, so that it needs no authorization.

    REST: an OPTIONS without code behind it. HTTP: an OPTIONS route beside CORS configuration, on the path of
    other routes, or the ``/{proxy+}`` route that AWS advises.
    """
    if operation.method != "OPTIONS":
        return False
    api = operation.api
    if operation.source.type in (rest.METHOD, rest.REST_API) or (api is not None and api.type == rest.REST_API):
        return operation.integration.kind in (IntegrationKind.MOCK, IntegrationKind.NONE)
    if api is None or operation.path == "/{proxy+}":
        return api is not None
    if not api.prop("CorsConfiguration").is_absent or not api.prop("Body").get("x-amazon-apigateway-cors").is_absent:
        return True
    others = (other for other in http.http_operations(graph, api) if other.method != "OPTIONS")
    return any(other.path == operation.path and other.authorization.kind.identifies for other in others)


@dataclass(frozen=True, slots=True)
class Guard:
    """What guards an operation besides its own authorization: ``holds`` is None when it is not decided."""

    holds: bool | None
    statement: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: Missing | None = None


_NO_GUARD = Guard(False)


def guard_of(graph: Architecture, operation: Operation) -> Guard:
    """Whether a private endpoint, a resource policy or mutual TLS on every way in guards the operation."""
    api = operation.api
    if api is None:
        return _settled(graph, operation.source, _of_api_elsewhere(operation.source))
    if api.type == load_balancers.LOAD_BALANCER:
        return _settled(graph, api, _of_load_balancer(graph, api))
    if api.type == rest.REST_API:
        found = _of_policy(api, endpoint_type(api), admission(api, operation))
        if found.holds is not False:
            return found
        tls = _of_mutual_tls(graph, api)
        return found if tls.holds is False else tls
    return _of_mutual_tls(graph, api)


def _settled(graph: Architecture, resource: Resource, guard: Guard) -> Guard:
    """An undecided guard as the configuration's assumption settles it."""
    step = assumed_private(graph, resource, guard.missing) if guard.holds is None else None
    return guard if step is None else Guard(True, "it is assumed to be private", (step,))


_KEPT_ELSEWHERE = ("parameter:", "import:", "output:", "resource:")


_NAMED_BY = {
    rest.METHOD: "RestApiId",
    load_balancers.LISTENER: "LoadBalancerArn",
    load_balancers.LISTENER_RULE: "ListenerArn",
}


def _of_api_elsewhere(source: Resource) -> Guard:
    """What an input of the template names may be private; what is only mentioned is not assumed to be."""
    missing = source.prop(_NAMED_BY[source.type]).missing if source.type in _NAMED_BY else None
    if missing is None or not missing.key.startswith(_KEPT_ELSEWHERE):
        return _NO_GUARD
    return Guard(None, "what it belongs to is defined elsewhere and may be private", missing=missing)


def _of_load_balancer(graph: Architecture, balancer: Resource) -> Guard:
    """Only its VPC reaches an internal load balancer, unless a VPC origin of CloudFront leads to it."""
    found = load_balancers.facing(balancer)
    if found.internet is None:
        return Guard(None, "the load balancer's scheme is not decided", missing=found.missing)
    step = balancer.states("faces the Internet" if found.internet else "is internal", found.span)
    if found.internet:
        return Guard(False, "", (step,))
    origins = graph.referrers(balancer, load_balancers.VPC_ORIGIN)
    fronts = [user for origin in origins for user in graph.referrers(origin, _DISTRIBUTION) if _serves(user)]
    if fronts:
        lead = fronts[0].states(f"leads to {balancer.name} through VPC origin {origins[0].name}")
        return Guard(False, f"{fronts[0].name} leads the Internet to internal {balancer.name}", (step, lead))
    if origins:
        what = f"no distribution of the run uses VPC origin {origins[0].name}, which leads to {balancer.name}"
        cause = Missing(what, "add the template of its distribution", f"resource:{origins[0].name}")
        return Guard(None, "a distribution outside the run may lead to it", (step,), cause)
    return Guard(True, f"only its VPC reaches {balancer.name}, which is internal", (step,))


def _serves(user: Resource) -> bool:
    return user.prop("DistributionConfig", "Enabled").boolean() is not False


def _of_policy(api: Resource, endpoint: EndpointType, policy: PolicyVerdict) -> Guard:
    step = api.states(f"resource policy {policy.admission.value}", policy.span)
    if policy.admission is Admission.DENIED:
        return Guard(True, f"the resource policy of {api.name} lets nobody through to it", (step,))
    private = api.states("is a private API", endpoint.span)
    match endpoint.endpoint, policy.admission:
        case Endpoint.PRIVATE, Admission.NETWORK:
            statement = f"{api.name} is private and its policy names who gets through"
            return Guard(True, statement, (private, step))
        case Endpoint.PRIVATE, Admission.NO_POLICY:
            return Guard(False, "the private API has no resource policy", (private,))
        case Endpoint.PRIVATE, Admission.OPEN | Admission.ADDRESSES:
            return Guard(False, "the private API's policy names no VPC or VPC endpoint", (private, step))
        case _, Admission.UNKNOWN:
            return Guard(None, "its resource policy is not decided", (step,), policy.missing)
        case Endpoint.UNKNOWN, Admission.NETWORK:
            return Guard(None, "its endpoint type is not decided", (step,), endpoint.missing)
        case _, Admission.NETWORK | Admission.PRINCIPALS:
            cause = Missing(
                f"the resource policy of {api.name} narrows by what an unsigned call to this endpoint does not carry",
                "demand AWS_IAM on the method",
                f"policy:{api.name}",
            )
            return Guard(None, "its resource policy narrows the callers", (step,), cause)
        case _, Admission.ADDRESSES | Admission.OPEN:
            return Guard(False, "", (step,))
    return _NO_GUARD


def _of_mutual_tls(graph: Architecture, api: Resource) -> Guard:
    doors = mutual_tls(graph, api)
    receivers = graph.referrers(api, *OUTSIDE_CONTENT) if doors else ()
    if receivers:
        what = f"{receivers[0].name} receives {api.name} and may map it to a domain without mutual TLS"
        cause = Missing(what, "review that template as well", f"resource:{receivers[0].name}")
        return Guard(None, "whether mutual TLS covers every way in is not decided", missing=cause)
    if doors:
        steps = [api.states("has its default endpoint disabled", default_endpoint(api).span)]
        steps += [
            door.domain.states("demands a client certificate (mutual TLS)", door.span)
            for door in doors
            if door.domain is not None
        ]
        return Guard(True, "every domain of the API demands a client certificate", tuple(steps))
    endpoint = default_endpoint(api)
    every = doors_of(graph, api)
    undecided = [door.missing for door in every if not door.mutual_tls and door.missing is not None]
    closed = [door for door in every if door.mutual_tls]
    if endpoint.disabled is not False and every and len(closed) + len(undecided) == len(every):
        missing = endpoint.missing or (undecided[0] if undecided else None)
        if missing is not None:
            return Guard(None, "whether mutual TLS covers every way in is not decided", missing=missing)
    return _NO_GUARD


def is_key_only(operation: Operation) -> bool:
    """Whether an API key is all that the operation demands."""
    return operation.authorization.kind is AuthorizationKind.API_KEY


def place(operation: Operation) -> Span:
    """Where the operation's authorization is decided; for a SAM event of the implicit API, the event."""
    if operation.api is not None and is_implicit(operation.api):
        return operation.span
    if operation.authorization.kind is AuthorizationKind.UNKNOWN:
        return operation.span
    return operation.authorization.span
