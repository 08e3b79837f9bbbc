"""Edges of events and messages: who triggers whom, who publishes to whom, who reads from whom."""

from collections.abc import Iterator
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.edges import Edge, Relation
from validator.graph.resource import Resource
from validator.resolve import Value

_TRIGGERS: Final = {
    "AWS::Events::Rule": (("Targets", "*", "Arn"),),
    "AWS::Scheduler::Schedule": (("Target", "Arn"),),
    "AWS::Pipes::Pipe": (("Target",), ("Enrichment",)),
    "AWS::S3::Bucket": (
        ("NotificationConfiguration", "LambdaConfigurations", "*", "Function"),
        ("NotificationConfiguration", "QueueConfigurations", "*", "Queue"),
        ("NotificationConfiguration", "TopicConfigurations", "*", "Topic"),
    ),
    "AWS::SQS::Queue": (("RedrivePolicy", "deadLetterTargetArn"),),
    "AWS::SES::ReceiptRule": (("Rule", "Actions", "*", "LambdaAction", "FunctionArn"),),
}
"""By type: where the resource names what it triggers or hands its messages to."""

_CALLS: Final = frozenset(("AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::S3::Bucket", "AWS::Pipes::Pipe"))


def edges(graph: Architecture, resource: Resource) -> Iterator[Edge]:
    """The edges that one existing resource proves; nothing for types that send no events."""
    if resource.type == "AWS::Lambda::EventSourceMapping":
        yield from _mapping(graph, resource)
    elif resource.type == "AWS::SNS::Subscription":
        yield from _subscription(graph, resource)
    elif resource.type == "AWS::Pipes::Pipe":
        yield from _between(graph, resource, Relation.CONSUMES, resource.prop("Source"))
    for path in _TRIGGERS.get(resource.type, ()):
        relation = Relation.INVOKES if resource.type in _CALLS else Relation.PUBLISHES
        for value in _at(resource.prop(), path):
            yield from _between(graph, resource, relation, value)


def _mapping(graph: Architecture, mapping: Resource) -> Iterator[Edge]:
    function = graph.target(mapping.prop("FunctionName"))
    if isinstance(function, Resource):
        yield from _between(graph, function, Relation.CONSUMES, mapping.prop("EventSourceArn"))


def _subscription(graph: Architecture, subscription: Resource) -> Iterator[Edge]:
    topic = graph.target(subscription.prop("TopicArn"))
    if isinstance(topic, Resource):
        yield from _between(graph, topic, Relation.PUBLISHES, subscription.prop("Endpoint"))


def _between(graph: Architecture, source: Resource, relation: Relation, value: Value) -> Iterator[Edge]:
    target = graph.target(value)
    if isinstance(target, Resource) and target != source:
        yield Edge(source, relation, target, value.span)


def _at(value: Value, path: tuple[str, ...]) -> Iterator[Value]:
    if not path:
        yield value
    elif path[0] == "*":
        for item in value.items():
            yield from _at(item, path[1:])
    else:
        yield from _at(value.get(path[0]), path[1:])
