"""Whether the policy of a VPC endpoint lets a caller's requests through.

AWS PrivateLink Guide, *Control access to VPC endpoints using endpoint policies*: without a policy an endpoint
lets everything through; with one, a request needs an Allow there as well as in the caller's own policies.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from validator.graph.iam.actions import is_everything, matches
from validator.graph.iam.arns import covers
from validator.graph.iam.conditions import ConditionTest
from validator.graph.iam.documents import Statement, document_of, statements_of
from validator.graph.iam.principals import Principal, PrincipalKind
from validator.graph.resource import Resource
from validator.resolve import ResourceRef, Text, Value

_ACCOUNT_KEYS = ("aws:principalaccount", "aws:resourceaccount", "aws:principalorgid", "aws:resourceorgid")
"""Conditions that the callers and the resources of one account meet."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller is granted and wants to do through the endpoint: an action pattern, on resources, as a role."""

    action: str
    resources: tuple[Value, ...]
    role: Resource | None


def lets_through(policy: Value, requests: Iterable[Request]) -> bool | None:
    """Whether the policy allows every request (True), none of their actions (False), or cannot be told (None)."""
    if policy.is_absent:
        return True
    document = document_of(policy)
    statements = statements_of(document)
    if document.missing is not None or any(statement.missing is not None for statement in statements):
        return None
    allowing = [statement for statement in statements if statement.allows]
    if any(_is_full_access(statement) for statement in allowing) and len(allowing) == len(statements):
        return True
    wanted = list(requests)
    if not wanted or any(statement.denies for statement in statements):
        return None
    if all(any(_allows(statement, request) for statement in allowing) for request in wanted):
        return True
    named = [statement for statement in allowing for request in wanted if _may_allow(statement, request)]
    return None if named or any(statement.not_actions for statement in allowing) else False


def _is_full_access(statement: Statement) -> bool:
    everything = (statement.actions, statement.resources)
    return (
        all(any(is_everything(value.literal or "") for value in values) for values in everything)
        and any(principal.kind is PrincipalKind.EVERYONE for principal in statement.principals)
        and not statement.conditions
    )


def _allows(statement: Statement, request: Request) -> bool:
    return (
        any(isinstance(action, Text) and matches(str(action), request.action) for action in statement.actions)
        and all(any(covers(own, wanted) for own in statement.resources) for wanted in request.resources)
        and any(_is_caller(principal, request) for principal in statement.principals)
        and all(_is_met(test, request) for test in statement.conditions)
    )


def _may_allow(statement: Statement, request: Request) -> bool:
    """Whether the statement can be for the request's action and resources; a text with holes may."""
    names_action = any(
        action.literal is None or matches(action.literal, request.action) or matches(request.action, action.literal)
        for action in statement.actions
    )
    if not names_action or not statement.resources or not request.resources:
        return names_action
    return any(not _are_apart(own, wanted) for own in statement.resources for wanted in request.resources)


def _are_apart(one: Value, other: Value) -> bool:
    """Whether the two texts start with the ARNs of two resources of the run, as ``GetAtt`` gives them.

    Not as ``Ref`` does: that of a ``SecretTargetAttachment`` is the ARN of its secret.
    """
    owners = [
        (value.parts[0].stack, value.parts[0].logical_id)
        for value in (one, other)
        if isinstance(value, Text)
        and value.parts
        and isinstance(value.parts[0], ResourceRef)
        and value.parts[0].attribute == "Arn"
    ]
    return len(owners) == 2 and owners[0] != owners[1]


def _is_caller(principal: Principal, request: Request) -> bool:
    if principal.kind is PrincipalKind.EVERYONE or (principal.is_account_root and principal.account == "own"):
        return True
    return principal.kind is PrincipalKind.AWS and _is_role(principal.value, request.role)


def _is_met(test: ConditionTest, request: Request) -> bool:
    if test.negated or test.quantifier == "ForAnyValue":
        return False
    if test.key == "aws:principalarn":
        return any(_is_role(value, request.role) for value in test.values)
    return test.key in _ACCOUNT_KEYS


def _is_role(value: Value, role: Resource | None) -> bool:
    reference = value.reference
    return role is not None and reference == ResourceRef(role.id.stack, role.logical_id, "Arn")
