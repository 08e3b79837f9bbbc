"""Two snapshots side by side: which facts came, which went, and in which scenarios."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from validator.difference.facts import Fact, FactKind, Node, NodeId, Snapshot
from validator.difference.presence import Presence, Scenario, consistent, gained
from validator.model import ArchitectureChange, ChangeKind, Danger, Span

_NOWHERE: Final = Span("", 1, 1, 1, 1)
Delta = Mapping[Fact, Sequence[Scenario]]
"""Facts with the scenarios in which they hold in one state and not in the other."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The base in the names of the head, and what differs."""

    base: Snapshot
    head: Snapshot
    came: Delta
    went: Delta

    def side(self, removed: bool) -> Snapshot:
        """The state in which something can be looked up: the old one for what is gone."""
        return self.base if removed else self.head

    def delta(self, removed: bool) -> Delta:
        """What is in one state only."""
        return self.went if removed else self.came

    def satisfiable(self, scenario: Scenario, removed: bool) -> bool:
        """Whether the conditions can hold together in the state that has what is asked about."""
        own, other = self.side(removed), self.side(not removed)
        foreign = frozenset(literal for literal in scenario if literal[:2] not in own.conditions)
        return own.satisfiable(scenario) and other.satisfiable(foreign)

    def node(self, node: NodeId) -> Node | None:
        """The resource, as the head has it if it does."""
        return self.head.nodes.get(node) or self.base.nodes.get(node)

    def name(self, node: NodeId) -> str:
        """The node as people know it: what SAM makes beside a role keeps its own name."""
        found = self.node(node)
        if found is None or found.origin == found.id:
            return node.name if found is None else found.name
        return found.name if found.type == "AWS::IAM::Role" else node.name

    def is_new(self, node: NodeId, removed: bool) -> bool:
        """Whether the resource that somebody wrote for the node is in the one state only."""
        found = self.side(removed).nodes.get(node)
        return found is not None and not has_origin(self.side(not removed), found.origin)

    def states(self, fact: Fact, scenarios: Iterable[Scenario], removed: bool) -> list[Fact]:
        """What the other state says of the same subject (and operation) in these scenarios."""
        operation = fact.terms[:1] if fact.kind is FactKind.GUARD else ()
        wanted = list(scenarios)
        return [
            other
            for other, presence in self.side(not removed).facts.items()
            if other.kind is fact.kind
            and other.subject == fact.subject
            and other.terms[: len(operation)] == operation
            and any(consistent(one, two) for one in wanted for two in presence.scenarios)
        ]


def has_origin(snapshot: Snapshot, origin: NodeId) -> bool:
    """Whether somebody wrote the resource in this state."""
    return any(node.origin == origin for node in snapshot.nodes.values())


def compared(base: Snapshot, head: Snapshot) -> Compared:
    """Both with what differs; ``base`` has the names of ``head`` already."""
    empty = Compared(base, head, {}, {})
    undecided = newly_refused(empty)
    went = {
        fact: scenarios
        for fact, scenarios in _delta(empty, removed=True).items()
        if not _is_undecided(base, fact, undecided)
    }
    return Compared(base, head, _delta(empty, removed=False), MappingProxyType(went))


def newly_refused(both: Compared) -> tuple[Node, ...]:
    """The resources that the transform refuses now and did not before."""
    before = {node.origin for node in both.base.nodes.values() if node.refused}
    return tuple(node for node in both.head.nodes.values() if node.refused and node.origin not in before)


def _is_undecided(base: Snapshot, fact: Fact, refused: tuple[Node, ...]) -> bool:
    """Whether something may still be there: a resource of its stack is refused, and nobody knows what it makes."""
    if fact.kind is FactKind.EXISTS:
        return any(base.nodes[fact.subject].origin == node.origin for node in refused)
    ends = (fact.subject, fact.object)
    return any(end is not None and end.stack == node.id.stack for end in ends for node in refused)


def _delta(both: Compared, removed: bool) -> Delta:
    own, other = both.side(removed).facts, both.side(not removed).facts
    found: dict[Fact, Sequence[Scenario]] = {}
    for fact, presence in own.items():
        known = other.get(fact)
        if known is not None and (known.always or known.scenarios == presence.scenarios):
            continue
        scenarios = gained(presence, known, lambda scenario: both.satisfiable(scenario, removed))
        if scenarios:
            found[fact] = scenarios
    return MappingProxyType(found)


def shared(scenarios: Iterable[Scenario]) -> Mapping[str, bool]:
    """The conditions that all of the scenarios name."""
    found = list(scenarios)
    literals = frozenset.intersection(*found) if found else frozenset()
    return MappingProxyType({name: value for _, name, value in sorted(literals)})


def when(scenarios: Iterable[Scenario], known: Presence | None = None) -> str:
    """The scenarios as the end of a sentence: `` when IsProd is false``; ``known``: in which it was there before."""
    found = sorted(scenarios, key=sorted)
    if any(not scenario for scenario in found) or not found:
        return ""
    shown = [" and ".join(f"{name} is {str(value).lower()}" for _, name, value in sorted(one)) for one in found[:3]]
    more = " or in other scenarios" if len(found) > 3 else ""
    return f"{' also' if known is not None else ''} when {' or when '.join(shown)}{more}"


def change(
    kind: ChangeKind,
    danger: Danger,
    sentence: str,
    span: Span | None,
    *,
    removed: bool = False,
    nodes: Iterable[NodeId] = (),
    hops: Iterable[tuple[NodeId, NodeId]] = (),
    parts: Iterable[str] = (),
    scenarios: Iterable[Scenario] = (),
) -> ArchitectureChange:
    """One change of the architecture."""
    return ArchitectureChange(
        kind,
        danger,
        sentence,
        span or _NOWHERE,
        removed,
        tuple(str(node) for node in nodes),
        tuple((str(start), str(end)) for start, end in hops),
        tuple(dict.fromkeys(parts)),
        shared(scenarios),
    )


def listed(names: Iterable[str], most: int = 8) -> str:
    """``A, B and C``; a long list is cut and counted."""
    found = list(dict.fromkeys(names))
    if len(found) > most:
        found = [*found[: most - 1], f"{len(found) - most + 1} more"]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""
