"""Intrinsic functions to symbolic values, conditions to scenarios."""

from validator.resolve.evaluation import ConditionKey, Evaluation, Exploration, Leaf, Taint, Undecided
from validator.resolve.parameters import Environment
from validator.resolve.scope import Scope
from validator.resolve.values import (
    Absent,
    DynamicReference,
    Hole,
    ListValue,
    MapValue,
    Part,
    Pseudo,
    ResourceRef,
    Text,
    Unknown,
    Value,
)

__all__ = [
    "Absent",
    "ConditionKey",
    "DynamicReference",
    "Environment",
    "Evaluation",
    "Exploration",
    "Hole",
    "Leaf",
    "ListValue",
    "MapValue",
    "Part",
    "Pseudo",
    "ResourceRef",
    "Scope",
    "Taint",
    "Text",
    "Undecided",
    "Unknown",
    "Value",
]
