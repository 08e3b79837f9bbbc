"""Application load balancers: who can reach them, and what their listeners and rules demand.

Follows the Elastic Load Balancing guide for Application Load Balancers: a load balancer without ``Scheme``
faces the Internet; actions run in order; rules inherit nothing from the default action.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis.authorization import Authorization, AuthorizationKind
from validator.graph.apis.integration import FUNCTION_TYPES, Integration, IntegrationKind
from validator.graph.apis.operation import Operation
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Value

LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
LISTENER_RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
VPC_ORIGIN = "AWS::CloudFront::VpcOrigin"


@dataclass(frozen=True, slots=True)
class Facing:
    """Whether a load balancer faces the Internet; None when an undecided value says."""

    internet: bool | None
    span: Span
    missing: Missing | None = None


def facing(load_balancer: Resource) -> Facing:
    """Whether the load balancer faces the Internet: it does unless its scheme is ``internal``."""
    scheme = load_balancer.prop("Scheme")
    if scheme.is_absent:
        return Facing(True, load_balancer.span)
    if scheme.literal is None:
        what = f"the scheme of {load_balancer.name} is not a text"
        return Facing(
            None, scheme.span, scheme.missing or Missing(what, "write internal or internet-facing", "scheme")
        )
    return Facing(scheme.literal.lower() != "internal", scheme.span)


def kind_of(load_balancer: Resource) -> str | None:
    """``application`` (the default), ``network`` or ``gateway``; None when not decided."""
    kind = load_balancer.prop("Type")
    return "application" if kind.is_absent else kind.literal


def load_balancer_of(graph: Architecture, resource: Resource) -> Resource | None:
    """The load balancer of a listener or of a listener's rule, None when it is not in the run."""
    listener = resource
    if resource.type == LISTENER_RULE:
        found = graph.target(resource.prop("ListenerArn"), LISTENER)
        if not isinstance(found, Resource):
            return None
        listener = found
    balancer = graph.target(listener.prop("LoadBalancerArn"), LOAD_BALANCER)
    return balancer if isinstance(balancer, Resource) else None


def function_operations(graph: Architecture, resource: Resource) -> tuple[Operation, ...]:
    """What a listener's default action, or a rule, lets clients call: forwards to functions only."""
    return graph.memo("listener-operations", resource, lambda: tuple(_operations(graph, resource)))


def _operations(graph: Architecture, resource: Resource) -> Iterator[Operation]:
    actions = resource.prop("DefaultActions" if resource.type == LISTENER else "Actions").items()
    ordered = sorted(actions, key=lambda action: action.get("Order").integer() or 0)
    for action in ordered:
        for group in _forwarded(graph, action):
            if (group.prop("TargetType").literal or "") == "lambda":
                authorization = _authorization(graph, resource, ordered, action.span)
                target = graph.target(_first(group.prop("Targets")).get("Id"), *FUNCTION_TYPES)
                integration = Integration(IntegrationKind.FUNCTION, group.span, target, "lambda")
                name = "the default action" if resource.type == LISTENER else _conditions(resource)
                balancer = load_balancer_of(graph, resource)
                yield Operation(balancer, resource, "", name, action.span, authorization, integration)
                return


def _first(value: Value) -> Value:
    items = value.items()
    return items[0] if items else value


def _forwarded(graph: Architecture, action: Value) -> Iterator[Resource]:
    if action.get("Type").literal != "forward":
        return
    groups = [action.get("TargetGroupArn")]
    groups += [one.get("TargetGroupArn") for one in action.get("ForwardConfig", "TargetGroups").items()]
    for value in groups:
        found = graph.target(value, TARGET_GROUP)
        if isinstance(found, Resource):
            yield found


def _conditions(rule: Resource) -> str:
    """The rule's conditions as people write them: ``path /admin/*``."""
    texts = []
    for condition in rule.prop("Conditions").items():
        field = (condition.get("Field").literal or "").removesuffix("-pattern")
        lists = [condition.get("Values"), *(v.get("Values") for k, v in condition.entries() if k.endswith("Config"))]
        values = [item.literal or "…" for one in lists for item in one.items()]
        texts.append(f"{field} {', '.join(values)}".strip())
    return " and ".join(texts) or "the rule"


_AUTHENTICATING = {
    "authenticate-cognito": ("AuthenticateCognitoConfig", AuthorizationKind.COGNITO),
    "authenticate-oidc": ("AuthenticateOidcConfig", AuthorizationKind.JWT),
}


def _authorization(graph: Architecture, resource: Resource, actions: list[Value], at: Span) -> Authorization:
    for action in actions:
        kind = action.get("Type")
        if kind.literal == "jwt-validation":
            return Authorization(AuthorizationKind.JWT, "validates a JWT first", action.span)
        if kind.literal in _AUTHENTICATING:
            config, found = _AUTHENTICATING[kind.literal]
            unauthenticated = action.get(config, "OnUnauthenticatedRequest")
            if unauthenticated.literal == "allow":
                statement = f"lets unauthenticated requests through ({kind.literal} with allow)"
                return Authorization(AuthorizationKind.NONE, statement, unauthenticated.span)
            if unauthenticated.missing is not None:
                return Authorization(
                    AuthorizationKind.UNKNOWN,
                    f"runs {kind.literal}",
                    unauthenticated.span,
                    missing=unauthenticated.missing,
                )
            return Authorization(found, f"runs {kind.literal} first", action.span)
    return _mutual_tls(graph, resource) or Authorization(
        AuthorizationKind.NONE, "forwards to a function without authenticating", at
    )


def _mutual_tls(graph: Architecture, resource: Resource) -> Authorization | None:
    found = graph.target(resource.prop("ListenerArn"), LISTENER) if resource.type == LISTENER_RULE else resource
    if not isinstance(found, Resource):
        return None
    mode = found.prop("MutualAuthentication", "Mode")
    if mode.literal == "verify":
        return Authorization(AuthorizationKind.CERTIFICATE, "verifies client certificates", mode.span)
    return None
