"""Which stores the policies of a role can name at all, told from what is written, in whatever scenario.

It only spares questions: where it says no, no grant of the role names the store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph.apis.lookup import is_reference
from validator.graph.architecture import Architecture
from validator.graph.names import NAME_PROPERTIES, decides_outside
from validator.graph.resource import Resource, ResourceId
from validator.load.nodes import ListNode, MapNode, Node, OpaqueNode, ScalarNode
from validator.resolve import Scope
from validator.resolve.mentions import calls

_ROLES_OF: Final = {
    "AWS::IAM::Policy": "Roles",
    "AWS::IAM::ManagedPolicy": "Roles",
    "AWS::IAM::RolePolicy": "RoleName",
}
"""Where a policy names its roles."""
_OF_AWS: Final = "arn:aws:iam::aws:policy/"


@dataclass(frozen=True, slots=True)
class _Reach:
    """What statements speak of: ``named`` by reference, whole ``services`` by text, or perhaps anything."""

    named: frozenset[ResourceId] = frozenset()
    services: frozenset[str] = frozenset()
    anything: bool = False
    builds: bool = False
    """Whether a text is built beside the references: its parts may be those of a store's name."""


class NamedStores:
    """What each role's policies can name; made once for an architecture.

    Both ways are indexes, so that a workload of many stacks does not ask every role about every store.
    """

    def __init__(self, graph: Architecture) -> None:
        self._graph = graph
        by_name = any(_may_attach_by_name(holder) for holder in graph.declared(*_ROLES_OF))
        self._reaches = {role: _reach(role, graph, by_name) for role in graph.declared("AWS::IAM::Role")}
        self._anywhere: list[Resource] = []
        self._by_store: dict[ResourceId, list[Resource]] = {}
        self._by_service: dict[str, list[Resource]] = {}
        for role, reach in self._reaches.items():
            if reach.anything:
                self._anywhere.append(role)
            for store in reach.named:
                self._by_store.setdefault(store, []).append(role)
            for service in reach.services:
                self._by_service.setdefault(service, []).append(role)
        self._shelves: dict[tuple[str, ...], _Shelf] = {}

    def may_name(self, role: Resource, store: Resource) -> bool:
        """Whether a policy of the role could name the store."""
        reach = self._reaches.get(role)
        if reach is None or reach.anything or store.id in reach.named:
            return True
        return _service(store) in reach.services or (reach.builds and _is_named_by_parts(store))

    def stores(self, role: Resource, types: tuple[str, ...]) -> tuple[Resource, ...]:
        """The declared stores of the types that a policy of the role could name, in the order of declaration."""
        shelf = self._shelf(types)
        reach = self._reaches.get(role)
        if reach is None or reach.anything:
            return tuple(shelf.places)
        found = {store for one in reach.named if (store := shelf.by_id.get(one)) is not None}
        for service in reach.services:
            found.update(shelf.by_service.get(service, ()))
        if reach.builds:
            found.update(shelf.named_by_parts)
        return tuple(sorted(found, key=shelf.places.__getitem__))

    def roles(self, store: Resource) -> tuple[Resource, ...]:
        """The declared roles with a policy that could name the store."""
        if _is_named_by_parts(store):
            return tuple(role for role in self._reaches if self.may_name(role, store))
        by_service = self._by_service.get(_service(store), ())
        return tuple(dict.fromkeys((*self._anywhere, *self._by_store.get(store.id, ()), *by_service)))

    def _shelf(self, types: tuple[str, ...]) -> "_Shelf":
        found = self._shelves.get(types)
        if found is None:
            found = self._shelves[types] = _Shelf(self._graph.declared(*types))
        return found


class _Shelf:
    """The declared stores of some types, by what policies speak of."""

    def __init__(self, stores: tuple[Resource, ...]) -> None:
        self.places = {store: place for place, store in enumerate(stores)}
        self.by_id = {store.id: store for store in stores}
        self.by_service: dict[str, list[Resource]] = {}
        for store in stores:
            self.by_service.setdefault(_service(store), []).append(store)
        self.named_by_parts = [store for store in stores if _is_named_by_parts(store)]


def named_stores(graph: Architecture) -> NamedStores:
    """The index of an architecture."""
    return graph.memo("named-stores", None, lambda: NamedStores(graph))


def _service(store: Resource) -> str:
    return store.type.split("::")[1].lower()


def _is_named_by_parts(store: Resource) -> bool:
    """Whether the store's own name is built: a text with the same parts would name it without a reference to it."""
    name = _property(store, NAME_PROPERTIES.get(store.type, ""))
    return name is not None and not isinstance(name, ScalarNode)


def _property(resource: Resource, name: str) -> Node | None:
    properties = resource.body.get("Properties")
    return properties.get(name) if isinstance(properties, MapNode) else None


def _may_attach_by_name(holder: Resource) -> bool:
    """Whether a policy may name its roles by more than references to resources of its own stack."""
    roles = _property(holder, _ROLES_OF[holder.type])
    if roles is None:
        return not isinstance(holder.body.get("Properties"), MapNode)
    return not all(is_reference(holder, item) for item in (roles.items if isinstance(roles, ListNode) else [roles]))


def _reach(role: Resource, graph: Architecture, by_name: bool) -> _Reach:
    """``by_name``: a policy of the run may attach itself to a role by the role's name."""
    if (by_name and _property(role, "RoleName") is not None) or _attaches_by_text(role):
        return _Reach(anything=True)
    attached = [one for one in graph.mentioning(role) if one.type in _ROLES_OF]
    managed = [one for one in graph.mentioned_in(role.scope, role.body) if one.type in _ROLES_OF]
    named: set[ResourceId] = set()
    services: set[str] = set()
    builds = False
    for holder in dict.fromkeys((role, *attached, *managed)):
        for key, value in calls(holder.body):
            if key in ("NotResource", "Fn::Transform"):
                return _Reach(anything=True)
            if key == "Resource":
                for item in _items(value):
                    if isinstance(item, OpaqueNode):
                        return _Reach(anything=True)
                    mentioned = graph.mentioned_in(holder.scope, item)
                    named.update(one.id for one in mentioned)
                    services.update(_services(item, bool(mentioned)))
                    builds = builds or not _is_only_reference(holder.scope, item)
    return _Reach(frozenset(named), frozenset(services), "" in services, builds)


def _is_only_reference(scope: Scope, item: Node) -> bool:
    """Whether an item denotes one resource by reference, also through an import: no built name."""
    if not isinstance(item, MapNode) or len(item.entries) != 1:
        return False
    function, argument = next(iter(item.items()))
    if function == "Fn::ImportValue":
        led = tuple(scope.links.leads_to(scope, function, argument))
        return bool(led) and all(_refers(other, value) for other, value in led)
    return _refers(scope, item)


def _refers(scope: Scope, node: Node) -> bool:
    """Whether the node is ``Ref`` or ``Fn::GetAtt`` of a resource of the stack that no other template decides."""
    if not isinstance(node, MapNode) or len(node.entries) != 1:
        return False
    function, argument = next(iter(node.items()))
    first = argument.items[0] if isinstance(argument, ListNode) and argument.items else argument
    if function not in ("Ref", "Fn::GetAtt") or not isinstance(first, ScalarNode):
        return False
    name = first.text if function == "Ref" or isinstance(argument, ListNode) else first.text.partition(".")[0]
    declared = scope.template.resources.get(name)
    return declared is not None and name not in scope.parameters and not decides_outside(declared.type)


def _attaches_by_text(role: Resource) -> bool:
    """Whether a managed policy that is no resource's reference and none of AWS is attached."""
    attached = _property(role, "ManagedPolicyArns")
    items = _items(attached) if attached is not None else ()
    return any(isinstance(item, ScalarNode) and not item.text.startswith(_OF_AWS) for item in items)


def _items(node: Node) -> Iterator[Node]:
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _items(item)
        return
    branches = node.get("Fn::If") if isinstance(node, MapNode) and len(node.entries) == 1 else None
    if isinstance(branches, ListNode):
        for branch in branches.items[1:]:
            yield from _items(branch)
        return
    yield node


def _services(item: Node, has_reference: bool) -> Iterator[str]:
    """The services that a text without references speaks of; the empty text stands for any."""
    if has_reference:
        return
    text = item
    if isinstance(item, MapNode) and len(item.entries) == 1:
        argument = item.get("Fn::Sub")
        text = argument.items[0] if isinstance(argument, ListNode) and argument.items else argument or item
    if not isinstance(text, ScalarNode):
        yield ""
    elif text.text != "*":
        parts = text.text.replace("${AWS::Partition}", "aws").split(":")
        plain = len(parts) > 2 and parts[2].isalnum()
        yield parts[2] if plain else ""
