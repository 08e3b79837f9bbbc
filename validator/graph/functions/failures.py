"""Where an event goes whose function failed for good (Lambda Developer Guide, *Capturing records of failures*)."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.functions.triggers import INVOKE_CONFIG, LATEST, Invoked, invoked_by, names_of
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Text, Unknown

QUEUE = "AWS::SQS::Queue"


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether failed events are kept: ``holds`` is None when it is not decided."""

    holds: bool | None
    step: Evidence | None = None
    missing: Missing | None = None


def failed_events_kept(graph: Architecture, invoked: Invoked) -> Kept:
    """Whether asynchronous events that the function fails on go to a queue, topic, bucket, bus or function.

    A dead-letter queue holds for all versions; a destination holds for the one version or alias it names.
    """
    function = invoked.function
    written = function.prop("DeadLetterConfig", "TargetArn")
    if not written.is_absent and written.literal != "":
        if isinstance(written, Unknown) and written.cause.key.startswith("macro:"):
            return Kept(None, missing=written.cause)
        return Kept(True, function.states("has a dead-letter target", written.span))
    return _by_destination(graph, invoked)


def _by_destination(graph: Architecture, invoked: Invoked) -> Kept:
    undecided: Missing | None = None
    for config in _configs(graph, invoked.function):
        destination = config.prop("DestinationConfig", "OnFailure", "Destination")
        if destination.is_absent:
            continue
        qualifier = config.prop("Qualifier")
        if isinstance(qualifier, Text) and _is_same(graph, qualifier, invoked):
            return Kept(True, config.states("sends failed events on", destination.span))
        if qualifier.literal is None:
            undecided = qualifier.missing or Missing(
                f"the version that {config.name} is for is not known",
                "write its Qualifier",
                f"resource:{config.name}",
            )
    return Kept(None, missing=undecided) if undecided is not None else Kept(False)


def _is_same(graph: Architecture, qualifier: Text, invoked: Invoked) -> bool:
    if str(qualifier) == invoked.qualifier:
        return True
    return any(graph.resource_of(reference) == invoked.through for reference in qualifier.references)


def _configs(graph: Architecture, function: Resource) -> Iterator[Resource]:
    for config in dict.fromkeys(
        c for name in names_of(graph, function) for c in graph.referrers(name, INVOKE_CONFIG)
    ):
        found = invoked_by(graph, config.prop("FunctionName"))
        if found is not None and found.function == function:
            yield config


def qualifier_shown(invoked: Invoked) -> str:
    """The version or alias in messages, empty for the unpublished code."""
    return "" if invoked.qualifier == LATEST else f" ({invoked.qualifier})"


def dead_letter_users(graph: Architecture, queue: Resource) -> tuple[Resource, ...]:
    """The resources whose failed messages or events the queue keeps."""
    return graph.memo("dead-letter-users", queue, lambda: tuple(_dead_letter_users(graph, queue)))


_DEAD_LETTERS = {
    QUEUE: (("RedrivePolicy", "deadLetterTargetArn"),),
    "AWS::SNS::Subscription": (("RedrivePolicy", "deadLetterTargetArn"),),
    "AWS::Lambda::Function": (("DeadLetterConfig", "TargetArn"),),
    INVOKE_CONFIG: (("DestinationConfig", "OnFailure", "Destination"),),
    "AWS::Lambda::EventSourceMapping": (("DestinationConfig", "OnFailure", "Destination"),),
    "AWS::Scheduler::Schedule": (("Target", "DeadLetterConfig", "Arn"),),
}


def _dead_letter_users(graph: Architecture, queue: Resource) -> Iterator[Resource]:
    for user in graph.referrers(queue, *_DEAD_LETTERS, "AWS::Events::Rule"):
        if user == queue:
            continue
        values = [user.prop(*path) for path in _DEAD_LETTERS.get(user.type, ())]
        if user.type == "AWS::Events::Rule":
            values = [target.get("DeadLetterConfig", "Arn") for target in user.prop("Targets").items()]
        if any(graph.target(value, QUEUE) == queue for value in values):
            yield user
