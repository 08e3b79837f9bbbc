"""Which hops of a call X-Ray sees (X-Ray Developer Guide, *Integrating AWS X-Ray with other AWS services*)."""

from collections.abc import Iterator

from validator.graph.apis import http, rest
from validator.graph.apis.appsync import GRAPHQL_API
from validator.graph.apis.invokers import apis_invoking
from validator.graph.apis.stages import stages_of
from validator.graph.architecture import Architecture
from validator.graph.functions.triggers import names_of
from validator.graph.functions.workflows import STATE_MACHINE, task_function, workflow_of
from validator.graph.resource import Resource
from validator.model import Evidence
from validator.resolve import Text

_DATA_SOURCE = "AWS::AppSync::DataSource"
_LAYERS = (
    "opentelemetry",
    "otel",
    "datadog",
    "newrelic",
    "dynatrace",
    "lumigo",
    "thundra",
    "epsagon",
    "sentry",
    "adot",
)
_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"


def is_traced(function: Resource) -> bool:
    """Whether Lambda makes segments for the function."""
    return function.prop("TracingConfig", "Mode").literal == "Active"


def tracing_layer(function: Resource) -> Evidence | None:
    """The layer or wrapper that traces the function by other means, None when none shows."""
    for layer in function.prop("Layers").items():
        text = str(layer).lower() if isinstance(layer, Text) else ""
        name = next((name for name in _LAYERS if name in text), None)
        if name is not None:
            return function.states(f"has a tracing layer ({name})", layer.span)
    wrapper = function.prop("Environment", "Variables", _WRAPPER)
    if any(name in (wrapper.literal or "").lower() for name in _LAYERS):
        return function.states(f"is wrapped for tracing ({wrapper.literal})", wrapper.span)
    return None


def traced_callers(graph: Architecture, function: Resource) -> tuple[Evidence, ...]:
    """The traced stages, GraphQL APIs and state machines that call the function."""
    return tuple(dict.fromkeys((*_stages(graph, function), *_others(graph, function))))


def _stages(graph: Architecture, function: Resource) -> Iterator[Evidence]:
    for user in apis_invoking(graph, function):
        api = user if user.type == rest.REST_API else None
        if user.type == rest.METHOD:
            api = rest.rest_api_of(graph, user)
        if user.type in (http.API, http.INTEGRATION) or api is None:
            continue
        for stage in stages_of(graph, api):
            traced = stage.resource.prop("TracingEnabled")
            if traced.boolean():
                yield stage.resource.states(f"is traced and calls {function.name}", traced.span)


def _others(graph: Architecture, function: Resource) -> Iterator[Evidence]:
    names = names_of(graph, function)
    for machine in dict.fromkeys(one for name in names for one in graph.referrers(name, STATE_MACHINE)):
        traced = machine.prop("TracingConfiguration", "Enabled")
        called = (task_function(graph, machine, task) for task in workflow_of(graph, machine).tasks)
        if traced.boolean() and any(one is not None and one.function == function for one in called):
            yield machine.states(f"is traced and calls {function.name}", traced.span)
    for source in dict.fromkeys(one for name in names for one in graph.referrers(name, _DATA_SOURCE)):
        api = graph.target(source.prop("ApiId"), GRAPHQL_API)
        if isinstance(api, Resource) and api.prop("XrayEnabled").boolean():
            yield api.states(f"is traced and calls {function.name}", api.prop("XrayEnabled").span)
