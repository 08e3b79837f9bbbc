"""Execution roles: which role a function or state machine runs as (IAM User Guide, *IAM identifiers*)."""

import re
from dataclasses import dataclass

from validator.graph.architecture import Architecture, External, Target
from validator.graph.resource import Resource
from validator.load.nodes import MapNode
from validator.model import Missing, Span
from validator.resolve import Text, Unknown, Value

_ROLE_ARN = re.compile(r"arn:(?:\$\{AWS::Partition\}|[\w-]+):iam::(.+):role/(?:.*/)?([^/]+)")
_ROLE_PROPERTY = {"AWS::Lambda::Function": "Role", "AWS::StepFunctions::StateMachine": "RoleArn"}


@dataclass(frozen=True, slots=True)
class RoleUser:
    """What runs as a role. ``role`` is the role of the run; ``identity`` compares roles from outside it."""

    resource: Resource
    role: Resource | None
    identity: str
    missing: Missing | None
    span: Span

    @property
    def is_function(self) -> bool:
        """Whether it is a function."""
        return self.resource.type == "AWS::Lambda::Function"

    @property
    def shown(self) -> str:
        """The role's name in messages."""
        if self.role is not None:
            return self.role.name
        written = self.resource.prop(_ROLE_PROPERTY[self.resource.type])
        return str(written) if isinstance(written, Text) else self.identity.partition(":")[2]


def execution_role(user: Resource, graph: Architecture) -> RoleUser | None:
    """The role that a function or state machine runs as; None when none is written."""
    name = _ROLE_PROPERTY[user.type]
    value = user.prop(name)
    target = _role_named(value, graph)
    span = user.property_span(name)
    match target:
        case None:
            return None
        case Resource():
            return RoleUser(user, target, f"resource:{target.id.stack}/{target.logical_id}", None, span)
        case Unknown():
            # A reference to something that is no role, or one value from outside: the same text is the same role.
            text = str(value) if isinstance(value, Text) else target.cause.key
            return RoleUser(user, None, f"unknown:{text}", target.cause, span)
        case External():
            return RoleUser(user, None, f"literal:{_same_name(target.text)}", None, span)


def _same_name(text: str) -> str:
    """A role's ARN as it is compared: the partition says nothing, and names differ by more than their case."""
    found = _ROLE_ARN.fullmatch(text)
    return text if found is None else f"arn:aws:iam::{found.group(1)}:role/{found.group(2).lower()}"


def _role_named(value: Value, graph: Architecture) -> Target:
    """The role that a value denotes; in an ARN the name stands behind the path (``role/app/worker``)."""
    found = graph.target(value, "AWS::IAM::Role")
    if not isinstance(found, External) or ":role/" not in found.text or not isinstance(value, Text):
        return found
    name = graph.target(Text((found.text.rpartition("/")[2],), value.span), "AWS::IAM::Role")
    return name if isinstance(name, Resource) else found


def role_users(graph: Architecture) -> tuple[RoleUser, ...]:
    """The functions and state machines that exist, each with its role."""
    return graph.memo("iam-role-users", None, lambda: _role_users(graph))


def _role_users(graph: Architecture) -> tuple[RoleUser, ...]:
    users = (execution_role(resource, graph) for resource in graph.existing(*_ROLE_PROPERTY))
    return tuple(user for user in users if user is not None)


def users_of_role(role: Resource, graph: Architecture) -> tuple[RoleUser, ...]:
    """The existing functions and state machines that run as this role; decides no other resource's condition."""
    return graph.memo("iam-users-of-role", role, lambda: _users_of_role(role, graph))


def _users_of_role(role: Resource, graph: Architecture) -> tuple[RoleUser, ...]:
    properties = role.body.get("Properties")
    is_named = isinstance(properties, MapNode) and "RoleName" in properties.entries
    candidates = graph.declared(*_ROLE_PROPERTY) if is_named else graph.mentioning(role, *_ROLE_PROPERTY)
    found = (execution_role(resource, graph) for resource in candidates)
    return tuple(user for user in found if user is not None and user.role == role and user.resource.exists())
