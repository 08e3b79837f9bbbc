"""User pools that anyone can join, and the APIs that take their tokens without looking at scopes."""

from collections.abc import Iterator

from validator.graph.apis import http, rest
from validator.graph.apis.authorizers import REST_AUTHORIZER, V2_AUTHORIZER, Authorizer, authorizers_of
from validator.graph.apis.openapi import body_operations
from validator.graph.apis.operation import Operation
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Span

_TYPES = (REST_AUTHORIZER, V2_AUTHORIZER, rest.REST_API, http.API)


def open_sign_up(graph: Architecture, pool: Resource) -> Iterator[tuple[str, Span]]:
    """The authorizers that take the pool's tokens without scopes, when the pool lets anyone sign up."""
    only_admins = pool.prop("AdminCreateUserConfig", "AllowAdminCreateUserOnly")
    if only_admins.boolean() or only_admins.missing is not None:
        return
    for resource in graph.referrers(pool, *_TYPES):
        for authorizer in authorizers_of(graph, resource):
            operations = _operations(graph, authorizer)
            bare = [operation for operation in operations if not operation.authorization.scopes]
            if bare and _names(graph, authorizer, pool):
                yield authorizer.name, authorizer.span


def _names(graph: Architecture, authorizer: Authorizer, pool: Resource) -> bool:
    values = (*authorizer.providers.items(), authorizer.issuer)
    return any(graph.target(value, pool.type) == pool for value in values)


def _operations(graph: Architecture, authorizer: Authorizer) -> list[Operation]:
    if authorizer.in_body:
        found = body_operations(graph, authorizer.source, authorizer.protocol)
        return [operation for operation in found if operation.authorization.authorizer == authorizer.name]
    users = graph.referrers(authorizer.source, rest.METHOD, http.ROUTE)
    return [
        rest.method_operation(graph, user) if user.type == rest.METHOD else http.route_operation(graph, user)
        for user in users
        if user.prop("AuthorizationType").literal in ("COGNITO_USER_POOLS", "JWT")
        and user.prop("AuthorizationScopes").is_absent
    ]
