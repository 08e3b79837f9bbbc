"""Network ACLs: whether the Internet gets into a subnet on a port (VPC User Guide, *Network ACLs*).

Rules are read lowest number first and the first that matches decides. They are stateless, so the replies
must get out as well. The default ACL of a VPC allows everything until entries are added to it.
"""

from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.network.addresses import Addresses
from validator.graph.network.identity import pointing
from validator.graph.network.ranges import range_of
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Value

_EPHEMERAL = range(1024, 65536)
_EVERY_ADDRESS = Addresses.of("0.0.0.0/0", "::/0").public


@dataclass(frozen=True, slots=True)
class AccessListVerdict:
    """Whether a subnet's network ACL keeps the Internet out of a port (None: the run does not decide)."""

    blocks: bool | None
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()


def blocks_internet(graph: Architecture, subnet: Resource, port: int) -> AccessListVerdict:
    """Whether the ACL of the subnet keeps every public address from the port, or their replies from getting out."""
    associations = pointing(graph, subnet, "AWS::EC2::SubnetNetworkAclAssociation", "SubnetId")
    if not associations:
        return AccessListVerdict(False)
    association = associations[0]
    named = association.prop("NetworkAclId")
    access_list = graph.target(named, "AWS::EC2::NetworkAcl")
    if not isinstance(access_list, Resource):
        what = f"the network ACL of {subnet.name} is not in the templates of the run"
        cause = named.missing or Missing(what, "add the template that makes it", f"network-acl:{subnet.name}")
        return AccessListVerdict(None, missing=(cause,))
    step = subnet.states(f"has network ACL {access_list.name}", association.span)
    entries = pointing(graph, access_list, "AWS::EC2::NetworkAclEntry", "NetworkAclId")
    for egress, ports in ((False, range(port, port + 1)), (True, _EPHEMERAL)):
        let, cause_of_doubt = _let_through(graph, entries, egress=egress, ports=ports)
        if cause_of_doubt is not None:
            return AccessListVerdict(None, (step,), (cause_of_doubt,))
        if not let:
            way = "out to" if egress else "in from"
            return AccessListVerdict(True, (step, access_list.states(f"lets nothing {way} the Internet")))
    return AccessListVerdict(False, (step,))


def _let_through(
    graph: Architecture, entries: tuple[Resource, ...], *, egress: bool, ports: range
) -> tuple[Addresses, Missing | None]:
    """The public addresses that some port of the range is open to, first match deciding.

    A deny takes addresses away only when it is for the whole range of ports; an allow adds when it is for any.
    """
    undecided_yet, open_to = _EVERY_ADDRESS, Addresses()
    numbered = [(entry.prop("RuleNumber").integer(), entry) for entry in entries if _is_egress(entry) == egress]
    if any(number is None for number, _ in numbered):
        return open_to, Missing("a network ACL entry has no known RuleNumber", "write it", "network-acl:number")
    for _, entry in sorted(numbered, key=lambda pair: (pair[0] or 0, pair[1].id)):
        overlap = _overlap(entry, ports)
        if overlap == "none":
            continue
        cidr = entry.prop("CidrBlock")
        found = range_of(graph, entry.prop("Ipv6CidrBlock") if cidr.is_absent else cidr)
        if found.addresses is None:
            cause = Missing(f"the range of {entry.name} is not known", "write it", f"range:{entry.name}")
            return open_to, found.missing or cause
        if (entry.prop("RuleAction").literal or "").lower() == "allow":
            open_to = open_to | (found.addresses & undecided_yet)
            undecided_yet = undecided_yet - found.addresses
        elif overlap == "all":
            undecided_yet = undecided_yet - found.addresses
    return open_to, None


def _is_egress(entry: Resource) -> bool:
    return entry.prop("Egress").boolean() is True


def _overlap(entry: Resource, ports: range) -> str:
    """Whether the entry is for all, some or none of the TCP ports."""
    protocol = entry.prop("Protocol").integer()
    if protocol == -1:
        return "all"
    if protocol is None:
        return "some"
    if protocol != 6:
        return "none"
    low, high = _port(entry.prop("PortRange", "From"), 0), _port(entry.prop("PortRange", "To"), 65535)
    if low <= ports[0] and high >= ports[-1]:
        return "all"
    return "some" if low <= ports[-1] and high >= ports[0] else "none"


def _port(value: Value, default: int) -> int:
    known = value.integer()
    return default if known is None else known
