"""FUNC024: metrics that say how the business is doing."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.alarms import ALARM, metrics_of
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_FILTER: Final = "AWS::Logs::MetricFilter"
_FUNCTION: Final = "AWS::Lambda::Function"
_SIGNS: Final = {
    "AWS::CloudWatch::Dashboard": "shows metrics on one page",
    "AWS::Synthetics::Canary": "walks a journey as a customer does",
    "AWS::RUM::AppMonitor": "measures what visitors see",
    "AWS::ApplicationSignals::ServiceLevelObjective": "states an objective and measures it",
}
_AWS: Final = ("AWS/", "ECS/", "ContainerInsights", "LambdaInsights", "CWAgent", "Glue")
"""Namespaces that AWS fills by itself."""


class MetricsOfItsOwn(Rule):
    """What shows that the application is measured beyond what each service reports.

    ## What it proves
    A metric filter on a log, an alarm on a namespace of the application's own, a dashboard, a canary, a monitor of
    visitors, an objective, or the variable of a metrics library is in the template. It never fails.

    ## Why it matters
    All parts can be healthy while nobody can buy anything.

    ## How to fix
    Write business metrics in the embedded metric format (`POWERTOOLS_METRICS_NAMESPACE`) and set alarms on them.

    ## What it cannot see
    Metrics that the code writes, and products outside AWS.

    ## References
    Serverless Lens, OPS 1; CloudWatch User Guide, *Embedding metrics within logs*.
    """

    meta = RuleMeta(
        id="FUNC024",
        title="The application has metrics of its own",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="All parts can be healthy while nobody can buy anything.",
        subjects=(_FILTER, ALARM, _FUNCTION, *_SIGNS),
        lens=("OPS1.a2",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html",
        ),
        since="0.2",
    )
    examples = (
        Example.passes(
            "an alarm on orders",
            """\
Resources:
  FewOrders:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: Shop
      MetricName: Orders
      ComparisonOperator: LessThanThreshold
      EvaluationPeriods: 1
      Threshold: 1
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A pass for what measures; nothing for all else."""
        step = _sign(subject)
        if step is not None:
            yield self.passes(subject, f"{subject.name} {step.relation}", evidence=[step])


def _sign(subject: Resource) -> Evidence | None:
    if subject.type in _SIGNS:
        return subject.states(_SIGNS[subject.type])
    if subject.type == _FILTER:
        return subject.states("draws a metric from a log")
    if subject.type == _FUNCTION:
        written = subject.prop("Environment", "Variables", "POWERTOOLS_METRICS_NAMESPACE")
        if written.is_absent:
            return None
        return subject.states("is set up for metrics of its own (POWERTOOLS_METRICS_NAMESPACE)", written.span)
    for metric in metrics_of(subject):
        namespace = metric.namespace.literal
        if namespace is not None and not namespace.startswith(_AWS):
            return subject.states(f"watches {namespace}, a namespace of the application", metric.namespace.span)
    return None
