"""API015 to API018 and API021: stage variables, environments, canaries, deployments, scopes."""

import pytest

from rules.api_operations.canary_that_tries_nothing import CanaryThatTriesNothing
from rules.api_operations.deployment_before_its_methods import DeploymentBeforeItsMethods
from rules.api_operations.environments_share_an_api import EnvironmentsShareAnApi
from rules.api_operations.scopes_that_do_not_meet import ScopesThatDoNotMeet
from rules.api_operations.stage_variable_that_does_not_work import StageVariableThatDoesNotWork
from tests.harness import findings, line_of, verdicts

VARIABLES = """\
Resources:
  Tickets: {Type: AWS::Lambda::Function, Properties: {FunctionName: tickets}}
  Stable: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Tickets, Name: stable, FunctionVersion: "1"}}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub
          - arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${To}:${!stageVariables.to}/invocations
          - {To: !GetAtt Tickets.Arn}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d, StageName: live, Variables: SET}
"""
PERMISSION = """\
  Admit:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: ADMITTED, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com}
"""
TO = ("Live", "stage live to")


@pytest.mark.parametrize(
    ("variables", "admitted", "expected"),
    [
        ("{}", "!Ref Stable", "fail"),
        ("{To: stable}", "!Ref Stable", "fail"),
        ("{to: stable}", "!Ref Stable", "pass"),
        ("{to: stable}", '!Sub "${Tickets.Arn}:stable"', "pass"),
        ("{to: stable}", "!Ref Tickets", "fail"),
        ("{to: beta}", "!Ref Stable", "fail"),
    ],
)
def test_a_stage_variable_that_names_an_alias(variables, admitted, expected) -> None:
    template = VARIABLES.replace("SET", variables) + PERMISSION.replace("ADMITTED", admitted)
    assert verdicts(template, StageVariableThatDoesNotWork) == {TO: expected}


def test_the_messages_name_the_variable_and_the_alias() -> None:
    unset = VARIABLES.replace("SET", "{}")
    (finding,) = findings(unset, StageVariableThatDoesNotWork)
    assert finding.message == "Live stage live does not set to, which GET / of List calls by"
    assert finding.span.line == line_of(unset, "  Live:")
    (other,) = findings(VARIABLES.replace("SET", "{to: beta}"), StageVariableThatDoesNotWork)
    assert other.message == "Live stage live calls Tickets:beta by to, and no permission lets API Gateway invoke it"


def test_an_http_api_sets_its_variables_under_another_name() -> None:
    template = """\
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}
  Shop:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationUri: "https://${stageVariables.host}/"}
  Live: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: live, NAME: {host: example.com}}}
"""
    key = ("Live", "stage live host")
    assert verdicts(template.replace("NAME", "StageVariables"), StageVariableThatDoesNotWork) == {key: "pass"}
    assert verdicts(template.replace("NAME", "Variables"), StageVariableThatDoesNotWork) == {key: "fail"}


STAGES = """\
Parameters: {Name: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  One: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: d, StageName: FIRST}}
  Two: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: d, StageName: SECOND}}
"""


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("dev", "prod", "fail"),
        ("tickets-dev", "tickets-prod", "fail"),
        ("v1", "v2", "pass"),
        ("v1", "prod", "pass"),
        ("developers", "products", "pass"),
        ("!Ref Name", "prod", "pass"),
    ],
)
def test_environments_share_an_api(first, second, expected) -> None:
    template = STAGES.replace("FIRST", first).replace("SECOND", second)
    assert verdicts(template, EnvironmentsShareAnApi) == {("Api", ""): expected}


CANARY = """\
Parameters: {Share: {Type: String}}
Resources:
  Old: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: api}}
  New: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: api}}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: api, StageName: live, DeploymentId: !Ref Old CANARY}
"""


@pytest.mark.parametrize(
    ("canary", "expected"),
    [
        ("", None),
        ("{DeploymentId: !Ref New, PercentTraffic: 10}", "pass"),
        ("{DeploymentId: !Ref New, PercentTraffic: 0.5}", "pass"),
        ("{DeploymentId: !Ref New}", "fail"),
        ("{DeploymentId: !Ref New, PercentTraffic: 0}", "fail"),
        ("{DeploymentId: !Ref New, PercentTraffic: 100}", "fail"),
        ("{DeploymentId: !Ref Old, PercentTraffic: 10}", "fail"),
        ("{DeploymentId: !Ref Old, PercentTraffic: 10, StageVariableOverrides: {to: beta}}", "pass"),
        ("{DeploymentId: !Ref New, PercentTraffic: !Ref Share}", "unknown"),
    ],
)
def test_canary(canary, expected) -> None:
    template = CANARY.replace(" CANARY", f", CanarySetting: {canary}" if canary else "")
    assert verdicts(template, CanaryThatTriesNothing) == ({} if expected is None else {("Live", ""): expected})


METHODS = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  List: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, HttpMethod: GET}}
  Sell: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, HttpMethod: POST}}
  Between: {Type: AWS::CloudFormation::WaitConditionHandle, DependsOn: Sell}
  Release:
    Type: AWS::ApiGateway::Deployment
    DEPENDS
    Properties: {RestApiId: !Ref Api, Description: TEXT}
"""


@pytest.mark.parametrize(
    ("depends", "text", "expected"),
    [
        ("DependsOn: [List, Sell]", "x", "pass"),
        ("DependsOn: [List, Between]", "x", "pass"),
        ("DependsOn: List", '!Sub "after ${Sell}"', "pass"),
        ("DependsOn: List", "x", "fail"),
        ("", "x", "fail"),
    ],
)
def test_a_deployment_depends_on_its_methods(depends, text, expected) -> None:
    template = METHODS.replace("    DEPENDS\n", f"    {depends}\n" if depends else "").replace("TEXT", text)
    assert verdicts(template, DeploymentBeforeItsMethods) == {("Release", ""): expected}


def test_the_methods_that_may_be_left_out_are_named() -> None:
    (finding,) = findings(METHODS.replace("DEPENDS", "DependsOn: List"), DeploymentBeforeItsMethods)
    assert finding.message == "Release may be made before Sell, which it then does not deploy"
    assert finding.fix == "set DependsOn on Release (DependsOn: [List, Sell])"


def test_the_deployment_of_a_body_needs_no_methods() -> None:
    template = "Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {paths: {}}}}\n" + (
        "  Release: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api}}\n"
    )
    assert verdicts(template, DeploymentBeforeItsMethods) == {}


SCOPES = """\
Resources:
  People: {Type: AWS::Cognito::UserPool}
  Tickets:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties: {UserPoolId: !Ref People, Identifier: tickets, Name: t, Scopes: [{ScopeName: read}]}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}
  SignedIn:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      AuthorizerType: JWT
      JwtConfiguration:
        Issuer: !Sub "https://cognito-idp.${AWS::Region}.amazonaws.com/${People}"
        Audience: [a]
  List:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /t, AuthorizationType: JWT, AuthorizerId: !Ref SignedIn MORE}
"""
ROUTE, SERVER = ("List", "GET /t"), ("Tickets", "")


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ("", {SERVER: "fail"}),
        (", AuthorizationScopes: [tickets/read]", {ROUTE: "pass", SERVER: "pass"}),
        (", AuthorizationScopes: [tickets/list, tickets/read]", {ROUTE: "pass", SERVER: "pass"}),
        (", AuthorizationScopes: [tickets/list]", {ROUTE: "fail", SERVER: "fail"}),
        (", AuthorizationScopes: [openid]", {ROUTE: "pass", SERVER: "fail"}),
    ],
)
def test_scopes_asked_for_and_handed_out(scopes, expected) -> None:
    assert verdicts(SCOPES.replace(" MORE", scopes), ScopesThatDoNotMeet) == expected
