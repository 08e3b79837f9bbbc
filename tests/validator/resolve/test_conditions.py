"""The condition solver: satisfiable combinations only."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness import scope
from validator.resolve.conditions import ConditionSolver


def solver(sections: str, **parameters: str) -> ConditionSolver:
    resources = "\nResources: {T: {Type: 'AWS::SNS::Topic'}}\n"
    return scope(sections + resources, **parameters).solver


def combinations(conditions: ConditionSolver, *names: str) -> set[tuple[bool, ...]]:
    """All combinations that can be reached by deciding one condition after the other."""
    found: set[tuple[bool, ...]] = set()
    for values in product((True, False), repeat=len(names)):
        decided: dict[str, bool] = {}
        for name, value in zip(names, values, strict=True):
            if value not in conditions.possible(name, decided):
                break
            decided[name] = value
        else:
            found.add(values)
    return found


ENVIRONMENTS = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, test, prod]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Equals [!Ref Env, test]
  NotProd: !Not [!Condition IsProd]
  Either: !Or [!Condition IsProd, !Condition IsTest]
  IsStage: !Equals [!Ref Env, stage]
"""


def test_exclusive_implied_and_impossible_conditions() -> None:
    found = solver(ENVIRONMENTS)
    assert combinations(found, "IsProd", "IsTest") == {(True, False), (False, True), (False, False)}
    assert combinations(found, "IsProd", "NotProd") == {(True, False), (False, True)}
    assert combinations(found, "IsProd", "Either") == {(True, True), (False, True), (False, False)}
    assert found.possible("IsStage", {}) == {False}


def test_defaults_do_not_narrow_but_given_values_do() -> None:
    assert solver(ENVIRONMENTS).possible("IsProd", {}) == {True, False}
    assert solver(ENVIRONMENTS, Env="test").possible("IsProd", {}) == {False}
    assert solver(ENVIRONMENTS).at_defaults({"IsProd": False})
    assert not solver(ENVIRONMENTS).at_defaults({"IsProd": True})


def test_decisions_tell_what_a_parameter_is() -> None:
    found = solver(ENVIRONMENTS)
    assert found.parameter("Env", {"IsProd": True}) == {"prod"}
    assert found.parameter("Env", {"IsProd": False}) == {"dev", "test"}
    assert found.witness({"IsTest": True}) == {"Env": "test"}


@pytest.mark.parametrize(
    ("constraint", "possible"),
    [("", {True, False}), (", MinLength: 1", {False}), (", AllowedPattern: 'a.+'", {False})],
)
def test_constraints_on_the_value_narrow(constraint: str, possible: set[bool]) -> None:
    template = f"Parameters: {{P: {{Type: String{constraint}}}}}\nConditions: {{Empty: !Equals [!Ref P, '']}}"
    assert solver(template).possible("Empty", {}) == possible


def test_rules_narrow() -> None:
    template = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Public: {Type: String, AllowedValues: ['true', 'false']}
Rules:
  NoPublicProd:
    RuleCondition: !Equals [!Ref Env, prod]
    Assertions:
      - Assert: !Equals [!Ref Public, 'false']
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsPublic: !Equals [!Ref Public, 'true']
"""
    assert combinations(solver(template), "IsProd", "IsPublic") == {(True, False), (False, True), (False, False)}


def test_a_mapping_in_a_condition_is_looked_up_for_each_value() -> None:
    template = """
Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
Mappings: {M: {dev: {public: 'true'}, prod: {public: 'false'}}}
Conditions:
  IsPublic: !Equals [!FindInMap [M, !Ref Env, public], 'true']
  IsProd: !Equals [!Ref Env, prod]
"""
    assert combinations(solver(template), "IsPublic", "IsProd") == {(True, False), (False, True)}


def test_two_parameters_may_be_equal_without_being_known() -> None:
    template = """
Parameters: {A: {Type: String}, B: {Type: String}}
Conditions: {Same: !Equals [!Ref A, !Ref B], AIsX: !Equals [!Ref A, x], BIsX: !Equals [!Ref B, x]}
"""
    found = combinations(solver(template), "Same", "AIsX", "BIsX")
    assert (True, False, False) in found
    assert (False, False, False) in found
    assert (True, True, False) not in found
    assert (False, True, True) not in found


def test_the_same_expression_over_an_unknown_is_the_same() -> None:
    template = """
Parameters: {Ids: {Type: CommaDelimitedList}}
Conditions:
  NoIds: !Equals [!Join ['', !Ref Ids], '']
  HasIds: !Not [!Equals [!Join ['', !Ref Ids], '']]
"""
    assert combinations(solver(template), "NoIds", "HasIds") == {(True, False), (False, True)}


def test_many_independent_conditions_do_not_multiply() -> None:
    names = [f"C{number}" for number in range(40)]
    parameters = "\n".join(f"  P{n}: {{Type: String, Default: x}}" for n in range(40))
    conditions = "\n".join(f"  C{n}: !Equals [!Ref P{n}, x]" for n in range(40))
    found = solver(f"Parameters:\n{parameters}\nConditions:\n{conditions}")
    assert all(found.exact(name) and found.possible(name, {}) == {True, False} for name in names)


def test_a_group_over_the_bound_is_free_and_says_so() -> None:
    parameters = "\n".join(f"  P{n}: {{Type: String, Default: x}}" for n in range(14))
    equals = ", ".join(f"!Equals [!Ref P{n}, x]" for n in range(10))
    more = ", ".join(f"!Equals [!Ref P{n}, x]" for n in range(5, 14))
    found = solver(f"Parameters:\n{parameters}\nConditions:\n  All: !And [{equals}]\n  More: !And [{more}]")
    assert not found.exact("All")
    assert found.possible("All", {}) == {True, False}


def test_a_literal_condition_and_an_undeclared_one() -> None:
    found = solver("Conditions: {Always: true}")
    assert found.possible("Always", {}) == {True}
    assert found.possible("Nobody", {}) == {True, False}
    assert not found.exact("Nobody")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True), st.data())
def test_what_is_possible_is_what_some_allowed_value_gives(allowed: list[str], data: st.DataObject) -> None:
    left, right = (data.draw(st.sampled_from("abcd")) for _ in range(2))
    template = f"""
Parameters: {{P: {{Type: String, AllowedValues: [{", ".join(allowed)}]}}}}
Conditions: {{L: !Equals [!Ref P, {left}], R: !Not [!Equals [!Ref P, {right}]]}}
"""
    expected = {(value == left, value != right) for value in allowed}
    assert combinations(solver(template), "L", "R") == expected


def test_the_constraints_of_a_list_hold_for_its_items() -> None:
    template = """
Parameters: {Zones: {Type: CommaDelimitedList, Default: 'a,b', AllowedValues: [a, b, c]}}
Conditions: {Two: !Equals [!Join [',', !Ref Zones], 'a,b'], Wrong: !Equals [!Join [',', !Ref Zones], 'x']}
"""
    found = solver(template)
    assert found.possible("Two", {}) == {True, False}
    assert found.at_defaults({"Two": True})


def test_a_pattern_that_could_hang_the_run_is_not_checked() -> None:
    template = """
Parameters: {P: {Type: String, AllowedPattern: '(a+)+$', Default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!}}
Conditions: {Empty: !Equals [!Ref P, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!']}
"""
    assert solver(template).possible("Empty", {}) == {True, False}
