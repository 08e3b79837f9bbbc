"""Scenarios compared: what is uncovered is exactly what is in one and in no other."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from validator.difference.presence import Presence, Scenario, covered, gained, minimal, together, uncovered

NAMES = ("A", "B", "C")
literals = st.tuples(st.just("stack"), st.sampled_from(NAMES), st.booleans())


def scenario(**conditions: bool) -> Scenario:
    return frozenset(("stack", name, value) for name, value in conditions.items())


scenarios = st.dictionaries(st.sampled_from(NAMES), st.booleans()).map(lambda found: scenario(**found))
WORLDS = [scenario(**dict(zip(NAMES, values, strict=True))) for values in product((True, False), repeat=3)]


def holds(any_of: list[Scenario] | tuple[Scenario, ...], world: Scenario) -> bool:
    return any(one <= world for one in any_of)


def anything(_: Scenario) -> bool:
    return True


@given(scenarios, st.lists(scenarios, max_size=4))
def test_uncovered_is_what_no_other_scenario_holds(one: Scenario, by: list[Scenario]):
    found = uncovered(one, by, anything)

    for world in WORLDS:
        assert holds(found, world) == (one <= world and not holds(by, world))
    assert covered(one, by, anything) == (not any(one <= world and not holds(by, world) for world in WORLDS))


@given(st.lists(scenarios, max_size=4), st.lists(scenarios, max_size=4))
def test_gained_is_the_difference_of_two_presences(head: list[Scenario], base: list[Scenario]):
    found = gained(Presence(tuple(head)), Presence(tuple(base)), anything)

    for world in WORLDS:
        assert holds(found, world) == (holds(head, world) and not holds(base, world))


@given(st.lists(scenarios, max_size=3), st.lists(scenarios, max_size=3))
def test_together_is_where_both_hold(one: list[Scenario], other: list[Scenario]):
    found = together((one, other))

    for world in WORLDS:
        assert holds(found, world) == (holds(one, world) and holds(other, world))
        assert holds(minimal(one), world) == holds(one, world)


def test_what_cannot_occur_is_not_gained():
    exclusive = scenario(A=False, B=False)

    found = uncovered(frozenset(), [scenario(A=True), scenario(B=True)], lambda asked: not exclusive <= asked)

    assert found == []
