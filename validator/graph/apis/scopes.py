"""OAuth scopes: which an operation asks for, which user pool its tokens come from, and what the pool hands out.

Follows the Cognito Developer Guide, *Scopes, M2M, and resource servers*: a scope of one's own is named
``identifier/name`` after the resource server that defines it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis import http, rest
from validator.graph.apis.authorizers import REST_AUTHORIZER, V2_AUTHORIZER, Authorizer, authorizers_of
from validator.graph.apis.operation import Operation
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Span
from validator.resolve import Value

RESOURCE_SERVER = "AWS::Cognito::UserPoolResourceServer"
USER_POOL = "AWS::Cognito::UserPool"
AUTHORIZERS = (REST_AUTHORIZER, V2_AUTHORIZER, rest.REST_API, http.API)


@dataclass(frozen=True, slots=True)
class Demand:
    """The scopes that an operation asks for; None stands for one that an input decides."""

    scopes: tuple[str | None, ...]
    span: Span


def demand_of(operation: Operation) -> Demand:
    """What scopes the operation asks for, one of which a token has to have."""
    source = operation.source
    if source.type in (rest.METHOD, http.ROUTE):
        value = source.prop("AuthorizationScopes")
        items = tuple(one.literal for one in value.items())
        return Demand(items, source.span if value.is_absent else value.span)
    return Demand(tuple(operation.authorization.scopes), operation.authorization.span)


def authorizer_of(graph: Architecture, operation: Operation) -> Authorizer | None:
    """The authorizer of the run that checks the operation's tokens."""
    source = operation.source
    if source.type in (rest.METHOD, http.ROUTE):
        found = graph.target(source.prop("AuthorizerId"), REST_AUTHORIZER, V2_AUTHORIZER)
        candidates = authorizers_of(graph, found) if isinstance(found, Resource) else ()
        return next(iter(candidates), None)
    if operation.api is None:
        return None
    names = operation.authorization.authorizer
    return next((one for one in authorizers_of(graph, operation.api) if one.name == names), None)


def pool_of(graph: Architecture, authorizer: Authorizer) -> Resource | None:
    """The user pool of the run whose tokens the authorizer takes."""
    values: tuple[Value, ...] = (*authorizer.providers.items(), authorizer.issuer)
    found = (graph.target(value, USER_POOL) for value in values)
    return next((one for one in found if isinstance(one, Resource)), None)


def servers_of(graph: Architecture, pool: Resource) -> tuple[Resource, ...]:
    """The resource servers of the run that define scopes of the pool."""
    servers = graph.referrers(pool, RESOURCE_SERVER)
    return tuple(one for one in servers if graph.target(one.prop("UserPoolId"), USER_POOL) == pool)


def defined_scopes(server: Resource) -> tuple[str, ...] | None:
    """The full names of the server's scopes, None when one is not decided."""
    identifier = server.prop("Identifier").literal
    names = [item.get("ScopeName").literal for item in server.prop("Scopes").items()]
    if identifier is None or any(name is None for name in names):
        return None
    return tuple(f"{identifier}/{name}" for name in names)


def operations_of_pool(graph: Architecture, pool: Resource) -> Iterator[Operation]:
    """The operations of the run that take the pool's tokens."""
    for api in graph.existing(rest.REST_API, http.API):
        operations = (
            rest.rest_operations(graph, api) if api.type == rest.REST_API else http.http_operations(graph, api)
        )
        for operation in operations:
            authorizer = authorizer_of(graph, operation)
            if authorizer is not None and pool_of(graph, authorizer) == pool:
                yield operation
