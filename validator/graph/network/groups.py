"""Security group rules: whom a group lets in on which ports, and where it lets its wearers out.

Follows CFN ``SecurityGroup``, ``SecurityGroupIngress``, ``SecurityGroupEgress`` and the VPC User Guide,
*Security group rules*: rules are the union of the inline and the separate ones, there are no denies.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.network.addresses import Addresses, union
from validator.graph.network.identity import (
    SecurityGroup,
    added_elsewhere,
    label_of,
    perhaps_pointing,
    security_group,
)
from validator.graph.network.ranges import Range, range_of
from validator.graph.resource import Resource
from validator.load.nodes import MapNode
from validator.model import Evidence, Missing, Span
from validator.resolve import ListValue, MapValue, Text, Unknown, Value

_PORTED = {"tcp": True, "6": True, "udp": False, "17": False}
_PORTLESS = ("icmp", "icmpv6", "1", "58")
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Ports:
    """The TCP ports of a rule; ``low`` and ``high`` are the values as written."""

    protocol: Value
    low: Value
    high: Value

    def include(self, port: int) -> bool | None:
        """Whether the rule is for the TCP port; None when the template does not decide."""
        protocol = (self.protocol.literal or "").lower()
        if not protocol:
            return None
        if protocol in _PORTLESS or _PORTED.get(protocol) is False:
            return False
        if protocol not in _PORTED:
            return True
        low = 0 if self.low.is_absent else self.low.integer()
        high = LAST_PORT if self.high.is_absent else self.high.integer()
        if low is not None and high is not None:
            return low <= port <= high or low == -1
        if (low is not None and low > port) or (high is not None and high < port):
            return False
        return None

    @property
    def are_all(self) -> bool:
        """Whether the rule is certainly for every TCP port."""
        return bool(self.include(0)) and bool(self.include(LAST_PORT))

    @property
    def label(self) -> str:
        """The ports as a phrase."""
        protocol = (self.protocol.literal or label_of(self.protocol)).lower()
        if protocol in _PORTLESS:
            return "icmp"
        if protocol not in _PORTED:
            return "all ports"
        low, high = label_of(self.low), label_of(self.high)
        return f"port {low}" if low == high else f"ports {low}-{high}"


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a rule: a range, a group, or something the run does not decide (``missing``)."""

    label: str
    range: Range | None = None
    group: SecurityGroup | None = None
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One rule: ``owner`` is the group it is written in, or the separate rule resource."""

    owner: Resource
    span: Span
    ports: Ports | None
    peer: Peer

    def states(self, verb: str = "admits") -> Evidence:
        """The rule as a step of evidence."""
        ports = "" if self.ports is None else f" on {self.ports.label}"
        return self.owner.states(f"{verb} {self.peer.label}{ports}", self.span)


@dataclass(frozen=True, slots=True)
class GroupRules:
    """All rules of one direction; ``missing`` when some of them are not in the run."""

    rules: tuple[GroupRule, ...]
    missing: tuple[Missing, ...] = ()
    is_open_by_default: bool = False
    """Egress only: no rule is written, so AWS lets everything out."""


_Keys = dict[str, tuple[str, ...]]
_INGRESS_TYPE = "AWS::EC2::SecurityGroupIngress"
_INGRESS: _Keys = {
    "range": ("CidrIp", "CidrIpv6", "CIDRIP"),
    "group": ("SourceSecurityGroupId", "SourceSecurityGroupName", "EC2SecurityGroupId", "EC2SecurityGroupName"),
    "list": ("SourcePrefixListId",),
}
_EGRESS: _Keys = {
    "range": ("CidrIp", "CidrIpv6"),
    "group": ("DestinationSecurityGroupId",),
    "list": ("DestinationPrefixListId",),
}


def ingress_of(graph: Architecture, group: SecurityGroup) -> GroupRules:
    """Whom a group admits. The default group of a VPC admits itself (VPC User Guide, *Default security groups*)."""
    resource = group.resource
    if resource is None:
        return GroupRules((), _lacking(group))
    return graph.memo("ingress", (resource, group.is_default), lambda: _ingress(graph, group, resource))


def _ingress(graph: Architecture, group: SecurityGroup, resource: Resource) -> GroupRules:
    separate = _separate(graph, group, _INGRESS_TYPE, _INGRESS)
    if group.is_default:
        itself = GroupRule(resource, resource.span, None, Peer(group.label, group=group))
        return GroupRules((itself, *separate))
    inline = tuple(_rules(graph, resource, resource.prop("SecurityGroupIngress"), _INGRESS))
    added = added_elsewhere(graph, resource) or perhaps_pointing(graph, resource, _INGRESS_TYPE, "GroupId")
    return GroupRules((*inline, *separate), () if added is None else (added,))


def egress_of(graph: Architecture, group: SecurityGroup) -> GroupRules:
    """Where a group lets its wearers go; without rules everywhere."""
    resource = group.resource
    if resource is None:
        return GroupRules((), _lacking(group))
    return graph.memo("egress", (resource, group.is_default), lambda: _egress(graph, group, resource))


def _egress(graph: Architecture, group: SecurityGroup, resource: Resource) -> GroupRules:
    separate = _separate(graph, group, "AWS::EC2::SecurityGroupEgress", _EGRESS)
    if group.is_default:
        return GroupRules(separate, is_open_by_default=True)
    written = resource.prop("SecurityGroupEgress")
    inline = tuple(_rules(graph, resource, written, _EGRESS))
    if inline:
        return GroupRules((*inline, *separate))
    if not separate:
        return GroupRules((), is_open_by_default=True)
    what = f"whether the separate egress rules of {resource.name} remove the default one is not documented"
    cause = Missing(what, f"write the rules in SecurityGroupEgress of {resource.name}", f"egress:{resource.name}")
    return GroupRules(separate, (cause,))


def _lacking(group: SecurityGroup) -> tuple[Missing, ...]:
    return () if group.missing is None else (group.missing,)


def _separate(graph: Architecture, group: SecurityGroup, type_: str, keys: _Keys) -> tuple[GroupRule, ...]:
    found: list[GroupRule] = []
    for resource in _candidates(graph, group, type_):
        if _is_for(graph, resource, group) and resource.exists():
            found.append(_rule(graph, resource, resource.prop(), resource.span, keys))
    return tuple(found)


def _candidates(graph: Architecture, group: SecurityGroup, type_: str) -> tuple[Resource, ...]:
    """The rules that can name the group; by a written name only a group can be named that has one."""
    resource = group.resource
    properties = None if resource is None else resource.body.get("Properties")
    if resource is None or (isinstance(properties, MapNode) and "GroupName" in properties.entries):
        return graph.declared(type_)
    return graph.mentioning(resource, type_)


def _is_for(graph: Architecture, rule: Resource, group: SecurityGroup) -> bool:
    named = rule.prop("GroupId")
    if not named.is_absent:
        other = security_group(graph, named)
        return other.resource == group.resource and other.is_default == group.is_default
    name = rule.prop("GroupName")
    if group.resource is None or group.is_default or name.is_absent:
        return False
    reference = name.reference
    if reference is not None:
        return graph.resource_of(reference) == group.resource
    return name.literal is not None and name.literal == group.resource.prop("GroupName").literal


def _rules(graph: Architecture, owner: Resource, written: Value, keys: _Keys) -> Iterator[GroupRule]:
    items = written.items() if isinstance(written, ListValue) else (written,)
    for item in items:
        if not item.is_absent:
            yield _rule(graph, owner, item, item.span, keys)


def _rule(graph: Architecture, owner: Resource, body: Value, span: Span, keys: _Keys) -> GroupRule:
    if isinstance(body, Unknown):
        return GroupRule(owner, span, None, Peer("a rule that is not decided", missing=body.cause))
    ports = Ports(body.get("IpProtocol"), body.get("FromPort"), body.get("ToPort"))
    peer, at = _peer(graph, body, keys)
    return GroupRule(owner, at or span, ports if isinstance(body, MapValue) else None, peer)


def _peer(graph: Architecture, body: Value, keys: _Keys) -> tuple[Peer, Span | None]:
    for name in keys["range"]:
        value = body.get(name)
        if not value.is_absent:
            found = range_of(graph, value)
            return Peer(found.label, found, missing=found.missing), value.span
    for name in keys["list"]:
        value = body.get(name)
        if not value.is_absent:
            return _prefix_list(graph, value), value.span
    for name in keys["group"]:
        value = body.get(name)
        if not value.is_absent:
            return _group_peer(graph, value, by_name=name.endswith("Name")), value.span
    cause = Missing(f"the rule at {body.span} names no peer", "name a group or a range", f"rule:{body.span}")
    return Peer("an unnamed peer", missing=cause), None


def _group_peer(graph: Architecture, value: Value, *, by_name: bool) -> Peer:
    if by_name and value.literal is not None:
        for resource in graph.declared("AWS::EC2::SecurityGroup"):
            if resource.prop("GroupName").literal == value.literal and resource.exists():
                return Peer(resource.name, group=SecurityGroup(resource.name, resource))
    group = security_group(graph, value)
    return Peer(group.label, group=group, missing=group.missing)


def _prefix_list(graph: Architecture, value: Value) -> Peer:
    target = graph.target(value, "AWS::EC2::PrefixList")
    label = f"prefix list {label_of(value)}"
    if isinstance(target, Resource):
        entries = [range_of(graph, entry.get("Cidr")) for entry in target.prop("Entries").items()]
        unknown = next((entry.missing for entry in entries if entry.missing is not None), None)
        known: Addresses = union(entry.addresses for entry in entries if entry.addresses is not None)
        return Peer(label, Range(label, None if unknown else known, missing=unknown), missing=unknown)
    text = label_of(value) if isinstance(value, Text | Unknown) else "a prefix list"
    how = "define the prefix list in the run, or write its ranges as rules"
    cause = value.missing or Missing(
        f"the entries of prefix list {text} are not in the run", how, f"prefix-list:{text}"
    )
    return Peer(label, missing=cause)


def classic_rules(graph: Architecture, resource: Resource) -> tuple[GroupRule, ...]:
    """The rules of the security groups that RDS and Redshift kept themselves; they have no ports."""
    written = resource.prop("DBSecurityGroupIngress")
    bodies = [resource.prop()] if resource.type.endswith("Ingress") else list(written.items())
    found: list[GroupRule] = []
    for body in bodies:
        peer, at = _peer(graph, body, _INGRESS)
        found.append(GroupRule(resource, at or body.span, None, peer))
    return tuple(found)
