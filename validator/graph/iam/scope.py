"""How an action stands to ``Resource: "*"``: whether a narrower resource could have been written."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Final

from validator.graph.iam.actions import Action, glob
from validator.graph.iam.conditions import ConditionTest
from validator.graph.iam.tables import names
from validator.resolve import Text

WITHOUT_DATA: Final = frozenset(
    ("ce", "comprehend", "polly", "pricing", "textract", "transcribe", "translate", "xray")
)
"""Services that keep next to nothing of yours: every action of them is little."""


_LEADING_KEYS: Final = "dynamodb:leadingkeys"
"""AWS documents it with ``ForAllValues`` (DynamoDB Developer Guide, *Fine-grained access control*)."""


class Scope(StrEnum):
    """What an action says of a statement on everything."""

    NARROWABLE = "narrowable"
    """A resource could be named: ``*`` is wider than needed."""
    ONLY_EVERYTHING = "works on * only"
    DOCUMENTED = "is documented on *"
    BESIDE_THE_POINT = "takes resources that are beside the point"
    UNDECIDED = "has only optional resources"


@cache
def scope_of(action: Action) -> Scope:
    """The action's class: by the reference where it decides, by the curated table where it does not."""
    name = action.full.lower()
    if not action.resource_types:
        return Scope.ONLY_EVERYTHING
    if _listed("documented_on_everything", name):
        return Scope.DOCUMENTED
    if action.needs_resource:
        return Scope.NARROWABLE
    if _listed("beside_the_point", name):
        return Scope.BESIDE_THE_POINT
    if _listed("alternatives", name):
        return Scope.NARROWABLE
    return Scope.UNDECIDED


@cache
def _listed(table: str, name: str) -> bool:
    return any(glob(pattern).fullmatch(name) for pattern in names("optional_resources", table, key="actions"))


def scoping_test(tests: Iterable[ConditionTest]) -> ConditionTest | None:
    """The first condition that carries the scope of a statement on everything, if one does."""
    keys = names("optional_resources", "scoping_keys")
    prefixes = tuple(names("optional_resources", "scoping_keys", key="prefixes"))
    for test in tests:
        if test.negated or test.if_exists or test.operator in ("Null", "Unknown"):
            continue
        if test.quantifier == "ForAllValues" and test.key != _LEADING_KEYS:
            continue
        if (test.key in keys or test.key.startswith(prefixes)) and all(_says_something(test, v) for v in test.values):
            return test
    return None


def _says_something(test: ConditionTest, value: object) -> bool:
    return not (isinstance(value, Text) and test.takes_wildcards and set(str(value)) <= {"*", "?"})
