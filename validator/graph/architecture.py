"""The architecture of a run: all stacks' resources, and the questions that every check asks of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from validator.expand.template import Output
from validator.graph.names import NAME_PROPERTIES, NESTED_STACKS, decides_outside
from validator.graph.possible_names import PossibleNames, name_of
from validator.graph.references import References
from validator.graph.resource import Resource, ResourceId
from validator.load.nodes import Node
from validator.model import Missing
from validator.resolve import Absent, Evaluation, ResourceRef, Scope, Text, Unknown, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a person said of an input that no template decides (configuration, ``assume``)."""

    meaning: str
    """``private-subnet``, ``admits-only-logic-tier`` … (see ``validator.settings``)."""
    reason: str


@dataclass(frozen=True, slots=True)
class External:
    """Something that exists outside the run and is named literally: ``subnet-0123``, an ARN."""

    text: str


Target = Resource | External | Unknown | None


class Architecture:
    """Resources of one or more stacks, read in the scenario in force.

    Everything here is read-only. Methods that look at resources under conditions make the scenario fork
    (see ``validator.resolve.evaluation``), but only for the conditions that the answer depends on.
    """

    def __init__(
        self,
        scopes: Iterable[Scope],
        evaluation: Evaluation,
        assumptions: Mapping[str, Assumed] | None = None,
    ) -> None:
        self.scopes = tuple(scopes)
        self._assumptions = assumptions or {}
        self.used_assumptions: set[str] = set()
        self.evaluation = evaluation
        self.resources = tuple(
            Resource(declared, scope) for scope in self.scopes for declared in scope.template.resources.values()
        )
        self._by_id = {resource.id: resource for resource in self.resources}
        self._references = References()

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        index: dict[str, list[Resource]] = {}
        for resource in self.resources:
            index.setdefault(resource.type, []).append(resource)
        return index

    @cached_property
    def _referrers(self) -> dict[ResourceId, list[Resource]]:
        index: dict[ResourceId, list[Resource]] = {}
        for resource in self.resources:
            if resource.scope.links.nests(resource.scope, resource.logical_id):
                continue  # what it is passed is used by the resources of the nested stack
            for stack, logical_id in self._references.of(resource.scope, resource.body):
                index.setdefault(ResourceId(stack, logical_id), []).append(resource)
        return index

    @cached_property
    def _mentions(self) -> frozenset[tuple[Resource, ResourceId]]:
        return frozenset((one, target) for target, others in self._referrers.items() for one in others)

    @cached_property
    def _handed_out(self) -> dict[ResourceId, list[tuple[Scope, Output]]]:
        index: dict[ResourceId, list[tuple[Scope, Output]]] = {}
        for scope in self.scopes:
            for output in scope.template.outputs.values():
                if not scope.links.is_used(scope, output.name):
                    for stack, logical_id in self._references.of(scope, output.value):
                        index.setdefault(ResourceId(stack, logical_id), []).append((scope, output))
        return index

    def memo(self, name: str, subject: object, compute: Callable[[], T]) -> T:
        """A query's answer, remembered over all rules and all scenarios that agree on what it read."""
        return self.evaluation.memo((name, subject), compute)

    def assumed(self, key: str) -> str | None:
        """What the configuration assumes of an input, by its key (``parameter:SubnetIds``), else None."""
        found = self._assumptions.get(key)
        if found is None:
            return None
        self.used_assumptions.add(key)
        return found.meaning

    def assumption_reason(self, key: str) -> str:
        """The reason that was given with the assumption; empty when there is none."""
        found = self._assumptions.get(key)
        return "" if found is None else found.reason

    def declared(self, *types: str) -> tuple[Resource, ...]:
        """All resources of the types, whether or not they exist in the scenario in force."""
        return tuple(resource for type_ in types for resource in self._by_type.get(type_, ()))

    def existing(self, *types: str) -> tuple[Resource, ...]:
        """The resources of the types that exist in the scenario in force; decides their conditions.

        Where a resource refers to the one in question, ``referrers`` decides fewer conditions.
        """
        return tuple(resource for resource in self.declared(*types) if resource.exists())

    def referrers(self, resource: Resource, *types: str) -> tuple[Resource, ...]:
        """The existing resources (of the types, if given) whose body mentions ``resource`` anywhere.

        A mention may lead through an import, a parameter that a parent passes or an output of a nested stack.
        """
        found = self._referrers.get(resource.id, ())
        return tuple(other for other in found if (not types or other.type in types) and other.exists())

    def mentioning(self, resource: Resource, *types: str) -> tuple[Resource, ...]:
        """The resources (of the types, if given) whose body mentions the resource, in whatever scenario."""
        return tuple(one for one in self._referrers.get(resource.id, ()) if not types or one.type in types)

    def mentions(self, one: Resource, other: Resource) -> bool:
        """Whether the body of ``one`` mentions ``other`` anywhere, in whatever scenario."""
        return (one, other.id) in self._mentions

    def mentioned_in(self, scope: Scope, node: Node) -> tuple[Resource, ...]:
        """The resources that a piece of a stack's template mentions, in whatever scenario."""
        found = (self.find(stack, logical_id) for stack, logical_id in self._references.of(scope, node))
        return tuple(resource for resource in found if resource is not None)

    def handed_out(self, resource: Resource) -> tuple[tuple[Scope, Output], ...]:
        """The outputs that mention the resource and may be read by what is not in the run, with their stacks."""
        return tuple(self._handed_out.get(resource.id, ()))

    def find(self, stack: str, logical_id: str) -> Resource | None:
        """The resource with this logical ID after expansion, whether or not it exists in the scenario."""
        return self._by_id.get(ResourceId(stack, logical_id))

    def refused(self, *sam_types: str) -> tuple[Resource, ...]:
        """SAM resources that the translator refused: what they would have made is unknown."""
        return tuple(resource for resource in self.declared(*sam_types) if resource.refused)

    def resource_of(self, reference: ResourceRef) -> Resource | None:
        """The resource that a reference names."""
        return self.find(reference.stack, reference.logical_id)

    def target(self, value: Value, *types: str) -> Target:
        """What a value denotes: by reference, by an ARN that holds one, or by the name it is given.

        With ``types`` only resources of those types count. ``External`` is a literal that names nothing in
        the run; ``Unknown`` says what is missing; None stands for an absent value.
        """
        match value:
            case Absent():
                return None
            case Unknown():
                return value
            case Text():
                return self._target_of_text(value, types)
        return Unknown(Missing(f"a list or map stands at {value.span}", "write one value", "shape"), value.span)

    def _target_of_text(self, text: Text, types: tuple[str, ...]) -> Target:
        outside: Unknown | None = None
        for reference in text.references:
            resource = self.resource_of(reference)
            if resource is None:
                continue
            if decides_outside(resource.type):
                outside = outside or Unknown(_decided_by(resource, reference), text.span)
            elif not types or resource.type in types:
                return resource
        if outside is not None:
            return outside
        named = self._named(text, types)
        if named is not None:
            return named
        missing = text.missing
        return Unknown(missing, text.span) if missing is not None else External(str(text))

    def _named(self, text: Text, types: tuple[str, ...]) -> Resource | None:
        whole = str(text)
        tail = whole.rpartition(":")[2] if whole.startswith("arn:") else whole
        for name in dict.fromkeys((whole, tail, *tail.split("/")[1:2])):
            for resource in self._names.perhaps(name):
                # What no scenario changes comes first: the conditions of others decide nothing here.
                if (not types or resource.type in types) and name_of(resource) == name and resource.exists():
                    return resource
        return None

    @cached_property
    def _names(self) -> PossibleNames:
        return PossibleNames(self.declared(*NAME_PROPERTIES), self.evaluation)


def _decided_by(resource: Resource, reference: ResourceRef) -> Missing:
    if resource.type in NESTED_STACKS:
        given = reference.attribute or "its stack ID"
        what = f"nested stack {resource.name}, whose template is not in the run, decides {given}"
        how = "let it name a local template while reviewing, or assume the value in the configuration"
        return Missing(what, how, f"resource:{resource.name}")
    what = f"{resource.name} ({resource.type}) decides {reference.attribute or 'it'} outside the template"
    how = "assume the value in the configuration, with a reason"
    return Missing(what, how, f"resource:{resource.name}")
