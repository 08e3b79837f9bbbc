"""What takes a grant back: a permissions boundary, or a Deny that provably covers it.

IAM User Guide, *Policy evaluation logic*: effective are the grants that the identity policies and the boundary
both give, and no explicit Deny refuses. What cannot be read takes nothing back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.iam.actions import matches
from validator.graph.iam.arns import covers
from validator.graph.iam.documents import Statement
from validator.graph.iam.identities import attached_to, boundary_of, identity_of
from validator.graph.iam.policies import Policy
from validator.graph.resource import Resource
from validator.model import Evidence
from validator.resolve import Value


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Why a grant is not in force as written: a phrase, and the step that shows it."""

    why: str
    evidence: Evidence


def ceiling_on(policy: Policy, statement: Statement, pattern: str, graph: Architecture) -> Ceiling | None:
    """What cuts a granted action pattern for every principal that has the policy; None when anything is left.

    A policy without a principal in the run is cut by its own Deny statements only.
    """
    own = _denied(policy.statements, pattern, statement.resources, policy)
    if own is not None:
        return own
    principals = attached_to(policy.holder, graph)
    found = [_ceiling_of(principal, statement, pattern, graph) for principal in principals]
    return found[0] if found and all(found) else None


def _ceiling_of(principal: Resource, statement: Statement, pattern: str, graph: Architecture) -> Ceiling | None:
    for other in identity_of(principal, graph).policies:
        if other.missing is None and (cut := _denied(other.statements, pattern, statement.resources, other)):
            return cut
    boundary = boundary_of(principal, graph)
    if boundary is None or boundary.policy is None or boundary.missing is not None:
        return None
    if _allows_as_much(boundary.policy.statements, pattern, statement.resources):
        return None
    why = f"the permissions boundary of {principal.name} allows less"
    return Ceiling(
        why, principal.states(f"has the permissions boundary {boundary.policy.holder.name}", boundary.value.span)
    )


def _denied(
    statements: Iterable[Statement], pattern: str, resources: tuple[Value, ...], policy: Policy
) -> Ceiling | None:
    for deny in statements:
        if not deny.denies or deny.conditions or deny.missing is not None:
            continue
        texts = [action.literal for action in deny.actions]
        if any(text is not None and matches(text, pattern) for text in texts) and _all_covered(
            deny.resources, resources
        ):
            why = f"statement {deny.number} of policy {policy.name} denies it"
            return Ceiling(why, policy.states(deny, f"denies {pattern}"))
    return None


def _all_covered(patterns: tuple[Value, ...], resources: tuple[Value, ...]) -> bool:
    return bool(resources) and all(any(covers(pattern, one) for pattern in patterns) for one in resources)


def _allows_as_much(statements: Iterable[Statement], pattern: str, resources: tuple[Value, ...]) -> bool:
    """Whether the boundary leaves the pattern as wide as it is written; True when that cannot be excluded."""
    for allow in statements:
        if allow.missing is not None or allow.not_actions:
            return True
        if not allow.allows:
            continue
        texts = [action.literal for action in allow.actions]
        if any(text is None or matches(text, pattern) for text in texts):
            if allow.not_resources or not resources:
                return True
            if any(covers(one, resource) for one in allow.resources for resource in resources):
                return True
    return False
