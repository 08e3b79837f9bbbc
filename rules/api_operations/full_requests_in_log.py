"""API004: whole requests and answers in the execution log."""

from collections.abc import Iterator

from rules.api_operations.stage_rule import StageRule
from validator.graph import Architecture
from validator.graph.apis import http, rest
from validator.graph.apis.security import Protocol
from validator.graph.apis.stage_settings import StageSettings
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, RuleMeta

_KEY = "DataTraceEnabled"
_STAGE = """\
Resources:
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !ImportValue tickets-api
      DeploymentId: d1
      StageName: live
      MethodSettings:
        - ResourcePath: "/*"
          HttpMethod: "*"
          LoggingLevel: ERROR
"""


class FullRequestsInLog(StageRule):
    """A stage that writes whole requests and answers to its execution log.

    ## What it proves
    `DataTraceEnabled` is not true for any method of a REST stage or any route of a WebSocket stage whose
    execution log is on. It is off by default, and does nothing while the log is off.

    ## Why it matters
    Bodies, query strings and headers then stand in the log group, with whatever personal data and tokens they
    hold, for everybody who may read logs. AWS advises against it for production.

    ## How to fix
    Set `DataTraceEnabled: false`, and log single fields with the access log instead.

    ## What it cannot see
    What the bodies hold, and what functions write to logs of their own.

    ## References
    API Gateway API reference: *MethodSetting*; API Gateway Developer Guide: *Set up CloudWatch logging*.
    """

    meta = RuleMeta(
        id="API004",
        title="Whole requests are written to the log",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="Personal data and tokens in requests can be read by everybody who may read logs.",
        subjects=(rest.STAGE, rest.DEPLOYMENT, http.STAGE),
        lens=("OPS1.a4",),
        references=("https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html",),
        since="0.2",
    )
    examples = (
        Example.fails("data trace is on", _STAGE + "          DataTraceEnabled: true  # <- finding\n"),
        Example.passes("data trace is off", _STAGE + "          DataTraceEnabled: false\n"),
        Example.unknown(
            "an input decides",
            "Parameters:\n  Trace: {Type: String}\n"
            + _STAGE
            + "          DataTraceEnabled: !Ref Trace  # <- finding\n",
        ),
    )

    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage of a REST or WebSocket API whose execution is logged."""
        levels = dict(stage.settings("LoggingLevel"))
        if stage.protocol is Protocol.HTTP or all(level.literal == "OFF" for level in levels.values()):
            return
        subject, label = stage.resource, f"{stage.resource.name} {stage.label}"
        traced = [(whom, value) for whom, value in stage.settings(_KEY) if _is_logged(stage, levels, whom)]
        on = next(((whom, value) for whom, value in traced if value.boolean()), None)
        if on is not None:
            whom, value = on
            step = subject.states(f"writes requests and answers of {whom} to its log", value.span)
            where = "MethodSettings" if stage.is_rest else "the route settings"
            yield self.fails(
                subject,
                f"{label} writes whole requests and answers of {whom} to its log",
                evidence=(step,),
                fix=f"in {where} of {subject.name} set {_KEY}: false",
                at=value.span,
                target=stage.label,
            )
            return
        undecided = next((value for _, value in traced if value.boolean() is None), None)
        if undecided is not None and undecided.missing is not None:
            message = f"{label} may write whole requests to its log: {undecided.missing.what}"
            yield self.unknown(subject, message, missing=(undecided.missing,), at=undecided.span, target=stage.label)
            return
        message = f"{label} keeps requests and answers out of its log"
        yield self.passes(subject, message, evidence=(subject.states("traces no data"),), target=stage.label)


def _is_logged(stage: StageSettings, levels: dict[str, Value], whom: str) -> bool:
    """Whether the execution log of those methods may be on; a level of their own stands over that of all."""
    level = levels.get(whom) or stage.setting("LoggingLevel")
    return (not level.is_absent and level.literal != "OFF") or (whom.startswith("every") and bool(levels))
