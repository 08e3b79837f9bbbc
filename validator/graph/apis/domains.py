"""Custom domains in front of APIs: which lead to an API, and whether they demand a client certificate.

Follows the API Gateway Developer Guide, *Custom domain names* and *Mutual TLS authentication*.
"""

from dataclasses import dataclass

from validator.graph.apis.arns import arn_of
from validator.graph.apis.lookup import naming
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Text, Unknown, Value

MAPPINGS = (
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::BasePathMappingV2",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::ApiGatewayV2::RoutingRule",
)
_DOMAINS = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName", "AWS::ApiGateway::DomainNameV2")
_PRIVATE_DOMAIN = "AWS::ApiGateway::DomainNameV2"


@dataclass(frozen=True, slots=True)
class Door:
    """One custom domain that leads to an API. ``domain`` is None when it is not in the run."""

    mapping: Resource
    domain: Resource | None
    span: Span
    missing: Missing | None = None

    @property
    def is_private(self) -> bool:
        """Whether the domain answers through VPC endpoints only."""
        return self.domain is not None and self.domain.type == _PRIVATE_DOMAIN

    @property
    def mutual_tls(self) -> bool:
        """Whether clients must show a certificate of the domain's trust store."""
        return self.domain is not None and not self._truststore.is_absent

    @property
    def _truststore(self) -> Value:
        assert self.domain is not None
        return self.domain.prop("MutualTlsAuthentication", "TruststoreUri")


@dataclass(frozen=True, slots=True)
class DefaultEndpoint:
    """Whether ``execute-api`` answers; None when an undecided value says."""

    disabled: bool | None
    span: Span
    missing: Missing | None = None


def doors_of(graph: Architecture, api: Resource) -> tuple[Door, ...]:
    """The custom domains that lead to the API, by base path mapping, API mapping or routing rule."""

    def compute() -> tuple[Door, ...]:
        mappings = (
            mapping
            for mapping in naming(graph, api, ("RestApiId", "ApiId"), *MAPPINGS)
            if _leads_to(graph, mapping, api)
        )
        return tuple(_door(graph, mapping) for mapping in mappings)

    return graph.memo("api-doors", api, compute)


def _leads_to(graph: Architecture, mapping: Resource, api: Resource) -> bool:
    if mapping.type == "AWS::ApiGatewayV2::RoutingRule":
        actions = mapping.prop("Actions").items()
        return any(graph.target(action.get("InvokeApi", "ApiId")) == api for action in actions)
    named = mapping.prop("RestApiId" if mapping.type.startswith("AWS::ApiGateway::") else "ApiId")
    return graph.target(named) == api


def _door(graph: Architecture, mapping: Resource) -> Door:
    for name in ("DomainName", "DomainNameArn"):
        value = mapping.prop(name)
        if value.is_absent:
            continue
        found = graph.target(value, *_DOMAINS)
        if found is None or not isinstance(found, Resource | Unknown):
            found = _by_arn(graph, value) or found
        domain = found if isinstance(found, Resource) else None
        return Door(mapping, domain, value.span, found.cause if isinstance(found, Unknown) else None)
    return Door(mapping, None, mapping.span)


def _by_arn(graph: Architecture, value: Value) -> Resource | None:
    arn = arn_of(value) if isinstance(value, Text) else None
    if arn is None or len(arn.segments()) < 3:
        return None
    found = graph.target(Text(arn.segments()[2], value.span), *_DOMAINS)
    return found if isinstance(found, Resource) else None


def default_endpoint(api: Resource) -> DefaultEndpoint:
    """Whether the API's own endpoint answers: the property, or the extension in its body."""
    value = api.prop("DisableExecuteApiEndpoint")
    if value.is_absent:
        body = api.prop("Body")
        value = body.get("x-amazon-apigateway-endpoint-configuration", "disableExecuteApiEndpoint")
        if value.is_absent:
            servers = body.get("servers").items()
            found = (
                server.get("x-amazon-apigateway-endpoint-configuration", "disableExecuteApiEndpoint")
                for server in servers
            )
            value = next((one for one in found if not one.is_absent), value)
    if value.is_absent:
        return DefaultEndpoint(False, api.span)
    return DefaultEndpoint(value.boolean(), value.span, value.missing)


def mutual_tls(graph: Architecture, api: Resource) -> tuple[Door, ...]:
    """The doors of an API that only clients with a certificate pass: empty unless that holds for every way in."""
    doors = doors_of(graph, api)
    if not doors or not all(door.mutual_tls for door in doors):
        return ()
    return doors if default_endpoint(api).disabled else ()
