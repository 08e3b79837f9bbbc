"""Authorizers: as resources and as OpenAPI schemes, what they need, and whether anything uses them.

Follows the API Gateway Developer Guide, *Configure an API Gateway Lambda authorizer* and *Control access to HTTP
APIs with JWT authorizers*: an authorizer function needs a role or a permission for ``apigateway.amazonaws.com``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from validator.graph.apis import http, rest
from validator.graph.apis.function_urls import PERMISSION
from validator.graph.apis.integration import FUNCTION_TYPES
from validator.graph.apis.lookup import naming
from validator.graph.apis.openapi import body_operations
from validator.graph.apis.security import AUTHORIZER, Protocol, schemes_of
from validator.graph.architecture import Architecture
from validator.graph.names import OUTSIDE_CONTENT
from validator.graph.resource import Resource
from validator.load.nodes import MapNode, Node
from validator.model import Missing, Span
from validator.resolve import Absent, MapValue, Text, Value

REST_AUTHORIZER = "AWS::ApiGateway::Authorizer"
V2_AUTHORIZER = "AWS::ApiGatewayV2::Authorizer"
_ANY_PIECE = "\0"


class AuthorizerKind(StrEnum):
    """The kinds of authorizers."""

    TOKEN = "token"
    REQUEST = "request"
    COGNITO = "Cognito"
    JWT = "JWT"
    UNKNOWN = "undecided"


@dataclass(frozen=True, slots=True)
class Authorizer:
    """One authorizer, whatever form it is written in."""

    source: Resource
    """The authorizer resource, or the API in whose body the scheme stands."""
    name: str
    kind: AuthorizerKind
    protocol: Protocol
    api: Resource | None
    span: Span
    uri: Value
    credentials: Value
    identity: Value
    ttl: Value
    providers: Value
    issuer: Value
    audience: Value
    in_body: bool

    @property
    def caches(self) -> bool:
        """Whether answers are kept, so that an identity source must tell callers apart."""
        if self.ttl.is_absent:
            return self.protocol is Protocol.REST
        return self.ttl.integer() != 0


_KINDS = {
    "TOKEN": AuthorizerKind.TOKEN,
    "REQUEST": AuthorizerKind.REQUEST,
    "COGNITO_USER_POOLS": AuthorizerKind.COGNITO,
    "JWT": AuthorizerKind.JWT,
}


def authorizers_of(graph: Architecture, resource: Resource) -> tuple[Authorizer, ...]:
    """The authorizers that a resource declares: itself, or the schemes of an API's body."""
    if resource.type == REST_AUTHORIZER:
        return (_of_rest_resource(graph, resource),)
    if resource.type == V2_AUTHORIZER:
        return (_of_v2_resource(graph, resource),)
    return graph.memo("body-authorizers", resource, lambda: tuple(_of_body(resource)))


def _of_rest_resource(graph: Architecture, resource: Resource) -> Authorizer:
    nothing = Absent(resource.span)
    return Authorizer(
        resource,
        resource.name,
        _KINDS.get((resource.prop("Type").literal or "").upper(), AuthorizerKind.UNKNOWN),
        Protocol.REST,
        rest.rest_api_of(graph, resource),
        resource.span,
        resource.prop("AuthorizerUri"),
        resource.prop("AuthorizerCredentials"),
        resource.prop("IdentitySource"),
        resource.prop("AuthorizerResultTtlInSeconds"),
        resource.prop("ProviderARNs"),
        nothing,
        nothing,
        in_body=False,
    )


def _of_v2_resource(graph: Architecture, resource: Resource) -> Authorizer:
    api = http.api_of(graph, resource)
    return Authorizer(
        resource,
        resource.name,
        _KINDS.get((resource.prop("AuthorizerType").literal or "").upper(), AuthorizerKind.UNKNOWN),
        http.protocol_of(api),
        api,
        resource.span,
        resource.prop("AuthorizerUri"),
        resource.prop("AuthorizerCredentialsArn"),
        resource.prop("IdentitySource"),
        resource.prop("AuthorizerResultTtlInSeconds"),
        Absent(resource.span),
        resource.prop("JwtConfiguration", "Issuer"),
        resource.prop("JwtConfiguration", "Audience"),
        in_body=False,
    )


def _of_body(api: Resource) -> Iterator[Authorizer]:
    schemes = schemes_of(api.prop("Body"))
    protocol = Protocol.REST if api.type == rest.REST_API else Protocol.HTTP
    for name, scheme in schemes.entries():
        value = scheme.get(AUTHORIZER)
        if not isinstance(value, MapValue):
            continue
        span = schemes.key_span(name) if isinstance(schemes, MapValue) else scheme.span
        yield Authorizer(
            api,
            name,
            _KINDS.get((value.get("type").literal or "").upper(), AuthorizerKind.UNKNOWN),
            protocol,
            api,
            span,
            value.get("authorizerUri"),
            value.get("authorizerCredentials"),
            value.get("identitySource"),
            value.get("authorizerResultTtlInSeconds"),
            value.get("providerARNs"),
            value.get("jwtConfiguration", "issuer"),
            value.get("jwtConfiguration", "audience"),
            in_body=True,
        )


def is_attached(graph: Architecture, authorizer: Authorizer) -> bool | None:
    """Whether an operation uses the authorizer; None when one outside the run may, or an input decides."""
    if authorizer.in_body:
        protocol = authorizer.protocol
        operations = body_operations(graph, authorizer.source, protocol)
        if any(authorizer.name in operation.authorization.schemes for operation in operations):
            return True
        undecided = any(operation.authorization.missing is not None for operation in operations)
        return None if undecided or not operations else False
    users = naming(graph, authorizer.source, ("AuthorizerId",), rest.METHOD, http.ROUTE, http.OVERRIDES)
    if any(_uses(graph, user) for user in users):
        return True
    exported = graph.handed_out(authorizer.source)
    passed_on = graph.referrers(authorizer.source, *OUTSIDE_CONTENT)
    return None if exported or passed_on else False


def _uses(graph: Architecture, user: Resource) -> bool:
    """An authorizer beside AuthorizationType NONE does nothing."""
    kind = user.prop("Route", "AuthorizationType") if user.type == http.OVERRIDES else user.prop("AuthorizationType")
    return kind.literal not in ("NONE", "AWS_IAM") and not kind.is_absent


@dataclass(frozen=True, slots=True)
class InvokeRight:
    """Whether API Gateway may invoke an authorizer's function; None when the run does not hold the function."""

    granted: bool | None
    function: Resource | None
    missing: Missing | None = None


def invoke_right(graph: Architecture, authorizer: Authorizer) -> InvokeRight:
    """Whether a role or a permission lets API Gateway invoke the authorizer's function."""
    if not authorizer.credentials.is_absent:
        return InvokeRight(True, None)
    found = graph.target(authorizer.uri, *FUNCTION_TYPES)
    if not isinstance(found, Resource):
        what = f"the function of authorizer {authorizer.name} is not in the run, nor are its permissions"
        cause = authorizer.uri.missing or Missing(what, "review its template as well", f"function:{authorizer.name}")
        return InvokeRight(None, None, cause)
    permissions = naming(graph, found, ("FunctionName",), PERMISSION)
    return InvokeRight(any(_permits(graph, one, authorizer) for one in permissions), found)


def _permits(graph: Architecture, permission: Resource, authorizer: Authorizer) -> bool:
    principal = permission.prop("Principal")
    if principal.literal not in ("apigateway.amazonaws.com", "*") and principal.missing is None:
        return False
    if (permission.prop("Action").literal or "lambda:InvokeFunction") not in ("lambda:InvokeFunction", "lambda:*"):
        return False
    source = permission.prop("SourceArn")
    if not isinstance(source, Text) or authorizer.api is None:
        return True
    references = [graph.resource_of(reference) for reference in source.references]
    named = [one for one in references if one is not None]
    apis = [one for one in named if one.type in (rest.REST_API, http.API)]
    others = [one for one in named if one.type in (REST_AUTHORIZER, V2_AUTHORIZER)]
    if (apis and authorizer.api not in apis) or (others and authorizer.source not in others):
        return False
    return _takes_authorizers(source)


def _takes_authorizers(source: Text) -> bool:
    """Whether what follows the API in the ARN takes in ``authorizers/ID``; a reference may stand for any piece."""
    text = "".join(part if isinstance(part, str) else _ANY_PIECE for part in source.parts)
    _, slash, rest_of_arn = text.rpartition(":")[2].partition("/")
    if not slash:
        return True
    pattern = re.escape(rest_of_arn).replace(r"\*", ".*").replace(re.escape(_ANY_PIECE), "[^/]+")
    return re.fullmatch(pattern, "authorizers/id") is not None


def first_declared_authorizer(api: Resource) -> str | None:
    """The first authorizer that a SAM API declares: the one its author has in mind. None for other APIs."""
    declared = api.scope.template.sam_resources.get(api.name)
    node: Node | None = None if declared is None else declared.body
    for key in ("Properties", "Auth", "Authorizers"):
        node = node.get(key) if isinstance(node, MapNode) else None
    return next(iter(node.entries), None) if isinstance(node, MapNode) else None
