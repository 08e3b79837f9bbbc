"""Resources of a run: the nodes of the architecture."""

from dataclasses import dataclass

from validator.expand.template import TemplateResource
from validator.load.nodes import MapNode
from validator.model import Evidence, Origin, Span
from validator.resolve import Absent, Scope, Value


@dataclass(frozen=True, slots=True, order=True)
class ResourceId:
    """A resource's identity in a run: the stack it belongs to and its logical ID after expansion."""

    stack: str
    logical_id: str

    def __str__(self) -> str:
        return self.logical_id


class Resource:
    """One resource after expansion, with its values in the scenario in force.

    Two resources are the same when their stack and logical ID are.
    """

    __slots__ = ("_declared", "id", "scope")

    def __init__(self, declared: TemplateResource, scope: Scope) -> None:
        self.id = ResourceId(scope.name, declared.logical_id)
        self.scope = scope
        self._declared = declared

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resource) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<{self.type} {self.id.stack}/{self.logical_id}>"

    @property
    def logical_id(self) -> str:
        """The logical ID after expansion (``TicketsFunctionRole``)."""
        return self.id.logical_id

    @property
    def type(self) -> str:
        """The resource type after expansion."""
        return self._declared.type

    @property
    def origin(self) -> Origin:
        """Where a person wrote it: for generated resources, the SAM resource."""
        return self._declared.origin

    @property
    def name(self) -> str:
        """The logical ID in the file the person wrote."""
        return self.origin.logical_id

    @property
    def span(self) -> Span:
        """The place of its logical ID in the file the person wrote."""
        return self.origin.span

    @property
    def refused(self) -> str:
        """Why the SAM translator could not expand it; empty when it did or had not to."""
        return self._declared.refused

    @property
    def body(self) -> MapNode:
        """The whole resource as a node."""
        return self._declared.body

    @property
    def is_generated(self) -> bool:
        """Whether a transform made it: its logical ID is not one that the person wrote."""
        return self.origin.logical_id != self.logical_id

    def prop(self, *path: str | int) -> Value:
        """The property's value in the scenario in force; ``Absent`` when it is not set."""
        properties = self._declared.body.get("Properties")
        if properties is None:
            return Absent(self.span)
        return self.scope.resolve(properties).get(*path)

    def attribute(self, name: str) -> Value:
        """A resource attribute (``DeletionPolicy``, ``Metadata``) in the scenario in force."""
        node = self._declared.body.get(name)
        return Absent(self.span) if node is None else self.scope.resolve(node)

    def property_span(self, *path: str) -> Span:
        """Where the property's key stands, or the deepest key of the path that is written, else the resource."""
        found = self.span
        node = self._declared.body.get("Properties")
        for key in path:
            entry = node.entries.get(key) if isinstance(node, MapNode) else None
            if entry is None:
                break
            found, node = entry.key_span, entry.value
        return found

    @property
    def condition(self) -> str | None:
        """The name of the condition that guards the resource."""
        node = self._declared.body.get("Condition")
        return None if node is None else self.scope.resolve(node).literal

    def exists(self) -> bool:
        """Whether the resource is made in the scenario in force; makes the scenario fork when open."""
        if not self.scope.is_made():
            return False
        condition = self.condition
        return condition is None or self.scope.holds(condition)

    def states(self, relation: str, span: Span | None = None) -> Evidence:
        """A step of evidence that starts with this resource's logical ID."""
        return Evidence(self.name, relation, span or self.span)
