"""Identities: which policies an IAM role, user or group has, from every side that can attach one.

IAM User Guide, *Managed policies and inline policies* and *Permissions boundaries*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture, External
from validator.graph.iam.managed import aws_managed_name
from validator.graph.iam.policies import Policy, identity_policies
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Text, Unknown, Value

PRINCIPAL_TYPES: Final = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")

_LISTS: Final = {"AWS::IAM::Role": "Roles", "AWS::IAM::User": "Users", "AWS::IAM::Group": "Groups"}
_SINGLE: Final = {
    "AWS::IAM::Role": ("AWS::IAM::RolePolicy", "RoleName"),
    "AWS::IAM::User": ("AWS::IAM::UserPolicy", "UserName"),
    "AWS::IAM::Group": ("AWS::IAM::GroupPolicy", "GroupName"),
}
_NAME: Final = {"AWS::IAM::Role": "RoleName", "AWS::IAM::User": "UserName", "AWS::IAM::Group": "GroupName"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """One item of ``ManagedPolicyArns``: an AWS managed policy by name, or what it denotes in the run."""

    value: Value
    aws_name: str | None
    resource: Resource | None
    missing: Missing | None
    """Why its content is not known, for a policy that is neither AWS's nor in the run."""

    @property
    def span(self) -> Span:
        """Where the item stands."""
        return self.value.span


@dataclass(frozen=True, slots=True)
class Identity:
    """All that one role, user or group is granted by identity policies."""

    principal: Resource
    policies: tuple[Policy, ...]
    attachments: tuple[Attachment, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What of its policies cannot be read."""
        unread = (policy.missing for policy in self.policies)
        outside = (attachment.missing for attachment in self.attachments)
        return tuple(cause for cause in (*unread, *outside) if cause is not None)


def attachments_of(holder: Resource, graph: Architecture) -> tuple[Attachment, ...]:
    """The managed policies that a role, user, group or permission set lists itself."""
    listed = "ManagedPolicies" if holder.type == "AWS::SSO::PermissionSet" else "ManagedPolicyArns"
    values = holder.prop(listed)
    if isinstance(values, Unknown):
        return (Attachment(values, None, None, values.cause),)
    return tuple(_attachment(holder, value, graph) for value in values.items())


def _attachment(holder: Resource, value: Value, graph: Architecture) -> Attachment:
    name = aws_managed_name(value, bare=holder.is_generated)
    if name is not None:
        return Attachment(value, name, None, None)
    target = graph.target(value, "AWS::IAM::ManagedPolicy")
    if isinstance(target, Resource):
        return Attachment(value, None, target, None)
    if isinstance(target, Unknown):
        return Attachment(value, None, None, target.cause)
    text = target.text if isinstance(target, External) else str(value)
    how = "review the template that defines it, and accept this here with a reason"
    return Attachment(value, None, None, Missing(f"managed policy {text} is not in the run", how, f"policy:{text}"))


def identity_of(principal: Resource, graph: Architecture) -> Identity:
    """Everything that is attached to a role, user or group, group membership included."""
    return graph.memo("iam-identity", principal, lambda: _identity(principal, graph))


def _identity(principal: Resource, graph: Architecture) -> Identity:
    own = attachments_of(principal, graph)
    policies = [*identity_policies(principal)]
    for holder in _holders(principal, own, graph):
        policies.extend(identity_policies(holder))
    if principal.type == "AWS::IAM::User":
        for group in _groups(principal, graph):
            joined = identity_of(group, graph)
            policies.extend(joined.policies)
            own = (*own, *joined.attachments)
    return Identity(principal, tuple(policies), own)


def _holders(principal: Resource, own: tuple[Attachment, ...], graph: Architecture) -> Iterator[Resource]:
    """The policies of the run that are attached from their side, then those the principal lists itself."""
    seen: set[Resource] = set()
    single, key = _SINGLE[principal.type]
    for holder in graph.declared("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", single):
        if not _may_mention(holder, principal, graph):
            continue
        path = key if holder.type == single else _LISTS[principal.type]
        values = holder.prop(path).items()
        if any(graph.target(value, principal.type) == principal for value in values) and holder.exists():
            seen.add(holder)
            yield holder
    for attachment in own:
        if attachment.resource is not None and attachment.resource not in seen:
            seen.add(attachment.resource)
            yield attachment.resource


def _may_mention(holder: Resource, principal: Resource, graph: Architecture) -> bool:
    """Whether the policy could name the principal at all; keeps the conditions of all others out of the question."""
    return graph.mentions(holder, principal) or not principal.prop(_NAME[principal.type]).is_absent


def attached_to(holder: Resource, graph: Architecture) -> tuple[Resource, ...]:
    """The principals of the run that a policy resource is attached to, from either side."""
    if holder.type in PRINCIPAL_TYPES:
        return (holder,)
    lists = [*_LISTS.items(), *((kind, key) for kind, (_, key) in _SINGLE.items())]
    listed = [graph.target(value, kind) for kind, key in lists for value in holder.prop(key).items()]
    found = [target for target in listed if isinstance(target, Resource)]
    if holder.type == "AWS::IAM::ManagedPolicy":
        for principal in graph.referrers(holder, *PRINCIPAL_TYPES):
            if any(attachment.resource == holder for attachment in attachments_of(principal, graph)):
                found.append(principal)
    return tuple(dict.fromkeys(found))


def _groups(user: Resource, graph: Architecture) -> Iterator[Resource]:
    seen: set[Resource] = set()
    joined = [graph.target(value, "AWS::IAM::Group") for value in user.prop("Groups").items()]
    for addition in graph.referrers(user, "AWS::IAM::UserToGroupAddition"):
        joined.append(graph.target(addition.prop("GroupName"), "AWS::IAM::Group"))
    for group in joined:
        if isinstance(group, Resource) and group not in seen:
            seen.add(group)
            yield group


def bounds_only(holder: Resource, graph: Architecture) -> bool:
    """Whether a managed policy is a permissions boundary and nothing else in the run: then it grants nothing."""
    if holder.type != "AWS::IAM::ManagedPolicy" or attached_to(holder, graph):
        return False
    bounded = graph.referrers(holder, *PRINCIPAL_TYPES)
    return any(graph.target(one.prop("PermissionsBoundary"), holder.type) == holder for one in bounded)


@dataclass(frozen=True, slots=True)
class Boundary:
    """A permissions boundary: its policy when the run has it, else why it cannot be read."""

    value: Value
    policy: Policy | None
    missing: Missing | None


def boundary_of(principal: Resource, graph: Architecture) -> Boundary | None:
    """The boundary of a role or user; None when it has none."""
    value = principal.prop("PermissionsBoundary")
    if value.is_absent:
        return None
    target = graph.target(value, "AWS::IAM::ManagedPolicy")
    if isinstance(target, Resource):
        policy = next(iter(identity_policies(target)), None)
        return Boundary(value, policy, policy.missing if policy else None)
    shown = str(value) if isinstance(value, Text) else "the boundary"
    cause = value.missing or Missing(f"boundary {shown} is not in the run", "add its template", f"policy:{shown}")
    return Boundary(value, None, cause)
