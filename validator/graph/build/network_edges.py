"""Edges of the network and of the data tier: who runs where, who is routed, who admits and who talks to whom."""

from collections.abc import Iterator

from validator.graph.architecture import Architecture
from validator.graph.edges import Edge, Place, Relation
from validator.graph.network.compute import ATTACHMENTS, group_values, subnet_values
from validator.graph.network.functions import place_of
from validator.graph.network.groups import GroupRule, ingress_of
from validator.graph.network.identity import (
    GROUP,
    ROUTE_TABLE,
    SUBNET,
    SecurityGroup,
    denoted,
    label_of,
    security_group,
)
from validator.graph.network.routes import Via, routes_of
from validator.graph.resource import Resource
from validator.graph.stores.admission import Admits, doors_of
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import groups_worn, placement_of
from validator.graph.stores.reach import Way, internet_parts
from validator.graph.stores.usage import FUNCTION, SECRET, lives_in_vpc, secrets_of_stores, uses_of
from validator.graph.stores.wearers import wearers_of
from validator.resolve import Value

SUBNET_ASSOCIATION = "AWS::EC2::SubnetRouteTableAssociation"


def edges(graph: Architecture, resource: Resource) -> Iterator[Edge]:
    """The edges that one existing resource proves; nothing for types that are not part of the network."""
    if resource.type == SUBNET_ASSOCIATION:
        yield from _associated(graph, resource)
    elif resource.type == ROUTE_TABLE:
        yield from _routed(graph, resource)
    elif resource.type == GROUP:
        yield from _admitting(graph, resource)
    elif resource.type == SECRET:
        yield from _opening(graph, resource)
    elif resource.type in STORE_KINDS:
        yield from _store(graph, resource)
    elif resource.type == FUNCTION:
        yield from _function(graph, resource)
    elif resource.type in ATTACHMENTS:
        attachment = ATTACHMENTS[resource.type]
        yield from _placed(graph, resource, subnet_values(graph, resource, attachment))
        yield from _wearing(graph, resource, group_values(resource, attachment))


def _associated(graph: Architecture, association: Resource) -> Iterator[Edge]:
    subnet = denoted(graph, association.prop("SubnetId"), SUBNET)
    value = association.prop("RouteTableId")
    table = denoted(graph, value, ROUTE_TABLE)
    if isinstance(subnet, Resource) and isinstance(table, Resource):
        yield Edge(subnet, Relation.ROUTED_THROUGH, table, value.span)


def _routed(graph: Architecture, table: Resource) -> Iterator[Edge]:
    for route in routes_of(graph, table):
        target = graph.target(route.through)
        detail = label_of(route.destination)
        if isinstance(target, Resource):
            yield Edge(table, Relation.ROUTED_THROUGH, target, route.span, detail)
        if route.via is Via.INTERNET:
            yield Edge(Place.INTERNET, Relation.ROUTED_THROUGH, table, route.span, detail)


def _admitting(graph: Architecture, group: Resource) -> Iterator[Edge]:
    for rule in ingress_of(graph, SecurityGroup(group.name, group)).rules:
        source = rule.peer.group
        found = rule.peer.range
        if source is not None and source.resource is not None:
            yield Edge(group, Relation.ADMITS, source.resource, rule.span, _ports(rule))
        elif found is not None and found.addresses is not None and found.addresses.public:
            yield Edge(group, Relation.ADMITS, Place.INTERNET, rule.span, f"{found.label} {_ports(rule)}".strip())


def _ports(rule: GroupRule) -> str:
    return "" if rule.ports is None else rule.ports.label


def _opening(graph: Architecture, secret: Resource) -> Iterator[Edge]:
    store = secrets_of_stores(graph).get(secret)
    if store is not None:
        yield Edge(secret, Relation.HOLDS_SECRET, store, secret.span)


def _placed(graph: Architecture, resource: Resource, subnets: tuple[Value, ...]) -> Iterator[Edge]:
    for value in subnets:
        subnet = denoted(graph, value, SUBNET)
        if isinstance(subnet, Resource):
            yield Edge(resource, Relation.RUNS_IN, subnet, value.span)


def _wearing(graph: Architecture, resource: Resource, groups: tuple[Value, ...]) -> Iterator[Edge]:
    for value in groups:
        group = security_group(graph, value)
        if group.resource is not None and not group.is_default:
            yield Edge(resource, Relation.WEARS, group.resource, value.span)


def _function(graph: Architecture, function: Resource) -> Iterator[Edge]:
    place = place_of(graph, function)
    yield from _placed(graph, function, place.subnets)
    yield from _wearing(graph, function, place.groups)
    for use in uses_of(graph, function):
        if use.step.span is not None:
            yield Edge(function, Relation.TALKS_TO, use.store, use.step.span, use.because)


def _store(graph: Architecture, store: Resource) -> Iterator[Edge]:
    kind = STORE_KINDS[store.type]
    if kind.subnets or kind.subnet_group or kind.cluster:
        yield from _placed(graph, store, placement_of(graph, store).subnets)
    for worn in groups_worn(graph, store) if kind.groups or kind.cluster else ():
        if worn.value is not None and worn.group.resource is not None and not worn.group.is_default:
            yield Edge(store, Relation.WEARS, worn.group.resource, worn.value.span)
    if not kind.is_store:
        return
    parts = internet_parts(graph, store)
    if all(part.way is Way.OPEN for part in parts):
        yield Edge(Place.INTERNET, Relation.TALKS_TO, store, parts[0].at or store.span, parts[0].because)
    if lives_in_vpc(graph, store):
        yield from _admitted(graph, store)


def _admitted(graph: Architecture, store: Resource) -> Iterator[Edge]:
    """Who may open a connection to the store because its security groups admit theirs."""
    for door in doors_of(graph, store):
        rule = door.rule
        if rule is None or rule.peer.group is None or door.admits is Admits.OTHER_PORT:
            continue
        for wearer in wearers_of(graph, rule.peer.group).wearers:
            if wearer.resource != store:
                yield Edge(wearer.resource, Relation.TALKS_TO, store, rule.span, _ports(rule))
