"""Operations: everything a client can call on an API, with what it demands and what answers it."""

from dataclasses import dataclass

from validator.graph.apis.authorization import Authorization, AuthorizationKind
from validator.graph.apis.integration import Integration, IntegrationKind
from validator.graph.resource import Resource
from validator.model import Span

ANY = "ANY"
ALL_VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of a REST API or one route of an HTTP or WebSocket API."""

    api: Resource | None
    """The API; None when it is not in the run."""
    source: Resource
    """The resource a person would mend: the method, the route, the API of a body, an event's function."""
    method: str
    """The verb in capitals; ``ANY`` for all; empty for a route key without a verb (``$default``)."""
    path: str
    span: Span
    authorization: Authorization
    integration: Integration
    event: str = ""
    """The SAM event that made the operation; empty for all others."""

    @property
    def name(self) -> str:
        """How people name it: ``GET /tickets``, ``$default``."""
        return f"{self.method} {self.path}".strip()


def any_operation(api: Resource) -> Operation:
    """Stands for whatever operations an API has that the run does not show."""
    authorization = Authorization(AuthorizationKind.UNKNOWN, "is not shown", api.span)
    return Operation(api, api, ANY, "/", api.span, authorization, Integration(IntegrationKind.UNKNOWN, api.span))
