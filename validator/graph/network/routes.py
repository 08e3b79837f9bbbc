"""Routes of a route table and what they lead to (VPC User Guide, *Configure route tables*; CFN ``Route``)."""

from dataclasses import dataclass
from enum import StrEnum

from validator.graph.architecture import Architecture, External
from validator.graph.network.identity import label_of, pointing
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Span
from validator.resolve import Unknown, Value


class Via(StrEnum):
    """What a route leads to."""

    INTERNET = "an internet gateway"
    VPN = "a virtual private gateway"
    NAT = "a NAT gateway"
    EGRESS_ONLY = "an egress-only gateway"
    NETWORK = "another network"
    INTERFACE = "a network interface"
    ENDPOINT = "a Gateway Load Balancer endpoint"
    CARRIER = "a carrier gateway"
    LOCAL = "the VPC itself"
    UNDECIDED = "an unknown target"


_TARGETS = {
    "NatGatewayId": Via.NAT,
    "EgressOnlyInternetGatewayId": Via.EGRESS_ONLY,
    "TransitGatewayId": Via.NETWORK,
    "VpcPeeringConnectionId": Via.NETWORK,
    "CoreNetworkArn": Via.NETWORK,
    "LocalGatewayId": Via.NETWORK,
    "OdbNetworkArn": Via.NETWORK,
    "NetworkInterfaceId": Via.INTERFACE,
    "InstanceId": Via.INTERFACE,
    "VpcEndpointId": Via.ENDPOINT,
    "CarrierGatewayId": Via.CARRIER,
}
_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


@dataclass(frozen=True, slots=True)
class Route:
    """One route: ``destination`` as written, ``through`` the value that names the target."""

    resource: Resource
    destination: Value
    is_ipv6: bool
    via: Via
    through: Value
    span: Span
    missing: Missing | None = None

    @property
    def target(self) -> str:
        """The target by name, or by kind where it is picked at deployment (a firewall's endpoint)."""
        is_picked = isinstance(self.through, Unknown) and self.through.cause.key.startswith("split:")
        return str(self.via) if is_picked else label_of(self.through)

    @property
    def relation(self) -> str:
        """What the route says, for evidence and messages."""
        return f"sends {label_of(self.destination)} to {self.target}"

    def states(self) -> Evidence:
        """The step of evidence at the route's target."""
        return self.resource.states(self.relation, self.span)


def routes_of(graph: Architecture, table: Resource) -> tuple[Route, ...]:
    """The routes that templates of the run add to a route table."""
    return graph.memo(
        "routes",
        table,
        lambda: tuple(
            _route(graph, resource) for resource in pointing(graph, table, "AWS::EC2::Route", "RouteTableId")
        ),
    )


def _route(graph: Architecture, resource: Resource) -> Route:
    destinations = {name: resource.prop(name) for name in _DESTINATIONS}
    name = next((name for name, value in destinations.items() if not value.is_absent), _DESTINATIONS[0])
    via, through, missing = _target(graph, resource)
    return Route(
        resource, destinations[name], name == "DestinationIpv6CidrBlock", via, through, through.span, missing
    )


def _target(graph: Architecture, resource: Resource) -> tuple[Via, Value, Missing | None]:
    gateway = resource.prop("GatewayId")
    if not gateway.is_absent:
        via, missing = _gateway(graph, gateway)
        return via, gateway, missing
    for name, via in _TARGETS.items():
        value = resource.prop(name)
        if not value.is_absent:
            missing = _carrier(resource) if via is Via.CARRIER else None
            return via, value, missing
    what = f"route {resource.name} names no target that is known"
    return Via.UNDECIDED, gateway, Missing(what, "name the route's target", f"route:{resource.name}")


def _carrier(resource: Resource) -> Missing:
    what = f"route {resource.name} leads to a carrier's network, which this review does not know"
    return Missing(what, "assume the subnet in the configuration", f"route:{resource.name}")


def _gateway(graph: Architecture, value: Value) -> tuple[Via, Missing | None]:
    match graph.target(value):
        case Resource(type="AWS::EC2::InternetGateway"):
            return Via.INTERNET, None
        case Resource(type="AWS::EC2::VPNGateway"):
            return Via.VPN, None
        case Resource(type="AWS::EC2::VPCGatewayAttachment") as attachment:
            is_vpn = attachment.prop("InternetGatewayId").is_absent
            return (Via.VPN if is_vpn else Via.INTERNET), None
        case External(text) if text.startswith("igw-"):
            return Via.INTERNET, None
        case External(text) if text.startswith("vgw-"):
            return Via.VPN, None
        case External(text) if text.startswith("vpce-"):
            return Via.ENDPOINT, None
        case External("local"):
            return Via.LOCAL, None
        case Unknown(cause):
            return Via.UNDECIDED, cause
        case _:
            what = f"the gateway {label_of(value)} may serve the Internet or a VPN"
            return Via.UNDECIDED, Missing(what, "add the template that makes it", f"gateway:{label_of(value)}")
