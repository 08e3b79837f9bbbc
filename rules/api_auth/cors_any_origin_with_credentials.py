"""AUTH008: CORS that lets any origin send credentials."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis.cors import CORS_SOURCES, CorsSetting, cors_settings
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class CorsAnyOriginWithCredentials(Rule):
    """CORS answers that allow every origin together with credentials.

    ## What it proves
    No CORS configuration (HTTP API, function URL, mock method or gateway response of a REST API, response
    headers policy of a distribution) allows the origin `*` and credentials at once.

    ## Why it matters
    Such an answer says that any web site may call the API in the name of the user who visits it. Browsers
    refuse the literal pair, and what is then built around the refusal, echoing the origin, opens it for real.

    ## How to fix
    List the origins of your own site, or do without credentials.

    ## What it cannot see
    Headers that a function writes itself.

    ## References
    API Gateway Developer Guide: *Enabling CORS for a REST API resource*, *Configuring CORS for HTTP APIs*.
    """

    meta = RuleMeta(
        id="AUTH008",
        title="CORS allows every origin together with credentials",
        category=Category.API_AUTH,
        severity=Severity.MEDIUM,
        why="Any web site may call the API in the name of its visitor.",
        subjects=CORS_SOURCES,
        lens=("SEC1.a3",),
        references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html",),
    )
    examples = (
        Example.fails(
            "an HTTP API for everyone",
            """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: tickets
      ProtocolType: HTTP
      CorsConfiguration:
        AllowOrigins: ["*"]  # <- finding
        AllowCredentials: true
""",
        ),
        Example.passes(
            "one origin",
            """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: tickets
      ProtocolType: HTTP
      CorsConfiguration:
        AllowOrigins: ["https://tickets.example.com"]
        AllowCredentials: true
""",
        ),
        Example.unknown(
            "the origin is a parameter",
            """\
Parameters:
  Origin: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: tickets
      ProtocolType: HTTP
      CorsConfiguration:
        AllowOrigins: [!Ref Origin]  # <- finding
        AllowCredentials: true
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each CORS answer that allows credentials."""
        for setting in cors_settings(subject):
            if setting.credentials is not False:
                yield self._verdict(setting)

    def _verdict(self, setting: CorsSetting) -> Judgement:
        subject, at, target = setting.resource, setting.span, setting.target
        origins = ", ".join(setting.origins) or "no origin"
        step = Evidence(subject.name, f"allows {origins} with credentials", at)
        if setting.any_origin is False:
            message = f"{subject.name} allows credentials for {origins} only"
            return self.passes(subject, message, evidence=(step,), at=at, target=target)
        if setting.missing is not None and (setting.any_origin is None or setting.credentials is None):
            message = f"{subject.name} allows credentials for origins that are not decided: {setting.missing.what}"
            return self.unknown(subject, message, missing=(setting.missing,), evidence=(step,), at=at, target=target)
        message = f"{subject.name} allows every origin (*) together with credentials"
        fix = f"list the origins of the site in {subject.name} instead of *"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=at, target=target)
