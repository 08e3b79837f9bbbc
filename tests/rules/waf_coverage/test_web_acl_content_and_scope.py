"""WAF005, WAF006, WAF007: what an ACL does, what associations name, and scopes."""

import pytest

from rules.waf_coverage.web_acl_of_wrong_scope import WebAclOfWrongScope
from rules.waf_coverage.web_acl_that_protects_nothing import WebAclThatProtectsNothing
from rules.waf_coverage.web_acl_without_basic_rules import WebAclWithoutBasicRules
from tests.harness import findings, line_of, verdicts

ACL = """\
Parameters:
  Outside: {Type: String}
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {DEFAULT: {}}
      RULES
  Group:
    Type: AWS::WAFv2::RuleGroup
    Properties:
      Scope: REGIONAL
      Rules: [{Name: inner, Action: {INNER: {}}}]
"""
MANAGED = "{Name: m, OverrideAction: {%s: {}}, Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: C}}}"
GROUP = "{Name: g, OverrideAction: {%s: {}}, Statement: {RuleGroupReferenceStatement: {Arn: %s}}}"


def _content(rules: str, default: str = "Allow", inner: str = "Block") -> str:
    template = ACL.replace("DEFAULT", default).replace("RULES", rules).replace("INNER", inner)
    return verdicts(template, WebAclThatProtectsNothing)["Acl", ""]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("Description: none", "fail"),
        ("Rules: []", "fail"),
        ("Rules: [{Name: a, Action: {Count: {}}}]", "fail"),
        ("Rules: [{Name: a, Action: {Allow: {}}}]", "fail"),
        ("Rules: [{Name: a, Action: {Count: {}}}, {Name: b, Action: {Block: {}}}]", "pass"),
        ("Rules: [{Name: a, Action: {Captcha: {}}}]", "pass"),
        ("Rules: [{Name: a, Action: {Challenge: {}}}]", "pass"),
        (f"Rules: [{MANAGED % 'None'}]", "pass"),
        (f"Rules: [{MANAGED % 'Count'}]", "fail"),
        (f"Rules: [{GROUP % ('None', '!GetAtt Group.Arn')}]", "pass"),
        (f"Rules: [{GROUP % ('Count', '!GetAtt Group.Arn')}]", "fail"),
        (f"Rules: [{GROUP % ('None', '!Ref Outside')}]", "unknown"),
        ("Rules: !Ref Outside", "unknown"),
    ],
)
def test_content(rules, expected) -> None:
    assert _content(rules) == expected


def test_default_block_protects_and_a_group_that_counts_does_not() -> None:
    assert _content("Description: none", default="Block") == "pass"
    assert _content(f"Rules: [{GROUP % ('None', '!GetAtt Group.Arn')}]", inner="Count") == "fail"


@pytest.mark.parametrize(
    ("overrides", "inner", "expected"),
    [
        ("RuleActionOverrides: [{Name: inner, ActionToUse: {Count: {}}}]", "Block", "fail"),
        ("RuleActionOverrides: [{Name: other, ActionToUse: {Count: {}}}]", "Block", "pass"),
        ("RuleActionOverrides: [{Name: inner, ActionToUse: {Block: {}}}]", "Count", "pass"),
        ("RuleActionOverrides: [{Name: inner, ActionToUse: !Ref Outside}]", "Block", "unknown"),
        ("ExcludedRules: [{Name: inner}]", "Block", "fail"),
    ],
)
def test_overrides_of_a_group_s_rules(overrides, inner, expected) -> None:
    group = GROUP.replace("Arn: %s}", f"Arn: %s, {overrides}}}") % ("None", "!GetAtt Group.Arn")
    assert _content(f"Rules: [{group}]", inner=inner) == expected


def test_only_counting_is_named_at_the_rules() -> None:
    template = ACL.replace("DEFAULT", "Allow").replace("RULES", "Rules: [{Name: a, Action: {Count: {}}}]")
    found = next(f for f in findings(template, WebAclThatProtectsNothing) if f.resource == "Acl")
    assert found.message == "Acl protects nothing: its rules stop nothing: a does Count"
    assert found.span.line == line_of(template, "Name: a")


ASSOCIATION = """\
Parameters:
  Outside: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: Prod}
  Http:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: h, ProtocolType: HTTP}
  Network:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: network}
  App:
    Type: AWS::Amplify::App
    Properties: {Name: a}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {Enabled: true}}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: SCOPE, DefaultAction: {Block: {}}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: RESOURCE
      WebACLArn: NAMED
"""
PROD = "!Sub arn:aws:apigateway:eu-west-1::/restapis/${Api}/stages/Prod"


def _association(resource: str = PROD, acl: str = "!GetAtt Acl.Arn", scope: str = "REGIONAL") -> str:
    return ASSOCIATION.replace("RESOURCE", resource).replace("NAMED", acl).replace("SCOPE", scope)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (PROD, "pass"),
        (PROD.replace("Prod", "prod"), "fail"),
        ("!Sub arn:aws:apigateway:eu-west-1::/restapis/${Api}", "fail"),
        ("!Ref Live", "fail"),
        ("!Ref Api", "fail"),
        ("!Ref NotThere", "fail"),
        ("!Sub arn:aws:apigateway:eu-west-1::/apis/${Http}/stages/$default", "fail"),
        ("!Ref Network", "fail"),
        ("!Sub arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}", "fail"),
        ("arn:aws:execute-api:eu-west-1:123456789012:abc/prod", "fail"),
        ("arn:aws:apigateway:eu-west-1::/restapis/abc/stages/prod", "pass"),
        ("!GetAtt App.Arn", "pass"),
        ("!Ref Outside", "unknown"),
    ],
)
def test_what_an_association_names(resource, expected) -> None:
    found = verdicts(_association(resource), WebAclThatProtectsNothing)
    assert found["Association", "its resource"] == expected


@pytest.mark.parametrize(
    ("acl", "expected"),
    [
        ("!GetAtt Acl.Arn", "pass"),
        ("!Ref Acl", "fail"),
        ("!Ref NotThere", "fail"),
        ("!Ref Outside", "unknown"),
        ("arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/1", "unknown"),
    ],
)
def test_which_web_acl_an_association_names(acl, expected) -> None:
    assert verdicts(_association(acl=acl), WebAclThatProtectsNothing)["Association", "its web ACL"] == expected


def test_a_stage_that_is_not_there_is_named_with_those_that_are() -> None:
    template = _association(PROD.replace("Prod", "prod"))
    found = next(f for f in findings(template, WebAclThatProtectsNothing) if f.verdict == "fail")
    assert (
        found.message == "Association is an association with nothing: it names stage prod of Api, which has Prod only"
    )
    assert found.span.line == line_of(template, "ResourceArn:")


@pytest.mark.parametrize(
    ("resource", "scope", "expected"),
    [
        (PROD, "REGIONAL", "pass"),
        (PROD, "CLOUDFRONT", "fail"),
        ("!GetAtt App.Arn", "CLOUDFRONT", "pass"),
        ("!GetAtt App.Arn", "REGIONAL", "fail"),
        ("arn:aws:amplify:eu-west-1:123456789012:apps/a", "REGIONAL", "fail"),
    ],
)
def test_scope(resource, scope, expected) -> None:
    assert verdicts(_association(resource, scope=scope), WebAclOfWrongScope) == {("Association", ""): expected}


@pytest.mark.parametrize(
    ("acl", "expected"),
    [("!GetAtt Acl.Arn", "pass"), ("!ImportValue acl", "unknown"), ("!Ref Acl", "-")],
)
def test_scope_of_a_distribution(acl, expected) -> None:
    template = _association(scope="CLOUDFRONT", resource="!GetAtt App.Arn")
    template = template.replace("{Enabled: true}", f"{{Enabled: true, WebACLId: {acl}}}")
    assert verdicts(template, WebAclOfWrongScope).get(("Site", ""), "-") == expected


RATE = "{Name: r, Action: {Block: {}}, Statement: {RateBasedStatement: {Limit: 100}}}"
LOG = "  Log:\n    Type: AWS::WAFv2::LoggingConfiguration\n    Properties: {ResourceArn: !GetAtt Acl.Arn}\n"


@pytest.mark.parametrize(
    ("rules", "log", "message"),
    [
        (f"[{RATE}, {MANAGED % 'None'}]", LOG, "Acl has a rate limit, managed rules and a log"),
        (f"[{RATE}, {MANAGED % 'None'}]", "", "Acl has no logging"),
        (f"[{RATE}]", LOG, "Acl has no managed rules"),
        ("[]", "", "Acl has no rate-based rule and no managed rules and no logging"),
    ],
)
def test_basic_rules(rules, log, message) -> None:
    template = ACL.replace("DEFAULT", "Allow").replace("RULES", f"Rules: {rules}").replace("INNER", "Block") + log
    assert [f.message for f in findings(template, WebAclWithoutBasicRules)] == [message]


def test_a_stage_of_an_api_from_outside_is_named_by_the_same_input() -> None:
    template = """\
Parameters: {ApiId: {Type: String}, OtherId: {Type: String}}
Resources:
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref ApiId, StageName: prod}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub arn:aws:apigateway:eu-west-1::/restapis/${ID}/stages/${Live}
      WebACLArn: arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/1
"""

    def verdict(name: str) -> str:
        found = verdicts(template.replace("${ID}", f"${{{name}}}"), WebAclThatProtectsNothing)
        return found["Association", "its resource"]

    assert (verdict("ApiId"), verdict("OtherId")) == ("pass", "unknown")


REFUSED = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Cors: {AllowOrigin: "'*'", AllowCredentials: true}
      DefinitionBody: {openapi: 3.0.1, paths: {}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: !ImportValue acl
      ResourceArn: !Sub arn:aws:apigateway:eu-west-1::/restapis/${API}/stages/prod
"""


@pytest.mark.parametrize("api", ["Api", "ApiprodStage", "ServerlessRestApi"])
def test_what_sam_refuses_is_not_missing(api) -> None:
    found = findings(REFUSED.replace("${API}", f"${{{api}}}"), WebAclThatProtectsNothing)
    (finding,) = (one for one in found if one.target == "its resource")
    assert finding.verdict.value == "unknown"
    assert finding.missing[0].key == "sam:Api"
