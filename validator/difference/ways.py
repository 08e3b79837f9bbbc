"""Ways from outside to what is inside: hops between nodes, and the paths that they make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from validator.difference.facts import ANYONE, INTERNET, OPEN, SIGNED_IN, UNDECIDED, Fact, FactKind, NodeId, Snapshot
from validator.difference.presence import Scenario, minimal, together
from validator.graph import Relation
from validator.graph.tiers import Tier, tier_of_type

Path = tuple[NodeId, ...]
Hop = tuple[NodeId, NodeId]

_ROLE: Final = "AWS::IAM::Role"
_URL: Final = "AWS::Lambda::Url"
_FORWARD: Final = frozenset(
    relation.value
    for relation in (
        Relation.ROUTES_TO,
        Relation.INVOKES,
        Relation.ASSUMES,
        Relation.MAY,
        Relation.TALKS_TO,
        Relation.PUBLISHES,
    )
)
_LENGTH_BOUND: Final = 10
_STEPS_BOUND: Final = 20_000


@dataclass(frozen=True, slots=True)
class Ways:
    """The hops of one state: roles are stepped over, since who assumes one is what acts."""

    snapshot: Snapshot
    hops: Mapping[Hop, tuple[Fact, ...]]
    scenarios: Mapping[Hop, tuple[Scenario, ...]]
    stores: frozenset[NodeId]

    def paths(self, source: NodeId) -> Iterator[Path]:
        """The simple paths from a place, each as far as it leads: to a store, or to where nothing follows."""
        following: dict[NodeId, list[NodeId]] = {}
        for start, end in self.hops:
            following.setdefault(start, []).append(end)
        waiting: list[Path] = [(source,)]
        steps = 0
        while waiting and steps < _STEPS_BOUND:
            steps += 1
            path = waiting.pop()
            further = [] if path[-1] in self.stores else [n for n in following.get(path[-1], ()) if n not in path]
            if len(path) == 1:
                further = [node for node in further if self._enters(source, node)]
            if (not further or len(path) > _LENGTH_BOUND) and len(path) > 1:
                yield path
            elif len(path) <= _LENGTH_BOUND:
                waiting += ((*path, node) for node in reversed(further))

    def _enters(self, source: NodeId, node: NodeId) -> bool:
        """Whether a place leads there by itself: who signs in still comes over the Internet to an API."""
        if source == INTERNET:
            return True
        found = self.snapshot.nodes.get(node)
        routed = any(fact.terms[0] == Relation.ROUTES_TO.value for fact in self.hops[source, node])
        return not routed or (found is not None and found.type == _URL)

    def of(self, path: Path) -> list[Scenario]:
        """The scenarios in which all hops of the path are there; none when one never is."""
        hops = list(pairwise(path))
        return together(self.scenarios[hop] for hop in hops) if all(hop in self.scenarios for hop in hops) else []

    def asked(self, path: Path) -> tuple[str, str]:
        """How the callers on the path are asked who they are: a state, and by what."""
        weakest: tuple[str, str] = (OPEN, "")
        for hop in pairwise(path):
            guards = self._guards(hop)
            if not guards:
                continue
            states = {state for state, _ in guards}
            if OPEN in states:
                continue
            by = ", ".join(sorted({by for _, by in guards if by}))
            if UNDECIDED not in states:
                return next(iter(states)), by
            weakest = UNDECIDED, by
        if path[0] in (ANYONE, SIGNED_IN):
            return "guarded", ""
        return weakest

    def _guards(self, hop: Hop) -> list[tuple[str, str]]:
        """The guards of the operations by which one node calls the other; of a URL or a GraphQL API, its own."""
        start, _ = hop
        operations = {fact.terms[1] for fact in self.hops[hop] if fact.terms[0] == Relation.INVOKES.value}
        return [
            (fact.terms[1], fact.terms[2])
            for fact in self.snapshot.facts
            if fact.kind is FactKind.GUARD
            and fact.subject == start
            and (fact.terms[0] in operations or fact.terms[0] in ("GraphQL", "function URL"))
        ]


def ways_of(snapshot: Snapshot) -> Ways:
    """The hops that a state's edges make."""
    edges = snapshot.of(FactKind.EDGE)
    hops: dict[Hop, list[Fact]] = {}
    scenarios: dict[Hop, list[Scenario]] = {}
    wearers: dict[NodeId, list[Fact]] = {}

    def add(start: NodeId, end: NodeId, facts: tuple[Fact, ...], found: list[Scenario]) -> None:
        if found and start != end:
            hops.setdefault((start, end), []).extend(facts)
            scenarios.setdefault((start, end), []).extend(found)

    for fact in edges:
        if fact.object is not None and fact.terms[0] == Relation.ASSUMES.value:
            wearers.setdefault(fact.object, []).append(fact)
    for fact, presence in edges.items():
        if fact.object is None:
            continue
        if fact.terms[0] == Relation.CONSUMES.value:
            add(fact.object, fact.subject, (fact,), list(presence.scenarios))
        elif fact.terms[0] not in _FORWARD or _is_role(snapshot, fact.object):
            continue
        elif _is_role(snapshot, fact.subject):
            for worn in wearers.get(fact.subject, ()):
                add(worn.subject, fact.object, (worn, fact), together((edges[worn].scenarios, presence.scenarios)))
        else:
            add(fact.subject, fact.object, (fact,), list(presence.scenarios))
    stores = frozenset(key for key, node in snapshot.nodes.items() if tier_of_type(node.type) is Tier.DATA)
    return Ways(
        snapshot,
        {hop: tuple(facts) for hop, facts in hops.items()},
        {hop: tuple(minimal(found)) for hop, found in scenarios.items()},
        stores,
    )


def _is_role(snapshot: Snapshot, node: NodeId) -> bool:
    found = snapshot.nodes.get(node)
    return found is not None and found.type == _ROLE
