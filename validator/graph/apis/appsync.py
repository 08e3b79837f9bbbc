"""AppSync APIs: their authorization modes and the schema's fields (AppSync Developer Guide, *Security*)."""

from dataclasses import dataclass

from validator.graph.apis.graphql_schema import Field, root_fields
from validator.graph.apis.lookup import naming
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Text, Unknown, Value

GRAPHQL_API = "AWS::AppSync::GraphQLApi"
SCHEMA = "AWS::AppSync::GraphQLSchema"
EVENT_API = "AWS::AppSync::Api"
NAMESPACE = "AWS::AppSync::ChannelNamespace"
API_KEY = "API_KEY"


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of an API's schema; ``missing`` is set when the template does not show them."""

    fields: tuple[Field, ...]
    span: Span
    resource: Resource | None
    missing: Missing | None = None


def default_mode(api: Resource) -> Value:
    """The mode that guards every field without a directive."""
    return api.prop("AuthenticationType")


def additional_modes(api: Resource) -> tuple[Value, ...]:
    """The modes that open a field only where a directive names them."""
    return tuple(one.get("AuthenticationType") for one in api.prop("AdditionalAuthenticationProviders").items())


def is_merged(api: Resource) -> bool:
    """Whether the API's schema comes from source APIs."""
    return api.prop("ApiType").literal == "MERGED"


def schema_of(graph: Architecture, api: Resource) -> Schema | None:
    """The schema of the API, None when the run holds none for it."""

    def compute() -> Schema | None:
        for resource in naming(graph, api, ("ApiId",), SCHEMA):
            return _schema(resource)
        return None

    return graph.memo("graphql-schema", api, compute)


def _schema(resource: Resource) -> Schema:
    definition = resource.prop("Definition")
    if isinstance(definition, Text):
        return Schema(root_fields(str(definition)), definition.span, resource)
    if isinstance(definition, Unknown):
        return Schema((), definition.span, resource, definition.cause)
    location = resource.prop("DefinitionS3Location")
    span = resource.span if location.is_absent else location.span
    what = f"the schema {resource.name} is kept outside the template"
    return Schema((), span, resource, Missing(what, "write it as Definition", f"schema:{resource.name}"))


def modes(value: Value) -> tuple[tuple[str | None, Value], ...]:
    """The modes of a list of an Event API (``AuthType``), None where one is not decided."""
    return tuple((item.get("AuthType").literal, item.get("AuthType")) for item in value.items())
