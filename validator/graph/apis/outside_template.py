"""What the templates do not say: macros that may add something, and what a person assumed to be private."""

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Evidence, Missing


def may_be_added(resource: Resource, what: str) -> Missing | None:
    """What lacks to say that ``what`` is not there: a macro over the resource's template, else None."""
    reasons = resource.scope.template.uncertain
    if not reasons:
        return None
    return Missing(f"{what} is not written, and {reasons[0]}", "check the processed template", f"macro:{reasons[0]}")


def assumed_private(graph: Architecture, resource: Resource, missing: Missing | None) -> Evidence | None:
    """The step that says that the configuration assumes the resource, or the input that decides, to be private."""
    for key in (resource.name, *((missing.key,) if missing is not None else ())):
        if graph.assumed(key) == "private":
            return resource.states(f"is private (assumed: {graph.assumption_reason(key)})")
    return None
