"""Resources that a web ACL can cover as a whole, and whether the Internet can call them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from validator.graph.apis.load_balancers import LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP, facing, kind_of
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing, Severity, Span
from validator.resolve import Value

USER_POOL = "AWS::Cognito::UserPool"
COVERABLE: Final = (
    LOAD_BALANCER,
    "AWS::AppSync::GraphQLApi",
    "AWS::AppSync::Api",
    USER_POOL,
    "AWS::AppRunner::Service",
    "AWS::EC2::VerifiedAccessInstance",
    "AWS::Amplify::App",
    "AWS::BedrockAgentCore::Gateway",
)
"""Types that take an association as a whole (REST stages and distributions have ways of their own)."""

_HTTP_PORTS = frozenset((80, 443, 3000, 5000, 8000, 8080, 8443, 8888))


@dataclass(frozen=True, slots=True)
class Exposure:
    """Whether the Internet can call a resource; None when an undecided value says. ``statement`` says why."""

    public: bool | None
    statement: str
    span: Span
    severity: Severity | None = None
    missing: Missing | None = None


def exposure(graph: Architecture, resource: Resource) -> Exposure | None:
    """Whether the Internet can call the resource; None where a web ACL is not asked for (other balancers)."""
    match resource.type:
        case "AWS::ElasticLoadBalancingV2::LoadBalancer":
            return _of_load_balancer(resource)
        case "AWS::AppSync::GraphQLApi":
            return _by_property(resource, resource.prop("Visibility"), "PRIVATE", "is a private API")
        case "AWS::Cognito::UserPool":
            return _of_user_pool(graph, resource)
        case "AWS::AppRunner::Service":
            public = resource.prop("NetworkConfiguration", "IngressConfiguration", "IsPubliclyAccessible")
            return _by_property(resource, public, "false", "takes calls from its VPC only")
    return Exposure(True, "is public", resource.span)


def _of_load_balancer(balancer: Resource) -> Exposure | None:
    kind = kind_of(balancer)
    found = facing(balancer)
    if kind is None:
        what = f"the type of {balancer.name} is not a text"
        missing = balancer.prop("Type").missing or Missing(what, "write application", "balancer-type")
        return Exposure(None, "has an undecided type", balancer.span, None, missing)
    if kind.lower() != "application":
        return None
    if found.internet is None:
        return Exposure(None, "has an undecided scheme", found.span, None, found.missing)
    statement = "faces the Internet" if found.internet else "is internal"
    return Exposure(found.internet, statement, found.span)


def _by_property(resource: Resource, value: Value, closed: str, statement: str) -> Exposure:
    if value.missing is not None:
        return Exposure(None, "has an undecided visibility", value.span, None, value.missing)
    if (value.literal or "").lower() == closed.lower():
        return Exposure(False, statement, value.span)
    return Exposure(True, "is public", resource.span)


def _of_user_pool(graph: Architecture, pool: Resource) -> Exposure:
    domains = graph.referrers(pool, "AWS::Cognito::UserPoolDomain")
    if domains:
        return Exposure(True, f"has a hosted sign-in page ({domains[0].name})", pool.span, Severity.MEDIUM)
    return Exposure(True, "answers sign-up and sign-in on its public API", pool.span, Severity.LOW)


def serves_http(graph: Architecture, balancer: Resource) -> bool:
    """Whether a network load balancer listens where HTTP is spoken; one without listeners in the run may."""
    ports = [listener.prop("Port").integer() for listener in graph.referrers(balancer, LISTENER)]
    return not ports or any(port is None or port in _HTTP_PORTS for port in ports)


def balancers_behind(graph: Architecture, balancer: Resource) -> tuple[Resource, ...]:
    """The application load balancers that a network load balancer forwards to; empty unless all targets are such."""
    found: list[Resource] = []
    for listener in graph.referrers(balancer, LISTENER):
        for action in listener.prop("DefaultActions").items():
            group = graph.target(action.get("TargetGroupArn"), TARGET_GROUP)
            if not isinstance(group, Resource) or group.prop("TargetType").literal != "alb":
                return ()
            for target in group.prop("Targets").items():
                behind = graph.target(target.get("Id"), LOAD_BALANCER)
                if not isinstance(behind, Resource):
                    return ()
                found.append(behind)
    return tuple(found)


def demands_header(graph: Architecture, balancer: Resource, sent: Collection[str]) -> bool:
    """Whether an application load balancer forwards only what carries one of the headers (names in lower case)."""
    listeners = graph.referrers(balancer, LISTENER)
    rules = [rule for listener in listeners for rule in graph.referrers(listener, LISTENER_RULE)]
    forwards = [
        action
        for listener in listeners
        for action in listener.prop("DefaultActions").items()
        if action.get("Type").literal not in ("fixed-response", "redirect")
    ]
    return bool(rules) and not forwards and all(_matches_header(rule, sent) for rule in rules if _forwards(rule))


def _forwards(rule: Resource) -> bool:
    return any(action.get("Type").literal == "forward" for action in rule.prop("Actions").items())


def _matches_header(rule: Resource, sent: Collection[str]) -> bool:
    names = (
        condition.get("HttpHeaderConfig", "HttpHeaderName").literal for condition in rule.prop("Conditions").items()
    )
    return any(name is not None and name.lower() in sent for name in names)
