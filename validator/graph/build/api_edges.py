"""Edges of APIs: who can call them, what authorizes the calls, what they invoke."""

from collections.abc import Iterator

from validator.graph.apis import http, load_balancers, rest
from validator.graph.apis.appsync import EVENT_API, GRAPHQL_API
from validator.graph.apis.authorization import AuthorizationKind
from validator.graph.apis.authorizers import REST_AUTHORIZER, V2_AUTHORIZER, authorizers_of, is_attached
from validator.graph.apis.domains import MAPPINGS, default_endpoint
from validator.graph.apis.function_urls import URL, WEB_ENDPOINT, function_of
from validator.graph.apis.integration import FUNCTION_TYPES
from validator.graph.apis.operation import Operation
from validator.graph.apis.operations import operations_made_by
from validator.graph.apis.rest import Endpoint, endpoint_type
from validator.graph.apis.stages import stage_of
from validator.graph.apis.stores import DATA_SOURCE, resolvers_of
from validator.graph.architecture import Architecture
from validator.graph.edges import Edge, Place, Relation
from validator.graph.resource import Resource
from validator.resolve import Value

_SOURCE_TARGETS = (
    ("LambdaConfig", "LambdaFunctionArn"),
    ("DynamoDBConfig", "TableName"),
    ("RelationalDatabaseConfig", "RdsHttpEndpointConfig", "DbClusterIdentifier"),
    ("OpenSearchServiceConfig", "Endpoint"),
    ("ElasticsearchConfig", "Endpoint"),
    ("EventBridgeConfig", "EventBusArn"),
)


def edges(graph: Architecture, resource: Resource) -> Iterator[Edge]:
    """The edges that one existing resource proves; nothing for types that are no part of an API."""
    match resource.type:
        case rest.REST_API | http.API:
            yield from _entry(graph, resource)
            yield from _operations(graph, resource)
        case rest.METHOD | http.ROUTE | load_balancers.LISTENER | load_balancers.LISTENER_RULE:
            yield from _operations(graph, resource)
        case rest.STAGE | rest.DEPLOYMENT:
            yield from _stage(graph, resource)
        case _ if resource.type in MAPPINGS:
            yield from _mapping(graph, resource)
        case _ if resource.type in (URL, WEB_ENDPOINT):
            yield from _function_url(graph, resource)
        case _ if resource.type in (GRAPHQL_API, EVENT_API):
            yield from _appsync(resource)
        case _ if resource.type == DATA_SOURCE:
            yield from _data_source(graph, resource)
        case _ if resource.type == load_balancers.LOAD_BALANCER:
            found = load_balancers.facing(resource)
            if found.internet:
                yield Edge(Place.INTERNET, Relation.ROUTES_TO, resource, found.span)


def _entry(graph: Architecture, api: Resource) -> Iterator[Edge]:
    endpoint = default_endpoint(api)
    private = api.type == rest.REST_API and endpoint_type(api).endpoint is Endpoint.PRIVATE
    if endpoint.disabled is not True and not private:
        yield Edge(Place.INTERNET, Relation.ROUTES_TO, api, endpoint.span, "execute-api")
    for authorizer in authorizers_of(graph, api):
        for value in (authorizer.uri, *authorizer.providers.items()):
            target = graph.target(value, *FUNCTION_TYPES, "AWS::Cognito::UserPool")
            if isinstance(target, Resource) and is_attached(graph, authorizer):
                yield Edge(api, Relation.AUTHORISED_BY, target, value.span, authorizer.name)


def _operations(graph: Architecture, resource: Resource) -> Iterator[Edge]:
    for operation in operations_made_by(graph, resource):
        caller = operation.api or operation.source
        target = operation.integration.target
        if isinstance(target, Resource) and target != caller:
            yield Edge(caller, Relation.INVOKES, target, operation.integration.span, operation.name)
        yield from _authorised(graph, operation, caller)


def _authorised(graph: Architecture, operation: Operation, caller: Resource) -> Iterator[Edge]:
    authorization = operation.authorization
    found = graph.target(operation.source.prop("AuthorizerId"), REST_AUTHORIZER, V2_AUTHORIZER)
    if isinstance(found, Resource) and authorization.kind.identifies:
        yield Edge(caller, Relation.AUTHORISED_BY, found, authorization.span, operation.name)
        yield from _behind_authorizer(graph, found)
    elif authorization.kind is AuthorizationKind.IAM:
        yield Edge(Place.ANYONE_WITH_CREDENTIALS, Relation.ROUTES_TO, caller, authorization.span, operation.name)
    elif authorization.kind is AuthorizationKind.COGNITO:
        yield Edge(Place.SIGNED_IN_USER, Relation.ROUTES_TO, caller, authorization.span, operation.name)


def _behind_authorizer(graph: Architecture, authorizer: Resource) -> Iterator[Edge]:
    values: tuple[Value, ...] = (authorizer.prop("AuthorizerUri"), *authorizer.prop("ProviderARNs").items())
    for value in values:
        target = graph.target(value, *FUNCTION_TYPES, "AWS::Cognito::UserPool")
        if isinstance(target, Resource):
            yield Edge(authorizer, Relation.AUTHORISED_BY, target, value.span)


def _stage(graph: Architecture, resource: Resource) -> Iterator[Edge]:
    stage = stage_of(graph, resource)
    if stage is not None and stage.api is not None:
        yield Edge(resource, Relation.ROUTES_TO, stage.api, stage.name.span, stage.label)


def _mapping(graph: Architecture, mapping: Resource) -> Iterator[Edge]:
    api = graph.target(mapping.prop("RestApiId"), rest.REST_API)
    if not isinstance(api, Resource):
        api = graph.target(mapping.prop("ApiId"), rest.REST_API, http.API)
    value = mapping.prop("DomainName")
    domain = graph.target(value)
    if isinstance(api, Resource) and isinstance(domain, Resource):
        yield Edge(Place.INTERNET, Relation.ROUTES_TO, domain, domain.span)
        yield Edge(domain, Relation.ROUTES_TO, api, value.span, mapping.prop("BasePath").literal or "")


def _function_url(graph: Architecture, url: Resource) -> Iterator[Edge]:
    auth = url.prop("AuthType")
    everyone = auth.literal in ("NONE", "ApplicationManaged")
    yield Edge(Place.INTERNET if everyone else Place.ANYONE_WITH_CREDENTIALS, Relation.ROUTES_TO, url, auth.span)
    function = function_of(graph, url)
    if function is not None:
        yield Edge(url, Relation.INVOKES, function, url.prop("TargetFunctionArn").span)


def _appsync(api: Resource) -> Iterator[Edge]:
    visibility = api.prop("Visibility")
    if visibility.literal != "PRIVATE":
        yield Edge(Place.INTERNET, Relation.ROUTES_TO, api, api.span)


def _data_source(graph: Architecture, source: Resource) -> Iterator[Edge]:
    api = graph.target(source.prop("ApiId"), GRAPHQL_API)
    if isinstance(api, Resource) and resolvers_of(graph, source):
        yield Edge(api, Relation.INVOKES, source, source.span)
    for path in _SOURCE_TARGETS:
        value = source.prop(*path)
        target = graph.target(value)
        if isinstance(target, Resource):
            relation = Relation.INVOKES if path[0] == "LambdaConfig" else Relation.TALKS_TO
            yield Edge(source, relation, target, value.span)
