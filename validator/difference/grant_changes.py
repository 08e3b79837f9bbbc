"""New grants and grants that went: who may now do what with what."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from validator.difference.compared import Compared, change, listed, when
from validator.difference.facts import Fact, FactKind, NodeId
from validator.difference.grant_reading import ALL_BUT, DENY, ITSELF, MANAGED, TRUST
from validator.difference.presence import Scenario, minimal, uncovered
from validator.model import ArchitectureChange, ChangeKind, Danger

_MOST_PHRASES: Final = 4
_READS: Final = re.compile(r"[\w-]+:(Get|List|Describe|BatchGet|Query|Scan|Receive|ConditionCheck|PartiQLSelect)")


def grant_changes(both: Compared, told: frozenset[NodeId]) -> Iterator[ArchitectureChange]:
    """One change for each holder and party; ``told`` are functions whose calls other changes tell of."""
    yield from _changes(both, told, removed=False)
    yield from _changes(both, told, removed=True)


def _changes(both: Compared, told: frozenset[NodeId], removed: bool) -> Iterator[ArchitectureChange]:
    groups: dict[tuple[NodeId, str, str, tuple[Scenario, ...]], list[Fact]] = {}
    other: dict[tuple[NodeId, str], list[Fact]] = {}
    for fact in both.side(not removed).of(FactKind.GRANT):
        other.setdefault((fact.subject, fact.terms[0]), []).append(fact)
    for fact in both.delta(removed):
        if fact.kind is not FactKind.GRANT or (removed and both.is_new(fact.subject, removed)):
            continue
        effect, principal = fact.terms[:2]
        if _is_usual(both, fact, told, removed):
            continue
        parts = _beyond(both, fact, other.get((fact.subject, effect), ()), removed)
        if parts:
            groups.setdefault((fact.subject, effect, principal, tuple(parts)), []).append(fact)
    for (subject, effect, principal, scenarios), facts in groups.items():
        yield _told(both, subject, effect, principal, facts, scenarios, removed)


def _is_usual(both: Compared, fact: Fact, told: frozenset[NodeId], removed: bool) -> bool:
    """What comes with something else that is told: the trust of a new role in its service, the call of an API."""
    effect, principal, *_ = fact.terms
    if effect == TRUST and both.is_new(fact.subject, removed):
        return principal.endswith(".amazonaws.com")
    return principal == "apigateway.amazonaws.com" and fact.subject in told


def _beyond(both: Compared, fact: Fact, others: Sequence[Fact], removed: bool) -> list[Scenario]:
    """The scenarios in which no grant of the other state gives as much."""
    facts = both.side(not removed).facts
    known = [
        scenario for other in others if _gives_as_much(other.terms, fact.terms) for scenario in facts[other].scenarios
    ]
    return minimal(
        part
        for scenario in both.delta(removed)[fact]
        for part in uncovered(scenario, known, lambda asked: both.satisfiable(asked, removed))
    )


def _gives_as_much(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the first grant holds wherever the second does: same party, as wide, and no narrower conditions."""
    _, principal, action, resource, conditions = one
    _, other_principal, other_action, other_resource, other_conditions = other
    return (
        principal in (other_principal, "*")
        and (not conditions or conditions == other_conditions)
        and _covers(action.lower(), other_action.lower())
        and _covers(resource, other_resource)
    )


def _covers(pattern: str, text: str) -> bool:
    """Whether a pattern of a policy covers another: a wildcard of the text is a character like any other."""
    if pattern == text or (pattern == "*" and not text.startswith(ALL_BUT)):
        return True
    if pattern.startswith((ALL_BUT, MANAGED)) or text.startswith((ALL_BUT, MANAGED)):
        return False
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    # A `?` takes one character and no wildcard of many: `a?` does not cover `a*`.
    parts = {"*": ".*", "?": "[^*]"}
    return re.compile("".join(parts.get(character, re.escape(character)) for character in pattern), re.DOTALL)


def _told(
    both: Compared,
    subject: NodeId,
    effect: str,
    principal: str,
    facts: Sequence[Fact],
    scenarios: Sequence[Scenario],
    removed: bool,
) -> ArchitectureChange:
    holder = both.name(subject)
    who = principal or holder
    phrases = _phrases(facts, holder, own=not principal)
    said = "; ".join(phrases[:_MOST_PHRASES])
    opens = removed is (effect == DENY)
    if effect == TRUST:
        text = f"{who} {'can no longer' if removed else 'can now'} assume {holder}"
    elif effect == DENY:
        text = f"{who} is {'no longer' if removed else 'now'} denied {said}"
    else:
        text = f"{who} may {'no longer' if removed else 'now'} use {said}"
    return change(
        ChangeKind.GRANT_REMOVED if removed else ChangeKind.GRANT_ADDED,
        _danger(effect, who, facts) if opens else Danger.SAFER,
        f"{text}{when(scenarios)}",
        facts[0].span,
        removed=removed,
        nodes=(subject,),
        parts=[*phrases[_MOST_PHRASES:], *_on_condition(facts)],
        scenarios=scenarios,
    )


def _phrases(facts: Sequence[Fact], holder: str, own: bool) -> list[str]:
    """``dynamodb:GetItem on OrdersTable``: the actions by what they are on, those on the same alike."""
    by_resource: dict[str, list[str]] = {}
    for fact in facts:
        _, _, action, resource, _ = fact.terms
        by_resource.setdefault(_shown(resource, holder, own), []).append(action)
    by_actions: dict[tuple[str, ...], list[str]] = {}
    for resource, actions in by_resource.items():
        by_actions.setdefault(tuple(sorted(set(actions))), []).append(resource)
    return [f"{listed(actions)} on {listed(resources)}" for actions, resources in by_actions.items()]


def _shown(resource: str, holder: str, own: bool) -> str:
    if resource == ITSELF:
        return "itself" if own else holder
    if resource == "*":
        return "everything"
    named = re.fullmatch(r"(?:arn:.*?)?\$\{(\w+)(?:\.Arn)?\}(/?\*|/index/\*)?", resource)
    if named is None or named[1].startswith("AWS"):
        return resource
    return named[1] if not named[2] else f"{named[1]}{named[2]}"


def _on_condition(facts: Sequence[Fact]) -> list[str]:
    conditions = sorted({fact.terms[4] for fact in facts if fact.terms[4]})
    return [f"on the condition that {listed(conditions, 3)}"] if conditions else []


def _danger(effect: str, who: str, facts: Sequence[Fact]) -> Danger:
    """Everyone, everything and whole services are dangerous; what only reads something named is plain."""
    if who == "*" or effect == DENY:
        return Danger.DANGEROUS
    if effect == TRUST:
        return Danger.NOTABLE
    for fact in facts:
        _, _, action, resource, conditions = fact.terms
        service = action.partition(":")[2]
        if action.startswith(ALL_BUT) or action == "*" or service == "*" or resource.startswith(ALL_BUT):
            return Danger.DANGEROUS
        if action.startswith(MANAGED) or ("*" in action and resource == "*"):
            return Danger.DANGEROUS
        if resource == "*" and not conditions and not _READS.match(action):
            return Danger.DANGEROUS
    return Danger.PLAIN if all(_READS.match(fact.terms[2]) for fact in facts) else Danger.NOTABLE
