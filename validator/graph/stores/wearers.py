"""Who wears a security group, and to which tier each wearer belongs.

A group as the source of a rule means the private addresses of its wearers (VPC User Guide, *Security group
rules*): what the rule admits is what wears the group.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from validator.graph.architecture import Architecture
from validator.graph.names import decides_outside
from validator.graph.network.compute import ATTACHMENTS, group_values, openness, subnet_values, values_at
from validator.graph.network.identity import (
    SUBNET,
    SecurityGroup,
    denoted,
    leaves_run,
    listed,
    may_mention,
    security_group,
    vpc_of,
)
from validator.graph.resource import Resource
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import Home, placement_of
from validator.graph.stores.public_access import public_access
from validator.load.nodes import ListNode, MapNode, Node
from validator.model import Evidence, Missing
from validator.resolve import Value


class Role(Enum):
    """What a wearer is to a data store."""

    LOGIC = "logic tier"
    DATA = "data tier"
    OPEN = "in a public subnet or facing the Internet"
    UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Wearer:
    """A resource that wears a security group. ``because`` says why it has its role, after its logical ID."""

    resource: Resource
    role: Role
    because: str
    evidence: tuple[Evidence, ...]
    missing: tuple[Missing, ...] = ()
    has_public_address: bool = False


@dataclass(frozen=True, slots=True)
class Wearers:
    """All wearers in the run; ``outside`` says what may let others wear the group."""

    wearers: tuple[Wearer, ...]
    outside: Missing | None = None


_DEFAULT_WEARERS = ("AWS::EC2::Instance", "AWS::EC2::NetworkInterface", "AWS::ECS::Service", "AWS::ECS::TaskSet")
"""Types that wear the VPC's default group when they name none."""

_NO_WEARER = ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")


def wearers_of(graph: Architecture, group: SecurityGroup) -> Wearers:
    """Who wears a group of the run."""
    resource = group.resource
    if resource is None:
        return Wearers((), group.missing)
    return graph.memo("wearers", (resource, group.is_default), lambda: _wearers_of(graph, group, resource))


def _wearers_of(graph: Architecture, group: SecurityGroup, resource: Resource) -> Wearers:
    known = (*ATTACHMENTS, *STORE_KINDS)
    candidates = dict.fromkeys(may_mention(graph, resource, *known))
    found = [_wearer(graph, other, group) for other in candidates if _wears(graph, other, group) and other.exists()]
    if group.is_default:
        found += [_wearer(graph, other, group) for other in _by_default(graph, resource)]
        return Wearers(tuple(found))
    return Wearers(tuple(found), _outside(graph, resource, found))


def _outside(graph: Architecture, resource: Resource, found: list[Wearer]) -> Missing | None:
    for other in graph.referrers(resource):
        if other.type in ATTACHMENTS or other.type in STORE_KINDS or other.type in _NO_WEARER:
            continue
        if decides_outside(other.type) or _looks_like_wearer(other):
            what = f"{other.name} ({other.type}) may wear {resource.name}; what it runs is not modelled"
            return Missing(what, f'assume it: subject = "{resource.name}"', resource.name)
    if found:
        return None
    for refused in graph.refused("AWS::Serverless::Function"):
        what = f"SAM refuses {refused.name}, which may wear {resource.name}"
        return Missing(what, f"correct {refused.name}", f"sam:{refused.name}")
    return leaves_run(graph, resource)


def _looks_like_wearer(resource: Resource) -> bool:
    """Whether a type that is not in the tables has a property for security groups."""
    pending: list[Node | None] = [resource.body.get("Properties")]
    while pending:
        node = pending.pop()
        if isinstance(node, MapNode):
            if any("securitygroup" in key.lower() for key in node.entries):
                return True
            pending.extend(value for _, value in node.items())
        elif isinstance(node, ListNode):
            pending.extend(node.items)
    return False


def _worn_values(resource: Resource) -> tuple[Value, ...]:
    attachment = ATTACHMENTS.get(resource.type)
    if attachment is not None:
        return group_values(resource, attachment)
    paths = STORE_KINDS[resource.type].groups
    return tuple(item for path in paths for value in values_at(resource, path) for item in listed(value))


def _wears(graph: Architecture, resource: Resource, group: SecurityGroup) -> bool:
    for value in _worn_values(resource):
        other = security_group(graph, value)
        if other.resource == group.resource and other.is_default == group.is_default:
            return True
    return False


def _by_default(graph: Architecture, vpc: Resource) -> Iterator[Resource]:
    for resource in graph.existing(*_DEFAULT_WEARERS):
        attachment = ATTACHMENTS[resource.type]
        if group_values(resource, attachment) or not resource.prop("LaunchTemplate").is_absent:
            continue
        subnets = (denoted(graph, value, SUBNET) for value in subnet_values(graph, resource, attachment))
        if any(isinstance(subnet, Resource) and vpc_of(graph, subnet) == vpc for subnet in subnets):
            yield resource


def groups_of(graph: Architecture, resource: Resource) -> tuple[SecurityGroup, ...]:
    """The security groups that something beside the stores wears; without any the default one of its VPC."""
    attachment = ATTACHMENTS[resource.type]
    named = tuple(security_group(graph, value) for value in group_values(resource, attachment))
    if named or resource.type not in _DEFAULT_WEARERS or not resource.prop("LaunchTemplate").is_absent:
        return named
    subnets = (denoted(graph, value, SUBNET) for value in subnet_values(graph, resource, attachment))
    vpcs = dict.fromkeys(vpc_of(graph, subnet) for subnet in subnets if isinstance(subnet, Resource))
    made = (vpc for vpc in vpcs if isinstance(vpc, Resource))
    return tuple(SecurityGroup(f"the default group of {vpc.name}", vpc, is_default=True) for vpc in made)


def _wearer(graph: Architecture, resource: Resource, group: SecurityGroup) -> Wearer:
    wears = resource.states(f"wears {group.label}")
    if resource.type in STORE_KINDS:
        if not STORE_KINDS[resource.type].is_store and _faces_internet(graph, resource):
            access = public_access(graph, resource)
            steps = (wears, *access.evidence)
            return Wearer(resource, Role.OPEN, f"has public access: it {access.because}", steps, (), True)
        return Wearer(resource, Role.DATA, f"is a {STORE_KINDS[resource.type].noun}", (wears,))
    reach = openness(graph, resource)
    role = {True: Role.OPEN, False: Role.LOGIC, None: Role.UNDECIDED}[reach.is_open]
    return Wearer(resource, role, reach.because, (wears, *reach.evidence), reach.missing, reach.has_public_address)


def _faces_internet(graph: Architecture, between: Resource) -> bool:
    """Whether a broker or replication instance has a public address and a subnet with a direct route."""
    if public_access(graph, between).is_on is not True:
        return False
    placement = placement_of(graph, between)
    return placement.home is Home.DEFAULT_VPC or any(e.is_public for e in placement.exposures(graph))


LOGIC_TYPES = (
    "AWS::Lambda::Function",
    "AWS::Lambda::CapacityProvider",
    "AWS::ECS::Service",
    "AWS::ECS::TaskSet",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::Batch::ComputeEnvironment",
)


def logic_subnets(graph: Architecture) -> tuple[Value, ...]:
    """The values that name the subnets in which the logic tier of the run works."""
    return graph.memo("logic-subnets", None, lambda: tuple(_logic_subnets(graph)))


def _logic_subnets(graph: Architecture) -> Iterator[Value]:
    for resource in graph.existing(*LOGIC_TYPES):
        values = subnet_values(graph, resource, ATTACHMENTS[resource.type])
        if values and openness(graph, resource).is_open is not True:
            yield from values
