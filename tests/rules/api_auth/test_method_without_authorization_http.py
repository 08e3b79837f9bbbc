"""AUTH001 on HTTP API routes, quick create, and load balancer rules that forward to functions."""

import pytest

from rules.api_auth.method_without_authorization import MethodWithoutAuthorization
from tests.harness import findings, line_of, verdicts

ROUTES = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: tickets, ProtocolType: HTTP%s}
  Any:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: ANY /tickets, AuthorizationType: JWT, AuthorizerId: a}
  Subject:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: %s}
"""


@pytest.mark.parametrize(
    ("key", "api", "expected"),
    [
        ("GET /tickets", "", "fail"),
        ("$default", "", "fail"),
        ("GET /tickets, AuthorizationType: AWS_IAM", "", "pass"),
        ("GET /tickets, AuthorizationType: CUSTOM", "", "pass"),
        ("GET /tickets, AuthorizationType: NONE", "", "fail"),
        ("GET /tickets, ApiKeyRequired: true", "", "fail"),
        ("OPTIONS /tickets", "", "pass"),
        ("'OPTIONS /{proxy+}'", "", "pass"),
        ("OPTIONS /run", "", "fail"),
        ("OPTIONS /run", ", CorsConfiguration: {AllowOrigins: ['*']}", "pass"),
    ],
)
def test_routes(key, api, expected) -> None:
    found = verdicts(ROUTES % (api, key), MethodWithoutAuthorization)
    assert {verdict for (resource, _), verdict in found.items() if resource == "Subject"} == {expected}


def test_websocket_routes_are_not_judged_here() -> None:
    template = (ROUTES % ("", "$connect")).replace("ProtocolType: HTTP", "ProtocolType: WEBSOCKET")
    assert verdicts(template, MethodWithoutAuthorization) == {}


QUICK = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: quick
      ProtocolType: HTTP
      Target: arn:aws:lambda:eu-west-1:123456789012:function:f
"""
OVERRIDE = """\
  Override:
    Type: AWS::ApiGatewayV2::ApiGatewayManagedOverrides
    Properties:
      ApiId: !Ref Api
      Route: {AuthorizationType: AWS_IAM}
"""


def test_quick_create_is_open_unless_overridden() -> None:
    (finding,) = findings(QUICK, MethodWithoutAuthorization)
    assert (finding.resource, finding.target, finding.verdict) == ("Api", "$default", "fail")
    assert finding.span.line == line_of(QUICK, "Target:")
    assert verdicts(QUICK + OVERRIDE, MethodWithoutAuthorization) == {("Api", "$default"): "pass"}


LISTENER = """\
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [a, b]SCHEME}
  Functions:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: lambda, Targets: [{Id: arn:f}]}
  Machines:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: ip}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref BalancerMUTUAL
      DefaultActions:
        - {Type: redirect, RedirectConfig: {Protocol: HTTPS, StatusCode: HTTP_301}}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Listener
      Conditions: [{Field: path-pattern, Values: [/tickets]}]
      Actions:
        - {Type: forward, Order: 2, TargetGroupArn: !Ref Functions}
FIRST"""
OIDC = "        - {Type: authenticate-oidc, Order: 1, AuthenticateOidcConfig: {Issuer: iUNAUTH}}\n"
JWT = "        - {Type: jwt-validation, Order: 1, JwtValidationConfig: {Issuer: i, JwksEndpoint: e}}\n"


@pytest.mark.parametrize(
    ("scheme", "mutual", "first", "expected"),
    [
        ("", "", "", "fail"),
        (", Scheme: internet-facing", "", "", "fail"),
        (", Scheme: internal", "", "", "pass"),
        (", Scheme: !Ref Unset", "", "", "unknown"),
        ("", "", OIDC.replace("UNAUTH", ""), "pass"),
        ("", "", OIDC.replace("UNAUTH", ", OnUnauthenticatedRequest: deny"), "pass"),
        ("", "", OIDC.replace("UNAUTH", ", OnUnauthenticatedRequest: allow"), "fail"),
        ("", "", JWT, "pass"),
        ("", "\n      MutualAuthentication: {Mode: verify}", "", "pass"),
        ("", "\n      MutualAuthentication: {Mode: passthrough}", "", "fail"),
    ],
)
def test_listener_rules(scheme, mutual, first, expected) -> None:
    template = LISTENER.replace("SCHEME", scheme).replace("MUTUAL", mutual).replace("FIRST", first)
    assert verdicts(template, MethodWithoutAuthorization) == {("Rule", "path /tickets"): expected}


def test_rules_to_machines_are_left_to_what_runs_there() -> None:
    template = LISTENER.replace("!Ref Functions", "!Ref Machines")
    for placeholder in ("SCHEME", "MUTUAL", "FIRST"):
        template = template.replace(placeholder, "")
    assert verdicts(template, MethodWithoutAuthorization) == {}


VPC_ORIGIN = """\
  Inside:
    Type: AWS::CloudFront::VpcOrigin
    Properties: {VpcOriginEndpointConfig: {Name: a, Arn: !Ref Balancer}}
"""
FRONT = """\
  Front:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: ENABLED
        Origins: [{Id: a, DomainName: a.example.com, VpcOriginConfig: {VpcOriginId: !Ref Inside}}]
"""


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("", ("pass", "Rule path /tickets is guarded: only its VPC reaches Balancer, which is internal")),
        (
            VPC_ORIGIN + FRONT.replace("ENABLED", "true"),
            (
                "fail",
                "Rule path /tickets demands no authorization: it forwards to a function without authenticating, "
                "and Front leads the Internet to internal Balancer",
            ),
        ),
        (
            VPC_ORIGIN,
            (
                "unknown",
                "Rule path /tickets is not decided: no distribution of the run uses VPC origin Inside, which leads "
                "to Balancer",
            ),
        ),
        (
            VPC_ORIGIN + FRONT.replace("ENABLED", "false"),
            (
                "unknown",
                "Rule path /tickets is not decided: no distribution of the run uses VPC origin Inside, which leads "
                "to Balancer",
            ),
        ),
    ],
)
def test_an_internal_balancer_and_cloudfront(front, expected) -> None:
    template = LISTENER.replace("SCHEME", ", Scheme: internal").replace("MUTUAL", "").replace("FIRST", "") + front
    (finding,) = findings(template, MethodWithoutAuthorization)
    assert (finding.verdict.value, finding.message) == expected
