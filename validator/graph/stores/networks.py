"""Whether a function and a store that are both in VPCs are in the same one, or in two that are joined.

VPC Peering Guide, *What is VPC peering*: without a peering connection, a transit gateway or the like no packet
gets from one VPC to another. Only VPCs that the run makes are compared.
"""

from collections.abc import Iterable

from validator.graph.architecture import Architecture
from validator.graph.network.identity import SUBNET, denoted, vpc_of
from validator.graph.network.routes import Via, routes_of
from validator.graph.network.ways_out import tables_of
from validator.graph.resource import Resource
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import placement_of
from validator.resolve import Value

_JOINTS = (
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::EC2::TransitGatewayVpcAttachment",
    "AWS::NetworkManager::VpcAttachment",
    "AWS::VpcLattice::ServiceNetworkVpcAssociation",
)
_TO_OTHERS = (Via.NETWORK, Via.VPN, Via.INTERFACE, Via.ENDPOINT, Via.UNDECIDED)


def apart(graph: Architecture, subnets: Iterable[Value], store: Resource) -> tuple[Resource, Resource] | None:
    """The VPC of the subnets and that of the store when they are two and nothing of the run joins them."""
    own = [denoted(graph, value, SUBNET) for value in subnets]
    others = [denoted(graph, value, SUBNET) for value in _subnets_of(graph, store)]
    first, second = _one_vpc(graph, own), _one_vpc(graph, others)
    if first is None or second is None or first == second or _is_joined(graph, first, second):
        return None
    tables = (table for subnet in own if isinstance(subnet, Resource) for table in tables_of(graph, subnet))
    if any(route.via in _TO_OTHERS for table in tables for route in routes_of(graph, table)):
        return None
    return first, second


def _subnets_of(graph: Architecture, store: Resource) -> tuple[Value, ...]:
    if store.type in STORE_KINDS:
        return placement_of(graph, store).subnets
    files = graph.target(store.prop("FileSystemId"), "AWS::EFS::FileSystem")
    owner = files if isinstance(files, Resource) else store
    return tuple(target.prop("SubnetId") for target in graph.referrers(owner, "AWS::EFS::MountTarget"))


def _one_vpc(graph: Architecture, subnets: Iterable[object]) -> Resource | None:
    """The VPC of the run that all the subnets are in; None when one of them may be elsewhere."""
    vpcs = {vpc_of(graph, subnet) if isinstance(subnet, Resource) else None for subnet in subnets}
    vpc = next(iter(vpcs)) if len(vpcs) == 1 else None
    return vpc if isinstance(vpc, Resource) else None


def _is_joined(graph: Architecture, *vpcs: Resource) -> bool:
    return any(graph.referrers(vpc, *_JOINTS) for vpc in vpcs)
