"""FUNC003: a message comes back while the function still works on it."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.sources import (
    DEFAULT_VISIBILITY,
    SourceKind,
    consumer_of,
    reader_of,
    source_of,
    timeout_of,
)
from validator.graph.functions.triggers import MAPPING
from validator.model import Category, Evidence, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_ADVISED = 6
"""Lambda Developer Guide: six times the timeout, and the batching window besides."""

_TEMPLATE = """\
Resources:
  Orders: {{Type: AWS::SQS::Queue, Properties: {{VisibilityTimeout: {visibility}}}}}
  Book:
    Type: AWS::Lambda::Function
    Properties: {{Timeout: 60, Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::1:role/r, Code: {{ZipFile: ""}}}}
  FromOrders:{mark}
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Book}}
"""


class MessageShownWhileProcessed(Rule):
    """A queue shows a message again before its function has to be done with it.

    ## What it proves
    The queue's `VisibilityTimeout` (30 s by default) is at least the function's `Timeout` (3 s by default). Below it
    the failure is medium: Lambda refuses such a mapping. From once up to six times the timeout, plus
    the batching window, the failure is low: that is the room that AWS advises for throttled batches.

    ## Why it matters
    A message that comes back too early is processed twice, and counts as a failed try towards the dead-letter queue.

    ## How to fix
    Raise `VisibilityTimeout` of the queue to six times the `Timeout` of the function, or lower the timeout.

    ## What it cannot see
    How long the code really takes. A queue or function outside the run: *unknown*.

    ## References
    Lambda Developer Guide, *Configuring a queue to use with Lambda*.
    """

    meta = RuleMeta(
        id="FUNC003",
        title="A message comes back while its function still works on it",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A message that is shown again too early is processed twice and may end in the dead-letter queue.",
        subjects=(MAPPING,),
        lens=("REL2.a1", "REL2.a3"),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "hidden for less than the function may run", _TEMPLATE.format(visibility=30, mark=" # <- finding")
        ),
        Example.passes("hidden for six times as long", _TEMPLATE.format(visibility=360, mark="")),
        Example.unknown(
            "the function's timeout is a parameter",
            "Parameters: {Seconds: {Type: Number}}\n"
            + _TEMPLATE.format(visibility=30, mark="").replace("Timeout: 60", "Timeout: !Ref Seconds"),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges mappings between a queue and a function that are both in the run."""
        source, invoked = source_of(graph, subject), consumer_of(graph, subject)
        if source.kind is not SourceKind.QUEUE or source.resource is None or invoked is None:
            return
        queue, function = source.resource, invoked.function
        written = queue.prop("VisibilityTimeout")
        visibility = DEFAULT_VISIBILITY if written.is_absent else written.integer()
        timeout, window = timeout_of(function), _window(subject)
        target, runner = f"queue {queue.name}", reader_of(subject, invoked)
        if visibility is None or timeout is None or window is None:
            causes = [v.missing for v in (written, function.prop("Timeout"), subject.prop(_WINDOW)) if v.missing]
            message = f"{subject.name}: whether {queue.name} shows a message while {runner} runs is not decided"
            missing = causes or [Missing("a timeout is no whole number", "write seconds", f"timeout:{queue.name}")]
            yield self.unknown(subject, message, missing=missing, target=target)
            return
        steps = _steps(queue, function, visibility, timeout)
        wanted = _ADVISED * timeout + window
        if visibility >= wanted:
            message = f"{subject.name}: {queue.name} hides messages for {visibility} s, {runner} may run {timeout} s"
            yield self.passes(subject, message, evidence=steps, target=target)
            return
        below = visibility < timeout
        tail = "" if below else f"; AWS advises {wanted} s"
        room = "only " if below else ""
        yield self.fails(
            subject,
            f"{subject.name}: {queue.name} hides messages for {room}{visibility} s, "
            f"{runner} may run {timeout} s{tail}",
            evidence=steps,
            fix=f"Set on {queue.name}: VisibilityTimeout: {wanted}"
            + (f" (43200 at most), or lower Timeout of {function.name}." if wanted > _MOST else "."),
            target=target,
            severity=Severity.MEDIUM if below else None,
        )


_WINDOW = "MaximumBatchingWindowInSeconds"
_MOST = 43_200


def _window(mapping: Resource) -> int | None:
    written = mapping.prop(_WINDOW)
    return 0 if written.is_absent else written.integer()


def _steps(queue: Resource, function: Resource, visibility: int, timeout: int) -> list[Evidence]:
    hidden, run = queue.prop("VisibilityTimeout"), function.prop("Timeout")
    by_default = " by default"
    return [
        queue.states(
            f"hides a received message for {visibility} s{by_default if hidden.is_absent else ''}",
            queue.property_span("VisibilityTimeout"),
        ),
        function.states(
            f"may run {timeout} s{by_default if run.is_absent else ''}", function.property_span("Timeout")
        ),
    ]
