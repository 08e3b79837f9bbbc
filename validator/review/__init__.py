"""The pipeline as one function, callable from Python."""

from validator.review.assumptions import Assumptions
from validator.review.pipeline import review
from validator.review.request import ReviewRequest
from validator.review.rule_choice import registered_rules, rule_text, selected_rules
from validator.review.stacks import LoadedStack, discover_templates, load_stack

__all__ = [
    "Assumptions",
    "LoadedStack",
    "ReviewRequest",
    "discover_templates",
    "load_stack",
    "registered_rules",
    "review",
    "rule_text",
    "selected_rules",
]
