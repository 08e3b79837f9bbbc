"""The pipeline as one function, callable from Python.

Names are imported when they are asked for: a run whose result is kept needs the request alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validator.review.assumptions import Assumptions
    from validator.review.pipeline import review
    from validator.review.request import ReviewRequest
    from validator.review.rule_choice import registered_rules, rule_text, selected_rules
    from validator.review.stacks import LoadedStack, discover_templates, load_stack
    from validator.review.units import architectures_of

_HOMES = {
    "Assumptions": "assumptions",
    "LoadedStack": "stacks",
    "ReviewRequest": "request",
    "architectures_of": "units",
    "discover_templates": "stacks",
    "load_stack": "stacks",
    "registered_rules": "rule_choice",
    "review": "pipeline",
    "rule_text": "rule_choice",
    "selected_rules": "rule_choice",
}

__all__ = [
    "Assumptions",
    "LoadedStack",
    "ReviewRequest",
    "architectures_of",
    "discover_templates",
    "load_stack",
    "registered_rules",
    "review",
    "rule_text",
    "selected_rules",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
