"""What the stages of REST, HTTP and WebSocket APIs are set to, in whatever form a template writes it.

Follows the resource references of ``AWS::ApiGateway::Stage``, ``AWS::ApiGateway::Deployment``
(``StageDescription``) and ``AWS::ApiGatewayV2::Stage``: ``MethodSettings`` hold for one method or, with ``/*`` and
``*``, for all; route settings of HTTP and WebSocket APIs stand over ``DefaultRouteSettings``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis import http, rest
from validator.graph.apis.http import protocol_of
from validator.graph.apis.openapi import is_implicit
from validator.graph.apis.operation import ANY, Operation
from validator.graph.apis.security import Protocol
from validator.graph.apis.stages import stage_of
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Span
from validator.resolve import Absent, Text, Value

STAGE_TYPES = (rest.STAGE, rest.DEPLOYMENT, http.STAGE, http.API)
"""Types that make stages; an HTTP API only by quick create."""

_ALL_PATHS = "/*"


@dataclass(frozen=True, slots=True)
class StageSettings:
    """One callable stage and where its settings stand. ``api`` is None when the run does not hold it."""

    resource: Resource
    holder: Resource
    """The resource whose properties set the stage: the override of a quick-created one, else ``resource``."""
    api: Resource | None
    protocol: Protocol
    name: Value
    prefix: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How people name it: ``stage prod``."""
        if isinstance(self.name, Text):
            return f"stage {self.name}"
        key = self.name.missing.key if self.name.missing is not None else "its name"
        return f"stage ${{{key.rpartition(':')[2]}}}"

    @property
    def is_rest(self) -> bool:
        """Whether it is a stage of a REST API."""
        return self.protocol is Protocol.REST

    @property
    def of_implicit_api(self) -> bool:
        """Whether SAM made the stage's API for events that name none."""
        return self.api is not None and is_implicit(self.api)

    def get(self, *path: str) -> Value:
        """The stage's property."""
        return self.holder.prop(*self.prefix, *path)

    def place(self, *path: str) -> Span:
        """Where the property stands; the resource when SAM made the property or it is not there."""
        value = self.get(*path)
        return self.resource.span if value.is_absent else value.span

    @property
    def access_log(self) -> str:
        """The name of the property that sets the access log."""
        return "AccessLogSetting" if self.is_rest else "AccessLogSettings"

    @property
    def sets_all(self) -> bool:
        """Whether something is set for all methods or routes already."""
        if not self.is_rest:
            return not self.get("DefaultRouteSettings").is_absent
        return any(_is_for_all(entry) for entry in self.get("MethodSettings").items())

    def setting(self, key: str) -> Value:
        """The setting that holds for all methods or routes; ``Absent`` when none does."""
        if not self.is_rest:
            return self.get("DefaultRouteSettings", key)
        for entry in self.get("MethodSettings").items():
            if _is_for_all(entry) and not (value := entry.get(key)).is_absent:
                return value
        return self.get(key) if self.prefix else Absent(self.resource.span)

    def setting_of(self, key: str, operation: Operation) -> Value:
        """The setting that holds for one operation: its own, else that of all."""
        own = self._own(key, operation)
        return self.setting(key) if own.is_absent else own

    def _own(self, key: str, operation: Operation) -> Value:
        if not self.is_rest:
            return self.get("RouteSettings", operation.name, key)
        for entry in self.get("MethodSettings").items():
            verb = (entry.get("HttpMethod").literal or "").upper()
            path = _path(entry)
            if path == operation.path and (verb == operation.method or (operation.method == ANY and verb == "ANY")):
                value = entry.get(key)
                if not value.is_absent:
                    return value
        return Absent(self.resource.span)

    def settings(self, key: str) -> Iterator[tuple[str, Value]]:
        """Every value that is written for the setting, with the methods or routes that it is for."""
        whole = self.setting(key)
        if not whole.is_absent:
            yield "every method" if self.is_rest else "every route", whole
        if self.is_rest:
            for entry in self.get("MethodSettings").items():
                value = entry.get(key)
                if not _is_for_all(entry) and not value.is_absent:
                    yield f"{entry.get('HttpMethod').literal or ''} {_path(entry)}".strip(), value
            return
        for route, entry in self.get("RouteSettings").entries():
            value = entry.get(key)
            if not value.is_absent:
                yield route, value


def _is_for_all(entry: Value) -> bool:
    path, verb = entry.get("ResourcePath"), entry.get("HttpMethod")
    return verb.literal == "*" and path.literal == _ALL_PATHS


def _path(entry: Value) -> str:
    """The path with its slashes: ``/~1tickets`` and ``/tickets`` are the same."""
    written = entry.get("ResourcePath").literal or ""
    return written.removeprefix("/").replace("~1", "/") if written.startswith("/~1") else written.replace("~1", "/")


def stages_made_by(graph: Architecture, resource: Resource) -> tuple[StageSettings, ...]:
    """The stages that a resource makes and that a person can set; SAM's extra stage is not among them."""
    return graph.memo("stage-settings", resource, lambda: tuple(_stages(graph, resource)))


def _stages(graph: Architecture, resource: Resource) -> Iterator[StageSettings]:
    if resource.type == http.STAGE:
        api = http.api_of(graph, resource)
        yield StageSettings(resource, resource, api, protocol_of(api), resource.prop("StageName"))
    elif resource.type == http.API:
        yield from _quick_created(graph, resource)
    elif not is_extra_stage(resource):
        stage = stage_of(graph, resource)
        if stage is not None:
            prefix = ("StageDescription",) if resource.type == rest.DEPLOYMENT else ()
            yield StageSettings(resource, resource, stage.api, Protocol.REST, stage.name, prefix)


def _quick_created(graph: Architecture, api: Resource) -> Iterator[StageSettings]:
    target = api.prop("Target")
    if target.is_absent:
        return
    override = http.quick_create_override(graph, api)
    name = Text(("$default",), target.span)
    yield StageSettings(api, override or api, api, protocol_of(api), name, ("Stage",))


def is_extra_stage(resource: Resource) -> bool:
    """Whether this is the stage named ``Stage`` that SAM's deployment makes where no ``OpenApiVersion`` is set."""
    made = resource.type == rest.DEPLOYMENT and resource.is_generated
    return made and resource.origin.resource_type.startswith("AWS::Serverless::")


def operations_of(graph: Architecture, api: Resource) -> tuple[Operation, ...]:
    """All operations of an API of the run, whatever its protocol."""
    return rest.rest_operations(graph, api) if api.type == rest.REST_API else http.http_operations(graph, api)
