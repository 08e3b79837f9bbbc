"""What is compared: an architecture as plain facts, each with the scenarios in which it holds."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from validator.difference.presence import Presence, Satisfiable, Scenario
from validator.graph import Place
from validator.model import Span


@dataclass(frozen=True, slots=True, order=True)
class NodeId:
    """A resource by its stack and logical ID after expansion; a place has no stack."""

    stack: str
    name: str

    def __str__(self) -> str:
        return f"{self.stack}/{self.name}" if self.stack else self.name


INTERNET = NodeId("", Place.INTERNET.value)
ANYONE = NodeId("", Place.ANYONE_WITH_CREDENTIALS.value)
SIGNED_IN = NodeId("", Place.SIGNED_IN_USER.value)


@dataclass(frozen=True, slots=True)
class Node:
    """A resource as people know it. ``origin`` is the resource that somebody wrote: its own, or what generated it."""

    id: NodeId
    type: str
    name: str
    origin: NodeId
    origin_type: str
    span: Span | None
    template: str = ""
    refused: bool = False
    """Whether the transform refused it: what it does is not known."""


class FactKind(Enum):
    """What a fact says of its subject."""

    EXISTS = "exists"
    """``terms``: its type."""
    EDGE = "edge"
    """``terms``: the relation and its detail."""
    GUARD = "guard"
    """``terms``: an operation, how its callers are asked who they are (``OPEN`` …), and by what."""
    WEB_ACL = "web ACL"
    """``terms``: whether one covers it, and which."""
    SUBNET = "subnet"
    """``terms``: what its routes make of it."""
    GRANT = "grant"
    """``terms``: effect, principal (empty: the subject), action, resource, conditions."""


OPEN, GUARDED, UNDECIDED = "open", "guarded", "undecided"
"""States of guards and of web ACLs."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that holds in an architecture. Where it stands does not count when facts are compared."""

    kind: FactKind
    subject: NodeId
    terms: tuple[str, ...]
    object: NodeId | None = None
    span: Span = field(default=Span("", 1, 1, 1, 1), compare=False)


Facts = Mapping[Fact, Presence]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts of all architectures of one state."""

    nodes: Mapping[NodeId, Node]
    facts: Facts
    conditions: Mapping[tuple[str, str], str]
    """The definition of each condition by stack and name, as canonical text."""
    satisfiable: Satisfiable
    templates: Mapping[str, str] = field(default_factory=dict)
    """The template of each stack, by the stack's name."""
    spans: Mapping[tuple[str, str], Span] = field(default_factory=dict)
    """Where each condition stands."""

    def of(self, kind: FactKind) -> dict[Fact, Presence]:
        """The facts of one kind."""
        return {fact: presence for fact, presence in self.facts.items() if fact.kind is kind}

    def name(self, node: NodeId) -> str:
        """The node as people know it."""
        found = self.nodes.get(node)
        return node.name if found is None else found.name


def without(snapshot: Snapshot, templates: Collection[str]) -> Snapshot:
    """The snapshot without the stacks of some templates."""
    gone = {stack for stack, template in snapshot.templates.items() if template in templates}
    return replace(
        snapshot,
        nodes={key: node for key, node in snapshot.nodes.items() if key.stack not in gone},
        facts={
            fact: presence
            for fact, presence in snapshot.facts.items()
            if fact.subject.stack not in gone and (fact.object is None or fact.object.stack not in gone)
        },
    )


def joined(snapshots: Iterable[Snapshot]) -> Snapshot:
    """One snapshot of several architectures."""
    nodes: dict[NodeId, Node] = {}
    facts: dict[Fact, Presence] = {}
    conditions: dict[tuple[str, str], str] = {}
    templates: dict[str, str] = {}
    spans: dict[tuple[str, str], Span] = {}
    solvers: list[tuple[frozenset[str], Satisfiable]] = []
    for one in snapshots:
        nodes |= one.nodes
        conditions |= one.conditions
        templates |= one.templates
        spans |= one.spans
        solvers.append((frozenset(one.templates), one.satisfiable))
        for fact, presence in one.facts.items():
            facts[fact] = presence if fact not in facts else facts[fact].also(presence)

    def satisfiable(scenario: Scenario) -> bool:
        return all(
            solver(frozenset(literal for literal in scenario if literal[0] in stacks)) for stacks, solver in solvers
        )

    return Snapshot(nodes, facts, conditions, satisfiable, templates, spans)


def moved(snapshot: Snapshot, stack: Callable[[str], str], condition: Callable[[str, str], str]) -> Snapshot:
    """The snapshot with its stacks and conditions called by other names; ``condition`` takes the new stack's name."""
    back = {stack(name): name for name in snapshot.templates}
    old_name = {(stack(own), condition(stack(own), name)): name for own, name in snapshot.conditions}

    def node(one: NodeId) -> NodeId:
        return NodeId(stack(one.stack), one.name) if one.stack else one

    def scenario(one: Scenario) -> Scenario:
        return frozenset((stack(own), condition(stack(own), name), value) for own, name, value in one)

    def satisfiable(one: Scenario) -> bool:
        return snapshot.satisfiable(
            frozenset((back.get(own, own), old_name.get((own, name), name), value) for own, name, value in one)
        )

    return Snapshot(
        {node(key): replace(one, id=node(key), origin=node(one.origin)) for key, one in snapshot.nodes.items()},
        {
            replace(fact, subject=node(fact.subject), object=None if fact.object is None else node(fact.object)): (
                Presence(tuple(scenario(one) for one in presence.scenarios))
            )
            for fact, presence in snapshot.facts.items()
        },
        {(stack(own), condition(stack(own), name)): text for (own, name), text in snapshot.conditions.items()},
        satisfiable,
        {stack(name): template for name, template in snapshot.templates.items()},
        {(stack(own), condition(stack(own), name)): span for (own, name), span in snapshot.spans.items()},
    )
