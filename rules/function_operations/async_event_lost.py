"""FUNC001: an event that a function fails on is lost."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.failures import failed_events_kept, qualifier_shown
from validator.graph.functions.triggers import FUNCTION, Start, Trigger, triggers_of
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TOPIC = """\
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Orders: {Type: AWS::SNS::Topic}
  ToBook:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Orders, Protocol: lambda, Endpoint: !GetAtt Book.Arn}
"""


class AsyncEventLost(Rule):
    """A function that is started asynchronously keeps no event that it fails on.

    ## What it proves
    A function that S3, SNS, EventBridge, IoT, CloudWatch Logs, SES or another function's destination starts has a
    dead-letter target or a failure destination. A destination counts for the version or alias that it names; a
    dead-letter target for all. Functions that are called synchronously or that poll a queue or stream are not
    judged: there the caller or the source keeps the event. A bare schedule carries no data: it is not judged.

    ## Why it matters
    Lambda tries an asynchronous event three times at most and then drops it. Nobody is told.

    ## How to fix
    Set `DeadLetterConfig.TargetArn`, or an `AWS::Lambda::EventInvokeConfig` with `DestinationConfig.OnFailure`. In
    SAM: `EventInvokeConfig.DestinationConfig.OnFailure` or `DeadLetterQueue`.

    ## What it cannot see
    Callers outside the run, and code that stores its own failures. A dead-letter queue on the rule or the
    subscription keeps what could not be delivered, not what the function failed on: it does not count.

    ## References
    Lambda Developer Guide, *Capturing records of Lambda asynchronous invocations*.
    """

    meta = RuleMeta(
        id="FUNC001",
        title="An event that a function fails on is lost",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="Lambda drops an asynchronous event after its last retry unless something keeps it.",
        subjects=(FUNCTION,),
        lens=("REL2.a1",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a topic starts it and nothing keeps failed events",
            _TOPIC
            + """\
  Book: # <- finding
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::111122223333:role/r, Code: {ZipFile: ""}}
""",
        ),
        Example.passes(
            "the same function with a dead-letter queue",
            _TOPIC
            + """\
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      Role: arn:aws:iam::111122223333:role/r
      Code: {ZipFile: ""}
      DeadLetterConfig: {TargetArn: !GetAtt Failed.Arn}
""",
        ),
        Example.unknown(
            "the destination is for a version that a parameter names",
            "Parameters: {Version: {Type: String}}\n"
            + _TOPIC
            + """\
  Book:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::111122223333:role/r, Code: {ZipFile: ""}}
  Failures:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Book
      Qualifier: !Ref Version
      DestinationConfig: {OnFailure: {Destination: !GetAtt Failed.Arn}}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each version or alias that is started asynchronously."""
        handed = [trigger for trigger in triggers_of(graph, subject) if trigger.start is Start.HANDED_OVER]
        for qualifier in dict.fromkeys(trigger.invoked.qualifier for trigger in handed):
            triggers = [trigger for trigger in handed if trigger.invoked.qualifier == qualifier]
            yield self._verdict(subject, triggers, graph)

    def _verdict(self, subject: Resource, triggers: list[Trigger], graph: Architecture) -> Judgement:
        invoked = triggers[0].invoked
        kept = failed_events_kept(graph, invoked)
        version, target = qualifier_shown(invoked), qualifier_shown(invoked).strip(" ()")
        steps = [trigger.step for trigger in triggers]
        sources = ", ".join(dict.fromkeys(trigger.what for trigger in triggers))
        if kept.holds and kept.step is not None:
            message = f"{subject.name}{version} is started by {sources}, and events that it fails on are kept"
            return self.passes(subject, message, evidence=[*steps, kept.step], target=target)
        if kept.missing is not None:
            message = (
                f"{subject.name}{version} is started by {sources}: whether failed events are kept is not decided"
            )
            return self.unknown(subject, message, missing=[kept.missing], evidence=steps, target=target)
        return self.fails(
            subject,
            f"{subject.name}{version} is started by {sources}, and an event that it fails on is lost",
            evidence=[*steps, subject.states("has no dead-letter target and no failure destination")],
            fix=_fix(subject),
            target=target,
        )


def _fix(subject: Resource) -> str:
    if subject.origin.resource_type.startswith("AWS::Serverless"):
        return (
            f"Set on {subject.name}: EventInvokeConfig: {{DestinationConfig: {{OnFailure: {{Type: SQS}}}}}} "
            "(SAM makes the queue and the grant)."
        )
    return (
        f"Set on {subject.name}: DeadLetterConfig: {{TargetArn: !GetAtt <Queue>.Arn}}, "
        "and allow sqs:SendMessage on that queue to its role."
    )
