"""FUNC011: a trace breaks at a function."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.tracing import is_traced, traced_callers, tracing_layer
from validator.graph.functions.triggers import FUNCTION
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties: {{StageName: live, TracingEnabled: true, OpenApiVersion: 3.0.1}}
  Book:{mark}
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      InlineCode: ""{more}
      Events: {{Get: {{Type: Api, Properties: {{Path: /, Method: get, RestApiId: !Ref Shop}}}}}}
"""


class TraceThatBreaks(Rule):
    """What calls a function is traced, and the function is not.

    ## What it proves
    A function behind a traced REST stage, GraphQL API or state machine has active tracing
    (`TracingConfig.Mode: Active`; in SAM `Tracing: Active`), or a layer or wrapper that traces it (OpenTelemetry, a
    vendor's). A function that is traced passes. One that is not, behind nothing that is traced, is not judged.

    ## Why it matters
    The trace of a request ends where the work begins: nobody sees which hop was slow or failed.

    ## How to fix
    Set `TracingConfig: {Mode: Active}` and let its role write segments (`AWSXRayDaemonWriteAccess`); SAM adds that.

    ## What it cannot see
    Subsegments and annotations that the code makes, and libraries that trace without a layer.

    ## References
    Lambda Developer Guide, *Visualize Lambda function invocations using AWS X-Ray* (`PassThrough` makes no segments).
    """

    meta = RuleMeta(
        id="FUNC011",
        title="A trace breaks at a function",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="The trace of a request ends where the work begins.",
        subjects=(FUNCTION,),
        lens=("OPS1.a3",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",),
        since="0.2",
    )
    examples = (
        Example.fails("the stage is traced, the function is not", _TEMPLATE.format(mark=" # <- finding", more="")),
        Example.passes("both are", _TEMPLATE.format(mark="", more="\n      Tracing: Active")),
        Example.unknown(
            "a parameter decides",
            _TEMPLATE.format(mark="", more="\n      Tracing: !Ref Mode").replace(
                "Resources:", "Parameters: {Mode: {Type: String}}\nResources:"
            ),
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Judges functions that are traced or stand behind something that is."""
        mode = subject.prop("TracingConfig", "Mode")
        layer = tracing_layer(subject)
        if is_traced(subject):
            step = subject.states("is traced", mode.span)
            yield self.passes(subject, f"{subject.name} is traced", evidence=[step])
            return
        if layer is not None:
            yield self.passes(subject, f"{subject.name} is traced: it {layer.relation}", evidence=[layer])
            return
        callers = traced_callers(graph, subject)
        if not callers:
            return
        names = ", ".join(dict.fromkeys(step.resource for step in callers))
        if mode.missing is not None:
            message = f"{subject.name}: whether the trace that comes from {names} goes on is not decided"
            yield self.unknown(subject, message, missing=[mode.missing], evidence=callers)
            return
        sam = subject.origin.resource_type.startswith("AWS::Serverless")
        yield self.fails(
            subject,
            f"{subject.name}: the trace that comes from {names} ends here",
            evidence=[*callers, subject.states("has no active tracing", subject.property_span("TracingConfig"))],
            fix=f"Set on {subject.name}: {'Tracing: Active' if sam else 'TracingConfig: {Mode: Active}'}.",
        )
