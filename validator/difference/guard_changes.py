"""Guards that went or came: authorizers of operations, web ACLs of stages, private subnets."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from validator.difference.compared import Compared, change, listed, when
from validator.difference.facts import GUARDED, INTERNET, OPEN, UNDECIDED, Fact, FactKind, NodeId
from validator.difference.path_changes import stores_behind
from validator.difference.presence import Scenario
from validator.graph.network.subnets import Exposure
from validator.model import ArchitectureChange, ChangeKind, Danger

_Said = tuple[ChangeKind, Danger, str]
"""What became of an operation: a kind, its danger and the end of a sentence."""

_NOUNS: Final = {"function URL": "the function URL", "GraphQL": "the GraphQL endpoint"}


def operation_changes(both: Compared) -> Iterator[ArchitectureChange]:
    """What became of the authorization of operations, one change for those of an API that changed alike."""
    groups: dict[tuple[NodeId, _Said, tuple[Scenario, ...]], list[tuple[Fact, Sequence[Scenario]]]] = {}
    for fact, scenarios in both.came.items():
        if fact.kind is FactKind.GUARD:
            before = both.states(fact, scenarios, removed=False)
            said = _said(fact, before)
            if said is not None:
                groups.setdefault((fact.subject, said, tuple(scenarios)), []).append((fact, scenarios))
    for (subject, (kind, danger, text), _), several in groups.items():
        yield _of_operations(both, subject, kind, danger, text, several)
    gone: dict[NodeId, list[Fact]] = {}
    for fact, scenarios in both.went.items():
        if fact.kind is FactKind.GUARD and not both.states(fact, scenarios, removed=True):
            gone.setdefault(fact.subject, []).append(fact)
    for subject, facts in gone.items():
        if not both.is_new(subject, removed=True):
            names = listed(_operation(fact) for fact in facts)
            verb = "is" if len({fact.terms[0] for fact in facts}) == 1 else "are"
            yield change(
                ChangeKind.METHOD_REMOVED,
                Danger.SAFER,
                f"{names} of {both.name(subject)} {verb} removed{when(both.went[facts[0]])}",
                facts[0].span,
                removed=True,
                nodes=(subject,),
                scenarios=both.went[facts[0]],
            )


def _operation(fact: Fact) -> str:
    return _NOUNS.get(fact.terms[0], fact.terms[0])


def _said(fact: Fact, before: Sequence[Fact]) -> _Said | None:
    """What happened to one operation; None when nothing did."""
    state, by = fact.terms[1:]
    guards = listed(sorted({other.terms[2] for other in before if other.terms[1] == GUARDED}))
    if state == OPEN:
        ending = " and now needs an API key only" if by.startswith("an API key") else " and now demands nothing"
        if guards:
            return ChangeKind.AUTHORIZER_LOST, Danger.DANGEROUS, f"lost its authorizer: it demanded {guards}{ending}"
        if any(other.terms[1] == UNDECIDED for other in before):
            return ChangeKind.AUTHORIZER_LOST, Danger.DANGEROUS, "is open now: what it demanded was not decided"
        if any(other.terms[1] == OPEN for other in before):
            return None
        return ChangeKind.METHOD_ADDED, Danger.DANGEROUS, "is new and demands no authorization"
    if state == UNDECIDED:
        if guards:
            text = f"demanded {guards}, and what it demands is no longer decided"
            return ChangeKind.AUTHORIZER_UNDECIDED, Danger.NOTABLE, text
        text = "is new, and what it demands is not decided"
        return None if before else (ChangeKind.METHOD_ADDED, Danger.NOTABLE, text)
    if guards:
        return ChangeKind.AUTHORIZER_CHANGED, Danger.NOTABLE, f"demanded {guards} and now demands {by}"
    if before:
        return ChangeKind.AUTHORIZER_GAINED, Danger.SAFER, f"has an authorizer now: it demands {by}"
    return ChangeKind.METHOD_ADDED, Danger.PLAIN, f"is new and demands {by}"


def _of_operations(
    both: Compared,
    api: NodeId,
    kind: ChangeKind,
    danger: Danger,
    text: str,
    several: Sequence[tuple[Fact, Sequence[Scenario]]],
) -> ArchitectureChange:
    facts = sorted((fact for fact, _ in several), key=lambda fact: (fact.span.path, fact.span.line, fact.terms))
    scenarios = several[0][1]
    plural = len(facts) > 1
    names = f"{len(facts)} operations" if plural else _operation(facts[0])
    named = f" ({listed(_operation(fact) for fact in facts)})" if plural else ""
    stores = dict.fromkeys(store for fact in facts for store in stores_behind(both, api, fact.terms[0]))
    parts = []
    if stores and danger is Danger.DANGEROUS:
        parts = [f"behind {'them' if plural else 'it'}: {listed(both.name(store) for store in stores)}"]
    return change(
        kind,
        danger,
        f"{names} of {both.name(api)}{named} {_plural(text) if plural else text}{when(scenarios)}",
        facts[0].span,
        nodes=(api, *stores),
        hops=((INTERNET, api), *((api, store) for store in stores)),
        parts=parts,
        scenarios=scenarios,
    )


def _plural(text: str) -> str:
    replaced = (
        ("lost its authorizer: it", "lost their authorizer: they"),
        ("has an authorizer now: it demands", "have an authorizer now: they demand"),
        ("now demands", "now demand"),
        ("now needs", "now need"),
        ("it demands", "they demand"),
        ("what it demanded", "what they demanded"),
        ("is new and demands", "are new and demand"),
        ("is new, and what it demands", "are new, and what they demand"),
        ("what it demands is", "what they demand is"),
        ("is open now", "are open now"),
    )
    for one, many in replaced:
        text = text.replace(one, many)
    return text


def web_acl_changes(both: Compared) -> Iterator[ArchitectureChange]:
    """Stages, distributions and the like that lost or got their web ACL; those that are new stand elsewhere."""
    for fact, scenarios in both.came.items():
        if fact.kind is not FactKind.WEB_ACL:
            continue
        before = both.states(fact, scenarios, removed=False)
        acls = listed(sorted({other.terms[1] for other in before if other.terms[0] == GUARDED}))
        state, acl = fact.terms
        name, at = both.name(fact.subject), when(scenarios)
        if state == OPEN and acls:
            kind, danger, text = ChangeKind.WEB_ACL_LOST, Danger.DANGEROUS, f"lost its web ACL {acls}"
        elif state == UNDECIDED and acls:
            text = f"was covered by {acls}, and whether a web ACL covers it is no longer decided"
            kind, danger = ChangeKind.WEB_ACL_UNDECIDED, Danger.NOTABLE
        elif state == GUARDED and acls:
            text = f"was covered by {acls} and is now covered by {acl}"
            kind, danger = ChangeKind.WEB_ACL_GAINED, Danger.PLAIN
        elif state == GUARDED and before:
            kind, danger, text = ChangeKind.WEB_ACL_GAINED, Danger.SAFER, f"is covered by web ACL {acl} now"
        else:
            continue
        yield change(kind, danger, f"{name} {text}{at}", fact.span, nodes=(fact.subject,), scenarios=scenarios)


_OUTWARD: Final = (Exposure.ISOLATED.value, Exposure.PRIVATE.value, Exposure.PUBLIC.value)


def subnet_changes(both: Compared) -> Iterator[ArchitectureChange]:
    """Subnets that were there and whose routes make something else of them now; and new public ones."""
    for fact, scenarios in both.came.items():
        if fact.kind is not FactKind.SUBNET:
            continue
        before = sorted({other.terms[0] for other in both.states(fact, scenarios, removed=False)})
        (now,) = fact.terms
        if not before or before == [now]:
            continue
        was = " or ".join("undecided" if one == Exposure.UNKNOWN.value else one for one in before)
        kind, danger = _of_subnet(before, now)
        became = "is no longer decided" if now == Exposure.UNKNOWN.value else f"is {now} now"
        yield change(
            kind,
            danger,
            f"subnet {both.name(fact.subject)} was {was} and {became}{when(scenarios)}",
            fact.span,
            nodes=(fact.subject,),
            parts=_residents(both, fact.subject) if danger is Danger.DANGEROUS else (),
            scenarios=scenarios,
        )


def _of_subnet(before: Iterable[str], now: str) -> tuple[ChangeKind, Danger]:
    if now == Exposure.UNKNOWN.value:
        return ChangeKind.SUBNET_UNDECIDED, Danger.NOTABLE
    if now == Exposure.PUBLIC.value:
        return ChangeKind.SUBNET_OPENED, Danger.DANGEROUS
    ranks = [_OUTWARD.index(one) for one in before if one in _OUTWARD]
    if ranks and _OUTWARD.index(now) > max(ranks):
        return ChangeKind.SUBNET_OPENED, Danger.NOTABLE
    return ChangeKind.SUBNET_CLOSED, Danger.SAFER


def _residents(both: Compared, subnet: NodeId) -> list[str]:
    facts = both.head.of(FactKind.EDGE)
    inside = [both.name(fact.subject) for fact in facts if fact.object == subnet and fact.terms[0] == "runs in"]
    return [f"in it: {listed(inside)}"] if inside else []
