"""Other engines beside our own rules: cfn-lint, checkov, cloudformation-validate, each in a process of its own.

Names are imported when they are asked for: the engines' processes import this package too, and must start
without the rest of the validator.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validator.engines.catalogue import all_engine_rules, engine_rule, engine_rule_ids, engine_rule_text
    from validator.engines.guard_files import guard_rule_ids, read_guard_files
    from validator.engines.inputs import EngineInput, EngineOptions, EngineResults, GuardFile
    from validator.engines.names import DEFAULT_ENGINES, ENGINE_NAMES, GUARD, KINDS, TIERLENS
    from validator.engines.running import Engines, start_engines

_HOMES = {
    "DEFAULT_ENGINES": "names",
    "ENGINE_NAMES": "names",
    "GUARD": "names",
    "KINDS": "names",
    "TIERLENS": "names",
    "EngineInput": "inputs",
    "EngineOptions": "inputs",
    "EngineResults": "inputs",
    "GuardFile": "inputs",
    "Engines": "running",
    "start_engines": "running",
    "all_engine_rules": "catalogue",
    "engine_rule": "catalogue",
    "engine_rule_ids": "catalogue",
    "engine_rule_text": "catalogue",
    "guard_rule_ids": "guard_files",
    "read_guard_files": "guard_files",
}

__all__ = [
    "DEFAULT_ENGINES",
    "ENGINE_NAMES",
    "GUARD",
    "KINDS",
    "TIERLENS",
    "EngineInput",
    "EngineOptions",
    "EngineResults",
    "Engines",
    "GuardFile",
    "all_engine_rules",
    "engine_rule",
    "engine_rule_ids",
    "engine_rule_text",
    "guard_rule_ids",
    "read_guard_files",
    "start_engines",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
