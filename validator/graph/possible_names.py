"""Which resources may have a name: an index over all scenarios, so that a name decides no condition of others."""

from collections.abc import Iterable
from dataclasses import dataclass

from validator.graph.names import NAME_PROPERTIES
from validator.graph.resource import Resource
from validator.load.nodes import MapNode, Node, ScalarNode
from validator.resolve import Evaluation, Text
from validator.resolve.substitution import substitution_parts


def name_of(resource: Resource) -> str | None:
    """The name that the resource is given in the scenario in force, None when it is given no text."""
    name = resource.prop(NAME_PROPERTIES[resource.type])
    return str(name) if isinstance(name, Text) and name.parts else None


@dataclass(frozen=True, slots=True)
class _Open:
    """A resource whose name a parameter makes: what a scenario decides of the parameter may change it."""

    place: int
    resource: Resource
    written: str
    """The longest text of the name that stands in every scenario."""


class PossibleNames:
    """The resources by the names that some scenario gives them."""

    def __init__(self, resources: Iterable[Resource], evaluation: Evaluation) -> None:
        self._named: dict[str, list[tuple[int, Resource]]] = {}
        self._open: list[_Open] = []
        self._known: dict[str, tuple[Resource, ...]] = {}
        for place, resource in enumerate(resources):
            self._add(place, resource, evaluation)

    def _add(self, place: int, resource: Resource, evaluation: Evaluation) -> None:
        properties = resource.body.get("Properties")
        node = properties.get(NAME_PROPERTIES[resource.type]) if isinstance(properties, MapNode) else None
        if isinstance(properties, MapNode) and len(properties.entries) > 1 and node is None:
            return
        exploration = evaluation.explore(lambda: name_of(resource), anew=True)
        if not exploration.complete or any(leaf.reads_parameters for leaf in exploration.leaves):
            self._open.append(_Open(place, resource, _written(node)))
            return
        for name in {leaf.result for leaf in exploration.leaves if leaf.result is not None}:
            self._named.setdefault(name, []).append((place, resource))

    def perhaps(self, name: str) -> tuple[Resource, ...]:
        """The resources that have the name in some scenario, and perhaps others, in their order."""
        if name not in self._known:
            opened = ((one.place, one.resource) for one in self._open if one.written in name)
            found = sorted((*self._named.get(name, ()), *opened), key=lambda one: one[0])
            self._known[name] = tuple(resource for _, resource in found)
        return self._known[name]


def _written(node: Node | None) -> str:
    text = node.get("Fn::Sub") if isinstance(node, MapNode) and len(node.entries) == 1 else None
    if not isinstance(text, ScalarNode) or "{{resolve:" in text.text:
        return ""
    return max((piece for kind, piece in substitution_parts(text.text) if kind == "text"), key=len, default="")
