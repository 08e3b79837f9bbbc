"""Which rules a run has, and what reports show of them."""

from collections.abc import Iterable, Mapping

from validator.engines import ENGINE_NAMES, GUARD, TIERLENS
from validator.model import Category, RuleText, UsageError
from validator.registry import load_rule_packs
from validator.review.policy_part import require_known_policy
from validator.review.request import ReviewRequest
from validator.rulekit import Rule, wordings_of
from validator.triage import NO_RULES, Selection
from validator.triage.policy import policy_of


def registered_rules() -> tuple[Rule, ...]:
    """Every rule of every installed pack, by id. Raises RulePackError when a pack cannot be used."""
    rules = [rule for pack in load_rule_packs() for rule in pack.rules]
    return tuple(sorted(rules, key=lambda rule: rule.meta.id))


def releases_of_rules() -> Mapping[str, str]:
    """The release of tierlens that brought each of its own rules, by id; other packs have releases of their own."""
    return {rule.meta.id: rule.meta.since for pack in load_rule_packs() if pack.is_ours for rule in pack.rules}


def selected_rules(request: ReviewRequest) -> tuple[Rule, ...]:
    """The rules that run. Raises UsageError for a name that no rule or category has, or when none is left."""
    return chosen_of(registered_rules(), request)


def chosen_of(
    rules: Iterable[Rule],
    request: ReviewRequest,
    others: Mapping[str, Category] = NO_RULES,
    others_left: bool = False,
) -> tuple[Rule, ...]:
    """Those of the rules that the request and its settings choose; raises as ``selected_rules`` does.

    ``others`` are the rules of other engines, which may be named too; ``others_left`` says that some of them run.
    """
    rules = tuple(rules)
    known = {rule.meta.id: rule.meta.category for rule in rules}
    require_known_policy(request.settings, {**others, **known}, (*ENGINE_NAMES, GUARD))
    policy = policy_of(request.settings, request.root)
    selection = Selection(request.select, request.ignore)
    if TIERLENS not in request.engines:
        selection.chosen({}, {**others, **known}, (*ENGINE_NAMES, GUARD), others_left)
        return ()
    chosen = selection.chosen(known, others, (*ENGINE_NAMES, GUARD), others_left)
    left = tuple(
        rule
        for rule in rules
        if rule.meta.id in chosen and not policy.off_everywhere(rule.meta.id, rule.meta.category)
    )
    if not left and not others_left:
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
        translations=wordings_of(rule),
    )
