"""Ranges of addresses as templates write them: literally, or as an attribute of a VPC or subnet."""

from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.network.addresses import Addresses, union
from validator.graph.network.identity import SUBNET, VPC, label_of, pointing
from validator.graph.resource import Resource
from validator.model import Missing
from validator.resolve import Value


@dataclass(frozen=True, slots=True)
class Range:
    """A range: its addresses when they are known, and the VPC or subnet whose whole range it is."""

    label: str
    addresses: Addresses | None = None
    whole: Resource | None = None
    missing: Missing | None = None


def range_of(graph: Architecture, value: Value) -> Range:
    """The range that a CIDR property holds; ``GetAtt Vpc.CidrBlock`` is the VPC even when its range is not known."""
    literal = value.literal
    if literal is not None:
        return _literal(literal, value)
    reference = value.reference
    owner = graph.resource_of(reference) if reference is not None else None
    if owner is None or reference is None or owner.type not in (VPC, SUBNET):
        missing = value.missing or Missing(
            f"the range {label_of(value)} is not known", "write the range", f"range:{label_of(value)}"
        )
        return Range(label_of(value), missing=missing)
    known = owned_range(graph, owner)
    label = f"{owner.name}.{reference.attribute}"
    return Range(label, known if isinstance(known, Addresses) else None, owner, None)


def _literal(text: str, value: Value) -> Range:
    try:
        return Range(text, Addresses.of(text))
    except ValueError:
        what = f"{text} at {value.span} is no range of addresses"
        return Range(text, missing=Missing(what, "write a range such as 10.0.1.0/24", f"range:{value.span}"))


_MORE_RANGES = {VPC: ("AWS::EC2::VPCCidrBlock", "VpcId"), SUBNET: ("AWS::EC2::SubnetCidrBlock", "SubnetId")}


def owned_range(graph: Architecture, owner: Resource) -> Addresses | Missing:
    """All addresses of a VPC or subnet, or what is missing to know them."""
    return graph.memo("owned-range", owner, lambda: _owned_range(graph, owner))


def _owned_range(graph: Architecture, owner: Resource) -> Addresses | Missing:
    written = [owner.prop("CidrBlock"), owner.prop("Ipv6CidrBlock")]
    more_type, more_property = _MORE_RANGES[owner.type]
    for more in pointing(graph, owner, more_type, more_property):
        written += [more.prop("CidrBlock"), more.prop("Ipv6CidrBlock")]
    ranges = [range_of(graph, value) for value in written if not value.is_absent]
    known = [found.addresses for found in ranges if found.addresses is not None]
    if known and not owner.prop("CidrBlock").is_absent and ranges[0].addresses is not None:
        return union(known)
    missing = next((found.missing for found in ranges if found.missing is not None), None)
    return missing or Missing(f"the range of {owner.name} is not in the template", "write it", f"range:{owner.name}")


def has_ipv6(graph: Architecture, subnet: Resource) -> bool:
    """Whether a subnet has an IPv6 range: its own properties, or a ``SubnetCidrBlock``."""
    if any(not subnet.prop(name).is_absent for name in ("Ipv6CidrBlock", "Ipv6NetmaskLength", "Ipv6IpamPoolId")):
        return True
    return bool(pointing(graph, subnet, "AWS::EC2::SubnetCidrBlock", "SubnetId"))
