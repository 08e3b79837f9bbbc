"""FUNC005: one failed message brings its whole batch back."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.sources import SourceKind, consumer_of, reader_of, source_of
from validator.graph.functions.triggers import MAPPING
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_DEFAULT_BATCH = 10
"""Messages of a batch from a queue where nothing is written (CloudFormation, AWS::Lambda::EventSourceMapping)."""
_REPORT = "ReportBatchItemFailures"

_TEMPLATE = """\
Resources:
  Orders: {{Type: AWS::SQS::Queue}}
  Book:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::1:role/r, Code: {{ZipFile: ""}}}}
  FromOrders:{mark}
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Book{more}}}
"""


class BatchRetriedAsAWhole(Rule):
    """A function takes messages in batches and can only fail all of them.

    ## What it proves
    A mapping on a queue asks the function which messages failed (`FunctionResponseTypes:
    [ReportBatchItemFailures]`), or takes one message at a time.

    ## Why it matters
    Otherwise one message that fails brings the whole batch back: messages that were processed are processed again,
    and after `maxReceiveCount` tries good ones go to the dead-letter queue with the bad one.

    ## How to fix
    Set `FunctionResponseTypes: [ReportBatchItemFailures]` and let the code answer with the failed message IDs.

    ## What it cannot see
    Whether the code answers so; code that deletes each message itself.

    ## References
    Lambda Developer Guide, *Implementing partial batch responses*.
    """

    meta = RuleMeta(
        id="FUNC005",
        title="One failed message brings its whole batch back",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="Messages that were processed are processed again because another of their batch failed.",
        subjects=(MAPPING,),
        lens=("REL2.a1", "REL2.a3"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",),
        since="0.2",
    )
    examples = (
        Example.fails("batches of ten by default", _TEMPLATE.format(mark=" # <- finding", more="")),
        Example.passes(
            "the function says which messages failed",
            _TEMPLATE.format(mark="", more=", FunctionResponseTypes: [ReportBatchItemFailures]"),
        ),
        Example.unknown(
            "the size is a parameter",
            "Parameters: {Size: {Type: Number}}\n" + _TEMPLATE.format(mark="", more=", BatchSize: !Ref Size"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges mappings on queues."""
        source, invoked = source_of(graph, subject), consumer_of(graph, subject)
        if source.kind is not SourceKind.QUEUE:
            return
        reader = reader_of(subject, invoked)
        target = f"queue {source.shown}"
        answers = subject.prop("FunctionResponseTypes")
        written = subject.prop("BatchSize")
        size = _DEFAULT_BATCH if written.is_absent else written.integer()
        if any(item.literal == _REPORT for item in answers.items()):
            message = f"{subject.name}: {reader} says which messages of {source.shown} failed"
            step = subject.states("asks for the failed messages", answers.span)
            yield self.passes(subject, message, evidence=[step], target=target)
        elif size == 1:
            message = f"{subject.name}: {reader} takes one message of {source.shown} at a time"
            step = subject.states("has BatchSize 1", written.span)
            yield self.passes(subject, message, evidence=[step], target=target)
        elif (cause := answers.missing or (written.missing if size is None else None)) is not None:
            message = f"{subject.name}: whether a failed message of {source.shown} brings others back is not decided"
            yield self.unknown(subject, message, missing=[cause], target=target)
        else:
            many = f"batches of {size}" if size is not None else "batches"
            yield self.fails(
                subject,
                f"{subject.name}: {reader} takes {many} from {source.shown}, and one failed message brings all back",
                evidence=[subject.states(f"takes {many} and does not ask which messages failed", written.span)],
                fix=f"Set on {subject.name}: FunctionResponseTypes: [{_REPORT}], and return batchItemFailures.",
                target=target,
            )
