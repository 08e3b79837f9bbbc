"""Who names a resource, over all stacks of the run: also through parameters of nested stacks and imports."""

from collections.abc import Iterator

from validator.graph.architecture import Architecture
from validator.graph.names import NAME_PROPERTIES
from validator.graph.resource import Resource
from validator.load.nodes import MapNode
from validator.resolve.mentions import named_by


def naming(graph: Architecture, resource: Resource, properties: tuple[str, ...], *types: str) -> tuple[Resource, ...]:
    """The existing resources of the types that mention the resource, or name it in one of the properties."""
    near = graph.referrers(resource, *types)
    if not is_named(resource):
        return near
    by_name = (
        other
        for other in _perhaps_by_name(graph, properties, types)
        if other.id.stack != resource.id.stack
        and not graph.mentions(other, resource)
        and any(graph.target(other.prop(name)) == resource for name in properties)
        and other.exists()
    )
    return tuple(dict.fromkeys((*near, *by_name)))


def is_named(resource: Resource) -> bool:
    """Whether the resource is found by a name that its template writes."""
    written = resource.body.get("Properties")
    # What is no map at this place may still resolve to one.
    return NAME_PROPERTIES.get(resource.type) in written.entries if isinstance(written, MapNode) else True


def _perhaps_by_name(
    graph: Architecture, properties: tuple[str, ...], types: tuple[str, ...]
) -> tuple[Resource, ...]:
    """The declared resources of the types with a property that is no plain reference to a resource of its stack."""

    def compute() -> Iterator[Resource]:
        for other in graph.declared(*types):
            written = other.body.get("Properties")
            found = [written.get(name) for name in properties] if isinstance(written, MapNode) else [written]
            if any(node is not None and not is_reference(other, node) for node in found):
                yield other

    return graph.memo("perhaps-by-name", (properties, types), lambda: tuple(compute()))


def is_reference(owner: Resource, node: object) -> bool:
    """Whether a piece of the resource's template is one plain reference to a resource of its stack."""
    if not isinstance(node, MapNode) or len(node.entries) != 1:
        return False
    ((function, argument),) = node.items()
    if function not in ("Ref", "Fn::GetAtt"):
        return False
    return any(name in owner.scope.template.resources for name, _ in named_by(function, argument))
