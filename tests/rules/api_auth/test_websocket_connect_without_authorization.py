"""AUTH005: only $connect counts, and it has to be there."""

import pytest

from rules.api_auth.websocket_connect_without_authorization import WebsocketConnectWithoutAuthorization
from tests.harness import findings, verdicts

API = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET}
"""
ROUTE = """\
  %s:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: %s}
"""


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("$connect", "fail"),
        ("$connect, AuthorizationType: NONE", "fail"),
        ("$connect, ApiKeyRequired: true", "fail"),
        ("$connect, AuthorizationType: AWS_IAM", "pass"),
        ("$connect, AuthorizationType: CUSTOM", "pass"),
    ],
)
def test_connect(key, expected) -> None:
    template = API + ROUTE % ("Connect", key) + ROUTE % ("Default", "$default, AuthorizationType: AWS_IAM")
    assert verdicts(template, WebsocketConnectWithoutAuthorization) == {("Connect", "$connect"): expected}


def test_without_the_route_anyone_connects() -> None:
    template = API + ROUTE % ("Default", "$default, AuthorizationType: AWS_IAM")
    (finding,) = findings(template, WebsocketConnectWithoutAuthorization)
    assert (finding.resource, finding.verdict) == ("Api", "fail")
    assert finding.message == "Api has no $connect route, so anyone may connect"
    assert verdicts(API, WebsocketConnectWithoutAuthorization) == {("Api", "$connect"): "unknown"}


def test_http_apis_are_not_judged() -> None:
    template = API.replace("WEBSOCKET", "HTTP") + ROUTE % ("Default", "$default")
    assert verdicts(template, WebsocketConnectWithoutAuthorization) == {}


SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Ws:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      AUTH
      RouteSelectionExpression: $request.body.action
      Routes:
        $connect: {FunctionArn: arn:aws:lambda:eu-west-1:123456789012:function:f}
"""


@pytest.mark.parametrize(("auth", "expected"), [("Auth: {AuthType: AWS_IAM}", "pass"), ("Tags: {a: b}", "fail")])
def test_sam(auth, expected) -> None:
    found = verdicts(SAM.replace("AUTH", auth), WebsocketConnectWithoutAuthorization)
    assert found == {("Ws", "$connect"): expected}
