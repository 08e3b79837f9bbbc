"""Which log group holds what a function writes (Lambda Developer Guide, *Configuring CloudWatch log groups*)."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture, External
from validator.graph.resource import Resource
from validator.model import Missing, Span
from validator.resolve import Part, ResourceRef, Text, Unknown, Value

LOG_GROUP = "AWS::Logs::LogGroup"
RETENTION = "Custom::LogRetention"
"""What the CDK writes to set the retention of a group that Lambda makes."""
_PREFIX = "/aws/lambda/"


@dataclass(frozen=True, slots=True)
class LogTarget:
    """A function's log group: ``group`` of the run, ``outside`` a name kept elsewhere, or neither."""

    group: Resource | None
    outside: str
    span: Span
    missing: Missing | None = None

    def elsewhere(self) -> Missing:
        """What would have to be known of a group that is kept elsewhere."""
        what = f"the retention of log group {self.outside} is not in the run"
        return Missing(what, "add the template that makes it", f"log-group:{self.outside}")


def log_target(graph: Architecture, function: Resource) -> LogTarget:
    """The log group that the function writes to."""
    return graph.memo("function-logs", function, lambda: _log_target(graph, function))


def _log_target(graph: Architecture, function: Resource) -> LogTarget:
    written = function.prop("LoggingConfig", "LogGroup")
    if not written.is_absent:
        found = graph.target(written, LOG_GROUP)
        if isinstance(found, Resource):
            return LogTarget(found, "", written.span)
        if isinstance(found, Unknown):
            return LogTarget(None, str(written), written.span, found.cause)
        if isinstance(found, External):
            return LogTarget(None, found.text, written.span)
    group = next(iter(_groups(graph, function)), None)
    return LogTarget(group, "", function.span)


def _groups(graph: Architecture, function: Resource) -> Iterator[Resource]:
    """The groups named after the function: by a reference to it, or by the name that both are given."""
    for group in graph.referrers(function, LOG_GROUP, RETENTION):
        if _is_for(group.prop("LogGroupName"), _by_reference(function)):
            yield group
    name = function.prop("FunctionName")
    if isinstance(name, Text) and name.parts:
        for group in graph.declared(LOG_GROUP, RETENTION):
            if _is_for(group.prop("LogGroupName"), name.parts) and group.exists():
                yield group


def _by_reference(function: Resource) -> tuple[Part, ...]:
    return (ResourceRef(function.id.stack, function.logical_id),)


def _is_for(value: Value, name: tuple[Part, ...]) -> bool:
    return isinstance(value, Text) and str(value) == _PREFIX + "".join(map(str, name))


def retention_of(group: Resource) -> Value:
    """The days that the group keeps its entries; absent means for ever."""
    return group.prop("RetentionInDays")
