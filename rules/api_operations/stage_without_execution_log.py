"""API003: a stage whose execution is not logged."""

from collections.abc import Iterator
from typing import Final

from rules.api_operations.stage_rule import StageRule, all_methods, fix_of_setting
from validator.graph import Architecture
from validator.graph.apis import http, rest
from validator.graph.apis.security import Protocol
from validator.graph.apis.stage_settings import StageSettings, operations_of
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, RuleMeta

_KEY = "LoggingLevel"
_ON: Final = ("ERROR", "INFO")
_STAGE = """\
Resources:
  Live:{mark}
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !ImportValue tickets-api
      DeploymentId: d1
      StageName: live
"""


class StageWithoutExecutionLog(StageRule):
    """A stage of a REST or WebSocket API that logs no errors of its methods.

    ## What it proves
    `LoggingLevel` is `ERROR` or `INFO` for every method of each REST stage and every route of each WebSocket stage.
    HTTP APIs have no execution log.

    ## Why it matters
    What goes wrong inside API Gateway (an authorizer that fails, a mapping template, a backend that does not
    answer) stands in the execution log and nowhere else.

    ## How to fix
    Set `LoggingLevel: ERROR` in `MethodSettings` for `/*` and `*` (WebSocket: `DefaultRouteSettings`). The
    account needs a role for it once in a Region (`AWS::ApiGateway::Account`).

    ## What it cannot see
    Whether the account has that role, where another stack sets it. HTTP APIs are not judged.

    ## References
    API Gateway Developer Guide: *Set up CloudWatch logging for REST APIs*; Security Hub control APIGateway.1.
    """

    meta = RuleMeta(
        id="API003",
        title="A stage does not log errors of its execution",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="Why API Gateway refused or failed a request cannot be found out.",
        subjects=(rest.STAGE, rest.DEPLOYMENT, http.STAGE),
        lens=("OPS1.a4",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",),
        since="0.2",
    )
    examples = (
        Example.fails("no level", _STAGE.format(mark="  # <- finding")),
        Example.passes(
            "errors of all methods",
            _STAGE.format(mark="") + f"      {all_methods('LoggingLevel: ERROR')}\n",
        ),
        Example.unknown(
            "an input decides the level",
            "Parameters:\n  Level: {Type: String}\n"
            + _STAGE.format(mark="  # <- finding")
            + f"      {all_methods('LoggingLevel: !Ref Level')}\n",
        ),
    )

    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage of a REST or WebSocket API."""
        if stage.protocol is Protocol.HTTP:
            return
        subject, label = stage.resource, f"{stage.resource.name} {stage.label}"
        level = stage.setting(_KEY)
        operations = operations_of(graph, stage.api) if stage.api is not None else ()
        levels = [(one.name, stage.setting_of(_KEY, one)) for one in operations] or [("", level)]
        undecided = next((value.missing for _, value in levels if value.missing is not None), None)
        bare = [name for name, value in levels if value.missing is None and value.literal not in _ON]
        if undecided is not None and not bare:
            yield self.undecided(stage, undecided)
            return
        if not bare:
            step = subject.states("logs errors of its execution", levels[0][1].span)
            yield self.passes(subject, f"{label} logs errors of its execution", evidence=(step,), target=stage.label)
            return
        setting = f"{_KEY}: ERROR"
        whom = "" if len(bare) == len(levels) else f" of {', '.join(bare[:3])} ({len(bare)} of {len(levels)})"
        message = f"{label} does not log errors{whom}: {_KEY} is {_shown(level)}"
        yield self.lacks(stage, message, "execution log", fix_of_setting(stage, setting))


def _shown(level: Value) -> str:
    known = (*_ON, "OFF", None)
    if level.literal in known:
        return level.literal or "not set"
    return f"{level.literal}, which is none of {' and '.join(_ON)}"
