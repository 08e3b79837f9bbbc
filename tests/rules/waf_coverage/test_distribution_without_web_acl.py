"""WAF002: what WebACLId may name, tenants, Firewall Manager."""

import pytest

from rules.waf_coverage.distribution_without_web_acl import DistributionWithoutWebAcl
from tests.harness import findings, line_of, verdicts

BASE = """\
Parameters:
  Outside: {Type: String}
  Empty: {Type: String, Default: ""}
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: CLOUDFRONT, DefaultAction: {Block: {}}}
  Regional:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Block: {}}}
  Classic:
    Type: AWS::WAF::WebACL
    Properties: {Name: c}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
"""
SITE = ("Site", "")


@pytest.mark.parametrize(
    ("acl", "expected"),
    [
        ("!GetAtt Acl.Arn", "pass"),
        ("!Ref Outside", "pass"),
        ("!ImportValue acl", "pass"),
        ("!Ref Empty", "fail"),
        ("''", "fail"),
        ("!Ref AWS::NoValue", "fail"),
        ("!Ref Acl", "fail"),
        ("!GetAtt Regional.Arn", "fail"),
        ("!Ref Classic", "fail"),
        ("473e64fd-f30b-4765-81a0-62ad96dd167a", "fail"),
        ("arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/473e64fd", "pass"),
        ("arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/473e64fd", "fail"),
        ("a-text", "unknown"),
    ],
)
def test_web_acl_id(acl, expected) -> None:
    assert verdicts(f"{BASE}        WebACLId: {acl}\n", DistributionWithoutWebAcl) == {SITE: expected}


def test_none_at_all_is_reported_at_the_logical_id() -> None:
    (finding,) = findings(BASE, DistributionWithoutWebAcl)
    assert (finding.message, finding.span.line) == ("Site has no web ACL", line_of(BASE, "  Site:"))
    assert finding.fix == "set DistributionConfig.WebACLId of Site to the ARN of a web ACL with Scope: CLOUDFRONT"


def test_a_disabled_distribution_answers_nobody() -> None:
    assert verdicts(BASE.replace("Enabled: true", "Enabled: false"), DistributionWithoutWebAcl) == {SITE: "pass"}


TENANT = """\
  Tenant:
    Type: AWS::CloudFront::DistributionTenant
    Properties:
      DistributionId: !Ref Site
      Name: t
      Domains: [t.example.com]
      Customizations: {WebAcl: SETTING}
"""


@pytest.mark.parametrize(
    ("setting", "tenant"),
    [
        ("{Action: disable}", "fail"),
        ("{Action: override, Arn: !GetAtt Acl.Arn}", "pass"),
        ("{Action: override, Arn: !Ref Acl}", "fail"),
    ],
)
def test_tenants(setting, tenant) -> None:
    template = f"{BASE}        WebACLId: !GetAtt Acl.Arn\n" + TENANT.replace("SETTING", setting)
    assert verdicts(template, DistributionWithoutWebAcl) == {SITE: "pass", ("Tenant", ""): tenant}


def test_a_tenant_that_sets_nothing_inherits() -> None:
    template = f"{BASE}        WebACLId: !GetAtt Acl.Arn\n" + TENANT.replace("WebAcl: SETTING", "")
    assert verdicts(template, DistributionWithoutWebAcl) == {SITE: "pass"}


def test_a_distribution_for_tenants_only_needs_none_when_each_has_its_own() -> None:
    only = BASE + "        ConnectionMode: tenant-only\n"
    own = TENANT.replace("SETTING", "{Action: override, Arn: !GetAtt Acl.Arn}")
    assert verdicts(only + own, DistributionWithoutWebAcl)[SITE] == "pass"
    assert verdicts(only, DistributionWithoutWebAcl)[SITE] == "fail"


def test_firewall_manager_covers() -> None:
    policy = """\
  Managed:
    Type: AWS::FMS::Policy
    Properties:
      ResourceType: AWS::CloudFront::Distribution
      RemediationEnabled: true
      SecurityServicePolicyData: {Type: WAFV2}
"""
    assert verdicts(BASE + policy, DistributionWithoutWebAcl) == {SITE: "pass"}
