"""What starts a function, and whether the caller waits.

Lambda Developer Guide, *Invoking a function asynchronously* and *Event source mappings*: S3, SNS, EventBridge,
Scheduler, IoT, CloudWatch Logs, SES and CodeCommit hand an event over and go on; a mapping polls for the function.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from validator.graph.apis.function_urls import owner_of
from validator.graph.apis.integration import FUNCTION_TYPES
from validator.graph.apis.lookup import is_named
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Evidence
from validator.resolve import ResourceRef, Text, Value

FUNCTION: Final = "AWS::Lambda::Function"
ALIAS: Final = "AWS::Lambda::Alias"
VERSION: Final = "AWS::Lambda::Version"
MAPPING: Final = "AWS::Lambda::EventSourceMapping"
INVOKE_CONFIG: Final = "AWS::Lambda::EventInvokeConfig"
LATEST: Final = "$LATEST"


class Start(Enum):
    """How an event gets to the function."""

    HANDED_OVER = "asynchronously"
    SCHEDULED = "on a schedule"
    POLLED = "by polling"


@dataclass(frozen=True, slots=True)
class Invoked:
    """The function that a value names, and the version or alias of it; ``$LATEST`` where it names none."""

    function: Resource
    qualifier: str
    through: Resource
    """The resource that the value refers to: the function, its alias or its version."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One resource that starts a function without waiting for its answer."""

    source: Resource
    start: Start
    invoked: Invoked
    what: str
    """The source in messages: ``S3 bucket Uploads``."""
    value: Value

    @property
    def step(self) -> Evidence:
        """The trigger as a step of evidence."""
        return self.source.states(f"starts {self.invoked.function.name} {self.start.value}", self.value.span)


def invoked_by(graph: Architecture, value: Value) -> Invoked | None:
    """The function of the run that a function name or ARN names; None for everything else."""
    found = graph.target(value, *FUNCTION_TYPES)
    if not isinstance(found, Resource):
        return None
    function = owner_of(graph, found)
    return None if function is None else Invoked(function, _qualifier(value, found), found)


def _qualifier(value: Value, found: Resource) -> str:
    if found.type == ALIAS:
        name = found.prop("Name")
        return str(name) if isinstance(name, Text) else found.name
    if found.type == VERSION:
        return f"version {found.name}"
    parts = value.parts if isinstance(value, Text) else ()
    place = next((n for n, part in enumerate(parts) if isinstance(part, ResourceRef)), len(parts))
    tail = "".join(map(str, parts[place + 1 :])).removesuffix("/invocations")
    return tail[1:] if tail.startswith(":") and len(tail) > 1 else LATEST


def shown(resource: Resource) -> str:
    """The resource in messages: its logical ID, for one that a transform makes the one after expansion."""
    return resource.logical_id if resource.is_generated else resource.name


def names_of(graph: Architecture, function: Resource) -> tuple[Resource, ...]:
    """The function, its aliases and its versions."""
    return (function, *graph.referrers(function, ALIAS, VERSION))


def triggers_of(graph: Architecture, function: Resource) -> tuple[Trigger, ...]:
    """The resources of the run that start the function and do not wait, in the order of the templates."""
    return graph.memo("function-triggers", function, lambda: tuple(_triggers(graph, function)))


def _triggers(graph: Architecture, function: Resource) -> Iterator[Trigger]:
    for user in _users(graph, function):
        kind, values = _SOURCES[user.type]
        for start, value in values(user):
            invoked = invoked_by(graph, value)
            if invoked is not None and invoked.function == function:
                yield Trigger(user, start, invoked, f"{kind} {shown(user)}", value)


def _users(graph: Architecture, function: Resource) -> Iterable[Resource]:
    near = [user for name in names_of(graph, function) for user in graph.referrers(name, *_SOURCES)]
    sources = graph.declared(*_SOURCES) if is_named(function) else ()
    far = [user for user in sources if user.id.stack != function.id.stack]
    return dict.fromkeys((*near, *(user for user in far if _may_start(graph, user, function) and user.exists())))


def _may_start(graph: Architecture, user: Resource, function: Resource) -> bool:
    found = (invoked_by(graph, value) for _, value in _SOURCES[user.type][1](user))
    return any(one is not None and one.function == function for one in found)


def mappings_of(graph: Architecture, function: Resource) -> tuple[Resource, ...]:
    """The enabled event source mappings that poll for the function."""
    return tuple(trigger.source for trigger in triggers_of(graph, function) if trigger.start is Start.POLLED)


_Started = Iterator[tuple[Start, Value]]


def _bucket(bucket: Resource) -> _Started:
    for one in bucket.prop("NotificationConfiguration", "LambdaConfigurations").items():
        yield Start.HANDED_OVER, one.get("Function")


def _subscription(subscription: Resource) -> _Started:
    if subscription.prop("Protocol").literal == "lambda":
        yield Start.HANDED_OVER, subscription.prop("Endpoint")


def _topic(topic: Resource) -> _Started:
    for one in topic.prop("Subscription").items():
        if one.get("Protocol").literal == "lambda":
            yield Start.HANDED_OVER, one.get("Endpoint")


def _rule(rule: Resource) -> _Started:
    if rule.prop("State").literal == "DISABLED":
        return
    start = Start.HANDED_OVER if not rule.prop("EventPattern").is_absent else Start.SCHEDULED
    for target in rule.prop("Targets").items():
        yield start, target.get("Arn")


def _schedule(schedule: Resource) -> _Started:
    if schedule.prop("State").literal != "DISABLED":
        yield Start.SCHEDULED, schedule.prop("Target", "Arn")


def _topic_rule(rule: Resource) -> _Started:
    for action in rule.prop("TopicRulePayload", "Actions").items():
        yield Start.HANDED_OVER, action.get("Lambda", "FunctionArn")


def _log_filter(log_filter: Resource) -> _Started:
    yield Start.HANDED_OVER, log_filter.prop("DestinationArn")


def _receipt_rule(rule: Resource) -> _Started:
    for action in rule.prop("Rule", "Actions").items():
        call = action.get("LambdaAction")
        if call.get("InvocationType").literal != "RequestResponse":
            yield Start.HANDED_OVER, call.get("FunctionArn")


def _repository(repository: Resource) -> _Started:
    for one in repository.prop("Triggers").items():
        yield Start.HANDED_OVER, one.get("DestinationArn")


def _destination(config: Resource) -> _Started:
    for name in ("OnSuccess", "OnFailure"):
        yield Start.HANDED_OVER, config.prop("DestinationConfig", name, "Destination")


def _pipe(pipe: Resource) -> _Started:
    kind = pipe.prop("TargetParameters", "LambdaFunctionParameters", "InvocationType").literal
    if kind == "FIRE_AND_FORGET":
        yield Start.HANDED_OVER, pipe.prop("Target")


def _mapping(mapping: Resource) -> _Started:
    if mapping.prop("Enabled").boolean() is not False:
        yield Start.POLLED, mapping.prop("FunctionName")


_SOURCES: Final[dict[str, tuple[str, Callable[[Resource], _Started]]]] = {
    "AWS::S3::Bucket": ("S3 bucket", _bucket),
    "AWS::SNS::Subscription": ("SNS subscription", _subscription),
    "AWS::SNS::Topic": ("SNS topic", _topic),
    "AWS::Events::Rule": ("EventBridge rule", _rule),
    "AWS::Scheduler::Schedule": ("schedule", _schedule),
    "AWS::IoT::TopicRule": ("IoT rule", _topic_rule),
    "AWS::Logs::SubscriptionFilter": ("log subscription", _log_filter),
    "AWS::SES::ReceiptRule": ("SES receipt rule", _receipt_rule),
    "AWS::CodeCommit::Repository": ("CodeCommit repository", _repository),
    INVOKE_CONFIG: ("destination in", _destination),
    "AWS::Pipes::Pipe": ("pipe", _pipe),
    MAPPING: ("event source mapping", _mapping),
}
