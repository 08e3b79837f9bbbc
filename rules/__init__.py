"""The built-in rule pack: one file a rule, one package a check (see ``rules/README.md``)."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from types import ModuleType

from validator.rulekit import Rule


@cache
def pack() -> Sequence[Rule]:
    """One instance of every built-in rule, by rule id. The entry point of group ``tierlens.rules``."""
    found = [rule() for module in _modules() for rule in _rules_of(module)]
    return tuple(sorted(found, key=lambda rule: rule.meta.id))


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not info.ispkg:
            yield importlib.import_module(info.name)


def _rules_of(module: ModuleType) -> Iterator[type[Rule]]:
    for _, member in inspect.getmembers(module, inspect.isclass):
        is_own = member.__module__ == module.__name__ and not inspect.isabstract(member)
        # What several rules share has no metadata, and is no rule.
        if issubclass(member, Rule) and is_own and hasattr(member, "meta"):
            yield member
