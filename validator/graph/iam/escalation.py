"""Ways to more privilege: which grants lead further than they say, alone or together.

The table ``data/escalations.toml`` names its sources.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from validator.graph.architecture import Architecture
from validator.graph.iam.actions import is_everything, is_whole_service, matches
from validator.graph.iam.arns import PolicyVariable, Wildcard, marks_of, whole_service
from validator.graph.iam.arns import is_everything as is_every_resource
from validator.graph.iam.ceilings import ceiling_on
from validator.graph.iam.documents import Statement
from validator.graph.iam.execution import execution_role
from validator.graph.iam.identities import attached_to, identity_of
from validator.graph.iam.policies import Policy, PolicyKind, policies_in, trust_policy
from validator.graph.iam.principals import PrincipalKind
from validator.graph.iam.tables import table
from validator.graph.resource import Resource
from validator.model import Severity
from validator.resolve import Text, Value

PASS_ROLE = "iam:PassRole"
_DEPLOYERS = ("cloudformation.", "codepipeline.", "codebuild.", "codedeploy.")


class Width(StrEnum):
    """How far the resources of a statement reach."""

    EVERYTHING = "everything"
    PATTERN = "pattern"
    EXACT = "exact"
    UNKNOWN = "unknown"
    OWN = "own"
    """A policy variable: the caller's own resource."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way that a statement opens: the granted action, why it leads on, and how bad that is."""

    action: str
    why: str
    severity: Severity
    width: Width


def width_of(resources: tuple[Value, ...]) -> Width:
    """The widest reach among resource elements."""
    found = {_width(value) for value in resources}
    for width in (Width.EVERYTHING, Width.PATTERN, Width.UNKNOWN, Width.EXACT):
        if width in found:
            return width
    return Width.OWN if found else Width.EXACT


def _width(value: Value) -> Width:
    if is_every_resource(value) or whole_service(value) is not None:
        return Width.EVERYTHING
    if not isinstance(value, Text) or value.missing is not None:
        return Width.UNKNOWN
    marks = marks_of(value)
    if any(isinstance(mark, PolicyVariable) for mark in marks):
        return Width.OWN
    return Width.PATTERN if any(isinstance(mark, Wildcard) for mark in marks) else Width.EXACT


def ways_of(policy: Policy, statement: Statement, graph: Architecture) -> tuple[Way, ...]:
    """The ways to more privilege that an Allow statement opens, worst first; ``iam:PassRole`` is asked apart."""
    if any(test.key in ("iam:policyarn", "iam:permissionsboundary") for test in statement.conditions):
        return ()
    width = width_of(statement.resources)
    found = [way for row in _rows("way") for way in _ways(row, policy, statement, width, graph)]
    return tuple(sorted(found, key=lambda way: -way.severity.rank))


def passed_by_policy(name: str) -> str | None:
    """The service to which an AWS managed policy lets every role be passed; None when it passes none."""
    found: str | None = table("escalations")["passing_policies"].get(name)
    return found


def _is_own_function(policy: Policy, statement: Statement, graph: Architecture) -> bool:
    """Whether the statement names only functions that already run as the principal: no other role is gained."""
    roles = attached_to(policy.holder, graph)
    functions = [graph.target(value, "AWS::Lambda::Function") for value in statement.resources]
    users = [execution_role(one, graph) if isinstance(one, Resource) else None for one in functions]
    return bool(roles) and bool(users) and all(user is not None and user.role in roles for user in users)


def _ways(
    row: dict[str, Any], policy: Policy, statement: Statement, width: Width, graph: Architecture
) -> Iterator[Way]:
    severity = _severity(row, width)
    if severity is None:
        return
    for action in row["actions"]:
        if action.startswith("lambda:") and width is Width.EXACT and _is_own_function(policy, statement, graph):
            continue
        if not grants(statement, action) or not _all_granted(row.get("together", []), policy, graph):
            continue
        if ceiling_on(policy, statement, action, graph) is None:
            lower = severity is not Severity.LOW and deploys(policy.holder, graph)
            yield Way(action, row["why"], _lower(severity) if lower else severity, width)


def _severity(row: dict[str, Any], width: Width) -> Severity | None:
    severity = Severity(row["severity"])
    match width:
        case Width.EVERYTHING:
            return severity
        case Width.PATTERN:
            return _lower(severity)
        case Width.EXACT:
            return Severity(row["exact"]) if "exact" in row else None
    return None


def _lower(severity: Severity) -> Severity:
    return list(Severity)[max(0, severity.rank - 1)]


def grants(statement: Statement, action: str) -> bool:
    """Whether the statement grants the action by name or by part of it; whole services are IAM001's."""
    texts = (value.literal for value in statement.actions)
    return any(
        text is not None and not is_everything(text) and not is_whole_service(text) and matches(text, action)
        for text in texts
    )


def leads_on_as_a_whole(statement: Statement) -> bool:
    """Whether a whole service or everything that the statement grants holds a way: IAM001 and IAM007 judge it."""
    if not statement.actions:
        return True
    wide = [
        text
        for value in statement.actions
        if (text := value.literal) is not None and (is_everything(text) or is_whole_service(text))
    ]
    ways = {PASS_ROLE, *(action for row in _rows("way") for action in row["actions"])}
    return any(matches(text, action) for text in wide for action in ways)


def _all_granted(groups: list[list[str]], policy: Policy, graph: Architecture) -> bool:
    return all(any(granted_beside(policy, action, graph) for action in group) for group in groups)


def granted_beside(policy: Policy, action: str, graph: Architecture) -> bool:
    """Whether some principal with this policy is granted the action, here or in another of its policies."""
    policies = [*policies_in(policy.holder, graph)]
    for principal in attached_to(policy.holder, graph):
        policies.extend(identity_of(principal, graph).policies)
    return any(
        text is not None and matches(text, action)
        for one in policies
        if one.kind is PolicyKind.IDENTITY and one.missing is None
        for statement in one.statements
        if statement.missing is None and statement.allows
        for text in (value.literal for value in statement.actions)
    )


def passing_to(policy: Policy, graph: Architecture) -> tuple[tuple[str, str], ...]:
    """The services with which a passed role can be used at once, each with the action that does it."""
    found = []
    for row in _rows("passing"):
        action = next((a for a in row["actions"] if granted_beside(policy, a, graph)), None)
        if action is not None and _all_granted(row.get("together", []), policy, graph):
            found.append((row["service"], action))
    return tuple(found)


@cache
def _rows(kind: str) -> tuple[dict[str, Any], ...]:
    return tuple(table("escalations")[kind])


def deploys(holder: Resource, graph: Architecture) -> bool:
    """Whether every principal of the policy is a deployment role (it trusts CloudFormation, CodeBuild …)."""
    roles = [principal for principal in attached_to(holder, graph) if principal.type == "AWS::IAM::Role"]
    return bool(roles) and all(any(map(_is_deployer, trusted_services(role))) for role in roles)


def _is_deployer(service: str) -> bool:
    return service.startswith(_DEPLOYERS)


def trusted_services(role: Resource) -> tuple[str, ...]:
    """The service principals that a role's trust policy admits."""
    trust = trust_policy(role)
    if trust is None or trust.missing is not None:
        return ()
    return tuple(
        principal.text
        for statement in trust.statements
        if statement.missing is None and statement.allows
        for principal in statement.principals
        if principal.kind is PrincipalKind.SERVICE
    )
