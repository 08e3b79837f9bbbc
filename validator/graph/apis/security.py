"""Security of OpenAPI operations, as API Gateway imports it (Developer Guide, *x-amazon-apigateway-** extensions).

REST imports apply ``security`` of the operation only; HTTP API imports apply that of the document's root
where the operation has none. A scheme authorizes only through API Gateway's own extensions.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from validator.graph.apis.authorization import Authorization, AuthorizationKind, nothing_demanded
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Span
from validator.resolve import MapValue, Unknown, Value

AUTHORIZER = "x-amazon-apigateway-authorizer"
AUTHTYPE = "x-amazon-apigateway-authtype"
OPERATION_AUTH = "x-amazon-apigateway-auth"


class Protocol(StrEnum):
    """The families of APIs that API Gateway imports differently."""

    REST = "REST"
    HTTP = "HTTP"
    WEBSOCKET = "WEBSOCKET"


@dataclass(frozen=True, slots=True)
class Scheme:
    """What one security scheme comes to when API Gateway imports it."""

    name: str
    kind: AuthorizationKind
    statement: str
    span: Span
    missing: Missing | None = None


def schemes_of(body: Value) -> Value:
    """The map of security schemes, where the document's version has it."""
    if (body.get("swagger").literal or "").startswith("2"):
        return body.get("securityDefinitions")
    if (body.get("openapi").literal or "").startswith("3"):
        return body.get("components", "securitySchemes")
    older = body.get("securityDefinitions")
    return body.get("components", "securitySchemes") if older.is_absent else older


def scheme(schemes: Value, name: str, protocol: Protocol, at: Span) -> Scheme:
    """What the scheme of this name comes to. ``at`` is the place that uses it."""
    value = schemes.get(name)
    if isinstance(value, Unknown):
        return Scheme(name, AuthorizationKind.UNKNOWN, f"uses scheme {name}", value.span, value.cause)
    if value.is_absent:
        return Scheme(name, AuthorizationKind.NONE, f"names scheme {name}, which is not defined", at)
    span = schemes.key_span(name) if isinstance(schemes, MapValue) else value.span
    authorizer = value.get(AUTHORIZER)
    if not authorizer.is_absent:
        return _with_authorizer(name, authorizer, protocol, span)
    authtype = value.get(AUTHTYPE)
    if (authtype.literal or "").lower() == "awssigv4":
        return Scheme(name, AuthorizationKind.IAM, f"uses scheme {name} (IAM)", span)
    if authtype.missing is not None:
        return Scheme(name, AuthorizationKind.UNKNOWN, f"uses scheme {name}", span, authtype.missing)
    return _without_extension(name, value, protocol, span)


def _with_authorizer(name: str, authorizer: Value, protocol: Protocol, span: Span) -> Scheme:
    written = authorizer.get("type")
    text = (written.literal or "").lower()
    lambda_types = ("request",) if protocol is Protocol.HTTP else ("token", "request")
    if text in lambda_types:
        return Scheme(name, AuthorizationKind.LAMBDA, f"uses scheme {name} (Lambda authorizer)", span)
    if text == "cognito_user_pools" and protocol is Protocol.REST:
        return Scheme(name, AuthorizationKind.COGNITO, f"uses scheme {name} (Cognito user pool)", span)
    if text == "jwt" and protocol is Protocol.HTTP:
        return Scheme(name, AuthorizationKind.JWT, f"uses scheme {name} (JWT)", span)
    cause = (
        authorizer.missing
        or written.missing
        or Missing(
            f"authorizer type {text or 'none'} of scheme {name} is not one of an {protocol.value} API",
            "write a type that this kind of API imports",
            f"authorizer-type:{name}",
        )
    )
    return Scheme(name, AuthorizationKind.UNKNOWN, f"uses scheme {name}", span, cause)


def _without_extension(name: str, value: Value, protocol: Protocol, span: Span) -> Scheme:
    written = value.get("type").literal or "none"
    is_key = written == "apiKey" and (value.get("name").literal or "").lower() == "x-api-key"
    if is_key and protocol is Protocol.REST:
        return Scheme(name, AuthorizationKind.API_KEY, f"uses scheme {name} (API key)", span)
    statement = f"uses scheme {name} (type {written}), which API Gateway does not enforce"
    return Scheme(name, AuthorizationKind.NONE, statement, span)


def operation_authorization(api: Resource, operation: Value, protocol: Protocol, at: Span) -> Authorization:
    """What an operation of the API's OpenAPI body demands once imported. ``at`` is the operation's key."""
    body = api.prop("Body")
    own_type = operation.get(OPERATION_AUTH, "type")
    if not own_type.is_absent:
        return _of_extension(own_type)
    security = operation.get("security")
    if not security.is_absent:
        return _of_security(security, body, protocol, at)
    root = body.get("security")
    if protocol is Protocol.HTTP and not root.is_absent:
        step = Evidence("the API", "declares security for all its operations", root.span)
        inherited = _of_security(root, body, protocol, at)
        return replace(inherited, statement=f"inherits the root security: {inherited.statement}", trail=(step,))
    statement = "has no security of its own"
    if root.is_absent:
        return nothing_demanded(api, statement, at)
    declared = Evidence("the API", "declares security at the root, which REST import does not apply", root.span)
    statement = f"{statement} (it is declared at the root, which REST import does not apply)"
    return Authorization(AuthorizationKind.NONE, statement, at, trail=(declared,))


def _of_extension(own_type: Value) -> Authorization:
    kinds = {"AWS_IAM": AuthorizationKind.IAM, "NONE": AuthorizationKind.NONE}
    text = (own_type.literal or "").upper()
    if text in kinds:
        return Authorization(kinds[text], f"has {OPERATION_AUTH} {text}", own_type.span)
    cause = own_type.missing or Missing(f"{OPERATION_AUTH} {own_type.literal} is not known", "write AWS_IAM", "auth")
    return Authorization(
        AuthorizationKind.UNKNOWN, f"has an undecided {OPERATION_AUTH}", own_type.span, missing=cause
    )


def _of_security(security: Value, body: Value, protocol: Protocol, at: Span) -> Authorization:
    if isinstance(security, Unknown):
        return Authorization(
            AuthorizationKind.UNKNOWN, "has an undecided security list", security.span, missing=security.cause
        )
    items = security.items()
    schemes = schemes_of(body)
    found: list[tuple[Scheme, tuple[str, ...]]] = []
    optional = False
    for item in items:
        if isinstance(item, Unknown):
            return Authorization(
                AuthorizationKind.UNKNOWN, "has an undecided security list", item.span, missing=item.cause
            )
        entries = item.entries()
        optional = optional or not entries
        for name, scopes in entries:
            texts = tuple(scope.literal or str(scope) for scope in scopes.items())
            found.append((scheme(schemes, name, protocol, item.span), texts))
    if not found:
        return Authorization(AuthorizationKind.NONE, "has an empty security list", security.span)
    combined = _combined(found, security.span, optional=optional)
    return replace(combined, schemes=tuple(one.name for one, _ in found))


def _combined(found: list[tuple[Scheme, tuple[str, ...]]], span: Span, *, optional: bool) -> Authorization:
    """One authorizer plus an optional key: a list of several demands all that API Gateway can enforce."""
    key = any(one.kind is AuthorizationKind.API_KEY for one, _ in found)
    identifying = [(one, scopes) for one, scopes in found if one.kind.identifies]
    undecided = next((one for one, _ in found if one.kind is AuthorizationKind.UNKNOWN), None)
    if identifying and not optional:
        chosen, scopes = identifying[0]
        step = Evidence("the API", f"defines scheme {chosen.name}", chosen.span)
        return Authorization(
            chosen.kind, chosen.statement, span, chosen.name, scopes=scopes, api_key=key, trail=(step,)
        )
    if identifying or undecided is not None:
        cause = (undecided.missing if undecided is not None else None) or Missing(
            f"the security list at {span} has an empty entry beside {identifying[0][0].name}, and AWS does not "
            "say which wins",
            "remove the empty entry",
            f"security:{span}",
        )
        statement = undecided.statement if undecided is not None else "has an optional authorizer"
        return Authorization(AuthorizationKind.UNKNOWN, statement, span, api_key=key, missing=cause)
    if key:
        name = next(one.name for one, _ in found if one.kind is AuthorizationKind.API_KEY)
        return Authorization(AuthorizationKind.API_KEY, f"demands an API key (scheme {name})", span, api_key=True)
    return Authorization(AuthorizationKind.NONE, "; ".join(one.statement for one, _ in found), span)
