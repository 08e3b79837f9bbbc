"""FUNC022: a stream is read one record at a time."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.sources import SourceKind, consumer_of, reader_of, source_of
from validator.graph.functions.triggers import MAPPING
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Resources:
  Clicks: {{Type: AWS::Kinesis::Stream, Properties: {{ShardCount: 1}}}}
  Count:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::1:role/r, Code: {{ZipFile: ""}}}}
  FromClicks:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Clicks.Arn
      FunctionName: !Ref Count
      StartingPosition: LATEST
      BatchSize: {size}{mark}
"""


class OneRecordAtATime(Rule):
    """A function is invoked once a record of a stream, one after the other.

    ## What it proves
    A mapping takes several events in one invocation (`BatchSize` above 1; the default is 10 for queues and 100 for
    streams). Fails for a stream with `BatchSize: 1` and without a `ParallelizationFactor`: each shard then moves one
    record an invocation. A queue with `BatchSize: 1` is not judged, for its messages run beside each other.

    ## Why it matters
    The stream falls behind as soon as records come faster than one invocation takes, and each record costs a call.

    ## How to fix
    Raise `BatchSize`, or set `ParallelizationFactor` up to 10.

    ## What it cannot see
    Work that must be done record by record.

    ## References
    Lambda Developer Guide, *Batching behavior*; Serverless Lens, PERF 1.
    """

    meta = RuleMeta(
        id="FUNC022",
        title="A stream is read one record at a time",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A shard that moves one record an invocation falls behind, and each record costs a call.",
        subjects=(MAPPING,),
        lens=("PERF1.a2", "COST1.a4"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html",),
        since="0.2",
    )
    examples = (
        Example.fails("one record, one call", _TEMPLATE.format(size=1, mark=" # <- finding")),
        Example.passes("a hundred at once", _TEMPLATE.format(size=100, mark="")),
        Example.unknown(
            "the size is a parameter",
            "Parameters: {Size: {Type: Number}}\n" + _TEMPLATE.format(size="!Ref Size", mark=" # <- finding"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges mappings on streams and queues."""
        source, invoked = source_of(graph, subject), consumer_of(graph, subject)
        if source.kind is SourceKind.OTHER:
            return
        reader = reader_of(subject, invoked)
        written, factor = subject.prop("BatchSize"), subject.prop("ParallelizationFactor")
        target, at = f"{source.kind.value} {source.shown}", written.span
        size = written.integer()
        if written.is_absent or (size is not None and size > 1):
            shown = f"up to {size}" if size is not None else "several"
            message = f"{subject.name}: {reader} takes {shown} events of {source.shown} at once"
            step = subject.states(f"takes {shown} events at once", at)
            yield self.passes(subject, message, evidence=[step], target=target)
        elif source.kind is SourceKind.QUEUE:
            return
        elif size is None or (factor.missing is not None):
            causes = [value.missing for value in (written, factor) if value.missing is not None]
            if causes:
                message = f"{subject.name}: how many records of {source.shown} come at once is not known"
                yield self.unknown(subject, message, missing=causes, at=at, target=target)
        elif (factor.integer() or 1) == 1:
            yield self.fails(
                subject,
                f"{subject.name}: {reader} takes one record of {source.shown} at a time, shard by shard",
                evidence=[subject.states("has BatchSize 1 and no ParallelizationFactor", at)],
                fix=f"Set on {subject.name}: BatchSize: 100, or ParallelizationFactor: 10.",
                at=at,
                target=target,
            )
