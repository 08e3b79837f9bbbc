"""What calls a function by name, and which version of it the call reaches."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis import http, rest
from validator.graph.apis.function_urls import URL
from validator.graph.apis.integration import Integration, route_integration
from validator.graph.apis.invokers import apis_invoking
from validator.graph.apis.openapi import body_operations
from validator.graph.apis.security import Protocol
from validator.graph.architecture import Architecture
from validator.graph.functions.triggers import LATEST, Invoked, invoked_by, names_of, shown, triggers_of
from validator.graph.resource import Resource
from validator.model import Span
from validator.resolve import Text

_URIS = ("Uri", "uri", "IntegrationUri")


@dataclass(frozen=True, slots=True)
class Caller:
    """One resource that calls the function; ``qualifier`` is the alias or version, ``$LATEST`` without one."""

    resource: Resource
    qualifier: str
    span: Span

    @property
    def shown(self) -> str:
        """Its name in messages; what SAM makes for a function is told by the name that SAM gives it."""
        return shown(self.resource)


def callers_of(graph: Architecture, function: Resource) -> tuple[Caller, ...]:
    """The APIs, URLs and event sources of the run that call the function; each once a qualifier."""
    found = graph.memo("function-callers", function, lambda: tuple(_callers(graph, function)))
    return tuple({(caller.resource, caller.qualifier): caller for caller in reversed(found)}.values())[::-1]


def _callers(graph: Architecture, function: Resource) -> Iterator[Caller]:
    for user in apis_invoking(graph, function):
        for integration in integrations_of(graph, user):
            invoked = _invoked(graph, integration)
            if invoked is not None and invoked.function == function:
                yield Caller(user, invoked.qualifier, integration.span)
    for trigger in triggers_of(graph, function):
        yield Caller(trigger.source, trigger.invoked.qualifier, trigger.value.span)
    for url in dict.fromkeys(one for name in names_of(graph, function) for one in graph.referrers(name, URL)):
        value = url.prop("TargetFunctionArn")
        invoked = invoked_by(graph, value)
        if invoked is not None and invoked.function == function:
            named = url.prop("Qualifier")
            qualifier = str(named) if isinstance(named, Text) else invoked.qualifier
            yield Caller(url, qualifier, value.span)


def integrations_of(graph: Architecture, user: Resource) -> tuple[Integration, ...]:
    """The integrations that a method, an integration of an HTTP API or an API with a body holds."""
    match user.type:
        case rest.METHOD:
            return (rest.method_operation(graph, user).integration,)
        case http.INTEGRATION:
            return (route_integration(graph, user),)
        case http.API:
            return tuple(operation.integration for operation in http.http_operations(graph, user))
    return tuple(operation.integration for operation in body_operations(graph, user, Protocol.REST))


def _invoked(graph: Architecture, integration: Integration) -> Invoked | None:
    written = integration.written
    for name in _URIS if written is not None else ():
        value = written.get(name) if written is not None else None
        if value is not None and not value.is_absent:
            return invoked_by(graph, value)
    target = integration.function
    return Invoked(target, LATEST, target) if target is not None and target.type.endswith("Function") else None
