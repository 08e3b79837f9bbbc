"""Resources and edges that came and went, as far as nothing else tells of them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from validator.difference.compared import Compared, change, has_origin, newly_refused, shared, when
from validator.difference.facts import INTERNET, Fact, FactKind, Node, NodeId, Snapshot
from validator.difference.presence import Scenario, minimal
from validator.graph import Relation
from validator.model import (
    ArchitectureChange,
    Change,
    ChangeKind,
    Danger,
    DifferenceEdge,
    DifferenceNode,
)

_TOLD_BY_OTHERS: Final = frozenset((Relation.AUTHORISED_BY.value, Relation.PROTECTED_BY.value, Relation.MAY.value))
_AUTHORIZERS: Final = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")
_ACLS: Final = ("AWS::WAFv2::WebACLAssociation", "AWS::WAFv2::WebACL", "AWS::WAFv2::LoggingConfiguration")
_ROUTES: Final = (
    "AWS::EC2::Route",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::VPCGatewayAttachment",
)
_METHODS: Final = ("AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration")
_POLICIES: Final = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
)
_GUARD_KINDS: Final = frozenset(kind for kind in ChangeKind if kind.value.startswith(("authorizer-", "method-")))
_BELONGS: Final[tuple[tuple[tuple[str, ...], frozenset[ChangeKind]], ...]] = (
    (_AUTHORIZERS, _GUARD_KINDS),
    (_METHODS, _GUARD_KINDS),
    (_ACLS, frozenset(kind for kind in ChangeKind if kind.value.startswith("web-acl-"))),
    (_ROUTES, frozenset(kind for kind in ChangeKind if kind.value.startswith(("subnet-", "path-")))),
    (_POLICIES, frozenset((ChangeKind.GRANT_ADDED, ChangeKind.GRANT_REMOVED))),
)
"""Resources that do nothing but what a change of these kinds tells already."""


def resource_changes(both: Compared, told: Collection[ArchitectureChange]) -> Iterator[ArchitectureChange]:
    """Resources that people added or removed; what transforms made of them belongs to them."""
    kinds = {one.kind for one in told}
    for removed in (False, True):
        for origin, nodes in _by_origin(both, removed).items():
            node = nodes[0]
            scenarios = minimal(scenario for one in nodes for scenario in _existence(both, one, removed))
            if _is_told(node.origin_type, kinds):
                continue
            yield _resource(both, origin, node, scenarios, removed)


def _is_told(resource_type: str, kinds: Collection[ChangeKind]) -> bool:
    return any(resource_type in types and not meant.isdisjoint(kinds) for types, meant in _BELONGS)


def _existence(both: Compared, node: Node, removed: bool) -> Iterable[Scenario]:
    return both.delta(removed).get(Fact(FactKind.EXISTS, node.id, (node.type,)), ())


def _by_origin(both: Compared, removed: bool) -> dict[NodeId, list[Node]]:
    """The nodes that are in one state only, by the resource that somebody wrote.

    What a transform generates beside a resource that stays is no news by itself: its edges are.
    """
    found: dict[NodeId, list[Node]] = {}
    own, other = both.side(removed), both.side(not removed)
    for fact in both.delta(removed):
        if fact.kind is not FactKind.EXISTS:
            continue
        node = own.nodes[fact.subject]
        if node.refused:
            continue
        if node.origin != node.id and has_origin(other, node.origin) and fact not in other.facts:
            continue
        found.setdefault(node.origin, []).append(node)
    for nodes in found.values():
        nodes.sort(key=lambda node: node.id != node.origin)
    return found


def _resource(
    both: Compared, origin: NodeId, node: Node, scenarios: Iterable[Scenario], removed: bool
) -> ArchitectureChange:
    scenarios = tuple(scenarios)
    before = [other.origin_type for other in both.side(not removed).nodes.values() if other.origin == origin]
    if before and before[0] != node.origin_type:
        text = f"{node.name} is {'no' if removed else 'a'} {node.origin_type} {'more' if removed else 'now'}"
    elif before:
        text = f"{node.name} ({node.origin_type}) {'no longer exists' if removed else 'now exists'}{when(scenarios)}"
    else:
        text = f"{node.name} ({node.origin_type}) is {'removed' if removed else 'added'}{when(scenarios)}"
    return change(
        ChangeKind.RESOURCE_REMOVED if removed else ChangeKind.RESOURCE_ADDED,
        Danger.PLAIN,
        text,
        node.span,
        removed=removed,
        nodes=(node.id,),
        parts=_edges_of(both, origin, removed),
        scenarios=scenarios,
    )


def _edges_of(both: Compared, origin: NodeId, removed: bool) -> list[str]:
    """What the resource does and what is done with it, a phrase each."""
    side = both.side(removed)
    # Of what is generated beside it, only its role acts in its name.
    generated = (node for node in side.nodes.values() if node.origin == origin and node.type == "AWS::IAM::Role")
    own = {origin, *(node.id for node in generated)}
    phrases: list[str] = []
    for fact in both.delta(removed):
        if fact.kind is not FactKind.EDGE or fact.object is None or {fact.subject, fact.object} <= own:
            continue
        if fact.subject in own:
            phrases.append(f"it {fact.terms[0]} {both.name(fact.object)}")
        elif fact.object in own:
            phrases.append(f"{both.name(fact.subject)} {fact.terms[0]} it")
    return list(dict.fromkeys(phrases))[:8]


def edge_changes(
    both: Compared, told: Collection[ArchitectureChange], explained: Collection[Fact]
) -> Iterator[ArchitectureChange]:
    """Edges between resources that stay, of which no other change tells."""
    subjects = {node for one in told for node in one.nodes}
    kinds = {one.kind for one in told}
    for removed in (False, True):
        for fact, scenarios in both.delta(removed).items():
            if fact.kind is not FactKind.EDGE or fact.object is None or fact in explained:
                continue
            relation, detail = fact.terms
            opens = relation == Relation.ADMITS.value and fact.object == INTERNET and not removed
            if not opens and _is_explained(both, fact, subjects, kinds, removed):
                continue
            if removed and _other_detail(both, fact):
                continue
            verb = f"no longer {relation}" if removed else f"now {relation}"
            shown = f" ({detail})" if detail else ""
            yield change(
                ChangeKind.EDGE_REMOVED if removed else ChangeKind.EDGE_ADDED,
                Danger.DANGEROUS if opens else Danger.PLAIN,
                f"{both.name(fact.subject)} {verb} {both.name(fact.object)}{shown}{when(scenarios)}",
                fact.span,
                removed=removed,
                nodes=(fact.subject, fact.object),
                scenarios=scenarios,
            )


def _other_detail(both: Compared, fact: Fact) -> bool:
    return any(
        other.kind is FactKind.EDGE
        and (other.subject, other.object, other.terms[0]) == (fact.subject, fact.object, fact.terms[0])
        for other in both.came
    )


def _is_explained(
    both: Compared, fact: Fact, subjects: Collection[str], kinds: Collection[ChangeKind], removed: bool
) -> bool:
    relation, detail = fact.terms
    ends = (fact.subject, fact.object)
    if any(end is not None and both.is_new(end, removed) for end in ends):
        return True
    if relation in _TOLD_BY_OTHERS and str(fact.subject) in subjects:
        return True
    if relation in (Relation.INVOKES.value, Relation.ROUTES_TO.value) and _names_operation(both, fact, detail):
        return any(str(end) in subjects for end in ends)
    routed = relation == Relation.ROUTED_THROUGH.value
    return routed and any(kind.value.startswith(("subnet-", "path-")) for kind in kinds)


def _names_operation(both: Compared, fact: Fact, detail: str) -> bool:
    api = fact.subject if fact.terms[0] == Relation.INVOKES.value else fact.object
    delta = {**both.came, **both.went}
    return any(one.kind is FactKind.GUARD and one.subject == api and one.terms[0] == detail for one in delta)


def nodes_and_edges(both: Compared) -> tuple[tuple[DifferenceNode, ...], tuple[DifferenceEdge, ...]]:
    """All nodes and edges that came or went, and the nodes that these edges touch."""
    edges = [
        DifferenceEdge(
            str(fact.subject),
            str(fact.object),
            fact.terms[0],
            fact.terms[1],
            Change.FIXED if removed else Change.NEW,
            fact.span,
            shared(scenarios),
        )
        for removed in (False, True)
        for fact, scenarios in both.delta(removed).items()
        if fact.kind is FactKind.EDGE and fact.object is not None
    ]
    touched = {end for edge in edges for end in (edge.source, edge.target)}
    nodes: dict[str, DifferenceNode] = {}
    for removed in (False, True):
        own, other = both.side(removed), both.side(not removed)
        for key, node in own.nodes.items():
            is_only_here = Fact(FactKind.EXISTS, key, (node.type,)) not in other.facts
            if is_only_here or str(key) in touched:
                made = Change.UNCHANGED if not is_only_here else Change.FIXED if removed else Change.NEW
                shown = DifferenceNode(str(key), both.name(key), node.type, node.template, made, node.span)
                nodes.setdefault(str(key), shown)
    for end in sorted(touched - nodes.keys()):
        nodes[end] = DifferenceNode(end, end, "", "", Change.UNCHANGED)
    return tuple(nodes.values()), tuple(edges)


def condition_changes(both: Compared) -> Iterator[ArchitectureChange]:
    """Conditions that are written differently and decide over something that is compared."""
    base, head = both.base, both.head
    used = _used(base) & _used(head)
    changed = [key for key in used if base.conditions.get(key) != head.conditions.get(key)]
    for stack, name in sorted(changed):
        if (stack, name) in base.conditions and (stack, name) in head.conditions:
            text = f"condition {name} is written differently: what depends on it may exist elsewhere now"
            span = head.spans.get((stack, name))
            yield change(ChangeKind.CONDITION_CHANGED, Danger.NOTABLE, text, span)


def undecided_changes(both: Compared) -> Iterator[ArchitectureChange]:
    """Resources of which nobody knows any more what they make: nothing of their stack is told to be closed."""
    for node in newly_refused(both):
        text = f"{node.name} ({node.origin_type}) can no longer be expanded: what it does is not decided"
        yield change(ChangeKind.RESOURCE_UNDECIDED, Danger.NOTABLE, text, node.span, nodes=(node.id,))


def _used(snapshot: Snapshot) -> set[tuple[str, str]]:
    return {
        literal[:2] for presence in snapshot.facts.values() for scenario in presence.scenarios for literal in scenario
    }
