"""Network ACLs: whether the Internet gets into a subnet on a port (VPC User Guide, *Network ACLs*).

Rules are read lowest number first and the first that matches decides. They are stateless, so the replies
must get out as well. The default ACL of a VPC allows everything until entries are added to it.
"""

from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.network.addresses import Addresses
from validator.graph.network.identity import may_mention, pointing, vpc_of
from validator.graph.network.ranges import range_of
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Value

_EPHEMERAL = range(1024, 65536)
_DEFAULT_RULE_NUMBER = 100
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
        return _by_default_list(graph, subnet, port)
    association = associations[0]
    named = association.prop("NetworkAclId")
    access_list = graph.target(named, "AWS::EC2::NetworkAcl")
    if not isinstance(access_list, Resource):
        what = f"the network ACL of {subnet.name} is not in the templates of the run"
        cause = named.missing or Missing(what, "add the template that makes it", f"network-acl:{subnet.name}")
        return AccessListVerdict(None, missing=(cause,))
    step = subnet.states(f"has network ACL {access_list.name}", association.span)
    entries = pointing(graph, access_list, "AWS::EC2::NetworkAclEntry", "NetworkAclId")
    return _by_entries(graph, _List(access_list, entries, step, Addresses()), port)


@dataclass(frozen=True, slots=True)
class _List:
    """A network ACL with its entries; ``otherwise`` is what becomes of a packet that no entry is for."""

    owner: Resource
    entries: tuple[Resource, ...]
    step: Evidence
    otherwise: Addresses


def _by_default_list(graph: Architecture, subnet: Resource, port: int) -> AccessListVerdict:
    """The VPC's default ACL lets everything through, by entries that come after those of the template."""
    vpc = vpc_of(graph, subnet)
    if not isinstance(vpc, Resource):
        return AccessListVerdict(False)
    entries = tuple(
        entry
        for entry in may_mention(graph, vpc, "AWS::EC2::NetworkAclEntry")
        if _is_default_list(vpc, entry.prop("NetworkAclId")) and _is_before_default(entry) and entry.exists()
    )
    if not entries:
        return AccessListVerdict(False)
    step = subnet.states(f"has the default network ACL of {vpc.name}", entries[0].span)
    return _by_entries(graph, _List(vpc, entries, step, _let_by_default(graph, vpc)), port)


def _let_by_default(graph: Architecture, vpc: Resource) -> Addresses:
    """The default entries are for IPv4, and for IPv6 only where the VPC has a range of it."""
    more = pointing(graph, vpc, "AWS::EC2::VPCCidrBlock", "VpcId")
    if any(block.prop("CidrBlock").is_absent for block in more):
        return _EVERY_ADDRESS
    return Addresses.of("0.0.0.0/0").public


def _is_default_list(vpc: Resource, value: Value) -> bool:
    reference = value.reference
    return reference is not None and (reference.stack, reference.logical_id, reference.attribute) == (
        vpc.id.stack,
        vpc.id.logical_id,
        "DefaultNetworkAcl",
    )


def _is_before_default(entry: Resource) -> bool:
    """Whether the entry is read before the default one, number 100; one of that number takes its place."""
    number = entry.prop("RuleNumber").integer()
    return number is None or number <= _DEFAULT_RULE_NUMBER


def _by_entries(graph: Architecture, rules: _List, port: int) -> AccessListVerdict:
    for egress, ports in ((False, range(port, port + 1)), (True, _EPHEMERAL)):
        let, cause_of_doubt = _let_through(graph, rules, egress=egress, ports=ports)
        if cause_of_doubt is not None:
            return AccessListVerdict(None, (rules.step,), (cause_of_doubt,))
        if not let:
            way = "out to" if egress else "in from"
            return AccessListVerdict(True, (rules.step, rules.owner.states(f"lets nothing {way} the Internet")))
    return AccessListVerdict(False, (rules.step,))


def _let_through(
    graph: Architecture, rules: _List, *, egress: bool, ports: range
) -> tuple[Addresses, Missing | None]:
    """The public addresses that some port of the range is open to, first match deciding.

    A deny takes addresses away only when it is for the whole range of ports; an allow adds when it is for any.
    """
    undecided_yet, open_to = _EVERY_ADDRESS, Addresses()
    numbered = [(entry.prop("RuleNumber").integer(), entry) for entry in rules.entries if _is_egress(entry) == egress]
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
    return open_to | (rules.otherwise & undecided_yet), None


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
