"""Whether a subnet is public: decided by the routes of its table, never by its name or its tags.

Follows the VPC User Guide, *Subnets* and *Configure route tables*: a direct route to an internet gateway
makes a subnet public. A route table of a template is never a VPC's main table, so a subnet that nothing
associates uses the main table, which in a VPC of the run holds the local route only.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from validator.graph.architecture import Architecture, External
from validator.graph.network.addresses import Addresses
from validator.graph.network.identity import (
    ROUTE_TABLE,
    SUBNET,
    added_elsewhere,
    denoted,
    label_of,
    leaves_run,
    listed,
    perhaps_pointing,
    pointing,
    vpc_of,
)
from validator.graph.network.ranges import has_ipv6, owned_range, range_of
from validator.graph.network.routes import Route, Via, routes_of
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Absent, Text, Unknown, Value


class Exposure(StrEnum):
    """What a subnet's routes make of it."""

    PUBLIC = "public"
    PRIVATE = "private"
    ISOLATED = "isolated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SubnetExposure:
    """What a subnet is, with the steps that prove it.

    ``label`` is the subnet's logical ID or what stands in its place. ``ipv6_only`` marks a subnet that is
    public over IPv6 alone; ``has_ipv6`` tells whether it has an IPv6 range at all. ``because`` is the
    deciding fact as a phrase that follows the label.
    """

    exposure: Exposure
    label: str
    value: Value
    subnet: Resource | None = None
    because: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    ipv6_only: bool = False
    has_ipv6: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it has a direct route to an internet gateway."""
        return self.exposure is Exposure.PUBLIC

    @property
    def is_unknown(self) -> bool:
        """Whether the run does not decide it."""
        return self.exposure is Exposure.UNKNOWN


ASSUMABLE = {
    "private-subnet": Exposure.PRIVATE,
    "public-subnet": Exposure.PUBLIC,
    "isolated-subnet": Exposure.ISOLATED,
    "private": Exposure.PRIVATE,
}


def subnet_exposures(graph: Architecture, value: Value) -> tuple[SubnetExposure, ...]:
    """The exposure of each subnet that a list names; a list that is not known gives one unknown."""
    return tuple(subnet_exposure(graph, item) for item in listed(value))


def subnet_exposure(graph: Architecture, value: Value) -> SubnetExposure:
    """The exposure of the subnet that a value names."""
    match denoted(graph, value, SUBNET):
        case Resource() as subnet:
            return exposure_of(graph, subnet, value)
        case External(text):
            what = f"subnet {text} is not in the templates of the run"
            how = f'add the template that makes it, or assume it: subject = "subnet:{text}"'
            cause = Missing(what, how, f"subnet:{text}")
            return _outside(graph, text, value, cause)
        case Unknown(cause):
            return _outside(graph, label_of(value), value, cause)
        case None:
            cause = Missing(f"no subnet is named at {value.span}", "name the subnet", f"subnet:{value.span}")
            return _outside(graph, "no subnet", value, cause)


def exposure_of(graph: Architecture, subnet: Resource, value: Value | None = None) -> SubnetExposure:
    """The exposure of a subnet of the run; ``value`` is where it is named."""
    decision = graph.memo("subnet-exposure", subnet, lambda: _decide(graph, subnet))
    at = Absent(subnet.span) if value is None else value
    found = SubnetExposure(
        decision.exposure,
        subnet.name,
        at,
        subnet,
        decision.because,
        decision.evidence,
        decision.missing,
        decision.ipv6_only,
    )
    if found.is_unknown:
        return _assumed(graph, found, subnet.name)
    return replace(found, has_ipv6=has_ipv6(graph, subnet)) if found.ipv6_only else found


def _outside(graph: Architecture, label: str, value: Value, cause: Missing) -> SubnetExposure:
    unknown = SubnetExposure(Exposure.UNKNOWN, label, value, because="is not decided", missing=(cause,))
    return _assumed(graph, unknown, cause.key)


def _assumed(graph: Architecture, unknown: SubnetExposure, key: str) -> SubnetExposure:
    """The unknown settled by the configuration, if it says something of the input."""
    keys = (key, *(cause.key for cause in unknown.missing))
    for one in keys:
        exposure = ASSUMABLE.get(graph.assumed(one) or "")
        if exposure is not None:
            because = f"is assumed {exposure}: {graph.assumption_reason(one)}"
            step = Evidence(unknown.label, because, unknown.value.span)
            return SubnetExposure(
                exposure, unknown.label, unknown.value, unknown.subnet, because, (*unknown.evidence, step)
            )
    return unknown


_ASSOCIATION = "AWS::EC2::SubnetRouteTableAssociation"


@dataclass(frozen=True, slots=True)
class _Decision:
    exposure: Exposure
    because: str
    evidence: tuple[Evidence, ...]
    missing: tuple[Missing, ...] = ()
    ipv6_only: bool = False


def _undecided(evidence: tuple[Evidence, ...], *missing: Missing) -> _Decision:
    return _Decision(Exposure.UNKNOWN, "is not decided", evidence, missing)


def _decide(graph: Architecture, subnet: Resource) -> _Decision:
    associations = pointing(graph, subnet, _ASSOCIATION, "SubnetId")
    perhaps = perhaps_pointing(graph, subnet, _ASSOCIATION, "SubnetId")
    if not associations and perhaps is None:
        return _by_main_table(graph, subnet)
    decisions = [_by_association(graph, subnet, association) for association in associations]
    if perhaps is not None:
        decisions.append(_undecided((), perhaps))
    worst = (Exposure.PUBLIC, Exposure.UNKNOWN, Exposure.PRIVATE, Exposure.ISOLATED)
    return min(decisions, key=lambda decision: worst.index(decision.exposure))


def _by_main_table(graph: Architecture, subnet: Resource) -> _Decision:
    vpc = vpc_of(graph, subnet)
    if not isinstance(vpc, Resource):
        name = vpc.text if isinstance(vpc, External) else label_of(subnet.prop("VpcId"))
        what = f"{subnet.name} uses the main route table of {name}, which no template of the run makes"
        how = f'associate {subnet.name} with a route table, or assume it: subject = "{subnet.name}"'
        step = subnet.states("is associated with no route table of the run")
        return _undecided((step,), Missing(what, how, subnet.name))
    because = f"is associated with no route table, so the main table of {vpc.name} with its local route applies"
    step = subnet.states(because)
    leak = leaves_run(graph, subnet) or leaves_run(graph, vpc)
    if leak is not None:
        return _undecided((step,), leak)
    return _Decision(Exposure.ISOLATED, because, (step, vpc.states("is made in this run")))


def _by_association(graph: Architecture, subnet: Resource, association: Resource) -> _Decision:
    value = association.prop("RouteTableId")
    table = denoted(graph, value, ROUTE_TABLE)
    step = subnet.states(f"is associated with {label_of(value)} by {association.name}", value.span)
    if isinstance(table, Resource):
        return _by_routes(graph, subnet, table, step)
    name = label_of(value)
    cause = (
        table.cause
        if isinstance(table, Unknown)
        else Missing(
            f"route table {name} is not in the templates of the run",
            f'add the template that makes it, or assume the subnet: subject = "{subnet.name}"',
            subnet.name,
        )
    )
    return _undecided((step,), cause)


def _by_routes(graph: Architecture, subnet: Resource, table: Resource, step: Evidence) -> _Decision:
    routes = routes_of(graph, table)
    direct = [route for route in routes if route.via is Via.INTERNET]
    if direct:
        chosen = next((route for route in direct if not route.is_ipv6), direct[0])
        because = f"has a direct route to the Internet: {table.name} {chosen.relation}"
        over_ipv6 = all(route.is_ipv6 for route in direct)
        return _Decision(Exposure.PUBLIC, because, (step, _of_table(table, chosen)), ipv6_only=over_ipv6)
    inspected = _through_inspection(graph, subnet, routes)
    if inspected is not None:
        back, edge = inspected
        because = f"is reached from the Internet through {back.target}"
        return _Decision(Exposure.PUBLIC, because, (step, _of_table(table, back), edge.states()))
    undecided = [route for route in routes if route.via in (Via.UNDECIDED, Via.CARRIER)]
    if undecided:
        causes = tuple(route.missing for route in undecided if route.missing is not None)
        return _undecided((step, undecided[0].states()), *causes)
    added = added_elsewhere(graph, table) or perhaps_pointing(graph, table, "AWS::EC2::Route", "RouteTableId")
    if added is not None:
        return _undecided((step,), added)
    if not routes:
        because = f"has no route out: {table.name} holds the local route only"
        return _Decision(Exposure.ISOLATED, because, (step, table.states("has no route to a gateway")))
    because = f"has no direct route to the Internet: {table.name} {routes[0].relation}"
    steps = (step, *(_of_table(table, route) for route in routes))
    outward = any(route.via in _OUTWARD for route in routes)
    return _Decision(Exposure.PRIVATE if outward else Exposure.ISOLATED, because, steps)


_OUTWARD = (Via.NAT, Via.EGRESS_ONLY, Via.NETWORK, Via.INTERFACE, Via.ENDPOINT, Via.VPN)


def _of_table(table: Resource, route: Route) -> Evidence:
    return table.states(f"{route.relation} ({route.via})", route.span)


def _through_inspection(
    graph: Architecture, subnet: Resource, routes: tuple[Route, ...]
) -> tuple[Route, Route] | None:
    """The route to an appliance, and the route of an internet gateway's edge table that leads back through it."""
    for back in routes:
        if back.via not in (Via.ENDPOINT, Via.INTERFACE):
            continue
        for edge in _edge_routes(graph, subnet):
            if _may_be_one(edge.through, back.through) and _covers(graph, edge.destination, subnet):
                return back, edge
    return None


def _edge_routes(graph: Architecture, subnet: Resource) -> tuple[Route, ...]:
    """The routes to appliances in the edge tables of the internet gateways of the subnet's VPC."""
    found: list[Route] = []
    for binding in graph.declared("AWS::EC2::GatewayRouteTableAssociation"):
        table = denoted(graph, binding.prop("RouteTableId"), ROUTE_TABLE)
        if not isinstance(table, Resource) or not _in_one_vpc(graph, table, subnet) or not binding.exists():
            continue
        if isinstance(graph.target(binding.prop("GatewayId"), "AWS::EC2::VPNGateway"), Resource):
            continue
        found += [route for route in routes_of(graph, table) if route.via in (Via.ENDPOINT, Via.INTERFACE)]
    return tuple(found)


def _in_one_vpc(graph: Architecture, one: Resource, other: Resource) -> bool:
    """Whether both may be in one VPC; two of the run are told apart, one from outside may be any."""
    first, second = vpc_of(graph, one), vpc_of(graph, other)
    return first == second or isinstance(first, Unknown) or isinstance(second, Unknown)


def _may_be_one(one: Value, other: Value) -> bool:
    """Whether two values can name one appliance: a firewall's endpoint is picked from a list at deployment."""
    if one.reference is None or other.reference is None:
        return True
    return one.reference == other.reference


def _covers(graph: Architecture, destination: Value, subnet: Resource) -> bool:
    """Whether the destination takes in addresses of the subnet; what cannot be compared may."""
    target = range_of(graph, destination)
    if target.whole is not None:
        return target.whole == subnet or target.whole == vpc_of(graph, subnet)
    known = owned_range(graph, subnet)
    if target.addresses is None or not isinstance(known, Addresses):
        return isinstance(destination, Text) or target.addresses is None
    return bool(target.addresses & known)
