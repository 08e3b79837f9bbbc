"""AUTH001 and AUTH002 on SAM: where the default authorizer holds, and where it only seems to."""

import pytest

from rules.api_auth.api_key_as_authorization import ApiKeyAsAuthorization
from rules.api_auth.method_without_authorization import MethodWithoutAuthorization
from tests.harness import findings, line_of, verdicts

FUNCTION = """\
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      Events:
        List:
          Type: TYPE
          Properties: {Path: /tickets, Method: METHODEVENT}
"""
API = """\
Transform: AWS::Serverless-2016-10-31
PARAMETERSResources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      APIPROPERTIES
"""
ON_API = ", RestApiId: !Ref Api"
POOL = "Authorizers: {Pool: {UserPoolArn: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/p}}"


def _template(api: str, event: str = ON_API, method: str = "get", parameters: str = "") -> str:
    head = API.replace("APIPROPERTIES", api).replace("PARAMETERS", parameters)
    return head + FUNCTION.replace("TYPE", "Api").replace("EVENT", event).replace("METHOD", method)


def _verdict(template: str) -> dict[tuple[str, str], str]:
    return verdicts(template, MethodWithoutAuthorization)


LIST = ("Api", "GET /tickets")


@pytest.mark.parametrize(
    ("api", "event", "expected"),
    [
        ("Auth: {DefaultAuthorizer: AWS_IAM}", ON_API, "pass"),
        (f"Auth: {{DefaultAuthorizer: Pool, {POOL}}}", ON_API, "pass"),
        (f"Auth: {{{POOL}}}", ON_API, "fail"),
        (f"Auth: {{{POOL}}}", ON_API + ", Auth: {Authorizer: Pool}", "pass"),
        (f"Auth: {{DefaultAuthorizer: Pool, {POOL}}}", ON_API + ", Auth: {Authorizer: NONE}", "fail"),
        ("TracingEnabled: true", ON_API, "fail"),
    ],
)
def test_default_authorizer(api, event, expected) -> None:
    assert _verdict(_template(api, event)) == {LIST: expected}


def test_events_without_api_are_on_the_implicit_one() -> None:
    template = _template("Auth: {DefaultAuthorizer: AWS_IAM}", event="")
    (finding,) = findings(template, MethodWithoutAuthorization)
    assert (finding.resource, finding.resource_type) == ("Tickets", "AWS::Serverless::Function")
    assert (finding.target, finding.verdict) == ("GET /tickets", "fail")
    assert finding.span.line == line_of(template, "List:")
    assert finding.fix == "set Auth.Authorizer on event List (Auth: {Authorizer: AWS_IAM})"


def test_globals_close_the_implicit_api() -> None:
    head = (
        "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Api: {Auth: {DefaultAuthorizer: AWS_IAM}}\nResources:\n"
    )
    template = head + FUNCTION.replace("TYPE", "Api").replace("EVENT", "").replace("METHOD", "get")
    assert _verdict(template) == {("Tickets", "GET /tickets"): "pass"}


def test_key_by_default_and_none_is_a_key_alone() -> None:
    template = _template(
        "Auth: {DefaultAuthorizer: AWS_IAM, ApiKeyRequired: true}", ON_API + ", Auth: {Authorizer: NONE}"
    )
    assert _verdict(template) == {}
    assert verdicts(template, ApiKeyAsAuthorization) == {LIST: "fail"}


def test_preflights_keep_the_default_unless_it_is_taken_from_them() -> None:
    kept = "Cors: \"'*'\"\n      Auth: {DefaultAuthorizer: AWS_IAM}"
    bare = "Cors: \"'*'\"\n      Auth: {DefaultAuthorizer: AWS_IAM, AddDefaultAuthorizerToCorsPreflight: false}"
    assert _verdict(_template(kept)) == {LIST: "pass", ("Api", "OPTIONS /tickets"): "pass"}
    assert _verdict(_template(bare)) == {LIST: "pass", ("Api", "OPTIONS /tickets"): "pass"}
    assert _verdict(_template(bare, method="options"))[("Api", "OPTIONS /tickets")] == "fail"


PARAMETER = "Parameters:\n  Default: {Type: String, Default: %s}\n"
BY_PARAMETER = "Auth:\n        DefaultAuthorizer: !Ref Default"


def test_what_a_default_closed_is_not_proven() -> None:
    template = _template(BY_PARAMETER, parameters=PARAMETER % "AWS_IAM")
    (finding,) = findings(template, MethodWithoutAuthorization)
    assert finding.verdict == "unknown"
    assert [missing.key for missing in finding.missing] == ["parameter:Default"]
    given = verdicts(template, MethodWithoutAuthorization, Default="AWS_IAM")
    assert given == {LIST: "pass"}


BODY = """\
DefinitionBody:
        swagger: "2.0"
        paths:
          /tickets:
            get:
              x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: x}
"""


def test_definition_body_wins_over_events() -> None:
    default = BODY + "      Auth: {DefaultAuthorizer: AWS_IAM}"
    assert _verdict(_template(default, ON_API + ", Auth: {Authorizer: NONE}")) == {LIST: "pass"}
    assert _verdict(_template(BODY, ON_API + ", Auth: {Authorizer: AWS_IAM}")) == {LIST: "fail"}


HTTP = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Jwt
        Authorizers:
          Jwt:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: https://issuer.example.com, audience: [tickets]}
"""


@pytest.mark.parametrize(
    ("event", "method", "expected"),
    [
        ("", "get", {LIST: "pass"}),
        (", Auth: {Authorizer: NONE}", "get", {LIST: "fail"}),
        ("", "options", {("Api", "OPTIONS /tickets"): "fail"}),
    ],
)
def test_http_api(event, method, expected) -> None:
    template = HTTP + FUNCTION.replace("TYPE", "HttpApi").replace("EVENT", ", ApiId: !Ref Api" + event)
    assert _verdict(template.replace("METHOD", method)) == expected


def test_http_event_without_path_is_the_default_route() -> None:
    template = HTTP + FUNCTION.replace("TYPE", "HttpApi")
    template = template.replace("{Path: /tickets, Method: METHODEVENT}", "{ApiId: !Ref Api}")
    assert _verdict(template) == {("Api", "$default"): "pass"}


def test_the_fix_names_the_authorizer_that_the_api_declares() -> None:
    declared = "Auth: {Authorizers: {People: {UserPoolArn: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/p'}}}"

    (with_one,) = [f for f in findings(_template(declared), "AUTH001") if f.verdict.value == "fail"]
    (without,) = [f for f in findings(_template("Name: api"), "AUTH001") if f.verdict.value == "fail"]

    assert "DefaultAuthorizer: People" in with_one.fix
    assert "DefaultAuthorizer: AWS_IAM" in without.fix
