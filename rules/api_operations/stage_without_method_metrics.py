"""API006: a stage whose methods cannot be told apart in metrics."""

from collections.abc import Iterator

from rules.api_operations.stage_rule import StageRule, fix_of_setting
from validator.graph import Architecture
from validator.graph.apis.stage_settings import STAGE_TYPES, StageSettings, operations_of
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, RuleMeta

_FEW = 2
_API = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: tickets
      ProtocolType: HTTP
      Body:
        openapi: 3.0.1
        paths: {/tickets: {get: {}}, /shows: {get: {}}}
  Live:MARK
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: live
"""


class StageWithoutMethodMetrics(StageRule):
    """A stage whose methods or routes have no metrics of their own.

    ## What it proves
    Every stage of an API with more than one operation has detailed metrics: `MetricsEnabled` for all methods of a
    REST stage, `DetailedMetricsEnabled` for all routes of an HTTP or WebSocket stage. With one operation the
    metrics of the API are those of the operation.

    ## Why it matters
    Without them CloudWatch counts errors and latency of the whole API: a route that always fails hides behind
    those that are called more.

    ## How to fix
    Set `MetricsEnabled: true` in `MethodSettings` for `/*` and `*`, or `DetailedMetricsEnabled: true` in
    `DefaultRouteSettings`. CloudWatch charges for each metric.

    ## What it cannot see
    Metrics that are made from access logs or written by functions. APIs that the run does not show are not judged.

    ## References
    API Gateway Developer Guide: *Amazon API Gateway dimensions and metrics*, *Metrics for HTTP APIs*.
    """

    meta = RuleMeta(
        id="API006",
        title="A stage has no metrics by method",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="A method that always fails hides behind those that are called more.",
        subjects=STAGE_TYPES,
        lens=("OPS1.a1",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("metrics of the whole API only", _API.replace("MARK", "  # <- finding")),
        Example.passes(
            "metrics by route",
            _API.replace("MARK", "") + "      DefaultRouteSettings: {DetailedMetricsEnabled: true}\n",
        ),
        Example.unknown(
            "an input decides",
            "Parameters:\n  Detailed: {Type: String}\n"
            + _API.replace("MARK", "")
            + "      DefaultRouteSettings: {DetailedMetricsEnabled: !Ref Detailed}  # <- finding\n",
        ),
    )

    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage of an API with several operations."""
        operations = operations_of(graph, stage.api) if stage.api is not None else ()
        if len(operations) < _FEW:
            return
        key = "MetricsEnabled" if stage.is_rest else "DetailedMetricsEnabled"
        subject, label = stage.resource, f"{stage.resource.name} {stage.label}"
        found = [(one.name, stage.setting_of(key, one)) for one in operations]
        undecided = next((value for _, value in found if value.missing is not None), None)
        bare = [name for name, value in found if not value.boolean()]
        if not bare:
            step = subject.states("counts each operation by itself", found[0][1].span)
            yield self.passes(subject, f"{label} has metrics by method", evidence=(step,), target=stage.label)
        elif undecided is not None and undecided.missing is not None:
            message = f"{label} is not decided: {undecided.missing.what}"
            yield self.unknown(subject, message, missing=(undecided.missing,), at=undecided.span, target=stage.label)
        else:
            setting = f"{key}: true"
            whom = "its operations" if len(bare) == len(found) else ", ".join(bare[:3])
            message = f"{label} has no metrics by method for {whom}"
            yield self.lacks(stage, message, "metrics by method", fix_of_setting(stage, setting))
