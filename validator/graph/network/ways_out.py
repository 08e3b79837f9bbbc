"""How code in a subnet gets out: through a NAT gateway, or through an endpoint of the service it calls.

VPC User Guide, *NAT gateways*, *Regional NAT gateways*; AWS PrivateLink Guide, *Gateway endpoints*, *Access an
AWS service using an interface VPC endpoint*. A public subnet is no way out for a function: it gets no public
address there.
"""

from dataclasses import dataclass

from validator.graph.architecture import Architecture, External
from validator.graph.network.addresses import union
from validator.graph.network.endpoint_policies import Request, lets_through
from validator.graph.network.groups import GroupRule, egress_of, ingress_of
from validator.graph.network.identity import (
    ROUTE_TABLE,
    VPC,
    SecurityGroup,
    denoted,
    label_of,
    listed,
    pointing,
    security_group,
    vpc_of,
)
from validator.graph.network.ranges import has_ipv6, range_of
from validator.graph.network.routes import Route, Via, routes_of
from validator.graph.network.subnets import Exposure, SubnetExposure, subnet_exposure
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Unknown

HTTPS = 443
GATEWAY_SERVICES = ("s3", "dynamodb")


@dataclass(frozen=True, slots=True)
class WayOut:
    """Whether there is a way (None: not decided), and why."""

    exists: bool | None
    because: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()


def tables_of(graph: Architecture, subnet: Resource) -> tuple[Resource, ...]:
    """The route tables of the run that are associated with a subnet."""
    associations = pointing(graph, subnet, "AWS::EC2::SubnetRouteTableAssociation", "SubnetId")
    targets = (denoted(graph, association.prop("RouteTableId"), ROUTE_TABLE) for association in associations)
    return tuple(target for target in targets if isinstance(target, Resource))


def to_internet(graph: Architecture, exposure: SubnetExposure) -> WayOut:
    """The way from a subnet to the Internet for something without a public address."""
    if exposure.is_public and not exposure.ipv6_only:
        return WayOut(False, f"{exposure.label} is public, where a function gets no address", exposure.evidence)
    if exposure.is_unknown:
        return WayOut(None, f"{exposure.label} is not decided", exposure.evidence, exposure.missing)
    if exposure.subnet is None:
        if exposure.exposure is Exposure.ISOLATED:
            return WayOut(False, f"{exposure.label} is assumed isolated", exposure.evidence)
        cause = Missing(f"the routes of {exposure.label} are not in the run", "add its template", exposure.label)
        return WayOut(None, f"{exposure.label} has routes that are not known", exposure.evidence, (cause,))
    return _by_routes(graph, exposure, exposure.subnet)


_ELSEWHERE = (Via.NETWORK, Via.INTERFACE, Via.ENDPOINT, Via.VPN, Via.UNDECIDED)


def _by_routes(graph: Architecture, exposure: SubnetExposure, subnet: Resource) -> WayOut:
    routes = [route for table in tables_of(graph, subnet) for route in routes_of(graph, table)]
    translated = [route for route in routes if route.via is Via.NAT and not route.is_ipv6]
    if _is_everywhere(graph, translated):
        return _by_nat(graph, exposure, translated[0])
    elsewhere = [route for route in routes if route.via in _ELSEWHERE and not route.is_ipv6]
    if elsewhere:
        cause = elsewhere[0].missing or Missing(
            f"where {label_of(elsewhere[0].through)} leads is not in the run",
            f"assume the way of {exposure.label}, or add an endpoint",
            f"route:{elsewhere[0].resource.name}",
        )
        return WayOut(None, f"{exposure.label} {elsewhere[0].relation}", (elsewhere[0].states(),), (cause,))
    return WayOut(False, f"{exposure.label} has no route to a NAT gateway", exposure.evidence)


def _is_everywhere(graph: Architecture, routes: list[Route]) -> bool:
    ranges = [range_of(graph, route.destination).addresses for route in routes]
    return union(known for known in ranges if known is not None).is_everything


def _by_nat(graph: Architecture, exposure: SubnetExposure, route: Route) -> WayOut:
    gateway = graph.target(route.through, "AWS::EC2::NatGateway")
    steps = (route.states(),)
    if isinstance(gateway, External):
        return WayOut(True, f"{exposure.label} {route.relation}", steps)
    if not isinstance(gateway, Resource):
        cause = route.through.missing or Missing("the NAT gateway is not known", "name it", "nat")
        return WayOut(None, f"{exposure.label} {route.relation}", steps, (cause,))
    if gateway.prop("ConnectivityType").literal == "private":
        return WayOut(False, f"{gateway.name} is a private NAT gateway", (*steps, gateway.states("is private")))
    if gateway.prop("AvailabilityMode").literal == "regional":
        return WayOut(True, f"{exposure.label} {route.relation}", steps)
    stands_in = subnet_exposure(graph, gateway.prop("SubnetId"))
    if stands_in.is_unknown:
        return WayOut(None, f"{gateway.name} stands in {stands_in.label}", steps, stands_in.missing)
    if stands_in.is_public:
        return WayOut(True, f"{exposure.label} {route.relation}", (*steps, *stands_in.evidence))
    return WayOut(
        False, f"NAT gateway {gateway.name} stands in {stands_in.label}, which is not public", stands_in.evidence
    )


def over_ipv6(graph: Architecture, exposure: SubnetExposure) -> WayOut:
    """The way from a dual-stack subnet to the Internet for IPv6: it serves names that have an IPv6 address only.

    Lambda Developer Guide, *Configuring VPC access*: code gets such addresses with ``Ipv6AllowedForDualStack``.
    """
    subnet = exposure.subnet
    if subnet is None or not has_ipv6(graph, subnet):
        return WayOut(False, f"{exposure.label} has no IPv6 addresses", exposure.evidence)
    routes = [route for table in tables_of(graph, subnet) for route in routes_of(graph, table) if route.is_ipv6]
    outward = [route for route in routes if route.via in (Via.EGRESS_ONLY, Via.INTERNET)]
    if not outward:
        return WayOut(False, f"{exposure.label} has no way out over IPv6", exposure.evidence)
    what = f"{exposure.label} has a way out over IPv6 alone; whether the code calls a name with IPv6 is in the code"
    cause = Missing(what, "add an endpoint, or a NAT gateway for IPv4", f"ipv6:{exposure.label}")
    return WayOut(None, f"{exposure.label} {outward[0].relation}", (outward[0].states(),), (cause,))


def lets_out(graph: Architecture, groups: tuple[SecurityGroup, ...], *, to_public: bool) -> WayOut:
    """Whether the egress rules of the groups let HTTPS out: to public addresses, or to anything at all."""
    doubts: list[Missing] = []
    for group in groups:
        rules = egress_of(graph, group)
        if rules.is_open_by_default or any(_lets_https(rule, to_public) for rule in rules.rules):
            return WayOut(True, f"{group.label} lets HTTPS out")
        doubts += rules.missing
        doubts += [rule.peer.missing for rule in rules.rules if rule.peer.missing is not None]
    if doubts or not groups:
        cause = doubts or [Missing("the function's security groups are not named", "name them", "groups")]
        return WayOut(None, "its egress rules are not decided", missing=tuple(cause))
    steps = tuple(rule.states("lets out to") for group in groups for rule in egress_of(graph, group).rules)
    return WayOut(False, "its security groups let no HTTPS out", steps)


def _lets_https(rule: GroupRule, to_public: bool) -> bool:
    if rule.ports is None or rule.ports.include(HTTPS) is not True:
        return False
    if rule.peer.range is None:
        return not to_public or rule.peer.label.startswith("prefix list")
    addresses = rule.peer.range.addresses
    if addresses is None:
        return rule.peer.range.whole is not None and not to_public
    return bool(addresses.public if to_public else addresses.usable)


def by_endpoint(
    graph: Architecture,
    service: str,
    requests: tuple[Request, ...],
    exposures: tuple[SubnetExposure, ...],
    groups: tuple[SecurityGroup, ...],
) -> WayOut:
    """The way for requests to an AWS service through a VPC endpoint of the run."""
    found = [
        _permitted(endpoint, requests, _through(graph, endpoint, service, exposures, groups))
        for endpoint in graph.declared("AWS::EC2::VPCEndpoint")
        if _serves(endpoint, service) and endpoint.exists() and _same_vpc(graph, endpoint, exposures)
    ]
    if not found:
        return WayOut(False, f"the VPC has no endpoint for {service}")
    order = {True: 0, None: 1, False: 2}
    return min(found, key=lambda way: order[way.exists])


def _serves(endpoint: Resource, service: str) -> bool:
    name = endpoint.prop("ServiceName")
    return isinstance(name, Unknown) or str(name).endswith(f".{service}")


def _same_vpc(graph: Architecture, endpoint: Resource, exposures: tuple[SubnetExposure, ...]) -> bool:
    own = denoted(graph, endpoint.prop("VpcId"), VPC)
    others = [vpc_of(graph, exposure.subnet) for exposure in exposures if exposure.subnet is not None]
    return not isinstance(own, Resource) or own in others or not any(isinstance(vpc, Resource) for vpc in others)


def _through(
    graph: Architecture,
    endpoint: Resource,
    service: str,
    exposures: tuple[SubnetExposure, ...],
    groups: tuple[SecurityGroup, ...],
) -> WayOut:
    name = endpoint.prop("ServiceName")
    if isinstance(name, Unknown):
        return WayOut(None, f"{endpoint.name} may serve {service}", missing=(name.cause,))
    kind = endpoint.prop("VpcEndpointType").literal or "Gateway"
    if kind == "Gateway":
        return _gateway(graph, endpoint, exposures)
    return _interface(graph, endpoint, service, groups)


def _permitted(endpoint: Resource, requests: tuple[Request, ...], way: WayOut) -> WayOut:
    """The way, unless the endpoint's policy does not let the requests through."""
    policy = endpoint.prop("PolicyDocument")
    allows = lets_through(policy, requests) if way.exists else True
    if allows:
        return way
    if allows is False:
        step = endpoint.states("allows none of the actions in its policy", policy.span)
        return WayOut(False, f"the policy of endpoint {endpoint.name} allows none of its actions", (step,))
    what = f"the policy of endpoint {endpoint.name} may cut off what the function calls"
    cause = Missing(what, "check that it allows the call", f"endpoint-policy:{endpoint.name}")
    return WayOut(None, f"{endpoint.name} has a policy of its own", way.evidence, (cause,))


def _gateway(graph: Architecture, endpoint: Resource, exposures: tuple[SubnetExposure, ...]) -> WayOut:
    served = listed(endpoint.prop("RouteTableIds"))
    unknown = next((value.missing for value in served if value.missing is not None), None)
    tables = [denoted(graph, value, ROUTE_TABLE) for value in served]
    step = endpoint.states(f"serves {', '.join(map(label_of, served)) or 'no route table'}")
    for exposure in exposures:
        own = tables_of(graph, exposure.subnet) if exposure.subnet is not None else ()
        if any(table in tables for table in own):
            continue
        if unknown is not None or exposure.subnet is None:
            cause = unknown or Missing(
                f"the route table of {exposure.label} is not in the run", "add it", exposure.label
            )
            return WayOut(None, f"{endpoint.name} may serve {exposure.label}", (step,), (cause,))
        return WayOut(False, f"endpoint {endpoint.name} does not serve the route table of {exposure.label}", (step,))
    return WayOut(True, f"endpoint {endpoint.name} serves its route tables", (step,))


def _interface(graph: Architecture, endpoint: Resource, service: str, groups: tuple[SecurityGroup, ...]) -> WayOut:
    step = endpoint.states("is an interface endpoint")
    if service in GATEWAY_SERVICES:
        what = f"whether the usual name of {service} leads to {endpoint.name} depends on its DNS options"
        cause = Missing(what, "add a gateway endpoint", f"endpoint:{endpoint.name}")
        return WayOut(None, f"{endpoint.name} is an interface endpoint", (step,), (cause,))
    private_names = endpoint.prop("PrivateDnsEnabled")
    if private_names.missing is not None:
        return WayOut(None, f"{endpoint.name} may answer to the usual name", (step,), (private_names.missing,))
    if private_names.boolean() is not True:
        return WayOut(False, f"endpoint {endpoint.name} does not set PrivateDnsEnabled", (step,))
    names = _resolves_names(graph, endpoint)
    if names.exists is not True:
        return names
    return _admits(graph, endpoint, groups)


def _resolves_names(graph: Architecture, endpoint: Resource) -> WayOut:
    """Private names need DNS support (on by default) and DNS hostnames (off by default) of the VPC (CFN ``VPC``)."""
    vpc = denoted(graph, endpoint.prop("VpcId"), VPC)
    if not isinstance(vpc, Resource):
        cause = Missing(
            f"the DNS settings of {label_of(endpoint.prop('VpcId'))} are not in the run",
            "add the template that makes the VPC",
            f"vpc:{label_of(endpoint.prop('VpcId'))}",
        )
        return WayOut(None, f"the VPC of {endpoint.name} may not resolve its name", missing=(cause,))
    support, hostnames = vpc.prop("EnableDnsSupport"), vpc.prop("EnableDnsHostnames")
    for value in (support, hostnames):
        if value.missing is not None:
            return WayOut(None, f"the DNS settings of {vpc.name} are not decided", missing=(value.missing,))
    if hostnames.boolean() is not True or support.boolean() is False:
        return WayOut(
            False,
            f"{vpc.name} does not enable DNS hostnames, so {endpoint.name} is not found",
            (vpc.states("does not set EnableDnsHostnames"),),
        )
    return WayOut(True, f"{vpc.name} resolves the endpoint's name")


def _admits(graph: Architecture, endpoint: Resource, groups: tuple[SecurityGroup, ...]) -> WayOut:
    worn = [security_group(graph, value) for value in listed(endpoint.prop("SecurityGroupIds"))]
    vpc = denoted(graph, endpoint.prop("VpcId"), VPC)
    if not worn and isinstance(vpc, Resource):
        worn = [SecurityGroup(f"the default group of {vpc.name}", vpc, is_default=True)]
    doubts: list[Missing] = []
    for group in worn:
        rules = ingress_of(graph, group)
        doubts += rules.missing
        for rule in rules.rules:
            if rule.ports is not None and rule.ports.include(HTTPS) is False:
                continue
            source = rule.peer.group
            if source is not None and any(_is_same(source, own) for own in groups):
                return WayOut(True, f"endpoint {endpoint.name} admits {source.label}", (rule.states(),))
            if rule.peer.range is not None and _is_local(rule):
                return WayOut(True, f"endpoint {endpoint.name} admits {rule.peer.label}", (rule.states(),))
            if rule.peer.missing is not None:
                doubts.append(rule.peer.missing)
    if doubts:
        return WayOut(None, f"whom endpoint {endpoint.name} admits is not decided", missing=tuple(doubts))
    return WayOut(False, f"endpoint {endpoint.name} does not admit the function's security group on 443")


def _is_same(one: SecurityGroup, other: SecurityGroup) -> bool:
    return one.resource is not None and (one.resource, one.is_default) == (other.resource, other.is_default)


def _is_local(rule: GroupRule) -> bool:
    """Whether the range of a rule takes in addresses of a VPC; it is not compared with the function's subnets."""
    found = rule.peer.range
    if found is None or found.addresses is None:
        return found is not None and found.whole is not None
    return bool(found.addresses - found.addresses.public)
