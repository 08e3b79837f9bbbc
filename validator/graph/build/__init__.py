"""Edge builders, one module a relation family; each yields the edges that one resource proves."""

from typing import Final

from validator.graph.build import api_edges, edge_edges, iam_edges, network_edges
from validator.graph.typed_graph import EdgeBuilder

BUILDERS: Final[tuple[EdgeBuilder, ...]] = (
    api_edges.edges,
    edge_edges.edges,
    iam_edges.edges,
    network_edges.edges,
)
