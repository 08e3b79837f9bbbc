"""FUNC021: an event that comes twice."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.sources import source_of
from validator.graph.functions.triggers import FUNCTION, Start, triggers_of
from validator.graph.functions.workflows import STATE_MACHINE
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TABLES: Final = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::ElastiCache::ServerlessCache")


class RepeatedEvent(Rule):
    """What shows that repeated and unwanted events were thought of.

    ## What it proves
    A function that is started asynchronously or polls a source names an idempotency store (a variable with
    `IDEMPOTENCY`), its queue is FIFO, or its mapping filters events; a state machine is a standard one, which runs
    each execution once by name. It never fails: a template without these says nothing of the code.

    ## Why it matters
    Queues, topics, buckets and streams deliver at least once. An order that is booked twice is one customer too many.

    ## How to fix
    Keep the keys of finished work in a table with a time to live, and pass its name as `IDEMPOTENCY_TABLE`.

    ## What it cannot see
    What the code does with a repeated event.

    ## References
    Serverless Lens, REL 2; Lambda Developer Guide, *Best practices: idempotent code*.
    """

    meta = RuleMeta(
        id="FUNC021",
        title="Repeated and unwanted events are thought of",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="Most sources deliver an event at least once.",
        subjects=(FUNCTION, STATE_MACHINE),
        lens=("REL2.a3",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",),
        since="0.2",
    )
    examples = (
        Example.passes(
            "a store for the keys of finished work",
            """\
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Done:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      Role: arn:aws:iam::111122223333:role/r
      Code: {ZipFile: ""}
      Environment: {Variables: {IDEMPOTENCY_TABLE: !Ref Done}}
  FromOrders:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Book}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A pass for each sign; nothing where there is none."""
        if subject.type == STATE_MACHINE:
            kind = subject.prop("StateMachineType")
            if kind.is_absent or kind.literal == "STANDARD":
                step = subject.states("is a standard state machine", kind.span)
                yield self.passes(subject, f"{subject.name} runs each named execution once", evidence=[step])
            return
        if not any(trigger.start is not Start.SCHEDULED for trigger in triggers_of(graph, subject)):
            return
        for target, step in _signs(subject, graph):
            yield self.passes(subject, f"{subject.name} {step.relation}", evidence=[step], target=target)


def _signs(function: Resource, graph: Architecture) -> Iterator[tuple[str, Evidence]]:
    for name, value in function.prop("Environment", "Variables").entries():
        if "IDEMPOTEN" in name.upper() and isinstance(graph.target(value, *_TABLES), Resource):
            yield f"variable {name}", function.states(f"names an idempotency store in variable {name}", value.span)
    for trigger in triggers_of(graph, function):
        if trigger.start is not Start.POLLED:
            continue
        source = source_of(graph, trigger.source)
        filters = trigger.source.prop("FilterCriteria", "Filters")
        if filters.items():
            step = function.states(f"leaves out events of {source.shown} that do not fit", filters.span)
            yield f"filter on {source.shown}", step
        fifo = source.resource.prop("FifoQueue") if source.resource is not None else None
        if fifo is not None and source.resource is not None and fifo.boolean():
            step = function.states(f"reads FIFO queue {source.resource.name}, which drops duplicates", fifo.span)
            yield f"queue {source.shown}", step
