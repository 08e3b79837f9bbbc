"""Who may do what with what, as the policies of an architecture say it: statement by statement, item by item."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.iam.documents import Statement
from validator.graph.iam.identities import PRINCIPAL_TYPES, identity_of
from validator.graph.iam.managed import Breadth, judged
from validator.graph.iam.permissions import permission_of
from validator.graph.iam.policies import RESOURCE_POLICIES, Policy, resource_policies, trust_policy
from validator.graph.iam.principals import Principal
from validator.model import Span
from validator.resolve import Hole, Text, Value
from validator.resolve.values import Unknown

ALLOW, DENY, TRUST = "Allow", "Deny", "Trust"
ITSELF: Final = "itself"
"""The resource of a grant on the very resource that holds the policy."""

ALL_BUT: Final = "all but "
MANAGED: Final = "managed policy "
_PERMISSION: Final = "AWS::Lambda::Permission"


@dataclass(frozen=True, slots=True)
class Granted:
    """One item of a policy. ``principal`` is empty where it is the subject itself."""

    subject: Resource
    effect: str
    principal: str
    action: str
    resource: str
    conditions: str
    span: Span

    @property
    def terms(self) -> tuple[str, ...]:
        """All that makes it what it is."""
        return (self.effect, self.principal, self.action, self.resource, self.conditions)


def grants(graph: Architecture, resource: Resource) -> Iterator[Granted]:
    """What the policies of one resource grant or deny: its own, and for a role those that are attached to it."""
    if resource.type in PRINCIPAL_TYPES:
        yield from _identity(graph, resource)
        trust = trust_policy(resource) if resource.type == "AWS::IAM::Role" else None
        if trust is not None and trust.missing is None:
            yield from _trust(resource, trust)
    if resource.type in RESOURCE_POLICIES:
        for policy in resource_policies(resource):
            if policy.missing is None:
                yield from _statements(resource, policy)
    if resource.type == _PERMISSION and not resource.is_generated:
        yield from _permission(graph, resource)


def _identity(graph: Architecture, principal: Resource) -> Iterator[Granted]:
    identity = identity_of(principal, graph)
    for policy in identity.policies:
        if policy.missing is None:
            yield from _statements(principal, policy)
    for attachment in identity.attachments:
        if attachment.aws_name is not None:
            if judged(attachment.aws_name).breadth is not Breadth.BASIC:
                name = f"{MANAGED}{attachment.aws_name}"
                yield Granted(principal, ALLOW, "", name, "*", "", attachment.span)
        elif attachment.resource is None:
            yield Granted(principal, ALLOW, "", f"{MANAGED}{text_of(attachment.value)}", "*", "", attachment.span)


def _statements(subject: Resource, policy: Policy) -> Iterator[Granted]:
    for statement in policy.statements:
        if statement.missing is not None or not (statement.allows or statement.denies):
            continue
        effect = ALLOW if statement.allows else DENY
        actions = _named(statement.actions, statement.not_actions)
        resources = _named(statement.resources, statement.not_resources) or [ITSELF]
        principals = [one.text for one in statement.principals] or [
            f"{ALL_BUT}{one.text}" for one in statement.not_principals
        ]
        conditions = _conditions(statement)
        for principal, action, target in product(principals or [""], actions, resources):
            yield Granted(subject, effect, principal, action, target, conditions, statement.span)


def _named(items: tuple[Value, ...], all_but: tuple[Value, ...]) -> list[str]:
    if items:
        return [text_of(item) for item in items]
    return [ALL_BUT + ", ".join(sorted(map(text_of, all_but)))] if all_but else []


def _trust(role: Resource, policy: Policy) -> Iterator[Granted]:
    for statement in policy.statements:
        if statement.missing is None and statement.allows:
            for principal in statement.principals:
                yield Granted(
                    role, TRUST, _party(principal), "assume", ITSELF, _conditions(statement), principal.span
                )


def _party(principal: Principal) -> str:
    return principal.text


def _conditions(statement: Statement) -> str:
    tests = (
        f"{test.quantifier}:{test.operator}{'IfExists' if test.if_exists else ''} {test.key} "
        f"{', '.join(sorted(map(text_of, test.values)))}".lstrip(":")
        for test in statement.conditions
    )
    return "; ".join(sorted(tests))


def _permission(graph: Architecture, resource: Resource) -> Iterator[Granted]:
    permission = permission_of(resource)
    function = graph.target(resource.prop("FunctionName"))
    subject = function if isinstance(function, Resource) else resource
    sources = (
        (name, resource.prop(name))
        for name in ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken", "FunctionUrlAuthType")
    )
    conditions = "; ".join(f"{name} {text_of(value)}" for name, value in sources if not value.is_absent)
    principal = "*" if permission.is_everyone else text_of(permission.principal)
    yield Granted(subject, ALLOW, principal, permission.action or "an action", ITSELF, conditions, resource.span)


def text_of(value: Value) -> str:
    """A value as text that does not change when files or lines move."""
    match value:
        case Text():
            return "".join(_hole(part) if isinstance(part, Hole) else str(part) for part in value.parts)
        case Unknown():
            return _named_input(value.cause.key)
    return "a value"


def _hole(part: Hole) -> str:
    return f"${{{_named_input(part.missing.key)}}}"


def _named_input(key: str) -> str:
    kind, _, name = key.partition(":")
    return f"{kind} {name}" if kind in ("parameter", "import", "output") else "a value that is not known"
