"""FUNC002: a message that cannot be processed comes back until it expires."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.failures import QUEUE, dead_letter_users
from validator.graph.functions.sources import consumers_of
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_CONSUMER = """\
  Book:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::111122223333:role/r, Code: {ZipFile: ""}}
  FromOrders:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Book}
"""


class QueueWithoutDeadLetters(Rule):
    """A queue that a function reads has no dead-letter queue.

    ## What it proves
    A queue that a function of the run polls has a `RedrivePolicy`, so that a message leaves it after so many tries.
    A queue that is itself the dead-letter queue of something is not judged.

    ## Why it matters
    A message that the code cannot process comes back again and again until its retention ends, then it is gone.
    On a FIFO queue it holds up all messages of its group.

    ## How to fix
    Set `RedrivePolicy` with `deadLetterTargetArn` and `maxReceiveCount` on the queue.

    ## What it cannot see
    Queues that another stack defines, and consumers outside the run.

    ## References
    Lambda Developer Guide, *Handling errors for an SQS event source*; SQS Developer Guide, *Dead-letter queues*.
    """

    meta = RuleMeta(
        id="FUNC002",
        title="A queue that a function reads has no dead-letter queue",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A message that cannot be processed comes back until it expires, and then it is lost.",
        subjects=(QUEUE,),
        lens=("REL2.a1",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "no redrive policy", "Resources:\n  Orders: {Type: AWS::SQS::Queue} # <- finding\n" + _CONSUMER
        ),
        Example.passes(
            "messages move away after five tries",
            """\
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
"""
            + _CONSUMER,
        ),
        Example.unknown(
            "the policy is a parameter",
            """\
Parameters: {Redrive: {Type: String}}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: !Ref Redrive} # <- finding
"""
            + _CONSUMER,
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges queues that functions poll."""
        consumers = consumers_of(graph, subject)
        if not consumers or dead_letter_users(graph, subject):
            return
        policy = subject.prop("RedrivePolicy")
        steps = [mapping.states(f"polls {subject.name} for {function.name}") for mapping, function in consumers]
        readers = ", ".join(dict.fromkeys(function.name for _, function in consumers))
        at = subject.property_span("RedrivePolicy")
        if policy.is_absent:
            yield self.fails(
                subject,
                f"{subject.name} is read by {readers} and has no dead-letter queue",
                evidence=[*steps, subject.states("has no RedrivePolicy")],
                fix=f"Set on {subject.name}: "
                "RedrivePolicy: {deadLetterTargetArn: !GetAtt <Queue>.Arn, maxReceiveCount: 5}.",
            )
        elif policy.missing is not None:
            message = f"{subject.name} is read by {readers}: its RedrivePolicy is not known"
            yield self.unknown(subject, message, missing=[policy.missing], evidence=steps, at=at)
        else:
            message = f"{subject.name} is read by {readers}, and messages that fail leave it"
            evidence = [*steps, subject.states("has a RedrivePolicy", policy.span)]
            yield self.passes(subject, message, evidence=evidence, at=at)
