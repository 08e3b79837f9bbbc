"""The typed graph as Mermaid, DOT and JSON, with its tiers."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from validator.graph.edges import Edge, NodeKey, Place, Relation
from validator.graph.resource import Resource
from validator.graph.tiers import Tier, tier_of_type
from validator.graph.typed_graph import TypedGraph

GraphWriter = Callable[[TypedGraph], str]

_DISTRIBUTION: Final = "AWS::CloudFront::Distribution"
_BUCKET: Final = "AWS::S3::Bucket"
_LANES: Final = (Tier.PRESENTATION, Tier.LOGIC, Tier.DATA, Tier.SUPPORT)


def name_of(node: NodeKey) -> str:
    """The node's name as people know it."""
    return node.value if isinstance(node, Place) else node.logical_id


def _tiers(graph: TypedGraph) -> Mapping[NodeKey, Tier]:
    """The tier of each resource: by its type, but for a bucket that a distribution serves, which presents."""
    tiers: dict[NodeKey, Tier] = {node: tier_of_type(node.type) for node in graph.nodes if isinstance(node, Resource)}
    for edge in graph.edges:
        if edge.relation is Relation.ROUTES_TO and _is(edge.source, _DISTRIBUTION) and _is(edge.target, _BUCKET):
            tiers[edge.target] = Tier.PRESENTATION
    return tiers


def _is(node: NodeKey, resource_type: str) -> bool:
    return isinstance(node, Resource) and node.type == resource_type


def _shown(graph: TypedGraph, tiers: Mapping[NodeKey, Tier]) -> list[NodeKey]:
    """The nodes worth drawing: those with an edge, and all that belong to a tier."""
    touched = {node for edge in graph.edges for node in (edge.source, edge.target)}
    return [node for node in graph.nodes if node in touched or tiers.get(node, Tier.SUPPORT) is not Tier.SUPPORT]


def _identifiers(nodes: Iterable[NodeKey]) -> Mapping[NodeKey, str]:
    return {node: f"n{number}" for number, node in enumerate(nodes)}


def mermaid_text(text: str) -> str:
    """The text as Mermaid takes it in quotes; whatever could end the quotes or be markup is escaped."""
    return "".join(char if char.isalnum() or char in " _-.:/*@+()" else f"#{ord(char)};" for char in text)


def to_mermaid(graph: TypedGraph) -> str:
    """A Mermaid flowchart with one subgraph a tier."""
    tiers = _tiers(graph)
    nodes = _shown(graph, tiers)
    ids = _identifiers(nodes)
    lines = ["flowchart LR"]
    lines += (f'  {ids[node]}(["{mermaid_text(node.value)}"])' for node in nodes if isinstance(node, Place))
    for tier in _LANES:
        members = [node for node in nodes if isinstance(node, Resource) and tiers[node] is tier]
        if members:
            lines.append(f"  subgraph {tier.value}")
            lines += (f'    {ids[m]}["{mermaid_text(m.logical_id)}<br/>{mermaid_text(m.type)}"]' for m in members)
            lines.append("  end")
    for source, label, target in _arrows(graph):
        lines.append(f'  {ids[source]} -->|"{mermaid_text(label)}"| {ids[target]}')
    return "\n".join(lines) + "\n"


def _arrows(graph: TypedGraph) -> Iterable[tuple[NodeKey, str, NodeKey]]:
    """What is drawn: edges that read alike are one arrow."""
    return dict.fromkeys((edge.source, _label(edge), edge.target) for edge in graph.edges)


def _label(edge: Edge) -> str:
    when = ", ".join(f"{name} is {str(value).lower()}" for name, value in edge.scenario.items())
    return edge.relation.value + (f" when {when}" if when else "")


def to_dot(graph: TypedGraph) -> str:
    """A Graphviz digraph with one cluster a tier."""
    tiers = _tiers(graph)
    nodes = _shown(graph, tiers)
    ids = _identifiers(nodes)
    lines = ["digraph architecture {", "  rankdir=LR;", "  node [shape=box];"]
    lines += (
        f"  {ids[node]} [label={json.dumps(node.value)}, shape=oval];" for node in nodes if isinstance(node, Place)
    )
    for tier in _LANES:
        members = [node for node in nodes if isinstance(node, Resource) and tiers[node] is tier]
        if members:
            lines.append(f"  subgraph cluster_{tier.value} {{ label={json.dumps(tier.value)};")
            lines += (f"    {ids[m]} [label={json.dumps(chr(10).join((m.logical_id, m.type)))}];" for m in members)
            lines.append("  }")
    for source, label, target in _arrows(graph):
        lines.append(f"  {ids[source]} -> {ids[target]} [label={json.dumps(label)}];")
    return "\n".join([*lines, "}"]) + "\n"


def to_json(graph: TypedGraph) -> str:
    """Nodes with tier and place, edges with relation, proof and conditions."""
    tiers = _tiers(graph)
    nodes = [_node_entry(node, tiers) for node in graph.nodes]
    edges = [
        {
            "source": name_of(edge.source),
            "relation": edge.relation.value,
            "target": name_of(edge.target),
            "detail": edge.detail,
            "location": str(edge.span),
            "scenario": dict(edge.scenario),
        }
        for edge in graph.edges
    ]
    return json.dumps({"schema_version": 1, "nodes": nodes, "edges": edges}, indent=2, ensure_ascii=False) + "\n"


def _node_entry(node: NodeKey, tiers: Mapping[NodeKey, Tier]) -> dict[str, object]:
    if isinstance(node, Place):
        return {"name": node.value, "type": "place", "tier": None}
    return {
        "name": node.logical_id,
        "type": node.type,
        "tier": tiers[node].value,
        "stack": node.id.stack,
        "written_as": node.name,
        "location": str(node.span),
    }


GRAPH_WRITERS: Final[Mapping[str, GraphWriter]] = {"mermaid": to_mermaid, "dot": to_dot, "json": to_json}
"""The formats of ``tierlens graph`` by name."""
