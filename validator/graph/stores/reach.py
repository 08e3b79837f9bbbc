"""Whether the Internet can open a connection to a store: a public address, a route, an ACL and a group that agree.

All of them are needed (RDS User Guide, *Working with a DB instance in a VPC*): one that is proven closed
closes the way, one that is not decided leaves it open to doubt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from validator.graph.architecture import Architecture
from validator.graph.network.access_lists import blocks_internet
from validator.graph.network.compute import openness
from validator.graph.network.groups import GroupRule, ingress_of
from validator.graph.network.identity import vpc_of
from validator.graph.network.subnets import SubnetExposure
from validator.graph.resource import Resource
from validator.graph.stores.addressing import is_public_to, speaks_ipv6
from validator.graph.stores.admission import assumed_closed, on_port
from validator.graph.stores.domain_policy import domain_admits_everyone
from validator.graph.stores.kinds import Publicity, kind_of
from validator.graph.stores.placement import Home, groups_worn, placement_of, ports_of
from validator.graph.stores.public_access import public_access
from validator.model import Evidence, Missing, Span
from validator.resolve import Text


class Way(Enum):
    """State of one condition for a connection from the Internet, or of all together."""

    OPEN = "open"
    CLOSED = "closed"
    UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: ``because`` says in a phrase after the store's logical ID why it is as it is."""

    way: Way
    because: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    at: Span | None = None


def internet_parts(graph: Architecture, store: Resource) -> tuple[Part, ...]:
    """The conditions for a connection from the Internet, in order; the last is the first that is closed.

    Later conditions are not asked once the way is closed, so that no scenario forks for nothing.
    """
    return graph.memo("internet-parts", store, lambda: tuple(_until_closed(_parts(graph, store))))


def _until_closed(parts: Iterator[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if part.way is Way.CLOSED:
            return


def _parts(graph: Architecture, store: Resource) -> Iterator[Part]:
    published = _published(graph, store)
    if published is not None:
        yield published
        return
    access = public_access(graph, store)
    way = {True: Way.OPEN, False: Way.CLOSED, None: Way.UNDECIDED}[access.is_on]
    yield Part(way, access.because, access.evidence, access.missing, access.at)
    kind = kind_of(store.type)
    if kind.publicity is Publicity.ENDPOINT:
        yield _by_policy(store)
    elif kind.groups or kind.cluster:
        yield _by_routes(graph, store)
        yield _by_groups(graph, store)
        yield _by_access_lists(graph, store)


def _published(graph: Architecture, store: Resource) -> Part | None:
    """An internet-facing network load balancer with the store as a target, whatever the store's switch says."""
    for group in graph.referrers(store, "AWS::ElasticLoadBalancingV2::TargetGroup"):
        targets = [target.get("Id") for target in group.prop("Targets").items()]
        named = [value for value in targets if isinstance(value, Text)]
        if not any(graph.resource_of(reference) == store for value in named for reference in value.references):
            continue
        for listener in graph.referrers(group, "AWS::ElasticLoadBalancingV2::Listener"):
            balancer = graph.target(listener.prop("LoadBalancerArn"), "AWS::ElasticLoadBalancingV2::LoadBalancer")
            if isinstance(balancer, Resource) and balancer.prop("Type").literal == "network":
                reach = openness(graph, balancer)
                if reach.is_open:
                    because = f"is a target of {balancer.name}, which {reach.because}"
                    steps = (*reach.evidence, listener.states(f"forwards to {group.name}"), group.states(because))
                    return Part(Way.OPEN, because, steps, at=group.span)
    return None


def _by_policy(store: Resource) -> Part:
    """A domain's public endpoint asks its access policy (OpenSearch Developer Guide, *Identity and access*)."""
    verdict = domain_admits_everyone(store)
    way = {True: Way.OPEN, False: Way.CLOSED, None: Way.UNDECIDED}[verdict.admits]
    return Part(way, verdict.because, (store.states(verdict.because, verdict.at),), verdict.missing, verdict.at)


def _by_routes(graph: Architecture, store: Resource) -> Part:
    placement = placement_of(graph, store)
    if placement.home is Home.DEFAULT_VPC:
        because = f"{placement.because}, whose subnets are public"
        return Part(Way.OPEN, because, (store.states(because, placement.at),))
    exposures = placement.exposures(graph)
    verdicts = [(exposure, is_public_to(graph, store, exposure)) for exposure in exposures]
    public = [exposure for exposure, verdict in verdicts if verdict is True]
    reachable = [exposure for exposure in public if not _blocked(graph, exposure)]
    if reachable:
        because = f"may be placed in {reachable[0].label}, which {reachable[0].because}"
        return Part(Way.OPEN, because, (*placement.evidence, *reachable[0].evidence))
    causes = tuple(cause for exposure in exposures if exposure.is_unknown for cause in exposure.missing)
    causes += tuple(verdict for _, verdict in verdicts if isinstance(verdict, Missing))
    if causes or not exposures:
        lacking = causes or (Missing(f"the subnets of {store.name} are not named", "name them", store.name),)
        return Part(Way.UNDECIDED, "is in subnets that are not decided", placement.evidence, lacking)
    steps = tuple(step for exposure in exposures for step in exposure.evidence)
    if public:
        return Part(Way.CLOSED, "is in a VPC whose internet gateways are blocked (VPC Block Public Access)", steps)
    labels = ", ".join(dict.fromkeys(exposure.label for exposure in exposures))
    return Part(Way.CLOSED, f"is in subnets without a route to the Internet ({labels})", steps)


def _blocked(graph: Architecture, exposure: SubnetExposure) -> bool:
    """Whether VPC Block Public Access of the run cuts the subnet's internet gateway off."""
    for options in graph.existing("AWS::EC2::VPCBlockPublicAccessOptions"):
        if (options.prop("InternetGatewayBlockMode").literal or "").startswith("block-"):
            return not _excluded(graph, exposure)
    return False


def _excluded(graph: Architecture, exposure: SubnetExposure) -> bool:
    vpc = vpc_of(graph, exposure.subnet) if exposure.subnet is not None else None
    for exclusion in graph.existing("AWS::EC2::VPCBlockPublicAccessExclusion"):
        named = (graph.target(exclusion.prop("SubnetId")), graph.target(exclusion.prop("VpcId")))
        if any(not isinstance(target, Resource) and target is not None for target in named):
            return True
        if exposure.subnet in named or (vpc is not None and vpc in named):
            return True
    return False


def _by_groups(graph: Architecture, store: Resource) -> Part:
    doubts: list[Missing] = []
    for worn in groups_worn(graph, store):
        rules = ingress_of(graph, worn.group)
        if assumed_closed(graph, rules.missing) is None:
            doubts += rules.missing
        for rule in rules.rules:
            admits = _admits_internet(graph, store, rule)
            if admits is True:
                because = f"is open to {rule.peer.label} by {worn.group.label}"
                return Part(Way.OPEN, because, (worn.states(), rule.states()), at=rule.span)
            if isinstance(admits, Missing):
                doubts.append(admits)
    if doubts:
        return Part(Way.UNDECIDED, "wears security groups that are not decided", missing=tuple(doubts))
    steps = tuple(worn.states() for worn in groups_worn(graph, store))
    return Part(Way.CLOSED, "wears security groups that admit no address of the Internet on its port", steps)


def _admits_internet(graph: Architecture, store: Resource, rule: GroupRule) -> bool | Missing:
    found = rule.peer.range
    if found is None:
        return rule.peer.missing or False if rule.peer.group is None else False
    if found.whole is not None:
        return False
    if found.addresses is None:
        return found.missing or Missing(f"the range at {rule.span} is not known", "write it", f"range:{rule.span}")
    admitted = found.addresses.public
    if not admitted or (not admitted.ipv4 and speaks_ipv6(graph, store) is False):
        return False
    return on_port(graph, store, rule)


def _by_access_lists(graph: Architecture, store: Resource) -> Part:
    placement = placement_of(graph, store)
    ports = ports_of(graph, store)
    public = [e.subnet for e in placement.exposures(graph) if e.is_public and e.subnet]
    if isinstance(ports, Missing) or not public:
        return Part(Way.OPEN, "has no network ACL of the run before it")
    verdicts = [blocks_internet(graph, subnet, port) for subnet in public for port in ports]
    if all(verdict.blocks for verdict in verdicts):
        because = f"is behind network ACLs that keep the Internet out ({', '.join(s.name for s in public)})"
        return Part(Way.CLOSED, because, verdicts[0].evidence)
    doubts = tuple(cause for verdict in verdicts for cause in verdict.missing)
    if doubts and all(verdict.blocks is not False for verdict in verdicts):
        return Part(Way.UNDECIDED, "is behind a network ACL that is not decided", missing=doubts)
    return Part(Way.OPEN, "has no network ACL that keeps the Internet out")
