"""Whom the security groups of a store let in on its port, and whether that is the logic tier alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from validator.graph.architecture import Architecture
from validator.graph.network.addresses import Addresses, union
from validator.graph.network.groups import GroupRule, classic_rules, ingress_of
from validator.graph.network.identity import SUBNET, VPC, SecurityGroup, denoted, label_of, vpc_of
from validator.graph.network.ranges import Range, owned_range
from validator.graph.network.subnets import exposure_of, subnet_exposure
from validator.graph.resource import Resource
from validator.graph.stores.kinds import SELF_RUN_KINDS, STORE_KINDS
from validator.graph.stores.placement import WornGroup, cluster_of, groups_worn, placement_of, ports_of
from validator.graph.stores.wearers import Role, Wearer, logic_subnets, wearers_of
from validator.model import Evidence, Missing, Severity, Span
from validator.resolve import Value

LARGEST_BLOCK = 65536
"""Addresses of a /16, the largest block a VPC takes (VPC User Guide, *VPC CIDR blocks*)."""


class Admits(Enum):
    """What a rule does to the separation of the tiers."""

    LOGIC_ONLY = "the logic tier or the data tier"
    TOO_MUCH = "more than the logic tier"
    UNDECIDED = "somebody the run does not know"
    OTHER_PORT = "nobody on the store's port"


@dataclass(frozen=True, slots=True)
class Door:
    """One rule of one group that a store wears, judged. ``because`` completes "… admits X: "."""

    admits: Admits
    label: str
    because: str
    at: Span
    evidence: tuple[Evidence, ...]
    missing: tuple[Missing, ...] = ()
    severity: Severity = Severity.MEDIUM
    rule: GroupRule | None = None


def doors_of(graph: Architecture, store: Resource) -> tuple[Door, ...]:
    """Every rule of every group that the store wears; a group outside the run is one undecided door."""
    return graph.memo("doors", store, lambda: tuple(_doors_of(graph, store)))


def _doors_of(graph: Architecture, store: Resource) -> Iterator[Door]:
    for worn in groups_worn(graph, store):
        rules = ingress_of(graph, worn.group)
        if rules.missing:
            yield _outside(graph, worn, rules.missing)
        for rule in rules.rules:
            yield _door(graph, store, worn, rule)


def classic_doors(graph: Architecture, group: Resource) -> tuple[Door, ...]:
    """Every rule of a security group that RDS or Redshift keeps itself: only their stores wear it."""
    return tuple(_judged(_Judge(graph, group, rule, (rule.states(),))) for rule in classic_rules(graph, group))


def assumed_closed(graph: Architecture, missing: tuple[Missing, ...], *keys: str) -> str | None:
    """The reason given for the assumption that what is missing admits the logic tier only, else None."""
    for key in (*(cause.key for cause in missing), *keys):
        if graph.assumed(key) in ("admits-only-logic-tier", "private"):
            return graph.assumption_reason(key)
    return None


def _outside(graph: Architecture, worn: WornGroup, missing: tuple[Missing, ...]) -> Door:
    at = worn.value.span if worn.value is not None else worn.wearer.span
    label = worn.group.label
    reason = assumed_closed(graph, missing)
    if reason is not None:
        step = worn.wearer.states(f"wears {label}, assumed to admit the logic tier only: {reason}", at)
        return Door(Admits.LOGIC_ONLY, label, f"assumed: {reason}", at, (step,))
    return Door(Admits.UNDECIDED, label, "whose rules are not in the run", at, (worn.states(),), missing)


def on_port(graph: Architecture, store: Resource, rule: GroupRule) -> bool | Missing:
    """Whether a rule is for a port of the store."""
    if rule.ports is None:
        return True
    ports = ports_of(graph, store)
    if rule.ports.are_all:
        return True
    for value in (rule.ports.low, rule.ports.high):
        reference = value.reference
        if reference is not None and graph.resource_of(reference) in (store, cluster_of(graph, store)):
            return True
    if isinstance(ports, Missing):
        return ports
    included = [rule.ports.include(port) for port in ports]
    if any(included):
        return True
    if None not in included:
        return False
    causes = (rule.ports.protocol.missing, rule.ports.low.missing, rule.ports.high.missing)
    cause = Missing(f"the ports of the rule at {rule.span} are not known", "write them", f"ports:{rule.span}")
    return next((found for found in causes if found is not None), cause)


@dataclass(frozen=True, slots=True)
class _Judge:
    """One rule on its way to a verdict."""

    graph: Architecture
    store: Resource
    rule: GroupRule
    steps: tuple[Evidence, ...]

    def door(
        self,
        admits: Admits,
        because: str,
        severity: Severity = Severity.MEDIUM,
        missing: tuple[Missing, ...] = (),
        evidence: tuple[Evidence, ...] = (),
    ) -> Door:
        """The verdict, with the rule's place and steps."""
        steps = (*self.steps, *evidence)
        return Door(admits, self.rule.peer.label, because, self.rule.span, steps, missing, severity, self.rule)

    def undecided(self, cause: Missing | None) -> Door:
        """The peer is outside the run: an assumption may settle it."""
        lacking = cause or Missing(f"the rule at {self.rule.span} is not decided", "write it out", "rule")
        reason = assumed_closed(self.graph, (lacking,))
        if reason is not None:
            return self.door(Admits.LOGIC_ONLY, f"assumed: {reason}")
        return self.door(Admits.UNDECIDED, "which is not in the run", missing=(lacking,))


def _door(graph: Architecture, store: Resource, worn: WornGroup, rule: GroupRule) -> Door:
    judge = _Judge(graph, store, rule, (worn.states(), rule.states()))
    reaches = on_port(graph, store, rule)
    if reaches is False:
        return judge.door(Admits.OTHER_PORT, "the rule is for other ports")
    door = _judged(judge)
    if isinstance(reaches, Missing) and door.admits is Admits.TOO_MUCH:
        return judge.door(Admits.UNDECIDED, "on ports that are not known", missing=(reaches,))
    return door


def _judged(judge: _Judge) -> Door:
    peer = judge.rule.peer
    if peer.group is not None:
        return _by_group(judge, peer.group)
    return judge.undecided(peer.missing) if peer.range is None else _by_range(judge, peer.range)


def _by_group(judge: _Judge, group: SecurityGroup) -> Door:
    if group.resource is None:
        return judge.undecided(judge.rule.peer.missing or group.missing)
    found = wearers_of(judge.graph, group)
    exposed = [wearer for wearer in found.wearers if wearer.role is Role.OPEN]
    if exposed:
        because = "; ".join(f"{wearer.resource.name} wears it and {wearer.because}" for wearer in exposed)
        severity = Severity.HIGH if any(wearer.has_public_address for wearer in exposed) else Severity.MEDIUM
        return judge.door(Admits.TOO_MUCH, because, severity, evidence=_steps(exposed))
    undecided = [wearer for wearer in found.wearers if wearer.role is Role.UNDECIDED]
    causes = tuple(cause for wearer in undecided for cause in wearer.missing)
    causes += () if found.outside is None else (found.outside,)
    reason = assumed_closed(judge.graph, causes, group.resource.name) if causes else None
    if causes and reason is None:
        because = f"which {undecided[0].resource.name} wears" if undecided else "which others may wear"
        return judge.door(Admits.UNDECIDED, because, missing=causes, evidence=_steps(undecided))
    if not found.wearers:
        return judge.door(Admits.LOGIC_ONLY, f"assumed: {reason}" if reason else "nothing in the run wears it")
    names = ", ".join(f"{wearer.resource.name} ({wearer.role.value})" for wearer in found.wearers)
    return judge.door(Admits.LOGIC_ONLY, f"worn by {names}", evidence=_steps(found.wearers))


def _steps(wearers: Iterable[Wearer]) -> tuple[Evidence, ...]:
    return tuple(step for wearer in wearers for step in wearer.evidence)


def _by_range(judge: _Judge, found: Range) -> Door:
    graph, door = judge.graph, judge.door
    if found.whole is not None and found.whole.type == VPC:
        return door(Admits.TOO_MUCH, f"that is the whole VPC {found.whole.name}")
    if found.whole is not None:
        return _by_subnet(judge, found.whole)
    addresses = found.addresses
    if addresses is None:
        return judge.undecided(found.missing)
    if not addresses.usable:
        return door(Admits.LOGIC_ONLY, "no packet comes from there")
    if addresses.is_everything:
        return door(Admits.TOO_MUCH, "that is every address of the Internet", Severity.HIGH)
    vpc = _vpc_of_store(judge)
    own = owned_range(graph, vpc) if vpc is not None else None
    if addresses.public - (own if isinstance(own, Addresses) else Addresses()):
        return door(Admits.TOO_MUCH, "that reaches outside the VPC", Severity.HIGH)
    if vpc is not None and isinstance(own, Addresses) and not own - addresses:
        return door(Admits.TOO_MUCH, f"that is the whole VPC {vpc.name}")
    if sum(last - first + 1 for first, last in addresses.ipv4) >= LARGEST_BLOCK:
        return door(Admits.TOO_MUCH, "that is a whole block of a VPC or more")
    return _part_of_vpc(judge, addresses)


def _vpc_of_store(judge: _Judge) -> Resource | None:
    """The VPC the store is in: by its subnets, or by the groups it wears."""
    graph = judge.graph
    if judge.store.type not in STORE_KINDS and judge.store.type not in SELF_RUN_KINDS:
        return None
    for value in placement_of(graph, judge.store).subnets:
        subnet = denoted(graph, value, SUBNET)
        vpc = vpc_of(graph, subnet) if isinstance(subnet, Resource) else None
        if isinstance(vpc, Resource):
            return vpc
    for worn in groups_worn(graph, judge.store):
        if worn.group.resource is not None and not worn.group.is_default:
            vpc = vpc_of(graph, worn.group.resource)
            if isinstance(vpc, Resource):
                return vpc
    return None


def _by_subnet(judge: _Judge, subnet: Resource) -> Door:
    """A rule for the whole range of one subnet (``GetAtt Subnet.CidrBlock``)."""
    if exposure_of(judge.graph, subnet).is_public:
        return judge.door(Admits.TOO_MUCH, f"{subnet.name} is a public subnet")
    logic = _logic_subnets(judge)
    if subnet in logic.subnets:
        return judge.door(Admits.LOGIC_ONLY, f"the logic tier works in {subnet.name}")
    return _not_of_logic_tier(judge, logic)


@dataclass(frozen=True, slots=True)
class _LogicSubnets:
    """The subnets of the logic tier that are in the run, and what is missing to know the others."""

    subnets: tuple[Resource, ...]
    missing: tuple[Missing, ...]


def _logic_subnets(judge: _Judge) -> _LogicSubnets:
    graph = judge.graph
    found: list[Resource] = []
    missing: list[Missing] = []
    for value in logic_subnets(graph):
        subnet = denoted(graph, value, SUBNET)
        if isinstance(subnet, Resource):
            if _may_be_in_vpc(judge, subnet):
                found.append(subnet)
        else:
            missing += subnet_exposure(graph, value).missing or [_outside_run(value)]
    return _LogicSubnets(tuple(dict.fromkeys(found)), tuple(missing))


def _outside_run(value: Value) -> Missing:
    what = f"the range of subnet {label_of(value)} is not in the run"
    return Missing(what, "add the template that makes it", f"range:{label_of(value)}")


def _not_of_logic_tier(judge: _Judge, logic: _LogicSubnets, *more: Missing) -> Door:
    causes = (*logic.missing, *more)
    if logic.subnets and not causes:
        labels = ", ".join(subnet.name for subnet in logic.subnets)
        return judge.door(Admits.TOO_MUCH, f"that is more than the logic tier's subnets ({labels})")
    what = "which subnets the logic tier works in is not in the run"
    lacking = causes or (Missing(what, "add the template of the functions", "logic-tier:subnets"),)
    return judge.door(Admits.UNDECIDED, "where the run does not show who works", missing=lacking)


def _part_of_vpc(judge: _Judge, addresses: Addresses) -> Door:
    """A range inside a VPC passes when the logic tier's own subnets cover it."""
    graph, logic = judge.graph, _logic_subnets(judge)
    ranges = [owned_range(graph, subnet) for subnet in logic.subnets]
    covered = union(known for known in ranges if isinstance(known, Addresses))
    public = _public_subnet_in(judge, addresses)
    if public is not None:
        return judge.door(Admits.TOO_MUCH, f"that takes in public subnet {public.name}")
    if addresses <= covered:
        labels = ", ".join(subnet.name for subnet in logic.subnets)
        return judge.door(Admits.LOGIC_ONLY, f"that is within the logic tier's subnets ({labels})")
    return _not_of_logic_tier(judge, logic, *(known for known in ranges if isinstance(known, Missing)))


def _public_subnet_in(judge: _Judge, addresses: Addresses) -> Resource | None:
    for subnet in judge.graph.existing(SUBNET):
        known = owned_range(judge.graph, subnet)
        if not isinstance(known, Addresses) or not known & addresses or not _may_be_in_vpc(judge, subnet):
            continue
        if exposure_of(judge.graph, subnet).is_public:
            return subnet
    return None


def _may_be_in_vpc(judge: _Judge, subnet: Resource) -> bool:
    """Whether a subnet may be in the store's VPC: equal ranges of two VPCs of the run are different addresses."""
    own, other = _vpc_of_store(judge), vpc_of(judge.graph, subnet)
    return own is None or not isinstance(other, Resource) or own == other
