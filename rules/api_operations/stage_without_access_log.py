"""API001: a stage without an access log."""

from collections.abc import Iterator

from rules.api_operations.stage_rule import StageRule, fix_of
from validator.graph import Architecture, Resource
from validator.graph.apis.stage_settings import STAGE_TYPES, StageSettings
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, RuleMeta

_FORMAT = '\'{"requestId": "$context.requestId", "status": "$context.status"}\''
_REST_API = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
"""


class StageWithoutAccessLog(StageRule):
    """A stage whose requests are recorded nowhere.

    ## What it proves
    Every stage of a REST, HTTP or WebSocket API names a destination for its access log: stages of their own,
    those that a deployment makes by `StageName`, those of SAM APIs (implicit ones and `Globals` too), and the
    managed stage of quick create.

    ## Why it matters
    The access log is the only record of who called, from where and with what answer. Execution logs and
    function logs do not see what the API refused.

    ## How to fix
    Set `AccessLogSetting` (HTTP and WebSocket APIs: `AccessLogSettings`) with the ARN of a log group and a
    format. For the implicit API of SAM set it in `Globals`.

    ## What it cannot see
    Settings that are made in the console. The stage named `Stage` that SAM adds is reported by API020.

    ## References
    API Gateway Developer Guide: *Set up CloudWatch logging for REST APIs*, *Configure logging for HTTP APIs*.
    """

    meta = RuleMeta(
        id="API001",
        title="A stage writes no access log",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="Nobody can tell afterwards who called the API and what it answered.",
        subjects=STAGE_TYPES,
        lens=("OPS1.a4",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a stage without settings",
            f"""\
{_REST_API}  Live:  # <- finding
    Type: AWS::ApiGateway::Stage
    Properties: {{RestApiId: !Ref Api, DeploymentId: d1, StageName: live}}
""",
        ),
        Example.passes(
            "the log goes to a log group",
            f"""\
{_REST_API}  Log:
    Type: AWS::Logs::LogGroup
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: d1
      StageName: live
      AccessLogSetting: {{DestinationArn: !GetAtt Log.Arn, Format: {_FORMAT}}}
""",
        ),
        Example.unknown(
            "a mapping that an input selects says whether there is one",
            f"""\
Parameters:
  LogArn: {{Type: AWS::SSM::Parameter::Value<String>}}
{_REST_API}  Live:  # <- finding
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: d1
      StageName: live
      AccessLogSetting: !FindInMap [Settings, !Ref LogArn, Log]
""",
        ),
    )

    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage."""
        subject = stage.resource
        whole, destination = stage.get(stage.access_log), stage.get(stage.access_log, "DestinationArn")
        label = f"{subject.name} {stage.label}"
        if whole.missing is not None:
            yield self.undecided(stage, whole.missing)
        elif destination.is_absent or destination.literal == "":
            snippet = f"{stage.access_log}: {{DestinationArn: !GetAtt AccessLog.Arn, Format: {_FORMAT}}}"
            message = f"{label} writes no access log: {stage.access_log} has no DestinationArn"
            if whole.is_absent:
                message = f"{label} writes no access log: it has no {stage.access_log}"
            yield self.lacks(stage, message, "access log", fix_of(stage, snippet))
        elif (group := _named_only(graph, destination)) is not None:
            step = subject.states(f"names {group.name} by Ref", destination.span)
            message = f"{label} writes no access log: DestinationArn is the name of {group.name}, not its ARN"
            fix = f"set DestinationArn on {subject.name} to the ARN (DestinationArn: !GetAtt {group.logical_id}.Arn)"
            yield self.fails(
                subject,
                message,
                evidence=(step,),
                fix=fix,
                at=destination.span,
                target=stage.label,
                severity=Severity.MEDIUM,
            )
        else:
            step = subject.states("writes its access log", destination.span)
            message = f"{label} writes an access log"
            yield self.passes(subject, message, evidence=(step,), at=destination.span, target=stage.label)


def _named_only(graph: Architecture, destination: Value) -> Resource | None:
    """The log group of the run whose name stands where API Gateway takes an ARN only; it refuses the stage."""
    reference = destination.reference
    found = None if reference is None or reference.attribute else graph.resource_of(reference)
    return found if found is not None and found.type == "AWS::Logs::LogGroup" else None
