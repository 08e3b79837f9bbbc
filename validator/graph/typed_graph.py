"""The typed graph of a run as one networkx multigraph: for pictures, for traces, for export.

Edges come from the builders of ``validator.graph.build``, one module a relation family. Each resource is
asked in every scenario it tells apart; an edge that exists in some of them only carries their conditions.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from types import MappingProxyType

import networkx as nx

from validator.graph.architecture import Architecture
from validator.graph.edges import Edge, NodeKey, Place, Relation
from validator.graph.resource import Resource
from validator.resolve import Exploration

EdgeBuilder = Callable[[Architecture, Resource], Iterable[Edge]]

REACH = frozenset(
    (
        Relation.ROUTES_TO,
        Relation.INVOKES,
        Relation.ASSUMES,
        Relation.MAY,
        Relation.TALKS_TO,
        Relation.PUBLISHES,
        Relation.CONSUMES,
        Relation.ADMITS,
    )
)
"""Relations along which a call or data can get from one place to the next."""

PATHS_BOUND = 200
LENGTH_BOUND = 12
LENGTH_BOUND = 12


Path = tuple[tuple[Edge, ...], ...]
"""Steps from node to node, each with the edges that prove it."""


@dataclass(frozen=True, slots=True)
class TypedGraph:
    """Nodes (resources and places) and edges. ``nodes`` are in the order of the templates."""

    nodes: tuple[NodeKey, ...]
    edges: tuple[Edge, ...]

    def paths(self, source: NodeKey, target: NodeKey, relations: frozenset[Relation] = REACH) -> list[Path]:
        """Simple paths from source to target along the relations, shortest first.

        A step holds every edge between its two nodes. At most 200 paths of at most 12 steps.
        """
        steps: dict[tuple[NodeKey, NodeKey], list[Edge]] = {}
        for edge in self.edges:
            if edge.relation in relations:
                steps.setdefault((edge.source, edge.target), []).append(edge)
        graph: nx.DiGraph[NodeKey] = nx.DiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from(steps)
        if source not in graph or target not in graph:
            return []
        found = islice(nx.all_simple_paths(graph, source, target, cutoff=LENGTH_BOUND), PATHS_BOUND)
        paths = [tuple(tuple(steps[step]) for step in pairwise(nodes)) for nodes in found]
        return sorted(paths, key=len)

    def reachable_from(self, source: NodeKey, relations: frozenset[Relation] = REACH) -> frozenset[NodeKey]:
        """Every node that a path along the relations leads to."""
        graph: nx.DiGraph[NodeKey] = nx.DiGraph()
        graph.add_node(source)
        graph.add_edges_from((edge.source, edge.target) for edge in self.edges if edge.relation in relations)
        return frozenset(nx.descendants(graph, source))


def typed_graph(graph: Architecture, builders: Iterable[EdgeBuilder]) -> TypedGraph:
    """The graph that the builders find in the architecture, over all scenarios."""
    edges = dict.fromkeys(
        edge for builder in builders for resource in graph.resources for edge in _edges(builder, graph, resource)
    )
    places = dict.fromkeys(node for edge in edges for node in (edge.source, edge.target) if isinstance(node, Place))
    return TypedGraph((*places, *graph.resources), tuple(edges))


def _edges(builder: EdgeBuilder, graph: Architecture, resource: Resource) -> Iterator[Edge]:
    def question() -> tuple[Edge, ...]:
        return tuple(builder(graph, resource)) if resource.exists() else ()

    exploration = graph.evaluation.explore(question)
    for edge in dict.fromkeys(edge for leaf in exploration.leaves for edge in leaf.result):
        yield replace(edge, scenario=_scenario(edge, exploration))


def _scenario(edge: Edge, exploration: Exploration[tuple[Edge, ...]]) -> Mapping[str, bool]:
    """The conditions that all scenarios with the edge share and some scenario without it breaks."""
    holding = [leaf.conditions for leaf in exploration.leaves if edge in leaf.result]
    others = [leaf.conditions for leaf in exploration.leaves if edge not in leaf.result]
    shared = set.intersection(*(set(conditions.items()) for conditions in holding))
    telling = {key.name: value for key, value in shared if any(other.get(key, value) != value for other in others)}
    return MappingProxyType(dict(sorted(telling.items())))
