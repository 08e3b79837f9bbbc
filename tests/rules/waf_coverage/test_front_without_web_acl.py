"""WAF004: what takes an association as a whole."""

import pytest

from rules.waf_coverage.front_without_web_acl import FrontWithoutWebAcl
from tests.harness import findings, verdicts

TEMPLATE = """\
Parameters:
  Outside: {Type: String}
Resources:
  Front:
    Type: KIND
    Properties: {PROPERTIES}
  Regional:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Block: {}}}
  Global:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: CLOUDFRONT, DefaultAction: {Block: {}}}
"""
ASSOCIATION = """\
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: RESOURCE
      WebACLArn: !GetAtt NAMED.Arn
"""
ALB = "AWS::ElasticLoadBalancingV2::LoadBalancer"
GRAPHQL = "AWS::AppSync::GraphQLApi"
POOL = "AWS::Cognito::UserPool"


def _verdict(kind: str, properties: str = "Tags: []", resource: str = "", acl: str = "Regional") -> str:
    template = TEMPLATE.replace("KIND", kind).replace("PROPERTIES", properties)
    if resource:
        template += ASSOCIATION.replace("RESOURCE", resource).replace("NAMED", acl)
    return verdicts(template, FrontWithoutWebAcl).get(("Front", ""), "-")


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        (ALB, "Tags: []", "fail"),
        (ALB, "Scheme: internet-facing", "fail"),
        (ALB, "Scheme: internal", "pass"),
        (ALB, "Scheme: !Ref Outside", "unknown"),
        (ALB, "Type: network", "-"),
        (ALB, "Type: gateway", "-"),
        (GRAPHQL, "Name: a", "fail"),
        (GRAPHQL, "Name: a, Visibility: PRIVATE", "pass"),
        ("AWS::AppSync::Api", "Name: a", "fail"),
        (POOL, "Tags: {}", "fail"),
        ("AWS::AppRunner::Service", "ServiceName: a", "fail"),
        (
            "AWS::AppRunner::Service",
            "NetworkConfiguration: {IngressConfiguration: {IsPubliclyAccessible: false}}",
            "pass",
        ),
        ("AWS::EC2::VerifiedAccessInstance", "Tags: []", "fail"),
        ("AWS::Amplify::App", "Name: a", "fail"),
        ("AWS::BedrockAgentCore::Gateway", "Name: a", "fail"),
    ],
)
def test_without_association(kind, properties, expected) -> None:
    assert _verdict(kind, properties) == expected


@pytest.mark.parametrize(
    ("kind", "resource", "acl", "expected"),
    [
        (ALB, "!Ref Front", "Regional", "pass"),
        (ALB, "!GetAtt Front.LoadBalancerArn", "Regional", "pass"),
        (ALB, "!GetAtt Front.DNSName", "Regional", "fail"),
        (ALB, "!Ref Front", "Global", "fail"),
        (ALB, "!Ref Outside", "Regional", "unknown"),
        (GRAPHQL, "!GetAtt Front.Arn", "Regional", "pass"),
        (GRAPHQL, "!Sub arn:aws:appsync:eu-west-1:${AWS::AccountId}:apis/${Front.ApiId}", "Regional", "pass"),
        ("AWS::AppSync::Api", "!GetAtt Front.ApiArn", "Regional", "pass"),
        (POOL, "!GetAtt Front.Arn", "Regional", "pass"),
        (POOL, "!Ref Front", "Regional", "fail"),
        (POOL, "!Sub arn:aws:cognito-idp:eu-west-1:${AWS::AccountId}:userpool/${Front}", "Regional", "pass"),
        ("AWS::AppRunner::Service", "!GetAtt Front.ServiceArn", "Regional", "pass"),
        (
            "AWS::EC2::VerifiedAccessInstance",
            "!Sub arn:aws:ec2:eu-west-1:${AWS::AccountId}:verified-access-instance/${Front}",
            "Regional",
            "pass",
        ),
        ("AWS::Amplify::App", "!GetAtt Front.Arn", "Global", "pass"),
        ("AWS::Amplify::App", "!GetAtt Front.Arn", "Regional", "fail"),
        ("AWS::BedrockAgentCore::Gateway", "!GetAtt Front.GatewayArn", "Regional", "pass"),
    ],
)
def test_associations(kind, resource, acl, expected) -> None:
    assert _verdict(kind, resource=resource, acl=acl) == expected


def test_a_hosted_sign_in_page_is_worse_than_the_pool_alone() -> None:
    pool = TEMPLATE.replace("KIND", POOL).replace("PROPERTIES", "Tags: {}")
    domain = "  Login:\n    Type: AWS::Cognito::UserPoolDomain\n    Properties: {UserPoolId: !Ref Front, Domain: a}\n"
    assert [f.severity.value for f in findings(pool, FrontWithoutWebAcl)] == ["low"]
    assert [f.severity.value for f in findings(pool + domain, FrontWithoutWebAcl)] == ["medium"]


def test_a_written_out_arn_with_the_balancer_s_name_is_not_decided() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/NAME/50dc6c495c0c9188"
    assert _verdict(ALB, "Name: front", arn.replace("NAME", "front")) == "unknown"
    assert _verdict(ALB, "Name: front", arn.replace("NAME", "other")) == "fail"


BEHIND = """\
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Front
      DefaultActions: [DEFAULT]
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Listener
      Conditions: [{Field: http-header, HttpHeaderConfig: {HttpHeaderName: X-Origin, Values: [s]}}]
      Actions: [{Type: forward, TargetGroupArn: arn:g}]
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !GetAtt Global.Arn
        Origins:
          - {Id: a, DomainName: !GetAtt Front.DNSName, OriginCustomHeaders: [{HeaderName: SENT, HeaderValue: s}]}
"""


@pytest.mark.parametrize(
    ("default", "sent", "expected"),
    [
        ("{Type: fixed-response}", "x-origin", "pass"),
        ("{Type: fixed-response}", "x-other", "fail"),
        ("{Type: forward, TargetGroupArn: arn:g}", "x-origin", "fail"),
    ],
)
def test_behind_a_distribution_only_with_its_header(default, sent, expected) -> None:
    behind = BEHIND.replace("DEFAULT", default).replace("SENT", sent)
    template = TEMPLATE.replace("KIND", ALB).replace("PROPERTIES", "Tags: []") + behind
    assert verdicts(template, FrontWithoutWebAcl) == {("Front", ""): expected}
