"""From the judgements in each scenario to one list of findings that name the conditions they hold under."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from validator.graph import Resource
from validator.model import Missing, Verdict
from validator.resolve import ConditionKey, Exploration, Leaf
from validator.rulekit.rule import Judgement

_ORDER = {Verdict.PASS: 0, Verdict.UNKNOWN: 1, Verdict.FAIL: 2}

_TOO_MANY = Missing(
    "more combinations of conditions bear on it than are explored",
    "give the parameters that the conditions depend on, or an environment",
    "bound:scenarios",
)

Answer = tuple[Judgement, ...] | None
"""A rule's judgements on a subject in one scenario; None where the subject does not exist."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A judgement over all scenarios: the conditions it holds under, none when under all."""

    judgement: Judgement
    scenario: Mapping[ConditionKey, bool]
    leaves: tuple[Leaf[Answer], ...]


def conclude(exploration: Exploration[Answer]) -> list[Conclusion]:
    """One list of conclusions for a subject: per target the worst verdict that any scenario gives.

    What rests on something undecided (a tainted scenario) is unknown there. A scenario without the subject gives no
    verdict, yet it is one in which a failure does not hold. When not all scenarios could be looked at, what
    passed so far is unknown as well.
    """
    leaves = [_untainted(leaf) for leaf in exploration.leaves]
    conclusions: list[Conclusion] = []
    for target in _targets(leaves):
        verdicts = (j.verdict for leaf in leaves for j in leaf.result or () if j.target == target)
        worst = max(verdicts, key=_ORDER.__getitem__)
        kept = _distinct(leaves, target, worst)
        conclusions.extend(_conclusion(judgement, leaves) for judgement in kept)
    if not exploration.complete:
        conclusions = [_unfinished(conclusion) for conclusion in conclusions]
    return conclusions


def unexplored(subject: Resource) -> Conclusion:
    """What is said of a subject that no explored scenario judges, when not all scenarios could be looked at."""
    message = f"{subject.name} is not decided: {_TOO_MANY.what}"
    return Conclusion(Judgement(Verdict.UNKNOWN, subject, message, subject.span, missing=(_TOO_MANY,)), {}, ())


def _targets(leaves: Sequence[Leaf[Answer]]) -> Iterable[str]:
    return dict.fromkeys(judgement.target for leaf in leaves for judgement in leaf.result or ())


def _distinct(leaves: Sequence[Leaf[Answer]], target: str, verdict: Verdict) -> list[Judgement]:
    found = [j for leaf in leaves for j in leaf.result or () if j.target == target and j.verdict is verdict]
    if verdict is Verdict.FAIL:
        return list({_identity(judgement): judgement for judgement in reversed(found)}.values())[::-1]
    if verdict is Verdict.UNKNOWN:
        missing = dict.fromkeys(cause for judgement in found for cause in judgement.missing)
        return [replace(found[0], missing=tuple(missing))]
    return found[:1]


def _identity(judgement: Judgement) -> object:
    return judgement.message, judgement.span


def _conclusion(judgement: Judgement, leaves: Sequence[Leaf[Answer]]) -> Conclusion:
    def has(leaf: Leaf[Answer]) -> bool:
        return any(_same(judgement, other) for other in leaf.result or ())

    holding = tuple(leaf for leaf in leaves if has(leaf))
    others = [leaf for leaf in leaves if not has(leaf)]
    if judgement.verdict is Verdict.PASS or not others:
        return Conclusion(judgement, {}, holding)
    return Conclusion(judgement, _smallest(holding[0].conditions, others), holding)


def _same(one: Judgement, other: Judgement) -> bool:
    if one.verdict is Verdict.FAIL:
        return other.verdict is Verdict.FAIL and _identity(one) == _identity(other)
    return other.verdict is one.verdict and other.target == one.target


def _smallest(conditions: Mapping[ConditionKey, bool], others: Sequence[Leaf[Answer]]) -> Mapping[ConditionKey, bool]:
    """Drop each condition without which no other scenario agrees with what remains."""
    kept = dict(conditions)
    for key in conditions:
        rest = {k: v for k, v in kept.items() if k != key}
        if not any(_agree(rest, other.conditions) for other in others):
            kept = rest
    return kept


def _agree(one: Mapping[ConditionKey, bool], other: Mapping[ConditionKey, bool]) -> bool:
    return all(other.get(key, value) == value for key, value in one.items())


def _untainted(leaf: Leaf[Answer]) -> Leaf[Answer]:
    if not leaf.taints or leaf.result is None:
        return leaf
    causes = tuple(Missing(taint.reason, "correct the template", f"taint:{taint.reason}") for taint in leaf.taints)
    return replace(leaf, result=tuple(_doubted(judgement, causes) for judgement in leaf.result))


def _doubted(judgement: Judgement, causes: tuple[Missing, ...]) -> Judgement:
    if judgement.verdict is Verdict.UNKNOWN:
        return judgement
    message = f"{judgement.subject.name} is not decided: {causes[0].what}"
    return replace(judgement, verdict=Verdict.UNKNOWN, message=message, missing=causes)


def _unfinished(conclusion: Conclusion) -> Conclusion:
    """A failure is proven by the scenario it was found in; what other scenarios give is not known."""
    if conclusion.judgement.verdict is Verdict.FAIL:
        return replace(conclusion, scenario=conclusion.leaves[0].conditions)
    return replace(conclusion, judgement=_doubted(conclusion.judgement, (_TOO_MANY,)))
