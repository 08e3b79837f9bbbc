"""From an architecture to the facts that are compared."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from validator.difference.facts import GUARDED, OPEN, UNDECIDED, Fact, FactKind, Node, NodeId, Snapshot
from validator.difference.grant_reading import grants
from validator.difference.presence import Presence, Scenario, minimal
from validator.graph import Architecture, Edge, NodeKey, Place, Relation, Resource
from validator.graph.apis import http
from validator.graph.apis.appsync import EVENT_API, GRAPHQL_API
from validator.graph.apis.authorization import Authorization, AuthorizationKind
from validator.graph.apis.operation import Operation
from validator.graph.apis.operations import guard_of, is_preflight, operations_made_by
from validator.graph.apis.rest import DEPLOYMENT, STAGE
from validator.graph.apis.stages import stage_of
from validator.graph.build import BUILDERS
from validator.graph.edge.coverage import Protection, resource_protection, stage_protection
from validator.graph.edge.distributions import DISTRIBUTION, distribution_acl
from validator.graph.edge.exposure import COVERABLE
from validator.graph.network.identity import SUBNET
from validator.graph.network.subnets import exposure_of
from validator.graph.picture import event_edges
from validator.load import plain
from validator.model import Span

_NUMBERED: Final = ("AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Deployment", "AWS::Lambda::Version")
"""Types of which tools make a new one, with a digest in its name, whenever what it is of changes."""

_DIGEST: Final = re.compile(r"(?<=\w)[0-9a-fA-F]{8,40}$")

_DETAILED: Final = frozenset(
    (Relation.INVOKES, Relation.ADMITS, Relation.ROUTED_THROUGH, Relation.MAY, Relation.ROUTES_TO)
)
"""Relations whose detail says what the edge is; that of others says how it was found."""

Reader = Callable[[Architecture, Resource], Iterable[Fact]]


def snapshot_of(graph: Architecture) -> Snapshot:
    """The facts of an architecture, each with the scenarios in which it holds."""
    nodes = {node_id(resource): _node(resource) for resource in graph.resources}
    facts: dict[Fact, Presence] = {}
    for resource in graph.resources:
        for reader in _READERS:
            for fact, presence in _asked(graph, resource, reader):
                facts[fact] = presence if fact not in facts else facts[fact].also(presence)
    conditions = _conditions(graph)
    return Snapshot(
        nodes,
        facts,
        {key: text for key, (text, _) in conditions.items()},
        _solver(graph, frozenset(conditions)),
        {scope.name: scope.template.path for scope in graph.scopes},
        {key: span for key, (_, span) in conditions.items()},
    )


def node_id(node: NodeKey) -> NodeId:
    """The identity of a node over time: without the digest that tools put into some logical IDs."""
    if isinstance(node, Place):
        return NodeId("", node.value)
    name = node.logical_id
    if node.type in _NUMBERED:
        name = _DIGEST.sub("", name)
    return NodeId(node.id.stack, name)


def _node(resource: Resource) -> Node:
    own = node_id(resource)
    origin = NodeId(resource.id.stack, resource.name) if resource.is_generated else own
    written = resource.origin.resource_type
    return Node(
        own,
        resource.type,
        resource.name,
        origin,
        written,
        resource.span,
        resource.scope.template.path,
        bool(resource.refused),
    )


def _solver(graph: Architecture, known: frozenset[tuple[str, str]]) -> Callable[[Scenario], bool]:
    """Whether a combination of conditions can occur; conditions that the architecture does not have are left out."""
    answers: dict[Scenario, bool] = {}

    def satisfiable(scenario: Scenario) -> bool:
        asked = frozenset(literal for literal in scenario if literal[:2] in known)
        if asked not in answers:
            wanted = sorted(asked)

            def question() -> bool:
                return all(graph.evaluation.holds(stack, name) is value for stack, name, value in wanted)

            found = graph.evaluation.explore(question, anew=True)
            answers[asked] = not found.complete or any(leaf.result for leaf in found.leaves)
        return answers[asked]

    return satisfiable


def _asked(graph: Architecture, resource: Resource, reader: Reader) -> Iterator[tuple[Fact, Presence]]:
    def question() -> tuple[Fact, ...]:
        return tuple(reader(graph, resource)) if resource.exists() else ()

    found: dict[Fact, list[Scenario]] = {}
    for leaf in graph.evaluation.explore(question).leaves:
        scenario = frozenset((key.stack, key.name, value) for key, value in leaf.conditions.items())
        for fact in leaf.result:
            found.setdefault(fact, []).append(scenario)
    for fact, scenarios in found.items():
        yield fact, Presence(tuple(_simplified(scenarios)))


def _simplified(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """The same scenarios, those that differ in one condition only put together."""
    known = set(scenarios)
    changed = True
    while changed:
        changed = False
        for one in sorted(known, key=lambda scenario: (len(scenario), sorted(scenario))):
            for literal in sorted(one):
                twin = (one - {literal}) | {(literal[0], literal[1], not literal[2])}
                if twin in known:
                    known = {*minimal((known - {one, twin}) | {one - {literal}})}
                    changed = True
                    break
            if changed:
                break
    return minimal(known)


def _exists(_graph: Architecture, resource: Resource) -> Iterator[Fact]:
    yield Fact(FactKind.EXISTS, node_id(resource), (resource.type,), span=resource.span)


def _edges(graph: Architecture, resource: Resource) -> Iterator[Fact]:
    for builder in (*BUILDERS, event_edges.edges):
        for edge in builder(graph, resource):
            yield _edge(edge)


def _edge(edge: Edge) -> Fact:
    detail = edge.detail if edge.relation in _DETAILED else ""
    return Fact(
        FactKind.EDGE, node_id(edge.source), (edge.relation.value, detail), node_id(edge.target), span=edge.span
    )


def _guards(graph: Architecture, resource: Resource) -> Iterator[Fact]:
    for operation in _operations(graph, resource):
        if not is_preflight(graph, operation):
            yield _guard(graph, operation)
    if resource.type in (GRAPHQL_API, EVENT_API):
        mode = resource.prop("AuthenticationType")
        if not mode.is_absent:
            by = mode.literal or ""
            state = UNDECIDED if not by else OPEN if by == "API_KEY" else GUARDED
            yield Fact(FactKind.GUARD, node_id(resource), ("GraphQL", state, by), span=mode.span)
    if resource.type == "AWS::Lambda::Url":
        mode = resource.prop("AuthType")
        state = {"NONE": OPEN, "AWS_IAM": GUARDED}.get(mode.literal or "", UNDECIDED)
        yield Fact(FactKind.GUARD, node_id(resource), ("function URL", state, "IAM"), span=mode.span)


def _operations(graph: Architecture, resource: Resource) -> Iterator[Operation]:
    yield from operations_made_by(graph, resource)
    if resource.type == http.ROUTE and not operations_made_by(graph, resource):
        operation = http.route_operation(graph, resource)
        if operation.name == "$connect":
            yield operation


def _guard(graph: Architecture, operation: Operation) -> Fact:
    state, by = _state(graph, operation)
    subject = node_id(operation.api or operation.source)
    return Fact(FactKind.GUARD, subject, (operation.name, state, by), span=_place(operation))


def _place(operation: Operation) -> Span:
    return operation.authorization.span if operation.authorization.kind.identifies else operation.span


def _state(graph: Architecture, operation: Operation) -> tuple[str, str]:
    authorization = operation.authorization
    if authorization.kind.identifies:
        return GUARDED, _by(authorization)
    other = guard_of(graph, operation)
    if other.holds:
        return GUARDED, f"nothing itself: {other.statement}"
    if authorization.kind is AuthorizationKind.UNKNOWN or other.holds is None:
        return UNDECIDED, ""
    return OPEN, authorization.kind.value


def _by(authorization: Authorization) -> str:
    scopes = f" with {', '.join(sorted(authorization.scopes))}" if authorization.scopes else ""
    said = authorization.authorizer.removeprefix("AWS_IAM")
    name = f" {said}" if said else ""
    return f"{authorization.kind.value}{name}{scopes}"


def _web_acls(graph: Architecture, resource: Resource) -> Iterator[Fact]:
    if resource.type in (STAGE, DEPLOYMENT):
        stage = stage_of(graph, resource)
        if stage is not None:
            yield _covered(resource, stage_protection(graph, stage))
    elif resource.type == DISTRIBUTION:
        named = distribution_acl(graph, resource)
        acl = "a web ACL" if named.acl is None else named.acl.name
        covered = named.covers("CLOUDFRONT")
        state = GUARDED if covered else UNDECIDED if named.missing is not None else OPEN
        yield Fact(FactKind.WEB_ACL, node_id(resource), (state, acl if covered else ""), span=named.span)
    elif resource.type in COVERABLE:
        yield _covered(resource, resource_protection(graph, resource))


def _covered(resource: Resource, found: Protection) -> Fact:
    state = {True: GUARDED, False: OPEN, None: UNDECIDED}[found.covered]
    acl = "" if not found.covered else "a web ACL" if found.acl is None else found.acl.name
    span = next((step.span for step in found.evidence if step.span is not None), resource.span)
    return Fact(FactKind.WEB_ACL, node_id(resource), (state, acl), span=span)


def _subnets(graph: Architecture, resource: Resource) -> Iterator[Fact]:
    if resource.type == SUBNET:
        found = exposure_of(graph, resource)
        span = next((step.span for step in reversed(found.evidence) if step.span is not None), resource.span)
        yield Fact(FactKind.SUBNET, node_id(resource), (found.exposure.value,), span=span)


def _grants(graph: Architecture, resource: Resource) -> Iterator[Fact]:
    for granted in grants(graph, resource):
        subject = node_id(granted.subject)
        yield Fact(FactKind.GRANT, subject, granted.terms, span=granted.span)


_READERS: Final[tuple[Reader, ...]] = (_exists, _edges, _guards, _web_acls, _subnets, _grants)


def outline_of(graph: Architecture) -> Snapshot:
    """What tells the templates and conditions of two states apart, without any facts."""
    return Snapshot(
        {node_id(resource): _node(resource) for resource in graph.resources},
        {},
        {key: text for key, (text, _) in _conditions(graph).items()},
        lambda _: True,
        {scope.name: scope.template.path for scope in graph.scopes},
    )


def _conditions(graph: Architecture) -> dict[tuple[str, str], tuple[str, Span]]:
    return {
        (scope.name, name): (json.dumps(plain(node), sort_keys=True, default=str), node.span)
        for scope in graph.scopes
        for name, node in scope.template.conditions.items()
    }
