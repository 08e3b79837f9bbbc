"""The interface for rules: what a rule is, and what runs it. Rule packs import this, the graph and the model."""

from validator.rulekit.rule import FINDING_MARK, HEADINGS, Example, Judgement, Rule, RuleMeta
from validator.rulekit.runner import RunResult, run_rules
from validator.rulekit.wordings import wordings_of

__all__ = [
    "FINDING_MARK",
    "HEADINGS",
    "Example",
    "Judgement",
    "Rule",
    "RuleMeta",
    "RunResult",
    "run_rules",
    "wordings_of",
]
