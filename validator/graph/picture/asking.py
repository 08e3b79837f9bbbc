"""Questions of the picture, asked of one resource in every scenario in which it exists."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.resolve import Exploration

T = TypeVar("T")

_ALWAYS: Mapping[str, bool] = MappingProxyType({})


def answers(
    graph: Architecture, resource: Resource, question: Callable[[], Iterable[T]]
) -> list[tuple[T, Mapping[str, bool]]]:
    """Each thing that some scenario's answer holds, with the conditions it needs beside the resource's own."""

    def asked() -> tuple[T, ...] | None:
        return tuple(question()) if resource.exists() else None

    exploration = graph.evaluation.explore(asked)
    found = dict.fromkeys(thing for leaf in exploration.leaves for thing in leaf.result or ())
    return [(thing, _conditions(thing, exploration)) for thing in found]


def _conditions(thing: T, exploration: Exploration[tuple[T, ...] | None]) -> Mapping[str, bool]:
    """What all scenarios with the thing share and some scenario without it breaks."""
    holding = [leaf.conditions for leaf in exploration.leaves if thing in (leaf.result or ())]
    others = [leaf.conditions for leaf in exploration.leaves if leaf.result is not None and thing not in leaf.result]
    if not others:
        return _ALWAYS
    shared = set.intersection(*(set(conditions.items()) for conditions in holding))
    telling = {key.name: value for key, value in shared if any(other.get(key, value) != value for other in others)}
    return MappingProxyType(dict(sorted(telling.items())))
