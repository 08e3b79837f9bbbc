"""Event source mappings: what they poll (Lambda Developer Guide, *Using Lambda with Amazon SQS*, *… Kinesis*)."""

from dataclasses import dataclass
from enum import Enum

from validator.graph.architecture import Architecture
from validator.graph.functions.triggers import Invoked, invoked_by
from validator.graph.resource import Resource
from validator.graph.stores.usage import FUNCTION
from validator.resolve import Text, Value

DEFAULT_TIMEOUT = 3
"""Seconds a function may run where ``Timeout`` is not written (CloudFormation, AWS::Lambda::Function)."""
DEFAULT_VISIBILITY = 30
"""Seconds a received message stays hidden where nothing is written (CloudFormation, AWS::SQS::Queue)."""

QUEUE = "AWS::SQS::Queue"
_STREAMS = ("AWS::Kinesis::Stream", "AWS::Kinesis::StreamConsumer")
_TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


class SourceKind(Enum):
    """What a mapping reads."""

    QUEUE = "queue"
    STREAM = "stream"
    OTHER = "other source"


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a mapping; ``resource`` is None where the run does not hold it."""

    kind: SourceKind
    resource: Resource | None
    value: Value

    @property
    def shown(self) -> str:
        """The source in messages."""
        if self.resource is not None:
            return self.resource.name
        return str(self.value) if isinstance(self.value, Text) else f"a {self.kind.value} kept elsewhere"


def source_of(graph: Architecture, mapping: Resource) -> Source:
    """What the mapping polls: by reference, else by the service that a literal ARN names."""
    value = mapping.prop("EventSourceArn")
    found = graph.target(value, QUEUE, *_STREAMS, *_TABLES)
    if isinstance(found, Resource):
        return Source(SourceKind.QUEUE if found.type == QUEUE else SourceKind.STREAM, found, value)
    service = (str(value).split(":") + [""] * 3)[2] if isinstance(value, Text) else ""
    kind = {"sqs": SourceKind.QUEUE, "kinesis": SourceKind.STREAM, "dynamodb": SourceKind.STREAM}.get(service)
    if kind is None and not mapping.prop("StartingPosition").is_absent and not _is_kafka(mapping):
        kind = SourceKind.STREAM
    return Source(kind or SourceKind.OTHER, None, value)


def _is_kafka(mapping: Resource) -> bool:
    return not mapping.prop("Topics").is_absent or not mapping.prop("DocumentDBEventSourceConfig").is_absent


def consumer_of(graph: Architecture, mapping: Resource) -> Invoked | None:
    """The function of the run that the mapping feeds."""
    return invoked_by(graph, mapping.prop("FunctionName"))


def reader_of(mapping: Resource, invoked: Invoked | None) -> str:
    """The function in a message that begins with the mapping's name; ``it`` for one that SAM names alike."""
    if invoked is None:
        return "its function"
    return "it" if invoked.function.name == mapping.name else invoked.function.name


def timeout_of(function: Resource) -> int | None:
    """The seconds that the function may run; None where they are not decided."""
    written = function.prop("Timeout")
    return DEFAULT_TIMEOUT if written.is_absent else written.integer()


def consumers_of(graph: Architecture, queue: Resource) -> tuple[tuple[Resource, Resource], ...]:
    """The enabled mappings that poll the queue, each with its function."""
    found = []
    for mapping in graph.referrers(queue, "AWS::Lambda::EventSourceMapping"):
        if mapping.prop("Enabled").boolean() is False or source_of(graph, mapping).resource != queue:
            continue
        invoked = consumer_of(graph, mapping)
        if invoked is not None and invoked.function.type == FUNCTION:
            found.append((mapping, invoked.function))
    return tuple(found)
