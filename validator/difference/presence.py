"""In which scenarios something is there, and in which it newly is."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import product

Literal = tuple[str, str, bool]
"""A stack, one of its conditions, and whether it holds."""

Scenario = frozenset[Literal]
"""Conditions that hold together; the empty one is every scenario."""

Satisfiable = Callable[[Scenario], bool]
"""Whether a combination of conditions can occur."""

ALWAYS: Scenario = frozenset()
_BOUND = 256


@dataclass(frozen=True, slots=True)
class Presence:
    """The scenarios in which something is there: any of them."""

    scenarios: tuple[Scenario, ...]

    @property
    def always(self) -> bool:
        """Whether it is there whatever holds."""
        return ALWAYS in self.scenarios

    def also(self, other: "Presence") -> "Presence":
        """There in the scenarios of either."""
        return Presence(tuple(dict.fromkeys((*self.scenarios, *other.scenarios))))


def consistent(one: Scenario, other: Scenario) -> bool:
    """Whether no condition holds in one and not in the other."""
    return not any((stack, name, not value) in other for stack, name, value in one)


def together(presences: Iterable[Collection[Scenario]]) -> list[Scenario]:
    """The scenarios in which all of several things are there."""
    found: list[Scenario] = [ALWAYS]
    for scenarios in presences:
        joined = [one | other for one, other in product(found, scenarios) if consistent(one, other)]
        found = minimal(joined)[:_BOUND]
    return found


def minimal(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """The scenarios without those that others contain."""
    kept: list[Scenario] = []
    for scenario in sorted(set(scenarios), key=lambda one: (len(one), sorted(one))):
        if not any(other <= scenario for other in kept):
            kept.append(scenario)
    return kept


def covered(scenario: Scenario, by: Collection[Scenario], satisfiable: Satisfiable) -> bool:
    """Whether each combination of conditions that can occur in the scenario lies in one of ``by``."""
    return next(iter(uncovered(scenario, by, satisfiable)), None) is None


def uncovered(scenario: Scenario, by: Collection[Scenario], satisfiable: Satisfiable) -> list[Scenario]:
    """The parts of a scenario that can occur and lie in none of ``by``."""
    relevant = [other for other in by if consistent(scenario, other)]
    if any(other <= scenario for other in relevant):
        return []
    if not satisfiable(scenario):
        return []
    if not relevant:
        return [scenario]
    stack, name, _ = min(min(relevant, key=lambda one: (len(one - scenario), sorted(one))) - scenario)
    return [
        part
        for value in (True, False)
        for part in uncovered(scenario | {(stack, name, value)}, relevant, satisfiable)
    ]


def gained(head: Presence, base: Presence | None, satisfiable: Satisfiable) -> list[Scenario]:
    """The scenarios of ``head`` in which it was not there in ``base``."""
    by = () if base is None else base.scenarios
    return minimal(part for scenario in head.scenarios for part in uncovered(scenario, by, satisfiable))
