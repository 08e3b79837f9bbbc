"""Where a store lives: the subnets it names, directly, through a subnet group or through its cluster.

Follows the CloudFormation pages of the types in ``STORE_KINDS``: without a subnet group a store is placed in
the default VPC, whose subnets are public (VPC User Guide, *Default VPCs*).
"""

from dataclasses import dataclass
from enum import Enum

from validator.graph.architecture import Architecture, External
from validator.graph.network.compute import ATTACHMENTS, subnet_values, values_at
from validator.graph.network.identity import SUBNET, VPC, SecurityGroup, denoted, label_of, listed, security_group
from validator.graph.network.subnets import SubnetExposure, subnet_exposure
from validator.graph.resource import Resource
from validator.graph.stores.kinds import CLUSTERS, SELF_RUN_KINDS, SUBNET_GROUPS, Path, kind_of
from validator.graph.stores.self_run import self_run
from validator.model import Evidence, Missing, Span
from validator.resolve import ListValue, Unknown, Value


class Home(Enum):
    """Where a store is placed."""

    SUBNETS = "in the subnets it names"
    DEFAULT_VPC = "in the default VPC"
    NO_VPC = "in no VPC"


@dataclass(frozen=True, slots=True)
class Placement:
    """The store's home. ``at`` is the property of the store that decides; ``subnets`` has one value each.

    A subnet group or cluster that is not in the run gives one unknown value. ``named`` is the value that
    names the subnet group or the list.
    """

    home: Home
    at: Span
    because: str
    subnets: tuple[Value, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    named: Value | None = None

    @property
    def is_decided(self) -> bool:
        """Whether the property that names the home has a value."""
        return not isinstance(self.named, Unknown)

    def exposures(self, graph: Architecture) -> tuple[SubnetExposure, ...]:
        """What each of the subnets is."""
        return tuple(subnet_exposure(graph, value) for value in self.subnets)


def cluster_of(graph: Architecture, store: Resource) -> Resource | Missing | None:
    """The cluster a store is a member of; what is missing when it is not in the run; None when it is in none."""
    kind = kind_of(store.type)
    value = store.prop(kind.cluster) if kind.cluster else None
    if value is None or value.is_absent:
        return None
    target = graph.target(value, *CLUSTERS)
    if isinstance(target, Resource):
        return target
    what = f"cluster {label_of(value)} of {store.name} is not in the templates of the run"
    return value.missing or Missing(what, "add the template that makes it", store.name)


def placement_of(graph: Architecture, store: Resource) -> Placement:
    """Where the store is placed; a cluster's member is where its cluster is."""
    return graph.memo("placement", store, lambda: _placement(graph, store))


def _placement(graph: Architecture, store: Resource) -> Placement:
    kind = kind_of(store.type)
    cluster = cluster_of(graph, store)
    if isinstance(cluster, Resource):
        above = placement_of(graph, cluster)
        step = store.states(f"is a member of {cluster.name}", store.property_span(kind.cluster))
        return Placement(above.home, above.at, above.because, above.subnets, (step, *above.evidence), above.named)
    if isinstance(cluster, Missing):
        unknown = Unknown(cluster, store.property_span(kind.cluster))
        return Placement(Home.SUBNETS, unknown.span, "is where its cluster is", (unknown,), named=unknown)
    if kind.subnet_group:
        return _by_subnet_group(graph, store, kind.subnet_group)
    if store.type == "AWS::EC2::LaunchTemplate":
        return _by_fleets(graph, store)
    return _by_list(store, kind.subnets)


def _by_fleets(graph: Architecture, template: Resource) -> Placement:
    """Instances of a launch template are where it or its fleets say."""
    subnets = subnet_values(graph, template, ATTACHMENTS[template.type])
    if not subnets:
        what = f"the subnets of the instances of {template.name} are not in the template"
        unknown = Unknown(Missing(what, f'assume it: subject = "{template.name}"', template.name), template.span)
        return Placement(Home.SUBNETS, template.span, "runs where it is launched", (unknown,), named=unknown)
    labels = ", ".join(dict.fromkeys(map(label_of, subnets)))
    step = template.states(f"is launched in {labels}", subnets[0].span)
    return Placement(Home.SUBNETS, subnets[0].span, f"is launched in {labels}", subnets, (step,), subnets[0])


def _by_list(store: Resource, paths: tuple[Path, ...]) -> Placement:
    values = [value for path in paths for value in values_at(store, path)]
    subnets = tuple(item for value in values for item in listed(value))
    if subnets:
        because = f"names {', '.join(dict.fromkeys(map(label_of, subnets)))}"
        return Placement(Home.SUBNETS, values[0].span, because, subnets, named=values[0])
    empty = next((value for value in values if isinstance(value, ListValue) and value.node is None), None)
    if empty is not None:
        unknown = Unknown(_empty(store, ".".join(paths[0])), empty.span)
        return Placement(Home.SUBNETS, empty.span, "names an empty list of subnets", (unknown,), named=unknown)
    top = paths[0][0] if paths else ""
    holder = store.prop(top) if top else None
    if isinstance(holder, Unknown):
        return Placement(Home.SUBNETS, holder.span, f"has {top} that is not decided", (holder,), named=holder)
    if store.type in ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"):
        because = "has no VPCOptions, so it has a public endpoint and is in no VPC"
        return Placement(Home.NO_VPC, store.property_span(top), because, (), (store.states(because),))
    if not paths:
        return Placement(Home.NO_VPC, store.span, "is in no VPC", (), (store.states("is in no VPC"),))
    because = f"names no {'.'.join(paths[0])}, so it is placed in the default VPC"
    return Placement(Home.DEFAULT_VPC, store.property_span(top), because, (), (store.states(because),))


def _by_subnet_group(graph: Architecture, store: Resource, name: str) -> Placement:
    value = store.prop(name)
    at = value.span
    if value.is_absent:
        return _without_subnet_group(store, name)
    if value.literal == "":
        unknown = Unknown(_empty(store, name), at)
        return Placement(Home.SUBNETS, at, f"has an empty {name}", (unknown,), (), unknown)
    if (value.literal or "").lower() == "default":
        because = f"names the subnet group default in {name}, so it is placed in the default VPC"
        return Placement(Home.DEFAULT_VPC, at, because, (), (store.states(because, at),), value)
    step = store.states(f"is placed by subnet group {label_of(value)}", at)
    match graph.target(value, *SUBNET_GROUPS):
        case Resource() as group:
            listing = group.prop("SubnetIds")
            subnets = listed(listing)
            holds = group.states(f"holds {', '.join(dict.fromkeys(map(label_of, subnets)))}", listing.span)
            because = f"is placed by {group.name}"
            return Placement(Home.SUBNETS, at, because, subnets, (step, holds), value)
        case External(text):
            cause = _outside(store, text)
            return Placement(Home.SUBNETS, at, f"is placed by {text}", (Unknown(cause, at),), (step,), value)
        case _:
            unknown = value if isinstance(value, Unknown) else Unknown(value.missing or _outside(store, name), at)
            return Placement(Home.SUBNETS, at, f"is placed by {label_of(value)}", (unknown,), (step,), unknown)


def _empty(store: Resource, name: str) -> Missing:
    """An empty default stands for a value to be given: the services refuse it."""
    return Missing(f"{name} of {store.name} is empty by default", "give its parameter a value", f"empty:{store.name}")


def _outside(store: Resource, group: str) -> Missing:
    what = f"subnet group {group} is not in the templates of the run"
    return Missing(what, f'add the template that makes it, or assume it: subject = "{store.name}"', store.name)


def _without_subnet_group(store: Resource, name: str) -> Placement:
    source = store.prop("SourceDBInstanceIdentifier") if store.type == "AWS::RDS::DBInstance" else None
    if source is not None and not source.is_absent:
        what = f"{store.name} is a replica without {name}: where it is placed is not in the template"
        unknown = Unknown(Missing(what, f"set {name} on {store.name}", store.name), source.span)
        return Placement(Home.SUBNETS, source.span, "is placed as its source is", (unknown,), (), unknown)
    because = f"names no subnet group in {name}, so it is placed in the default VPC"
    return Placement(Home.DEFAULT_VPC, store.span, because, (), (store.states(because),))


@dataclass(frozen=True, slots=True)
class WornGroup:
    """A security group that a store wears, and the value that names it (None: the VPC's default group)."""

    group: SecurityGroup
    value: Value | None
    wearer: Resource

    def states(self) -> Evidence:
        """The step of evidence: the store wears the group."""
        span = self.value.span if self.value is not None else self.wearer.span
        suffix = "" if self.value is not None else ", as it names none"
        return self.wearer.states(f"wears {self.group.label}{suffix}", span)


def groups_worn(graph: Architecture, store: Resource) -> tuple[WornGroup, ...]:
    """The security groups of a store; a cluster's member wears the cluster's, one that names none the default's."""
    return graph.memo("groups-worn", store, lambda: _groups_worn(graph, store))


def _groups_worn(graph: Architecture, store: Resource) -> tuple[WornGroup, ...]:
    kind = kind_of(store.type)
    cluster = cluster_of(graph, store)
    if isinstance(cluster, Resource):
        return groups_worn(graph, cluster)
    if isinstance(cluster, Missing):
        return (WornGroup(SecurityGroup("its cluster's groups", missing=cluster), None, store),)
    values = [item for path in kind.groups for value in values_at(store, path) for item in listed(value)]
    if values:
        return tuple(WornGroup(security_group(graph, value), value, store) for value in values)
    holder = store.prop(kind.groups[0][0]) if kind.groups else None
    if isinstance(holder, Unknown):
        return (WornGroup(SecurityGroup("groups that are not decided", missing=holder.cause), holder, store),)
    if not kind.groups or placement_of(graph, store).home is Home.NO_VPC:
        return ()
    if store.type == "AWS::RDS::DBInstance" and not store.prop("SourceDBInstanceIdentifier").is_absent:
        return (WornGroup(_group_of_replica(store), None, store),)
    return (WornGroup(_default_group(graph, store), None, store),)


def _group_of_replica(store: Resource) -> SecurityGroup:
    """CFN ``DBInstance``: a replica takes its source's groups when it is made, an update gives it the default one."""
    what = f"{store.name} is a replica without VPCSecurityGroups: an update reverts its groups to the default"
    cause = Missing(what, f"set VPCSecurityGroups on {store.name}", f"replica-groups:{store.name}")
    return SecurityGroup("the groups of its source until the next update", missing=cause)


def _default_group(graph: Architecture, store: Resource) -> SecurityGroup:
    for value in placement_of(graph, store).subnets:
        subnet = denoted(graph, value, SUBNET)
        vpc = denoted(graph, subnet.prop("VpcId"), VPC) if isinstance(subnet, Resource) else None
        if isinstance(vpc, Resource):
            return SecurityGroup(f"the default group of {vpc.name}", vpc, is_default=True)
    what = f"{store.name} names no security group and wears the default group of a VPC that the run does not make"
    how = f"name security groups in {'.'.join(kind_of(store.type).groups[0])} of {store.name}"
    return SecurityGroup("the VPC's default group", missing=Missing(what, how, f"default-group:{store.name}"))


def ports_of(graph: Architecture, store: Resource) -> tuple[int, ...] | Missing:
    """The TCP ports that give access to the store's data: its own setting, else the default of its engine."""
    kind = kind_of(store.type)
    cluster = cluster_of(graph, store)
    if isinstance(cluster, Resource):
        return ports_of(graph, cluster)
    if store.type in SELF_RUN_KINDS:
        return self_run(graph, store).ports
    written = store.prop(kind.port) if kind.port else None
    if written is not None and not written.is_absent:
        known = written.integer()
        cause = Missing(f"the port of {store.name} is not known", f"set {kind.port}", f"port:{store.name}")
        return (known,) if known is not None else written.missing or cause
    if len(kind.ports) == 1:
        return kind.ports[""]
    engine = store.prop(kind.engine)
    if engine.literal is None and engine.missing is not None:
        return engine.missing
    name = engine.literal or ""
    return next(ports for prefix, ports in kind.ports.items() if name.startswith(prefix))
