"""Scenarios are explored only as far as a question asks, and memories never leak between them."""

from tests.harness import scope
from validator.resolve import Scope

TEMPLATE = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Dns: {Type: String, Default: ''}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  NotProd: !Not [!Condition IsProd]
  HasDns: !Not [!Equals [!Ref Dns, '']]
Resources:
  Subject:
    Type: AWS::SNS::Topic
    Properties:
      Name: !If [IsProd, p, d]
      Also: !If [NotProd, d, p]
      Env: !Ref Env
      Dns: !If [HasDns, !Ref Dns, none]
      Double: one
      Double: two
"""


def read(stack: Scope, *path: str) -> str | None:
    return stack.resolve(stack.template.resources["Subject"].body).get("Properties", *path).literal


def test_a_question_forks_on_what_it_reads_only() -> None:
    stack = scope(TEMPLATE)
    found = stack.evaluation.explore(lambda: read(stack, "Name"))
    assert found.complete
    assert {(tuple(leaf.conditions.values()), leaf.result) for leaf in found.leaves} == {
        ((True,), "p"),
        ((False,), "d"),
    }


def test_implied_conditions_do_not_fork_again() -> None:
    stack = scope(TEMPLATE)
    found = stack.evaluation.explore(lambda: (read(stack, "Name"), read(stack, "Also")))
    assert sorted(leaf.result for leaf in found.leaves) == [("d", "d"), ("p", "p")]


def test_a_parameter_follows_the_conditions_decided() -> None:
    stack = scope(TEMPLATE)
    assert stack.evaluation.explore(lambda: read(stack, "Env")).leaves[0].result == "dev"
    found = stack.evaluation.explore(lambda: (read(stack, "Name"), read(stack, "Env")))
    assert sorted(leaf.result for leaf in found.leaves) == [("d", "dev"), ("p", "prod")]


def test_an_unknown_value_that_a_condition_admits_has_no_default() -> None:
    stack = scope(TEMPLATE)
    found = stack.evaluation.explore(lambda: read(stack, "Dns"))
    assert {leaf.result for leaf in found.leaves} == {"none", None}


def test_memory_agrees_with_the_scenario() -> None:
    stack = scope(TEMPLATE)
    calls: list[int] = []

    def name() -> str | None:
        def compute() -> str | None:
            calls.append(1)
            return read(stack, "Name")

        return stack.evaluation.memo("name", compute)

    for _ in range(3):
        found = stack.evaluation.explore(name)
        assert sorted(str(leaf.result) for leaf in found.leaves) == ["d", "p"]
        assert all(len(leaf.conditions) == 1 for leaf in found.leaves)
    completed = 2
    interrupted = 1
    assert len(calls) == completed + interrupted


def test_a_duplicated_key_taints_what_reads_it() -> None:
    stack = scope(TEMPLATE)
    (leaf,) = stack.evaluation.explore(lambda: read(stack, "Double")).leaves
    assert leaf.result == "two"
    assert [taint.reason for taint in leaf.taints] == ["the key Double is written twice"]


def test_the_bound_is_told() -> None:
    stack = scope(TEMPLATE)
    found = stack.evaluation.explore(lambda: (read(stack, "Name"), read(stack, "Dns")), bound=2)
    assert not found.complete
    assert len(found.leaves) == 2
