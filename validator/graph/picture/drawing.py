"""From an architecture to its picture: whole resources as nodes, the rest as their parts."""

from collections.abc import Iterable, Iterator
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.build import BUILDERS
from validator.graph.edges import Edge, NodeKey, Place, Relation
from validator.graph.picture import event_edges
from validator.graph.picture.owners import Owners
from validator.graph.picture.places import Places, id_of, places_of
from validator.graph.picture.protections import protections_of
from validator.graph.picture.wholes import lane_of
from validator.graph.resource import Resource
from validator.graph.typed_graph import TypedGraph, typed_graph
from validator.model import BoxKind, Lane, Picture, PictureBox, PictureEdge, PictureNode, Protection, ProtectionKind

REFERS_TO: Final = "refers to"
_BOXES: Final = ("AWS::EC2::VPC", "AWS::EC2::Subnet")
_NESTED: Final = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")

# Shown by boxes, by badges or by what follows from them: an admitted group is no call.
_NOT_DRAWN: Final = frozenset(
    (Relation.RUNS_IN, Relation.ROUTED_THROUGH, Relation.WEARS, Relation.ADMITS, Relation.PROTECTED_BY)
)


def picture_of(architecture: Architecture, title: str) -> Picture:
    """The picture of all stacks of an architecture.

    Nodes and edges that exist under some conditions only are part of it; edges and protections carry the
    conditions. The nodes keep the order of the templates.
    """
    graph = typed_graph(architecture, (*BUILDERS, event_edges.edges))
    owners = Owners(architecture, graph.edges)
    places = places_of(architecture)
    edges = list(_edges(architecture, graph, owners))
    stacks = _stack_boxes(architecture)
    touched = {end for edge in edges for end in (edge.source, edge.target)}
    parties = [_party(place) for place in Place if _place_id(place) in touched]
    nodes = _nodes(architecture, graph, owners, places, stacks)
    return Picture(title, (*stacks.values(), *places.boxes), (*parties, *nodes), tuple(edges))


def _place_id(place: Place) -> str:
    return f"place:{place.value}"


def _party(place: Place) -> PictureNode:
    return PictureNode(_place_id(place), place.value, "", Lane.INTERNET, None)


def _stack_boxes(graph: Architecture) -> dict[str, PictureBox]:
    """One box a stack, by its name; a template alone is not framed."""
    if len(graph.scopes) < 2:
        return {}
    return {
        scope.name: PictureBox(
            f"stack:{scope.name}",
            BoxKind.STACK,
            scope.name,
            stack=scope.name,
            template=scope.template.path,
        )
        for scope in graph.scopes
    }


def _nodes(
    graph: Architecture, typed: TypedGraph, owners: Owners, places: Places, stacks: dict[str, PictureBox]
) -> Iterator[PictureNode]:
    guards = _guards(protections_of(graph, typed.edges), owners)
    sites = _sites(typed)
    for resource in graph.resources:
        if resource.type in _BOXES or _is_opened(resource, stacks):
            continue
        owned_by = owners.of(resource)
        stack = stacks.get(resource.id.stack)
        around = places.of.get(resource, ())
        if not around and stack is not None:
            around = (stack.id,)
        yield PictureNode(
            id_of(resource),
            resource.name,
            resource.type,
            Lane.PRESENTATION if resource in sites else lane_of(resource.type),
            resource.span,
            stack="" if stack is None else stack.name,
            template=resource.scope.template.path,
            boxes=() if owned_by else around,
            protections=tuple(guards.get(id_of(resource), ())),
            owners=owned_by,
        )


def _guards(found: dict[Resource, tuple[Protection, ...]], owners: Owners) -> dict[str, list[Protection]]:
    """The guards by node: what guards a part (a stage of an API) is shown where the part is; its key is its own."""
    guards: dict[str, list[Protection]] = {}
    for resource, own in found.items():
        for guard in own:
            guarded = [id_of(resource)]
            if guard.kind is not ProtectionKind.ENCRYPTION:
                guarded += owners.of(resource)
            for node in guarded:
                known = guards.setdefault(node, [])
                if guard not in known:
                    known.append(guard)
    order = list(ProtectionKind)
    return {node: sorted(known, key=lambda guard: order.index(guard.kind)) for node, known in guards.items()}


def _is_opened(resource: Resource, stacks: dict[str, PictureBox]) -> bool:
    """Whether it is a nested stack whose content is part of the picture: its box stands for it."""
    return resource.type in _NESTED and f"{resource.id.stack}/{resource.logical_id}" in stacks


def _sites(typed: TypedGraph) -> set[NodeKey]:
    """Buckets that a distribution serves: they present, whatever else a bucket is."""
    return {
        edge.target
        for edge in typed.edges
        if edge.relation is Relation.ROUTES_TO
        and isinstance(edge.source, Resource)
        and edge.source.type == "AWS::CloudFront::Distribution"
        and isinstance(edge.target, Resource)
        and edge.target.type == "AWS::S3::Bucket"
    }


def _edges(graph: Architecture, typed: TypedGraph, owners: Owners) -> Iterator[PictureEdge]:
    joined: set[frozenset[str]] = set()
    seen: set[tuple[str, str, str, str]] = set()
    for edge in typed.edges:
        if edge.relation in _NOT_DRAWN or (edge.relation is Relation.ASSUMES and isinstance(edge.source, Resource)):
            continue
        for drawn in _lifted(edge, owners):
            key = (drawn.source, drawn.target, drawn.relation, drawn.detail)
            if key not in seen:
                seen.add(key)
                joined.add(frozenset((drawn.source, drawn.target)))
                yield drawn
    for resource in graph.resources:
        for other in owners.mentions(resource) if owners.is_drawn(resource) else ():
            ends = frozenset((id_of(resource), id_of(other)))
            if owners.is_drawn(other) and ends not in joined:
                joined.add(ends)
                yield PictureEdge(id_of(resource), id_of(other), REFERS_TO, "", resource.span)


def _lifted(edge: Edge, owners: Owners) -> Iterator[PictureEdge]:
    """The edge between the nodes that its ends are drawn as or belong to."""
    for source in _drawn_as(edge.source, owners):
        for target in _drawn_as(edge.target, owners):
            if source != target:
                yield PictureEdge(source, target, edge.relation.value, edge.detail, edge.span, edge.scenario)


def _drawn_as(end: NodeKey, owners: Owners) -> Iterable[str]:
    if isinstance(end, Place):
        return (_place_id(end),)
    return (id_of(end),) if owners.is_drawn(end) else owners.of(end)
