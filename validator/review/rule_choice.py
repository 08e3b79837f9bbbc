"""Which rules a run has, and what reports show of them."""

from collections.abc import Iterable

from validator.model import RuleText, UsageError
from validator.registry import load_rule_packs
from validator.review.request import ReviewRequest
from validator.rulekit import Rule
from validator.triage import Selection, require_known_ids


def registered_rules() -> tuple[Rule, ...]:
    """Every rule of every installed pack, by id. Raises RulePackError when a pack cannot be used."""
    rules = [rule for pack in load_rule_packs() for rule in pack.rules]
    return tuple(sorted(rules, key=lambda rule: rule.meta.id))


def selected_rules(request: ReviewRequest) -> tuple[Rule, ...]:
    """The rules that run. Raises UsageError for a name that no rule or category has, or when none is left."""
    return chosen_of(registered_rules(), request)


def chosen_of(rules: Iterable[Rule], request: ReviewRequest) -> tuple[Rule, ...]:
    """Those of the rules that the request and its settings choose; raises as ``selected_rules`` does."""
    rules = tuple(rules)
    severity = request.settings.severity
    known = {rule.meta.id: rule.meta.category for rule in rules}
    require_known_ids(severity, known, "severity")
    chosen = Selection(request.select, request.ignore).chosen(known)
    left = tuple(rule for rule in rules if rule.meta.id in chosen and severity.get(rule.meta.id, True) is not None)
    if not left:
        raise UsageError(
            "the settings switch off every rule that is selected",
            hint="remove some of severity's off, or select more",
        )
    return left


def rule_text(rule: Rule) -> RuleText:
    """What reports show of a rule."""
    meta = rule.meta
    return RuleText(
        id=meta.id,
        title=meta.title,
        category=meta.category,
        severity=meta.severity,
        why=meta.why,
        explanation=rule.explanation(),
        lens=meta.questions,
        practices=meta.practices,
        since=meta.since,
        references=meta.references,
    )
