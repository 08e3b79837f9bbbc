"""User pools that anyone can join, and the APIs that take their tokens without looking at scopes."""

from collections.abc import Iterator

from validator.graph.apis import http, rest
from validator.graph.apis.authorization import AuthorizationKind
from validator.graph.apis.authorizers import REST_AUTHORIZER, V2_AUTHORIZER, Authorizer, authorizers_of
from validator.graph.apis.openapi import body_operations
from validator.graph.apis.operation import Operation
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Span

_TYPES = (REST_AUTHORIZER, V2_AUTHORIZER, rest.REST_API, http.API)


def open_sign_up(graph: Architecture, pool: Resource) -> Iterator[tuple[str, Span]]:
    """The authorizers that take the pool's tokens without scopes, when the pool lets anyone sign up."""
    if pool.prop("AdminCreateUserConfig", "AllowAdminCreateUserOnly").boolean() is not False:
        # Absent means that anyone may sign up, yet most pools are made that way for a product's own users.
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
    methods = graph.referrers(authorizer.source, rest.METHOD)
    operations = [rest.method_operation(graph, method) for method in methods]
    return [
        operation
        for operation in operations
        if operation.authorization.kind is AuthorizationKind.COGNITO
        and operation.source.prop("AuthorizationScopes").is_absent
    ]
