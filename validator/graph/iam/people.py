"""People's roles: which roles the visitors of an identity pool get, and what narrows a grant to the caller.

Amazon Cognito Developer Guide, *Role trust and permissions*, *Using attributes for access control*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.iam.arns import PolicyVariable, marks_of
from validator.graph.iam.documents import Statement
from validator.graph.iam.policies import Policy
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Span
from validator.resolve import Text, Unknown, Value

ATTACHMENT: Final = "AWS::Cognito::IdentityPoolRoleAttachment"
GROUP: Final = "AWS::Cognito::UserPoolGroup"
SUBJECT: Final = "cognito-identity.amazonaws.com:sub"
_KEYS: Final = ("dynamodb:leadingkeys", "s3:prefix")


class Visitor(StrEnum):
    """Who gets a role from an identity pool."""

    GUEST = "guests"
    SIGNED_IN = "signed-in people"


@dataclass(frozen=True, slots=True)
class RoleForPeople:
    """A role that an identity pool or a group of a user pool hands to its visitors."""

    source: Resource
    visitor: Visitor
    value: Value
    role: Resource | None

    @property
    def span(self) -> Span:
        """Where the role is named."""
        return self.value.span

    @property
    def step(self) -> Evidence:
        """The hand-over as a step of evidence."""
        name = self.role.name if self.role is not None else "a role outside the run"
        return self.source.states(f"gives {name} to {self.visitor.value}", self.span)


def roles_for_people(source: Resource, graph: Architecture) -> tuple[RoleForPeople, ...]:
    """The roles that a role attachment or a user pool group names."""
    return tuple(_roles(source, graph))


def _roles(source: Resource, graph: Architecture) -> Iterator[RoleForPeople]:
    for visitor, value in _named_roles(source):
        if not value.is_absent:
            target = graph.target(value, "AWS::IAM::Role")
            yield RoleForPeople(source, visitor, value, target if isinstance(target, Resource) else None)


def _named_roles(source: Resource) -> Iterator[tuple[Visitor, Value]]:
    if source.type == GROUP:
        yield Visitor.SIGNED_IN, source.prop("RoleArn")
        return
    yield Visitor.SIGNED_IN, source.prop("Roles", "authenticated")
    yield Visitor.GUEST, source.prop("Roles", "unauthenticated")
    for _, mapping in source.prop("RoleMappings").entries():
        for rule in mapping.get("RulesConfiguration", "Rules").items():
            yield Visitor.SIGNED_IN, rule.get("RoleARN")


def givers_of(role: Resource, graph: Architecture) -> tuple[RoleForPeople, ...]:
    """Where a role of the run is handed to visitors."""
    given = (one for source in graph.declared(ATTACHMENT, GROUP) for one in roles_for_people(source, graph))
    return tuple(one for one in given if one.role == role and one.source.exists())


class Narrowness(StrEnum):
    """How far a grant to a visitor reaches."""

    OWN = "the caller's own items"
    TAGGED = "items chosen by a tag of the caller"
    ALL = "everyone's items"


def narrowness_of(policy: Policy, statement: Statement) -> Narrowness:
    """Whether a statement reaches the caller's own items only: by its resources, or by a condition on keys."""
    variables = policy.version != "2008-10-17"
    # AWS documents leading keys with ForAllValues; a negated or optional test lets other keys through.
    tests = [
        t for t in statement.conditions if t.key in _KEYS and not (t.negated or t.if_exists or t.operator == "Null")
    ]
    found = [_of_values(test.values, variables) for test in tests]
    found.append(_of_values(statement.resources, variables))
    return next((kind for kind in (Narrowness.OWN, Narrowness.TAGGED) if kind in found), Narrowness.ALL)


def _of_values(values: tuple[Value, ...], variables: bool) -> Narrowness:
    kinds = {_of_value(value, variables) for value in values}
    if not kinds or Narrowness.ALL in kinds:
        return Narrowness.ALL
    return Narrowness.TAGGED if Narrowness.TAGGED in kinds else Narrowness.OWN


def _of_value(value: Value, variables: bool) -> Narrowness:
    if not isinstance(value, Text):
        return Narrowness.ALL
    names = [mark.name for mark in marks_of(value, variables=variables) if isinstance(mark, PolicyVariable)]
    if any(name.lower() == SUBJECT for name in names):
        return Narrowness.OWN
    return (
        Narrowness.TAGGED if any(name.lower().startswith("aws:principaltag/") for name in names) else Narrowness.ALL
    )


def outside_role(given: RoleForPeople) -> Missing:
    """What is missing to judge a role that the run does not hold."""
    if isinstance(given.value, Unknown):
        return given.value.cause
    shown = str(given.value)
    cause = given.value.missing
    return cause or Missing(f"role {shown} is not in the run", "add the template that defines it", f"role:{shown}")
