"""API002: an access log that machines cannot read by field, or whose lines name no request."""

import json
import re
from collections.abc import Iterator

from rules.api_operations.stage_rule import StageRule, fix_of
from validator.graph import Architecture
from validator.graph.apis.stage_settings import STAGE_TYPES, StageSettings
from validator.model import Category, Severity
from validator.resolve import Text
from validator.rulekit import Example, Judgement, RuleMeta

_FORMAT = '\'{"requestId": "$context.requestId", "status": "$context.status"}\''
_REQUEST = re.compile(r"\$context\.(requestId|extendedRequestId)\b")
_BARE_VARIABLE = re.compile(r"\$(context|input|stageVariables)\.[A-Za-z0-9_.\-]+")
_STAGE = """\
Resources:
  Live:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !ImportValue tickets-api
      StageName: live
      AccessLogSettings:
        DestinationArn: !ImportValue access-log
"""


class AccessLogWithoutStructure(StageRule):
    """An access log whose lines are no JSON, or do not name the request.

    ## What it proves
    Where a stage writes an access log, its `Format` is one JSON object a line that holds `$context.requestId`
    (or `$context.extendedRequestId`), which API Gateway itself demands for REST APIs.

    ## Why it matters
    A JSON line is found and counted by its fields without a parser of one's own, and the request id joins it to
    the logs of the function behind.

    ## How to fix
    Set `Format` to a JSON object: `{"requestId": "$context.requestId", "status": "$context.status"}`.

    ## What it cannot see
    Formats that an input decides (*unknown*), and what is made of the lines afterwards.

    ## References
    API Gateway Developer Guide: *Variables for access logging for API Gateway*; Serverless Lens, OPS 1.
    """

    meta = RuleMeta(
        id="API002",
        title="An access log has no structure",
        category=Category.API_OPERATIONS,
        severity=Severity.LOW,
        why="Log lines that are no JSON, or name no request, cannot be searched by field or joined to other logs.",
        subjects=STAGE_TYPES,
        lens=("OPS1.a4",),
        references=(
            "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a common log format line",
            _STAGE + '        Format: "$context.requestId $context.status"  # <- finding\n',
        ),
        Example.passes("one JSON object a line", _STAGE + f"        Format: {_FORMAT}\n"),
        Example.unknown(
            "a parameter holds the format",
            "Parameters:\n  LogFormat: {Type: String}\n" + _STAGE + "        Format: !Ref LogFormat  # <- finding\n",
        ),
    )

    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each stage that writes an access log."""
        destination = stage.get(stage.access_log, "DestinationArn")
        if destination.is_absent or destination.literal == "" or stage.get(stage.access_log).missing is not None:
            return
        subject, written = stage.resource, stage.get(stage.access_log, "Format")
        label = f"{subject.name} {stage.label}"
        if written.missing is not None:
            message = f"{label} has a log format that is not decided: {written.missing.what}"
            yield self.unknown(subject, message, missing=(written.missing,), at=written.span, target=stage.label)
            return
        text = str(written) if isinstance(written, Text) else ""
        flaw = _flaw(text)
        step = subject.states(
            f"writes log lines {'that ' + flaw if flaw else 'as JSON'}", stage.place(stage.access_log)
        )
        if not flaw:
            message = f"{label} writes its access log as JSON with the request's id"
            yield self.passes(subject, message, evidence=(step,), at=written.span, target=stage.label)
            return
        at = stage.place(stage.access_log) if written.is_absent else written.span
        snippet = f"{stage.access_log}: {{DestinationArn: !GetAtt AccessLog.Arn, Format: {_FORMAT}}}"
        yield self.fails(
            subject,
            f"{label} writes access log lines that {flaw}",
            evidence=(step,),
            fix=fix_of(stage, snippet),
            at=at,
            target=stage.label,
        )


def _flaw(text: str) -> str:
    """What is wrong with the format; empty when nothing is."""
    if not text.strip():
        return "have no format"
    if not _is_json(text):
        return "are no JSON"
    return "" if _REQUEST.search(text) else "do not name the request ($context.requestId)"


def _is_json(text: str) -> bool:
    """Whether the line is a JSON object once the variables are filled in; numbers may stand without quotes."""
    filled = _BARE_VARIABLE.sub("0", text)
    filled = re.sub(r"\$\{[^}]*\}", "0", filled)
    try:
        return isinstance(json.loads(filled), dict)
    except (ValueError, RecursionError):
        return False
