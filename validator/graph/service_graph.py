"""The architecture folded to its services: who depends on whom, and what they share.

White paper, *Microservices*: services are deployed apart. A service is a root stack with all that it nests; where the
run has one root alone, each stack that the root nests directly is one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import networkx as nx

from validator.graph.edges import Edge, Relation
from validator.graph.resource import Resource
from validator.graph.tiers import Tier, tier_of_type
from validator.graph.typed_graph import TypedGraph

_USES = frozenset((Relation.MAY, Relation.TALKS_TO, Relation.ROUTES_TO))
"""Relations by which a service uses a store."""

_ROLE = "AWS::IAM::Role"
CYCLES_BOUND = 50


@dataclass(frozen=True, slots=True, order=True)
class Dependency:
    """One service depends on another; ``relations`` counts the edges by what they say."""

    source: str
    target: str
    relations: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Shared:
    """A store or a role that several services use."""

    service: str
    resource: str
    resource_type: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceGraph:
    """Services with their number of resources, what lies between them, and circles of dependencies."""

    services: Mapping[str, int]
    dependencies: tuple[Dependency, ...] = ()
    stores: tuple[Shared, ...] = ()
    roles: tuple[Shared, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = field(default=())


def service_graph(graph: TypedGraph) -> ServiceGraph:
    """Fold the graph to its services."""
    resources = [node for node in graph.nodes if isinstance(node, Resource)]
    service = _services(resources)
    counts: dict[str, int] = {}
    for resource in resources:
        counts[service[resource]] = counts.get(service[resource], 0) + 1
    between = [edge for edge in graph.edges if _crosses(edge, service)]
    dependencies = _dependencies(between, service)
    return ServiceGraph(
        counts, dependencies, _stores(graph.edges, service), _roles(graph.edges, service), _cycles(dependencies)
    )


def _services(resources: Iterable[Resource]) -> dict[Resource, str]:
    roots = {resource: _root(resource) for resource in resources}
    if len(set(roots.values())) > 1:
        return roots
    return {
        resource: "/".join((root, *resource.scope.path[:1])) if resource.scope.path else root
        for resource, root in roots.items()
    }


def _root(resource: Resource) -> str:
    nested = "/".join(resource.scope.path)
    return resource.id.stack.removesuffix(f"/{nested}") if nested else resource.id.stack


def _crosses(edge: Edge, service: Mapping[Resource, str]) -> bool:
    source, target = edge.source, edge.target
    return isinstance(source, Resource) and isinstance(target, Resource) and service[source] != service[target]


def _dependencies(edges: Iterable[Edge], service: Mapping[Resource, str]) -> tuple[Dependency, ...]:
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for edge in edges:
        if isinstance(edge.source, Resource) and isinstance(edge.target, Resource):
            relations = counted.setdefault((service[edge.source], service[edge.target]), {})
            relations[edge.relation.value] = relations.get(edge.relation.value, 0) + 1
    return tuple(
        Dependency(source, target, tuple(sorted(relations.items())))
        for (source, target), relations in sorted(counted.items())
    )


def _stores(edges: Iterable[Edge], service: Mapping[Resource, str]) -> tuple[Shared, ...]:
    edges = tuple(edges)
    wearers = _users_of_roles(edges)
    users: dict[Resource, dict[str, None]] = {}
    for edge in edges:
        target, source = edge.target, edge.source
        if edge.relation not in _USES or not isinstance(target, Resource) or not isinstance(source, Resource):
            continue
        if tier_of_type(target.type) is Tier.DATA:
            # A role uses nothing by itself: who wears it does.
            for user in wearers.get(source, (source,)):
                users.setdefault(target, {})[service[user]] = None
    return _shared(users, service)


def _roles(edges: Iterable[Edge], service: Mapping[Resource, str]) -> tuple[Shared, ...]:
    users: dict[Resource, dict[str, None]] = {}
    for role, wearers in _users_of_roles(edges).items():
        users[role] = dict.fromkeys(service[wearer] for wearer in wearers)
    return _shared(users, service)


def _users_of_roles(edges: Iterable[Edge]) -> dict[Resource, list[Resource]]:
    found: dict[Resource, list[Resource]] = {}
    for edge in edges:
        role, user = edge.target, edge.source
        if edge.relation is not Relation.ASSUMES or not isinstance(role, Resource) or role.type != _ROLE:
            continue
        if isinstance(user, Resource):
            found.setdefault(role, []).append(user)
    return found


def _shared(users: Mapping[Resource, Mapping[str, None]], service: Mapping[Resource, str]) -> tuple[Shared, ...]:
    return tuple(
        Shared(service[resource], resource.name, resource.type, tuple(sorted(names)))
        for resource, names in users.items()
        if len(names) > 1
    )


def _cycles(dependencies: Iterable[Dependency]) -> tuple[tuple[str, ...], ...]:
    """Each group of services that depend on each other in a circle, in the order of their names."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((one.source, one.target) for one in dependencies)
    groups = (sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1)
    return tuple(sorted(map(tuple, groups))[:CYCLES_BOUND])
