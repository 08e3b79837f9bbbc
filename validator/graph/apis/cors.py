"""CORS settings: where a template says which origins may call, and whether with credentials."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Value

CORS_SOURCES: Final = (
    "AWS::ApiGatewayV2::Api",
    "AWS::Lambda::Url",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::CloudFront::ResponseHeadersPolicy",
)
_ORIGIN = "Access-Control-Allow-Origin"
_CREDENTIALS = "Access-Control-Allow-Credentials"


@dataclass(frozen=True, slots=True)
class CorsSetting:
    """One CORS answer. ``any_origin`` and ``credentials`` are None when an undecided value says."""

    resource: Resource
    target: str
    origins: tuple[str, ...]
    any_origin: bool | None
    credentials: bool | None
    span: Span
    missing: Missing | None = None


def cors_settings(resource: Resource) -> Iterator[CorsSetting]:
    """The CORS answers that a resource configures; none when it configures no credentials."""
    match resource.type:
        case "AWS::ApiGatewayV2::Api":
            yield from _of_map(resource, resource.prop("CorsConfiguration"))
            body = resource.prop("Body").get("x-amazon-apigateway-cors")
            yield from _of_map(resource, body, ("allowOrigins", "allowCredentials"))
        case "AWS::Lambda::Url":
            yield from _of_map(resource, resource.prop("Cors"))
        case "AWS::ApiGateway::Method":
            for response in resource.prop("Integration", "IntegrationResponses").items():
                yield from _of_headers(resource, response.get("ResponseParameters"), "")
        case "AWS::ApiGateway::RestApi":
            yield from _of_body(resource)
        case "AWS::ApiGateway::GatewayResponse":
            yield from _of_headers(resource, resource.prop("ResponseParameters"), "")
        case "AWS::CloudFront::ResponseHeadersPolicy":
            config = resource.prop("ResponseHeadersPolicyConfig", "CorsConfig")
            names = ("AccessControlAllowOrigins", "AccessControlAllowCredentials")
            yield from _setting(resource, "", config.get(names[0], "Items").items(), config.get(names[1]))


def _of_body(api: Resource) -> Iterator[CorsSetting]:
    for path, item in api.prop("Body").get("paths").entries():
        responses = item.get("options", "x-amazon-apigateway-integration", "responses")
        for _, response in responses.entries():
            yield from _of_headers(api, response.get("responseParameters"), f"OPTIONS {path}")


def _of_map(
    resource: Resource, config: Value, names: tuple[str, str] = ("AllowOrigins", "AllowCredentials")
) -> Iterator[CorsSetting]:
    origins, credentials = (config.get(name) for name in names)
    yield from _setting(resource, "", origins.items(), credentials)


def _of_headers(resource: Resource, parameters: Value, target: str) -> Iterator[CorsSetting]:
    found = {name.rpartition(".")[2].lower(): value for name, value in parameters.entries()}
    origin, credentials = found.get(_ORIGIN.lower()), found.get(_CREDENTIALS.lower())
    if origin is not None and credentials is not None:
        yield from _setting(resource, target, (origin,), credentials)


def _setting(
    resource: Resource, target: str, origins: tuple[Value, ...], credentials: Value
) -> Iterator[CorsSetting]:
    if credentials.is_absent or not origins:
        return
    texts = [(value.literal or "").strip("'\"") for value in origins]
    unknown = next((value for value in origins if value.missing is not None), None)
    any_origin = True if "*" in texts else None if unknown is not None else False
    allowed = {"true": True, "false": False}.get((credentials.literal or "").strip("'\"").lower())
    missing = unknown.missing if unknown is not None else credentials.missing
    if allowed is None and credentials.missing is None:
        allowed = False
    place = next((value for value, text in zip(origins, texts, strict=True) if text == "*"), origins[0])
    yield CorsSetting(
        resource,
        target,
        tuple(text or "an undecided origin" for text in texts),
        any_origin,
        allowed,
        place.span,
        missing,
    )
