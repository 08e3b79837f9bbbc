"""Who invokes a function: the APIs whose operations lead to it, whatever alias or version they name."""

from collections.abc import Iterator

from validator.graph.apis import http, rest
from validator.graph.apis.integration import route_integration
from validator.graph.apis.openapi import body_operations
from validator.graph.apis.security import Protocol
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource

_ALIAS, _VERSION = "AWS::Lambda::Alias", "AWS::Lambda::Version"
_INVOKERS = (rest.REST_API, rest.METHOD, http.API, http.INTEGRATION)


def apis_invoking(graph: Architecture, function: Resource) -> tuple[Resource, ...]:
    """The methods, integrations and APIs of a body that invoke the function; its authorizers' APIs do not count."""
    return graph.memo("apis-invoking", function, lambda: tuple(_invoking(graph, function)))


def _invoking(graph: Architecture, function: Resource) -> Iterator[Resource]:
    names = (function, *graph.referrers(function, _ALIAS, _VERSION))
    for user in dict.fromkeys(user for name in names for user in graph.referrers(name, *_INVOKERS)):
        if any(called in names for called in _called(graph, user)):
            yield user


def _called(graph: Architecture, user: Resource) -> list[Resource | None]:
    match user.type:
        case rest.METHOD:
            return [rest.method_operation(graph, user).integration.function]
        case http.INTEGRATION:
            return [route_integration(graph, user).function]
        case http.API:
            return [operation.integration.function for operation in http.http_operations(graph, user)]
    return [operation.integration.function for operation in body_operations(graph, user, Protocol.REST)]
