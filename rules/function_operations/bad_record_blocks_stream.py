"""FUNC004: a bad record blocks its shard, or is dropped without a trace."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.sources import SourceKind, consumer_of, reader_of, source_of
from validator.graph.functions.triggers import MAPPING
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Resources:
  Failed: {{Type: AWS::SQS::Queue}}
  Clicks: {{Type: AWS::Kinesis::Stream, Properties: {{ShardCount: 1}}}}
  Count:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::1:role/r, Code: {{ZipFile: ""}}}}
  FromClicks:{mark}
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Clicks.Arn
      FunctionName: !Ref Count
      StartingPosition: LATEST
{more}"""


class BadRecordBlocksStream(Rule):
    """A function that reads a stream is stopped by a record it cannot process, or loses it.

    ## What it proves
    A mapping on a Kinesis or DynamoDB stream bounds its retries (`MaximumRetryAttempts` or
    `MaximumRecordAgeInSeconds`; both are unbounded by default) and sends what is given up to a failure destination.

    ## Why it matters
    Without a bound one bad record is retried until it expires, and nothing behind it in the shard is read. With a
    bound and without a destination the record is skipped and lost.

    ## How to fix
    Set `MaximumRetryAttempts`, `BisectBatchOnFunctionError: true` and `DestinationConfig.OnFailure.Destination`.

    ## What it cannot see
    Code that catches its own errors and never fails a batch.

    ## References
    Lambda Developer Guide, *Retain discarded batch records for a Kinesis Data Streams event source*.
    """

    meta = RuleMeta(
        id="FUNC004",
        title="A bad record blocks its shard or is lost",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="By default Lambda retries a failed batch of a stream until its records expire.",
        subjects=(MAPPING,),
        lens=("REL2.a1",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",),
        since="0.2",
    )
    examples = (
        Example.fails("retries without a bound", _TEMPLATE.format(mark=" # <- finding", more="")),
        Example.passes(
            "bounded, and the rest is kept",
            _TEMPLATE.format(
                mark="",
                more="      MaximumRetryAttempts: 3\n"
                "      DestinationConfig: {OnFailure: {Destination: !GetAtt Failed.Arn}}\n",
            ),
        ),
        Example.unknown(
            "the bound is a parameter",
            "Parameters: {Tries: {Type: Number}}\n"
            + _TEMPLATE.format(mark="", more="      MaximumRetryAttempts: !Ref Tries\n"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges mappings on streams."""
        source, invoked = source_of(graph, subject), consumer_of(graph, subject)
        if source.kind is not SourceKind.STREAM:
            return
        reader = reader_of(subject, invoked)
        target = f"stream {source.shown}"
        tries, age = subject.prop("MaximumRetryAttempts"), subject.prop("MaximumRecordAgeInSeconds")
        kept = subject.prop("DestinationConfig", "OnFailure", "Destination")
        bounded = [value for value in (tries, age) if _bounds(value)]
        undecided = [value.missing for value in (tries, age) if not _bounds(value) and value.missing is not None]
        if not bounded and undecided:
            message = f"{subject.name}: whether a bad record of {source.shown} blocks its shard is not decided"
            yield self.unknown(subject, message, missing=undecided, target=target)
        elif not bounded:
            yield self.fails(
                subject,
                f"{subject.name}: a record of {source.shown} that {reader} fails on blocks its shard",
                evidence=[subject.states("retries a failed batch without a bound")],
                fix=f"Set on {subject.name}: MaximumRetryAttempts: 3, BisectBatchOnFunctionError: true and "
                f"{_destination(subject)}.",
                target=target,
            )
        elif kept.is_absent:
            yield self.fails(
                subject,
                f"{subject.name}: a record of {source.shown} that {reader} gives up is lost",
                evidence=[
                    subject.states("bounds its retries", bounded[0].span),
                    subject.states("has no failure destination"),
                ],
                fix=f"Set on {subject.name}: {_destination(subject)}.",
                target=target,
            )
        else:
            message = f"{subject.name}: retries of {source.shown} are bounded, and what is given up is kept"
            evidence = [
                subject.states("bounds its retries", bounded[0].span),
                subject.states("has a failure destination", kept.span),
            ]
            yield self.passes(subject, message, evidence=evidence, target=target)


def _bounds(value: Value) -> bool:
    number = value.integer()
    return number is not None and number >= 0


def _destination(subject: Resource) -> str:
    where = "!GetAtt <Queue>.Arn"
    if subject.origin.resource_type.startswith("AWS::Serverless"):
        return f"on its event, DestinationConfig: {{OnFailure: {{Type: SQS, Destination: {where}}}}}"
    return f"DestinationConfig: {{OnFailure: {{Destination: {where}}}}}"
