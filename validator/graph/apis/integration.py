"""Integrations: what stands behind an operation of an API.

Follows the API Gateway Developer Guide, *Set up REST API integrations* and *HTTP API AWS service
integrations*: the URI of an ``AWS`` integration names the service, ``AWS_PROXY`` without a subtype is Lambda.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from validator.graph.apis.arns import arn_of, literal_of
from validator.graph.architecture import Architecture, Target
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import MapValue, Text, Value

FUNCTION_TYPES = ("AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Lambda::Version")


class IntegrationKind(StrEnum):
    """What answers a call."""

    NONE = "nothing"
    MOCK = "a mock"
    FUNCTION = "a function"
    SERVICE = "an AWS service"
    HTTP = "an HTTP endpoint"
    PRIVATE = "a VPC link"
    UNKNOWN = "something undecided"


@dataclass(frozen=True, slots=True)
class Integration:
    """One integration. ``service`` and ``action`` are set for AWS services (``dynamodb``, ``Query``)."""

    kind: IntegrationKind
    span: Span
    target: Target = None
    service: str = ""
    action: str = ""
    method: str = ""
    """The verb that the integration uses towards its target."""
    credentials: Value | None = None
    templates: tuple[Value, ...] = ()
    missing: Missing | None = None
    written: Value | None = None
    """All of a function's integration as it is written, in the spelling of its form of template."""

    @property
    def function(self) -> Resource | None:
        """The function, version or alias of the run that is called, if one is."""
        return self.target if self.kind is IntegrationKind.FUNCTION and isinstance(self.target, Resource) else None


@dataclass(frozen=True, slots=True)
class _Names:
    """How one form of template spells the fields of an integration."""

    type: str
    uri: str
    credentials: str
    connection: str
    method: str
    templates: str
    subtype: str


_METHOD = _Names(
    "Type", "Uri", "Credentials", "ConnectionType", "IntegrationHttpMethod", "RequestTemplates", "Subtype"
)
_OPENAPI = _Names(
    "type", "uri", "credentials", "connectionType", "httpMethod", "requestTemplates", "integrationSubtype"
)
_V2 = _Names(
    "IntegrationType",
    "IntegrationUri",
    "CredentialsArn",
    "ConnectionType",
    "IntegrationMethod",
    "RequestTemplates",
    "IntegrationSubtype",
)


def method_integration(graph: Architecture, method: Resource) -> Integration:
    """The ``Integration`` of an ``AWS::ApiGateway::Method``."""
    value = method.prop("Integration")
    return _read(graph, value, value.get, _METHOD)


def openapi_integration(graph: Architecture, body: Value, operation: Value) -> Integration:
    """The ``x-amazon-apigateway-integration`` of an operation, its ``$ref`` into the components followed."""
    value = operation.get("x-amazon-apigateway-integration")
    reference = value.get("$ref").literal
    if reference is not None and reference.startswith("#/"):
        value = body.get(*reference.removeprefix("#/").split("/"))
    return _read(graph, value, value.get, _OPENAPI)


def route_integration(graph: Architecture, integration: Resource) -> Integration:
    """What an ``AWS::ApiGatewayV2::Integration`` says."""
    return _read(graph, integration.prop(), integration.prop, _V2)


def target_integration(graph: Architecture, target: Value) -> Integration:
    """What the ``Target`` of a quick-created HTTP API calls: a function's ARN or a URL."""
    if (target.literal or "").startswith(("http://", "https://")):
        return Integration(IntegrationKind.HTTP, target.span, graph.target(target))
    return Integration(IntegrationKind.FUNCTION, target.span, graph.target(target, *FUNCTION_TYPES))


def _read(graph: Architecture, whole: Value, get: Callable[[str], Value], names: _Names) -> Integration:
    if whole.is_absent:
        return Integration(IntegrationKind.NONE, whole.span)
    if not isinstance(whole, MapValue):
        return Integration(IntegrationKind.UNKNOWN, whole.span, missing=whole.missing or _shape(whole))
    written = get(names.type)
    kind = (written.literal or "").upper()
    if kind == "MOCK":
        return Integration(IntegrationKind.MOCK, whole.span)
    if kind in ("HTTP", "HTTP_PROXY"):
        private = (get(names.connection).literal or "").upper() == "VPC_LINK"
        uri = get(names.uri)
        return Integration(
            IntegrationKind.PRIVATE if private else IntegrationKind.HTTP, whole.span, graph.target(uri)
        )
    if kind in ("AWS", "AWS_PROXY"):
        return _aws(graph, whole, get, names, proxy=kind == "AWS_PROXY")
    return Integration(IntegrationKind.UNKNOWN, whole.span, missing=written.missing or _shape(whole))


def _aws(
    graph: Architecture, whole: Value, get: Callable[[str], Value], names: _Names, *, proxy: bool
) -> Integration:
    uri, subtype = get(names.uri), get(names.subtype)
    credentials, method = get(names.credentials), get(names.method).literal or ""
    templates = tuple(value for _, value in get(names.templates).entries())
    if proxy and subtype.literal:
        service, _, action = subtype.literal.partition("-")
        parameters = get("RequestParameters" if names is _V2 else "requestParameters")
        found = tuple(value for _, value in parameters.entries())
        return Integration(
            IntegrationKind.SERVICE, whole.span, None, service.lower(), action, method, credentials, found
        )
    arn = arn_of(uri) if isinstance(uri, Text) else None
    # In arn:P:apigateway:REGION:SERVICE:path/... the service stands where other ARNs have the account.
    named = arn and arn.service_name == "apigateway" and literal_of(arn.account)
    if proxy or named == "lambda":
        return Integration(
            IntegrationKind.FUNCTION,
            whole.span,
            graph.target(uri, *FUNCTION_TYPES),
            "lambda",
            "",
            method,
            credentials,
            written=whole,
        )
    if not arn or not named:
        return Integration(IntegrationKind.UNKNOWN, whole.span, graph.target(uri), missing=uri.missing or _shape(uri))
    action = "".join(map(str, arn.resource))
    service = named.rpartition(".")[2].lower()
    target = graph.target(uri)
    return Integration(IntegrationKind.SERVICE, whole.span, target, service, action, method, credentials, templates)


def _shape(value: Value) -> Missing:
    return Missing(
        f"the integration at {value.span} cannot be read", "write its type and URI", f"integration:{value.span}"
    )
