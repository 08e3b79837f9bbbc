"""The pipeline as one function, callable from Python."""

from validator.review.pipeline import registered_rules, review, rule_text, selected_rules
from validator.review.request import ReviewRequest
from validator.review.stacks import LoadedStack, discover_templates, load_stack

__all__ = [
    "LoadedStack",
    "ReviewRequest",
    "discover_templates",
    "load_stack",
    "registered_rules",
    "review",
    "rule_text",
    "selected_rules",
]
