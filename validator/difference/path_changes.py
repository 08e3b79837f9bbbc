"""New ways in, and ways that are closed: what the outside can now reach through what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from validator.difference.compared import Compared, change, listed, when
from validator.difference.facts import ANYONE, INTERNET, OPEN, SIGNED_IN, UNDECIDED, Fact, FactKind, NodeId
from validator.difference.presence import Scenario, minimal, uncovered
from validator.difference.ways import Hop, Path, Ways, ways_of
from validator.model import ArchitectureChange, ChangeKind, Danger, Span


@dataclass(frozen=True, slots=True)
class PathChanges:
    """The changes of paths, and the edges that they speak of."""

    changes: tuple[ArchitectureChange, ...]
    explained: frozenset[Fact]
    hops: frozenset[Hop]


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    scenarios: tuple[Scenario, ...]


def path_changes(both: Compared) -> PathChanges:
    """What can now be reached from outside and how, and what no more."""
    head, base = ways_of(both.head), ways_of(both.base)
    added = _new_paths(both, head, base, removed=False)
    ended = [
        one
        for one in _new_paths(both, base, head, removed=True)
        if not _reached(head, one.path) and one.path[-1] in both.head.nodes and _is_gone(both, base, one.path)
    ]
    changes = [*_told(both, head, base, added), *_ended(both, base, ended)]
    hops = {hop for one in (*added, *ended) for hop in pairwise(one.path)}
    explained = {fact for ways in (head, base) for hop in hops for fact in ways.hops.get(hop, ())}
    return PathChanges(tuple(changes), frozenset(explained), frozenset(hops))


def _new_paths(both: Compared, own: Ways, other: Ways, removed: bool) -> list[_Found]:
    found: list[_Found] = []
    for source in (INTERNET, ANYONE, SIGNED_IN):
        for path in own.paths(source):
            before = other.of(path)
            parts = [
                part
                for scenario in own.of(path)
                for part in uncovered(scenario, before, lambda asked: both.satisfiable(asked, removed))
            ]
            if parts:
                found.append(_Found(path, tuple(minimal(parts))))
    return found


def _reached(ways: Ways, path: Path) -> bool:
    return any(other[-1] == path[-1] or path[-1] in other for other in ways.paths(path[0]))


def _is_gone(both: Compared, base: Ways, path: Path) -> bool:
    """Whether an edge of the path went for certain."""
    return any(fact in both.went for hop in pairwise(path) for fact in base.hops.get(hop, ()))


def _told(both: Compared, head: Ways, base: Ways, added: Sequence[_Found]) -> Iterator[ArchitectureChange]:
    """One sentence for all targets behind the same last node, by the shortest way to them."""
    shortest: dict[tuple[NodeId, NodeId, NodeId], list[_Found]] = {}
    for one in sorted(added, key=lambda found: len(found.path)):
        shortest.setdefault((one.path[0], one.path[-2], one.path[-1]), []).append(one)
    groups: dict[tuple[Path, tuple[Scenario, ...]], list[list[_Found]]] = {}
    for ways in shortest.values():
        groups.setdefault((ways[0].path[:-1], ways[0].scenarios), []).append(ways)
    for (via, scenarios), several in groups.items():
        yield _added(both, head, base, via, scenarios, several)


def _added(
    both: Compared,
    head: Ways,
    base: Ways,
    via: Path,
    scenarios: Sequence[Scenario],
    several: Sequence[Sequence[_Found]],
) -> ArchitectureChange:
    ends = [ways[0].path[-1] for ways in several]
    path = several[0][0].path
    every = [one.path for ways in several for one in ways]
    asked = [head.asked(one) for one in every]
    state, by = min(asked, key=lambda one: (OPEN, UNDECIDED).index(one[0]) if one[0] in (OPEN, UNDECIDED) else 2)
    known = any(base.of(one) for one in every)
    through = " through " + " → ".join(both.name(node) for node in via[1:]) if len(via) > 1 else ""
    guard = {OPEN: ", and nobody is asked who they are", UNDECIDED: ", and whether callers are asked is not decided"}
    said = guard.get(state, f" (callers are asked: {by})" if by else "")
    also = " also" if known and any(scenarios) else ""
    sentence = f"{via[0].name} can now{also} reach {listed(both.name(end) for end in ends)}{through}"
    more = sum(len(ways) - 1 for ways in several)
    parts = [f"{more} more way{'' if more == 1 else 's'} lead there"] if more else []
    return change(
        ChangeKind.PATH_ADDED,
        Danger.DANGEROUS if state == OPEN else Danger.NOTABLE,
        f"{sentence}{when(scenarios)}{said}",
        _place(both, head, path),
        nodes=(*via, *ends),
        hops=(*pairwise(via), *((via[-1], end) for end in ends)),
        parts=parts,
        scenarios=scenarios,
    )


def _place(both: Compared, ways: Ways, path: Path, removed: bool = False) -> Span | None:
    """Where the edge stands that makes the path new: the last of them."""
    delta = both.delta(removed)
    facts = [fact for hop in pairwise(path) for fact in ways.hops.get(hop, ())]
    new = [fact for fact in facts if fact in delta]
    return (new or facts)[-1].span if facts else None


def _ended(both: Compared, base: Ways, ended: Sequence[_Found]) -> Iterator[ArchitectureChange]:
    by_target: dict[tuple[NodeId, NodeId], _Found] = {}
    for one in sorted(ended, key=lambda found: len(found.path)):
        by_target.setdefault((one.path[0], one.path[-1]), one)
    for (source, end), one in by_target.items():
        through = " → ".join(both.name(node) for node in one.path[1:-1])
        yield change(
            ChangeKind.PATH_REMOVED,
            Danger.SAFER,
            f"{source.name} can no longer reach {both.name(end)}"
            f"{f' through {through}' if through else ''}{when(one.scenarios)}",
            _place(both, base, one.path, removed=True),
            removed=True,
            nodes=one.path,
            scenarios=one.scenarios,
        )


def stores_behind(both: Compared, api: NodeId, operation: str) -> tuple[NodeId, ...]:
    """The stores that a call of the operation leads to, in the new state."""
    ways = ways_of(both.head)
    starts = [
        fact.object
        for fact in both.head.of(FactKind.EDGE)
        if fact.subject == api and fact.object is not None and fact.terms[1:] == (operation,)
    ]
    if operation in ("GraphQL", "function URL"):
        starts = [end for start, end in ways.hops if start == api]
    found: dict[NodeId, None] = {}
    waiting = [start for start in starts if start is not None]
    seen: set[NodeId] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if node in ways.stores:
            found[node] = None
        else:
            waiting += [end for start, end in ways.hops if start == node]
    return tuple(sorted(found))
