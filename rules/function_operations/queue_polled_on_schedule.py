"""FUNC023: a schedule polls a queue that could start the function."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.failures import QUEUE, dead_letter_users
from validator.graph.functions.sources import source_of
from validator.graph.functions.triggers import FUNCTION, Start, mappings_of, triggers_of
from validator.graph.stores.usage import grants_of
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {{Type: AWS::SQS::Queue}}
  Book:{mark}
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      InlineCode: ""
      Environment: {{Variables: {{ORDERS: !Ref Orders}}}}
      Policies:
        - Statement: [{{Effect: Allow, Action: sqs:ReceiveMessage, Resource: !GetAtt Orders.Arn}}]
      Events:
        Tick: {event}
"""


class QueuePolledOnSchedule(Rule):
    """A function that runs on a schedule receives messages that a mapping could bring it.

    ## What it proves
    No function that a schedule starts may receive messages of a queue of the run without an event source mapping on
    it. A function that a mapping feeds passes.

    ## Why it matters
    Each poll is paid for when the queue is empty, and each message waits for the next tick. A mapping polls without
    charge for the function, and scales with the queue.

    ## How to fix
    Add an event source mapping on the queue (SAM: an event of type `SQS`) and remove the schedule.

    ## What it cannot see
    Work that must wait for a time of the day; a dead-letter queue that is worked off on purpose: such queues are not
    judged.

    ## References
    Serverless Lens, COST 1; Lambda Developer Guide, *Using Lambda with Amazon SQS*.
    """

    meta = RuleMeta(
        id="FUNC023",
        title="A schedule polls a queue",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="Polling is paid for when the queue is empty, and messages wait for the next tick.",
        subjects=(FUNCTION,),
        lens=("COST1.a4", "PERF1.a2"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "every minute",
            _TEMPLATE.format(mark=" # <- finding", event="{Type: Schedule, Properties: {Schedule: rate(1 minute)}}"),
        ),
        Example.passes(
            "the queue starts it",
            _TEMPLATE.format(mark="", event="{Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each queue that the function receives from."""
        fed = {source_of(graph, mapping).resource: mapping for mapping in mappings_of(graph, subject)}
        for queue, mapping in fed.items():
            if queue is not None and queue.type == QUEUE:
                step = mapping.states(f"starts {subject.name} for {queue.name}")
                yield self.passes(
                    subject, f"{subject.name} is started by {queue.name}", evidence=[step], target=queue.name
                )
        ticks = [one for one in triggers_of(graph, subject) if one.start is Start.SCHEDULED]
        if not ticks:
            return
        for queue, grant in _received(graph, subject):
            if queue in fed or _keeps_failures(graph, queue):
                continue
            yield self.fails(
                subject,
                f"{subject.name} runs on a schedule ({ticks[0].source.name}) and receives from {queue.name}",
                evidence=[ticks[0].step, grant],
                fix=f"Let {queue.name} start {subject.name}: an AWS::Lambda::EventSourceMapping "
                "(SAM: an event of Type: SQS) in place of the schedule.",
                target=queue.name,
            )


def _received(graph: Architecture, function: Resource) -> Iterator[tuple[Resource, Evidence]]:
    found: dict[Resource, Evidence] = {}
    for grant in grants_of(graph, function):
        if grant.action == "sqs:receivemessage":
            for value in grant.resources:
                queue = graph.target(value, QUEUE)
                if isinstance(queue, Resource):
                    found.setdefault(queue, grant.step)
    yield from found.items()


def _keeps_failures(graph: Architecture, queue: Resource) -> bool:
    return bool(dead_letter_users(graph, queue))
