"""Which functions may invoke which, by the grants of their roles."""

from collections.abc import Iterator
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.functions.triggers import FUNCTION, INVOKE_CONFIG, invoked_by, names_of
from validator.graph.resource import Resource
from validator.graph.stores.usage import grants_of
from validator.model import Evidence

_INVOKE: Final = ("lambda:invokefunction", "lambda:invoke*", "lambda:*")


def calls_between(graph: Architecture, function: Resource) -> tuple[tuple[Resource, Evidence], ...]:
    """The functions of the run that the function is granted to invoke by name, each with the grant."""
    return graph.memo("calls-between", function, lambda: tuple(_calls(graph, function)))


def _calls(graph: Architecture, function: Resource) -> Iterator[tuple[Resource, Evidence]]:
    found: dict[Resource, Evidence] = {}
    for grant in grants_of(graph, function):
        if grant.action not in _INVOKE:
            continue
        for value in grant.resources:
            invoked = invoked_by(graph, value)
            if invoked is not None and invoked.function != function and invoked.function.type == FUNCTION:
                found.setdefault(invoked.function, grant.step)
    yield from found.items()


def handed_over(graph: Architecture, function: Resource, called: Resource) -> bool:
    """Whether the grant serves a destination: Lambda itself hands the result on."""
    for config in dict.fromkeys(
        one for name in names_of(graph, function) for one in graph.referrers(name, INVOKE_CONFIG)
    ):
        for kind in ("OnSuccess", "OnFailure"):
            invoked = invoked_by(graph, config.prop("DestinationConfig", kind, "Destination"))
            if invoked is not None and invoked.function == called:
                return True
    return False
