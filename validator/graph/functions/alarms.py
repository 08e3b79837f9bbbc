"""What an alarm watches (CloudWatch User Guide, *Using Amazon CloudWatch alarms*)."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.functions.triggers import invoked_by
from validator.graph.resource import Resource
from validator.resolve import Text, Value

ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
DETECTOR = "AWS::CloudWatch::AnomalyDetector"

NAMESPACES = {
    "AWS::Lambda::Function": "AWS/Lambda",
    "AWS::SQS::Queue": "AWS/SQS",
    "AWS::StepFunctions::StateMachine": "AWS/States",
    "AWS::ApiGateway::RestApi": "AWS/ApiGateway",
    "AWS::ApiGatewayV2::Api": "AWS/ApiGateway",
}
_WHOLE = {
    "AWS::Lambda::Function": ("FunctionName", "Resource"),
    "AWS::SQS::Queue": ("QueueName",),
    "AWS::StepFunctions::StateMachine": ("StateMachineArn",),
    "AWS::ApiGateway::RestApi": ("ApiName", "ApiId"),
    "AWS::ApiGatewayV2::Api": ("ApiId",),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of an alarm."""

    alarm: Resource
    namespace: Value
    name: Value
    dimensions: tuple[tuple[str, Value], ...]


def metrics_of(alarm: Resource) -> Iterator[Metric]:
    """The metrics an alarm reads: its own, and those of its metric mathematics."""
    if not alarm.prop("Namespace").is_absent:
        yield _metric(alarm, alarm.prop())
    for query in alarm.prop("Metrics").items():
        metric = query.get("MetricStat", "Metric")
        if not metric.is_absent:
            yield _metric(alarm, metric)


def _metric(alarm: Resource, value: Value) -> Metric:
    dimensions = tuple((one.get("Name").literal or "", one.get("Value")) for one in value.get("Dimensions").items())
    return Metric(alarm, value.get("Namespace"), value.get("MetricName"), dimensions)


def watching(graph: Architecture, component: Resource) -> tuple[Metric, ...]:
    """The metrics of the run's alarms that tell of the component."""
    return graph.memo("alarms-watching", component, lambda: tuple(_watching(graph, component)))


def _watching(graph: Architecture, component: Resource) -> Iterator[Metric]:
    for alarm in graph.declared(ALARM):
        for metric in metrics_of(alarm):
            # Existence is asked last: an alarm of something else decides none of its conditions here.
            is_of_kind = metric.namespace.literal == NAMESPACES[component.type]
            if is_of_kind and _is_of(graph, metric, component) and alarm.exists():
                yield metric


def _is_of(graph: Architecture, metric: Metric, component: Resource) -> bool:
    """Whether the metric is the component's own; one without the telling dimension sums up all of its kind."""
    telling = [value for name, value in metric.dimensions if name in _WHOLE[component.type]]
    return not telling or any(_names(graph, value, component) for value in telling)


def _names(graph: Architecture, value: Value, component: Resource) -> bool:
    if graph.target(value, component.type) == component:
        return True
    if component.type == "AWS::Lambda::Function":
        found = invoked_by(graph, value)
        return found is not None and found.function == component
    name = component.prop("Name")
    return isinstance(value, Text) and isinstance(name, Text) and bool(name.parts) and str(value) == str(name)


def unread_expressions(graph: Architecture) -> tuple[Resource, ...]:
    """Alarms that search for their metrics or query them: what they watch is decided when they run."""
    found = []
    for alarm in graph.declared(ALARM):
        texts = [query.get("Expression") for query in alarm.prop("Metrics").items()]
        words = [str(text).upper() for text in texts if isinstance(text, Text)]
        if any(word.lstrip().startswith("SELECT") or "SEARCH(" in word for word in words) and alarm.exists():
            found.append(alarm)
    return tuple(found)


def listeners(graph: Architecture, alarm: Resource) -> tuple[Resource, ...]:
    """The composite alarms, rollouts and health checks that act on the alarm's state."""
    types = (COMPOSITE, "AWS::CodeDeploy::DeploymentGroup", "AWS::Route53::HealthCheck")
    near = graph.referrers(alarm, *types, "AWS::AppConfig::Environment", "AWS::Synthetics::Group")
    name = alarm.prop("AlarmName")
    if near or not (isinstance(name, Text) and name.parts):
        return near
    rules = ((one, one.prop("AlarmRule")) for one in graph.existing(COMPOSITE))
    return tuple(one for one, rule in rules if isinstance(rule, Text) and str(name) in str(rule))
