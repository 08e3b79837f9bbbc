"""Is a resource policy public? The decision that buckets, queues, topics, keys and permissions share.

A grant to everyone is public unless a condition narrows it (see ``conditions``), or a Deny refuses everyone but
some. Deny and Allow are read together, as IAM evaluates them (IAM User Guide, *Policy evaluation logic*).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from validator.graph.iam.actions import matches
from validator.graph.iam.arns import covers
from validator.graph.iam.conditions import OPEN, Effect, Narrowing, complement, narrowing
from validator.graph.iam.documents import Statement
from validator.graph.iam.principals import Principal, PrincipalKind
from validator.model import Missing
from validator.resolve import Text, Value

_IDENTITY_PROVIDERS: Final = ("cognito-identity.amazonaws.com", ":saml-provider/", ":oidc-provider/")


@dataclass(frozen=True, slots=True)
class PublicGrant:
    """An Allow that speaks of everyone, and what narrows it. ``refused_by`` is the Deny that does, if one does."""

    statement: Statement
    principal: Principal
    narrowed: Narrowing
    refused_by: Statement | None = None

    @property
    def is_public(self) -> bool:
        """Whether anyone may use it."""
        return self.narrowed.effect is Effect.OPEN

    @property
    def missing(self) -> Missing | None:
        """What would decide it, when it is not decided."""
        return self.narrowed.missing if self.narrowed.effect is Effect.UNKNOWN else None


def grants_to_everyone(statements: tuple[Statement, ...]) -> tuple[PublicGrant, ...]:
    """The Allow statements for everyone, or for somebody unknown, each with what narrows it."""
    return tuple(_grants(statements))


def _grants(statements: tuple[Statement, ...]) -> Iterator[PublicGrant]:
    for statement in statements:
        if statement.missing is not None or not statement.allows:
            continue
        if statement.not_principals:
            # Allow with NotPrincipal is everyone else, anonymous callers too (IAM User Guide, *NotPrincipal*).
            yield _narrowed(statement, statement.not_principals[0], statements)
            continue
        for principal in statement.principals:
            if _is_everyone(principal):
                yield _narrowed(statement, principal, statements)
                break
            if (missing := principal.may_be_anyone) is not None:
                yield _doubted(_narrowed(statement, principal, statements), missing)
                break


def _doubted(grant: PublicGrant, missing: Missing) -> PublicGrant:
    """A grant to a principal that is not known: public only if that turns out to be everyone."""
    if not grant.is_public:
        return grant
    return replace(grant, narrowed=Narrowing(Effect.UNKNOWN, missing=missing, span=grant.principal.span))


def _is_everyone(principal: Principal) -> bool:
    """``*``, and web identities: whoever signs in with the provider (S3 User Guide, *The meaning of "public"*)."""
    if principal.kind is PrincipalKind.FEDERATED:
        return not any(known in principal.text for known in _IDENTITY_PROVIDERS)
    return principal.kind is PrincipalKind.EVERYONE


def _narrowed(statement: Statement, principal: Principal, statements: tuple[Statement, ...]) -> PublicGrant:
    own = narrowing(statement.conditions)
    if own.effect in (Effect.NARROWED, Effect.DEAD):
        return PublicGrant(statement, principal, own)
    undecided: Narrowing | None = own if own.effect is Effect.UNKNOWN else None
    for deny in statements:
        left = _left_by(deny, statement)
        if left.effect in (Effect.NARROWED, Effect.DEAD):
            return PublicGrant(statement, principal, left, deny)
        if left.effect is Effect.UNKNOWN:
            undecided = undecided or left
    return PublicGrant(statement, principal, undecided or own)


def _left_by(deny: Statement, allow: Statement) -> Narrowing:
    """Whom a statement leaves of everyone that ``allow`` admits: all of them when it is no Deny that covers it."""
    if deny.missing is not None or not deny.denies or not _covers_allow(deny, allow):
        return OPEN
    if deny.not_principals and not deny.conditions:
        named = ", ".join(principal.text for principal in deny.not_principals)
        if any(principal.kind is PrincipalKind.EVERYONE for principal in deny.not_principals):
            return OPEN
        return Narrowing(Effect.NARROWED, f"a Deny for everyone but {named}", deny.span)
    if any(principal.kind is PrincipalKind.EVERYONE for principal in deny.principals):
        return complement(deny.conditions)
    return OPEN


def _covers_allow(deny: Statement, allow: Statement) -> bool:
    """Whether the Deny speaks of every action and resource that the Allow grants."""
    if allow.not_actions or allow.not_resources:
        return _says_all(deny.actions) and _says_all(deny.resources)
    denied = [value.literal for value in deny.actions]
    for action in allow.actions:
        text = action.literal
        if text is None or not any(pattern is not None and matches(pattern, text) for pattern in denied):
            return False
    return all(_resource_covered(deny.resources, resource) for resource in allow.resources)


def _resource_covered(patterns: tuple[Value, ...], resource: Value) -> bool:
    return not patterns or any(covers(pattern, resource) or _same(pattern, resource) for pattern in patterns)


def _same(one: Value, other: Value) -> bool:
    return isinstance(one, Text) and isinstance(other, Text) and one.parts == other.parts


def _says_all(values: tuple[Value, ...]) -> bool:
    return any(value.literal == "*" for value in values)
