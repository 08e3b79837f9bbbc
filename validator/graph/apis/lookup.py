"""Who names a resource, over all stacks of the run: also through parameters of nested stacks and imports."""

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource


def naming(graph: Architecture, resource: Resource, properties: tuple[str, ...], *types: str) -> tuple[Resource, ...]:
    """The existing resources of the types that mention the resource, or name it from another stack of the run."""
    near = graph.referrers(resource, *types)
    if len(graph.scopes) == 1:
        return near
    far = (
        other
        for other in graph.declared(*types)
        if other.id.stack != resource.id.stack
        and any(graph.target(other.prop(name)) == resource for name in properties)
        and other.exists()
    )
    return tuple(dict.fromkeys((*near, *far)))
