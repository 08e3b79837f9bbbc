"""TIER007: function URLs, balancer rules and permissions beside an API."""

import pytest

from rules.tier_separation.code_exposed_around_api import CodeExposedAroundApi
from tests.harness import findings, verdicts

URL = """\
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: x}, Role: arn:r}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref Function, AuthType: AUTH}
"""
API = """\
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS_PROXY
        Uri: !Sub arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations
"""


@pytest.mark.parametrize(
    ("auth", "api", "expected"),
    [("NONE", API, "fail"), ("NONE", "", "pass"), ("AWS_IAM", API, "pass"), ("!Ref Unset", API, "unknown")],
)
def test_function_urls(auth, api, expected) -> None:
    assert verdicts(URL.replace("AUTH", auth) + api, CodeExposedAroundApi) == {("Url", ""): expected}


def test_the_message_names_the_api() -> None:
    (finding,) = findings(URL.replace("AUTH", "NONE") + API, CodeExposedAroundApi)
    assert finding.message == "Url has an open function URL that leads around Get"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ('Principal: "*"', "fail"),
        ('Principal: "*", SourceArn: arn:a', "pass"),
        ('Principal: "*", PrincipalOrgID: o-1', "pass"),
        ('Principal: "*", InvokedViaFunctionUrl: true', None),
        ('Principal: "*", FunctionUrlAuthType: NONE', None),
        ("Principal: s3.amazonaws.com", None),
    ],
)
def test_permissions(properties, expected) -> None:
    template = f"""\
Resources:
  May:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: f, Action: "lambda:InvokeFunction", {properties}}}
"""
    assert verdicts(template, CodeExposedAroundApi) == ({} if expected is None else {("May", ""): expected})


RULE = """\
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: SCHEME}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Function.Arn}]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
"""


@pytest.mark.parametrize(
    ("scheme", "api", "expected"),
    [("internet-facing", API, "fail"), ("internal", API, "pass"), ("internet-facing", "", "pass")],
)
def test_balancer_rules(scheme, api, expected) -> None:
    template = URL.replace("AUTH", "AWS_IAM") + api + RULE.replace("SCHEME", scheme)
    assert verdicts(template, CodeExposedAroundApi)["Listener", "the default action"] == expected


ALIAS = """\
  Live:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Function, Name: live, FunctionVersion: "1"}
"""
AUTHORIZER = """\
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        paths:
          /a:
            get:
              security: [{L: []}]
              x-amazon-apigateway-integration: {type: http_proxy, uri: https://example.com}
        components:
          securitySchemes:
            L:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authorizer:
                type: token
                authorizerUri: !Sub arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations
"""  # noqa: E501 - a URI


@pytest.mark.parametrize(
    ("api", "expected"),
    [
        (API.replace("${Function.Arn}", "${Live}") + ALIAS, "fail"),
        (AUTHORIZER, "pass"),
    ],
)
def test_what_invokes_the_function(api, expected) -> None:
    """An alias of the function leads to it; an authorizer's function is led around nothing."""
    assert verdicts(URL.replace("AUTH", "NONE") + api, CodeExposedAroundApi)["Url", ""] == expected
