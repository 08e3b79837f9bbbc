"""FUNC013: a new version gets all traffic at once, or nothing stops a bad one."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.functions.rollouts import MACHINE_ALIAS, Rollout, rollout_of
from validator.graph.functions.triggers import ALIAS
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions: [{{Name: FunctionName, Value: !Ref Book}}]
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      Threshold: 0
  Book:{mark}
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      InlineCode: ""
      AutoPublishAlias: live
      DeploymentPreference: {preference}
"""


class VersionShiftedAtOnce(Rule):
    """An alias moves to a new version without steps or without a stop.

    ## What it proves
    An alias of a function, or of a state machine, moves its traffic in steps (CodeDeploy canary or linear, in SAM
    `DeploymentPreference`), and an alarm or a hook stops the move. A function without an alias is not judged.

    ## Why it matters
    A bad version then reaches all customers at once, or reaches them step by step while nobody looks.

    ## How to fix
    In SAM: `AutoPublishAlias` and `DeploymentPreference: {Type: Canary10Percent5Minutes, Alarms: [!Ref Errors]}`.
    Without SAM: `UpdatePolicy.CodeDeployLambdaAliasUpdate` on the alias and a deployment group with alarms.

    ## What it cannot see
    A pipeline that shifts the alias's weights itself.

    ## References
    SAM Developer Guide, *Deploying serverless applications gradually*; Serverless Lens, OPS 2.
    """

    meta = RuleMeta(
        id="FUNC013",
        title="A new version gets all traffic at once",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="A bad version reaches every customer before anyone can stop it.",
        subjects=(ALIAS, MACHINE_ALIAS),
        lens=("OPS2.a3",),
        references=(
            "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails("all at once", _TEMPLATE.format(mark=" # <- finding", preference="{Type: AllAtOnce}")),
        Example.passes(
            "a canary with an alarm",
            _TEMPLATE.format(mark="", preference="{Type: Canary10Percent5Minutes, Alarms: [!Ref Errors]}"),
        ),
        Example.unknown(
            "the way is a parameter of a deployment group elsewhere",
            """\
Parameters: {Way: {Type: String}}
Resources:
  Live:
    Type: AWS::Lambda::Alias
    UpdatePolicy: {CodeDeployLambdaAliasUpdate: {ApplicationName: app, DeploymentGroupName: !Ref Group}}
    Properties: {Name: live, FunctionName: book, FunctionVersion: "1"}
  Group:
    Type: AWS::CodeDeploy::DeploymentGroup
    Properties: {ApplicationName: app, ServiceRoleArn: arn:aws:iam::1:role/r, DeploymentConfigName: !Ref Way}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict an alias."""
        rollout = rollout_of(graph, subject)
        label = f"{subject.name} (alias {rollout.alias})"
        target = f"alias {rollout.alias}"
        if rollout.missing is not None:
            message = f"{label}: whether a new version gets its traffic in steps is not decided"
            yield self.unknown(subject, message, missing=[rollout.missing], evidence=rollout.steps, target=target)
        elif not rollout.is_gradual:
            yield self._fails(subject, rollout, f"{label} gives a new version all traffic at once", target)
        elif not rollout.is_watched:
            yield self._fails(
                subject, rollout, f"{label} shifts traffic in steps, and no alarm or hook stops it", target
            )
        else:
            message = f"{label} shifts traffic in steps and stops by itself"
            yield self.passes(subject, message, evidence=rollout.steps, target=target)

    def _fails(self, subject: Resource, rollout: Rollout, message: str, target: str) -> Judgement:
        way = "Type: Canary10Percent5Minutes, Alarms: [!Ref <Alarm>]"
        if subject.type == MACHINE_ALIAS:
            fix = f"Set on {subject.name}: DeploymentPreference: {{Type: CANARY, Percentage: 10, Interval: 5, "
            fix += "Alarms: [!Ref <Alarm>], StateMachineVersionArn: …}."
        elif subject.origin.resource_type.startswith("AWS::Serverless"):
            fix = f"Set on {subject.name}: DeploymentPreference: {{{way}}}."
        else:
            fix = f"Set on {subject.name}: UpdatePolicy: {{CodeDeployLambdaAliasUpdate: {{ApplicationName: …, "
            fix += "DeploymentGroupName: …}}, with a canary and an AlarmConfiguration on the group."
        return self.fails(subject, message, evidence=rollout.steps, fix=fix, target=target)
