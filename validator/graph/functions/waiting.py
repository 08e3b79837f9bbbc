"""How long an API waits for a function.

API Gateway Developer Guide, *Quotas*: REST and WebSocket integrations 50 ms to 29 s, more for Regional and private
REST APIs after a raised quota; streamed REST responses 15 minutes; HTTP APIs 30 s at most. AppSync: a request 30 s.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis import http
from validator.graph.apis.function_urls import owner_of
from validator.graph.apis.integration import Integration
from validator.graph.apis.invokers import apis_invoking
from validator.graph.apis.security import Protocol
from validator.graph.architecture import Architecture
from validator.graph.functions.callers import integrations_of
from validator.graph.functions.triggers import shown
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Value

REST_DEFAULT = 29_000
HTTP_DEFAULT = 30_000
STREAMED = 900_000
_EVENT = "event"


@dataclass(frozen=True, slots=True)
class Wait:
    """A caller that waits for a function: ``milliseconds`` is None where the limit is not decided."""

    caller: Resource
    milliseconds: int | None
    because: str
    span: Span
    missing: Missing | None = None

    @property
    def shown(self) -> str:
        """The caller in messages."""
        return shown(self.caller)


def waits_for(graph: Architecture, function: Resource) -> tuple[Wait, ...]:
    """How long each API operation of the run waits for the function; calls that do not wait are left out."""
    return graph.memo("function-waits", function, lambda: tuple(_waits(graph, function)))


def _waits(graph: Architecture, function: Resource) -> Iterator[Wait]:
    for user in apis_invoking(graph, function):
        for integration in integrations_of(graph, user):
            called = integration.function
            if called is not None and owner_of(graph, called) == function and not _hands_over(integration):
                yield _wait(user, integration, _protocol(graph, user))


def _protocol(graph: Architecture, user: Resource) -> Protocol:
    if user.type == http.INTEGRATION:
        return http.protocol_of(http.api_of(graph, user))
    return http.protocol_of(user) if user.type == http.API else Protocol.REST


def _field(integration: Integration, *names: str) -> Value | None:
    written = integration.written
    values = [written.get(name) for name in names] if written is not None else []
    return next((value for value in values if not value.is_absent), None)


def _hands_over(integration: Integration) -> bool:
    """Whether the integration asks for an asynchronous invocation (header ``X-Amz-Invocation-Type``)."""
    parameters = _field(integration, "RequestParameters", "requestParameters")
    for name, value in parameters.entries() if parameters is not None else ():
        if name.lower().endswith("x-amz-invocation-type") and (value.literal or "").strip("'\"").lower() == _EVENT:
            return True
    return False


def _wait(user: Resource, integration: Integration, protocol: Protocol) -> Wait:
    written = _field(integration, "TimeoutInMillis", "timeoutInMillis")
    mode = _field(integration, "ResponseTransferMode", "responseTransferMode")
    if written is not None:
        limit = written.integer()
        missing = written.missing or Missing(
            f"the timeout at {written.span} is no number", "write milliseconds", f"timeout:{written.span}"
        )
        because = f"its integration waits {_seconds(limit)}" if limit is not None else "its integration's timeout"
        return Wait(user, limit, because, written.span, None if limit is not None else missing)
    if protocol is Protocol.HTTP:
        return Wait(user, HTTP_DEFAULT, "an HTTP API waits 30 s at most", integration.span)
    if mode is not None:
        streamed = (mode.literal or "").upper() == "STREAM"
        limit = STREAMED if streamed else REST_DEFAULT if mode.literal else None
        return Wait(user, limit, "a streamed response may take 15 minutes", mode.span, mode.missing)
    kind = "a WebSocket API" if protocol is Protocol.WEBSOCKET else "a REST API"
    return Wait(user, REST_DEFAULT, f"{kind} waits 29 s unless its integration says otherwise", integration.span)


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:g} s"
