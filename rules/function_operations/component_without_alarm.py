"""FUNC019: a component can fail and no alarm tells."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.alarms import NAMESPACES, unread_expressions, watching
from validator.graph.functions.failures import QUEUE, dead_letter_users
from validator.graph.functions.sources import consumers_of
from validator.graph.functions.triggers import ALIAS, FUNCTION, INVOKE_CONFIG, VERSION, names_of, triggers_of
from validator.model import Category, Missing, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_METRICS: Final = {
    "AWS::Lambda::Function": "Errors",
    "AWS::SQS::Queue": "ApproximateAgeOfOldestMessage",
    "AWS::StepFunctions::StateMachine": "ExecutionsFailed",
    "AWS::ApiGateway::RestApi": "5XXError",
    "AWS::ApiGatewayV2::Api": "5xx",
}

_TEMPLATE = """\
Resources:
  Book:{mark}
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::1:role/r, Code: {{ZipFile: ""}}}}
  Nightly:
    Type: AWS::Events::Rule
    Properties: {{ScheduleExpression: rate(1 day), Targets: [{{Id: book, Arn: !GetAtt Book.Arn}}]}}
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions: [{{Name: FunctionName, Value: {function}}}]
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      Threshold: 0
"""


class ComponentWithoutAlarm(Rule):
    """No alarm of the template or the workload watches a component.

    ## What it proves
    An alarm reads a metric of each function, each API, each state machine, each queue that a function reads and each
    dead-letter queue. An alarm joins a component by its dimension (a reference, the name), also in metric
    mathematics; one without that dimension watches all of the kind. A queue passes also where its dead-letter queue
    is watched: what fails comes there. A function that nothing in the run starts, or that only serves a custom
    resource, is not judged.

    ## Why it matters
    Many small managed parts fail apart from each other. Without an alarm a customer tells first.

    ## How to fix
    Add an `AWS::CloudWatch::Alarm` on the metric that the finding names, with `AlarmActions`.

    ## What it cannot see
    Alarms that another stack or another product keeps: add that template to the run. Alarms that search for their
    metrics (`SEARCH`, `SELECT`): *unknown*.

    ## References
    Serverless Lens, OPS 1; CloudWatch User Guide, *Recommended alarms*.
    """

    meta = RuleMeta(
        id="FUNC019",
        title="No alarm watches a component",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="What nobody watches fails until a customer tells.",
        subjects=tuple(NAMESPACES),
        lens=("OPS1.a1",),
        references=(
            "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("the alarm watches another function", _TEMPLATE.format(mark=" # <- finding", function="other")),
        Example.passes("an alarm on its errors", _TEMPLATE.format(mark="", function="!Ref Book")),
        Example.unknown(
            "an alarm searches for its metrics",
            """\
Resources:
  Book:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.h, Role: arn:aws:iam::1:role/r, Code: {ZipFile: ""}}
  Nightly:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: book, Arn: !GetAtt Book.Arn}]}
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Metrics: [{Id: q, Expression: 'SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName)', Period: 60}]
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      Threshold: 0
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict a component that can fail on its own."""
        if not _can_fail_unseen(subject, graph):
            return
        found = watching(graph, subject)
        dead = subject.type == QUEUE and bool(dead_letter_users(graph, subject))
        kind = "dead-letter queue " if dead else ""
        if found:
            alarms = ", ".join(dict.fromkeys(metric.alarm.name for metric in found))
            steps = [metric.alarm.states(f"watches {subject.name}") for metric in found]
            yield self.passes(subject, f"{kind}{subject.name} is watched by {alarms}", evidence=steps)
            return
        behind = _watched_dead_letters(subject, graph) if subject.type == QUEUE else None
        if behind is not None:
            step = behind.states(f"keeps what fails of {subject.name}, and is watched")
            message = f"{subject.name}: what fails comes to {behind.name}, which is watched"
            yield self.passes(subject, message, evidence=[step])
            return
        searching = unread_expressions(graph)
        if searching:
            cause = Missing(
                f"what alarm {searching[0].name} finds is decided when it runs",
                f"add an alarm that names {subject.name}, or suppress with a reason",
                f"alarm:{searching[0].name}",
            )
            message = f"{kind}{subject.name}: whether an alarm watches it is not decided"
            yield self.unknown(subject, message, missing=[cause])
            return
        where = "workload" if len(graph.scopes) > 1 else "template"
        metric = "ApproximateNumberOfMessagesVisible" if dead else _METRICS[subject.type]
        yield self.fails(
            subject,
            f"{kind}{subject.name}: no alarm in this {where} watches it",
            evidence=[subject.states(f"is named by no alarm on {NAMESPACES[subject.type]}")],
            fix=f"Add an AWS::CloudWatch::Alarm on {NAMESPACES[subject.type]} {metric} of {subject.name}, "
            "with AlarmActions.",
        )


def _watched_dead_letters(queue: Resource, graph: Architecture) -> Resource | None:
    found = graph.target(queue.prop("RedrivePolicy", "deadLetterTargetArn"), QUEUE)
    return found if isinstance(found, Resource) and watching(graph, found) else None


def _can_fail_unseen(subject: Resource, graph: Architecture) -> bool:
    if subject.type == QUEUE:
        return bool(consumers_of(graph, subject)) or bool(dead_letter_users(graph, subject))
    if subject.type != FUNCTION:
        return True
    users = [user for name in names_of(graph, subject) for user in graph.referrers(name)]
    starters = [user for user in users if user.type not in _PASSIVE and not _is_custom(user)]
    return bool(starters) or bool(triggers_of(graph, subject))


def _is_custom(user: Resource) -> bool:
    """A custom resource waits for its function: its failure fails the deployment."""
    return user.type.startswith("Custom::") or user.type == "AWS::CloudFormation::CustomResource"


_PASSIVE: Final = (
    ALIAS,
    VERSION,
    INVOKE_CONFIG,
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::CloudWatch::Dashboard",
    "AWS::CloudWatch::Alarm",
    "AWS::CodeDeploy::DeploymentGroup",
)
"""Types that speak of a function and start nothing."""
