"""AUTH006: attachment, permission, identity source, issuer and audience, open sign-up."""

import pytest

from rules.api_auth.authorizer_that_cannot_work import AuthorizerThatCannotWork
from tests.harness import findings, verdicts

REST = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Other:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: other}
  Check:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: x}, Role: arn:r}
  Code:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: code
      Type: TYPE
      AuthorizerUri: !Sub arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Check.Arn}/invocations
      MORE
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      {RestApiId: !Ref Api, ResourceId: r, HttpMethod: GET, AuthorizationType: KIND, AuthorizerId: !Ref Code}
"""
PERMISSION = """\
  May:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Check
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:aws:execute-api:eu-west-1:123456789012:SOURCE
"""
IDENTITY = "IdentitySource: method.request.header.Authorization"
TARGET = ("Code", "authorizer Code")


def _rest(more: str = IDENTITY, kind: str = "TOKEN", authorization: str = "CUSTOM", permission: str = "") -> str:
    template = REST.replace("TYPE", kind).replace("MORE", more).replace("KIND", authorization)
    return template + (PERMISSION.replace("SOURCE", permission) if permission else "")


ANY = "${Api}/authorizers/*"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (_rest(permission=ANY), "pass"),
        (_rest(permission="${Api}/*"), "pass"),
        (_rest(permission="${Api}/authorizers/${Code}"), "pass"),
        (_rest(permission="${Api}/test_stage/GET/authorizers"), "fail"),
        (_rest(permission="${Api}/*/*"), "pass"),
        (_rest(permission="${Api}/*/GET/tickets"), "fail"),
        (_rest(permission="${Other}/authorizers/*"), "fail"),
        (_rest(), "fail"),
        (_rest(IDENTITY + "\n      AuthorizerCredentials: arn:role"), "pass"),
        (_rest("Description: x", permission=ANY), "fail"),
        (_rest("Description: x", kind="REQUEST", permission=ANY), "fail"),
        (_rest("AuthorizerResultTtlInSeconds: 0", kind="REQUEST", permission=ANY), "pass"),
        (_rest(authorization="NONE", permission=ANY), "fail"),
    ],
)
def test_rest_lambda_authorizers(template, expected) -> None:
    assert verdicts(template, AuthorizerThatCannotWork) == {TARGET: expected}


def test_function_outside_the_run_is_unknown() -> None:
    template = _rest().replace("${Check.Arn}", "arn:aws:lambda:eu-west-1:123456789012:function:check")
    (finding,) = findings(template, AuthorizerThatCannotWork)
    assert finding.verdict == "unknown"
    assert [m.key for m in finding.missing] == ["function:Code"]


def test_an_unattached_one_is_low() -> None:
    (finding,) = findings(_rest(authorization="NONE", permission=ANY), AuthorizerThatCannotWork)
    assert (finding.message, finding.severity.value) == ("Code authorizer Code is attached to no method", "low")


JWT = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: a, ProtocolType: HTTP}
  Jwt:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: jwt
      AuthorizerType: JWT
      IDENTITY
      JwtConfiguration: {CONFIGURATION}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /a, AuthorizationType: JWT, AuthorizerId: !Ref Jwt}
"""


@pytest.mark.parametrize(
    ("identity", "configuration", "facts"),
    [
        ("IdentitySource: [$request.header.Authorization]", "Issuer: i, Audience: [a]", []),
        ("IdentitySource: [$request.header.Authorization]", "Issuer: i", ["has no audience"]),
        ("IdentitySource: [$request.header.Authorization]", "Issuer: i, Audience: []", ["has no audience"]),
        ("IdentitySource: [$request.header.Authorization]", "Audience: [a]", ["has no issuer"]),
        ("# none", "Issuer: i, Audience: [a]", ["has no identity source"]),
    ],
)
def test_jwt(identity, configuration, facts) -> None:
    template = JWT.replace("IDENTITY", identity).replace("CONFIGURATION", configuration)
    found = findings(template, AuthorizerThatCannotWork)
    failed = [f.message.removeprefix("Jwt authorizer Jwt ") for f in found if f.verdict == "fail"]
    assert failed == facts


SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::KIND
    Properties:
      STAGE
      Auth:
        DEFAULT
        Authorizers:
          Code:
            FunctionArn: !GetAtt Check.Arn
            MORE
  Check:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      Events:
        List: {Type: KIND, Properties: {Path: /t, Method: get, ID: !Ref Api}}
"""
HTTP_MORE = "AuthorizerPayloadFormatVersion: '2.0'"


@pytest.mark.parametrize(
    ("kind", "default", "more", "expected"),
    [
        ("Api", "DefaultAuthorizer: Code", "FunctionPayloadType: TOKEN", "pass"),
        ("Api", "ApiKeyRequired: false", "FunctionPayloadType: TOKEN", "fail"),
        ("Api", "DefaultAuthorizer: Code", "DisableFunctionDefaultPermissions: true", "fail"),
        ("HttpApi", "DefaultAuthorizer: Code", HTTP_MORE, "fail"),
        (
            "HttpApi",
            "DefaultAuthorizer: Code",
            f"{HTTP_MORE}\n            EnableFunctionDefaultPermissions: true",
            "pass",
        ),
        ("HttpApi", "DefaultAuthorizer: Code", f"{HTTP_MORE}\n            FunctionInvokeRole: arn:r", "pass"),
    ],
)
def test_sam_authorizers(kind, default, more, expected) -> None:
    template = SAM.replace("KIND", kind).replace("DEFAULT", default).replace("MORE", more)
    template = template.replace("ID:", "RestApiId:" if kind == "Api" else "ApiId:")
    template = template.replace("STAGE", "StageName: prod")
    assert verdicts(template, AuthorizerThatCannotWork) == {("Api", "authorizer Code"): expected}


POOL = """\
Resources:
  People:
    Type: AWS::Cognito::UserPool
    Properties: {AdminCreateUserConfig: {AllowAdminCreateUserOnly: ONLY}}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Pool:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: pool
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: [!GetAtt People.Arn]
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: r
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Pool
      SCOPES
"""


@pytest.mark.parametrize(
    ("only", "scopes", "reported"),
    [
        ("false", "OperationName: a", True),
        ("true", "OperationName: a", False),
        ("false", "AuthorizationScopes: [r]", False),
    ],
)
def test_open_sign_up_without_scopes_is_advice(only, scopes, reported) -> None:
    found = findings(POOL.replace("ONLY", only).replace("SCOPES", scopes), AuthorizerThatCannotWork)
    failed = [(f.resource, f.severity.value) for f in found if f.verdict == "fail"]
    assert failed == ([("People", "low")] if reported else [])
