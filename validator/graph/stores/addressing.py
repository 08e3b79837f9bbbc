"""Whether a public subnet matters to a store: a route for IPv6 alone opens what has IPv6 addresses.

A subnet whose only direct route is for IPv6 is public to a store that speaks IPv6 and to no other: the store's
network type is IPv4 unless it says otherwise (CFN ``NetworkType``, ``IPAddressType``, ``IpAddressType``).
"""

from validator.graph.architecture import Architecture
from validator.graph.network.subnets import SubnetExposure
from validator.graph.resource import Resource
from validator.graph.stores.kinds import SELF_RUN_KINDS
from validator.graph.stores.placement import cluster_of
from validator.model import Missing

_NETWORK_TYPES = (
    ("NetworkType",),
    ("IPAddressType",),
    ("IpAddressType",),
    ("EndpointNetworkType",),
    ("BrokerNodeGroupInfo", "ConnectivityInfo", "NetworkType"),
)
_NONE_OF_IPV6 = ("ipv4", "ipv4_only")


def is_public_to(graph: Architecture, store: Resource, exposure: SubnetExposure) -> bool | Missing:
    """Whether the Internet has a direct route to the addresses that the store gets in the subnet."""
    return _is_public(exposure, speaks_ipv6(graph, store) if exposure.ipv6_only else False)


def is_public_place_for(graph: Architecture, store: Resource, exposure: SubnetExposure) -> bool | Missing:
    """Whether the subnet is a public one for the store: only a store that says IPv4 is spared a route of IPv6.

    The network type that a template leaves out can be changed on the running store; the subnet stays public.
    """
    return _is_public(exposure, speaks_ipv6(graph, store, unsaid=True) if exposure.ipv6_only else False)


def _is_public(exposure: SubnetExposure, speaks: bool | Missing) -> bool | Missing:
    if not exposure.is_public or not exposure.ipv6_only:
        return exposure.is_public
    return exposure.has_ipv6 and speaks


def speaks_ipv6(graph: Architecture, store: Resource, *, unsaid: bool = False) -> bool | Missing:
    """Whether the store may get IPv6 addresses; compute takes those of its subnet.

    ``unsaid`` is the answer for a store whose network type is not written (AWS gives it IPv4).
    """
    if store.type in SELF_RUN_KINDS:
        return True
    cluster = cluster_of(graph, store)
    if isinstance(cluster, Resource):
        return speaks_ipv6(graph, cluster, unsaid=unsaid)
    for path in _NETWORK_TYPES:
        value = store.prop(*path)
        if not value.is_absent:
            return value.missing or (value.literal or "").lower() not in _NONE_OF_IPV6
    return unsaid
