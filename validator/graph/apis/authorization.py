"""Authorization: what has to be shown to call an operation, and where the template says so."""

from dataclasses import dataclass, replace
from enum import StrEnum

from validator.graph.apis.outside_template import may_be_added
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Span
from validator.resolve import Absent, Text, Unknown, Value


class AuthorizationKind(StrEnum):
    """The ways in which AWS authorizes a call; the values are what messages say."""

    IAM = "IAM"
    COGNITO = "a Cognito user pool"
    LAMBDA = "a Lambda authorizer"
    JWT = "JWT"
    CERTIFICATE = "a client certificate"
    API_KEY = "an API key only"
    NONE = "nothing"
    UNKNOWN = "something undecided"

    @property
    def identifies(self) -> bool:
        """Whether the caller's identity is checked."""
        return self in _IDENTIFYING


_IDENTIFYING = frozenset(
    (
        AuthorizationKind.IAM,
        AuthorizationKind.COGNITO,
        AuthorizationKind.LAMBDA,
        AuthorizationKind.JWT,
        AuthorizationKind.CERTIFICATE,
    )
)


@dataclass(frozen=True, slots=True)
class Authorization:
    """What one operation demands. ``statement`` says how, as a phrase after the operation's name."""

    kind: AuthorizationKind
    statement: str
    span: Span
    """Where it is decided; where something lacks, the place of the operation itself."""
    authorizer: str = ""
    """The authorizer's logical ID or scheme name, empty when there is none."""
    schemes: tuple[str, ...] = ()
    """All schemes that an OpenAPI security list names, whether or not they authorize."""
    scopes: tuple[str, ...] = ()
    api_key: bool = False
    missing: Missing | None = None
    trail: tuple[Evidence, ...] = ()
    """Further places that took part: the security of the whole API, the scheme's definition."""

    def with_api_key(self) -> "Authorization":
        """The same with an API key demanded besides; where nothing else is demanded, the key alone."""
        if self.kind is not AuthorizationKind.NONE:
            return replace(self, api_key=True)
        return replace(
            self, kind=AuthorizationKind.API_KEY, statement=f"{self.statement} and demands an API key", api_key=True
        )


_PROPERTY = "AuthorizationType"
_TYPES = {
    "AWS_IAM": AuthorizationKind.IAM,
    "COGNITO_USER_POOLS": AuthorizationKind.COGNITO,
    "CUSTOM": AuthorizationKind.LAMBDA,
    "JWT": AuthorizationKind.JWT,
    "NONE": AuthorizationKind.NONE,
}


def authorization_of_type(
    value: Value, resource: Resource, property_name: str = "AuthorizationType"
) -> Authorization:
    """What an ``AuthorizationType`` property of the resource demands; absent is treated like ``NONE``."""
    match value:
        case Absent():
            return nothing_demanded(resource, f"has no {_PROPERTY}", resource.span)
        case Unknown(candidates=candidates) if candidates and all(c in _TYPES for c in candidates):
            return _of_candidates(value, candidates)
        case Text() if (literal := value.literal) in _TYPES:
            return Authorization(_TYPES[literal], f"has {_PROPERTY} {literal}", value.span)
    cause = value.missing or Missing(
        f"{_PROPERTY} {value.literal or value} is none that API Gateway knows",
        "write AWS_IAM, CUSTOM, COGNITO_USER_POOLS, JWT or NONE",
        f"authorization-type:{value.span}",
    )
    return Authorization(AuthorizationKind.UNKNOWN, f"has an undecided {_PROPERTY}", value.span, missing=cause)


def nothing_demanded(resource: Resource, statement: str, span: Span) -> Authorization:
    """No authorization is written; with a macro over the template that is not decided."""
    missing = may_be_added(resource, "authorization")
    kind = AuthorizationKind.NONE if missing is None else AuthorizationKind.UNKNOWN
    return Authorization(kind, statement, span, missing=missing)


def _of_candidates(value: Unknown, candidates: tuple[str, ...]) -> Authorization:
    kinds = {_TYPES[candidate] for candidate in candidates}
    statement = f"has {_PROPERTY} {' or '.join(candidates)}"
    if all(kind.identifies for kind in kinds) or kinds == {AuthorizationKind.NONE}:
        return Authorization(_TYPES[candidates[0]], statement, value.span)
    return Authorization(AuthorizationKind.UNKNOWN, statement, value.span, missing=value.cause)
