"""EDGE009 and EDGE010: DNS records and Amplify branches."""

import pytest

from rules.edge_delivery.record_that_leads_astray import RecordThatLeadsAstray
from rules.edge_delivery.unfinished_site_open_to_everyone import UnfinishedSiteOpenToEveryone
from tests.harness import findings, verdicts

RECORD = """\
Parameters:
  Name: {Type: String}
  Other: {Type: String}
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {Enabled: true, Aliases: [@ALIAS@]}}
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: api.example.com}
  Address:
    Type: AWS::Route53::RecordSet
    Properties:
      {HostedZoneName: example.com., Name: @NAME@, Type: A, AliasTarget: {DNSName: @DNS@, HostedZoneId: @ZONE@}}
"""
KEY = ("Address", "")
CLOUDFRONT = "Z2FDTNDATAQYW2"


def record(name: str, dns: str, zone: str, alias: str = "shop.example.com") -> str:
    return RECORD.replace("@NAME@", name).replace("@DNS@", dns).replace("@ZONE@", zone).replace("@ALIAS@", alias)


@pytest.mark.parametrize(
    ("name", "zone", "alias", "expected"),
    [
        ("shop.example.com", CLOUDFRONT, "shop.example.com", "pass"),
        ("shop.example.com.", CLOUDFRONT, "Shop.example.com", "pass"),
        ("shop.example.com", CLOUDFRONT, "'*.example.com'", "pass"),
        ("a.shop.example.com", CLOUDFRONT, "'*.example.com'", "fail"),
        ("www.example.com", CLOUDFRONT, "shop.example.com", "fail"),
        ("shop.example.com", "Z35SXDOTRQ7X7K", "shop.example.com", "fail"),
        ("!Ref Name", CLOUDFRONT, "!Ref Name", "pass"),
        ("!Ref Name", CLOUDFRONT, "!Ref Other", "unknown"),
        ('!Sub "www.${Name}"', CLOUDFRONT, '!Sub "www.${Name}"', "pass"),
    ],
)
def test_an_alias_to_a_distribution(name, zone, alias, expected) -> None:
    template = record(name, "!GetAtt Site.DomainName", zone, alias)
    assert verdicts(template, RecordThatLeadsAstray) == {KEY: expected}


@pytest.mark.parametrize(
    ("name", "dns", "zone", "expected"),
    [
        ("api.example.com", "Domain.RegionalDomainName", "!GetAtt Domain.RegionalHostedZoneId", "pass"),
        ("api.example.com", "Domain.RegionalDomainName", "!GetAtt Domain.DistributionHostedZoneId", "fail"),
        ("api.example.com", "Domain.RegionalDomainName", CLOUDFRONT, "fail"),
        ("api.example.com", "Domain.DistributionDomainName", CLOUDFRONT, "pass"),
        ("www.example.com", "Domain.RegionalDomainName", "!GetAtt Domain.RegionalHostedZoneId", "fail"),
    ],
)
def test_an_alias_to_the_domain_of_an_api(name, dns, zone, expected) -> None:
    assert verdicts(record(name, f"!GetAtt {dns}", zone), RecordThatLeadsAstray) == {KEY: expected}


def test_a_website_has_the_name_of_its_bucket() -> None:
    template = record("www.example.com", "s3-website-eu-west-1.amazonaws.com", "Z1BKCTXD74EZPE")
    (finding,) = findings(template, RecordThatLeadsAstray)
    assert finding.verdict.value == "unknown"
    assert "whoever makes one of that name answers" in finding.message
    bucket = "  Www: {Type: AWS::S3::Bucket, Properties: {BucketName: www.example.com}}\n"
    assert verdicts(template + bucket, RecordThatLeadsAstray) == {KEY: "pass"}


def test_an_execute_api_address_answers_to_no_other_name() -> None:
    template = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  Names:
    Type: AWS::Route53::RecordSetGroup
    Properties:
      HostedZoneName: example.com.
      RecordSets:
        - Name: a.example.com
          Type: CNAME
          ResourceRecords: [!Sub "${Api}.execute-api.${AWS::Region}.amazonaws.com"]
        - {Name: b.example.com, Type: CNAME, TTL: 60, ResourceRecords: [elsewhere.example.net]}
"""
    assert verdicts(template, RecordThatLeadsAstray) == {("Names", "record 1"): "fail"}


BRANCH = """\
Parameters: {Locked: {Type: String}}
Resources:
  App: {Type: AWS::Amplify::App, Properties: {Name: a APP}}
  Draft: {Type: AWS::Amplify::Branch, Properties: {AppId: !GetAtt App.AppId, BranchName: d BRANCH}}
"""
ON = "BasicAuthConfig: {EnableBasicAuth: true, Username: u, Password: p}"


@pytest.mark.parametrize(
    ("app", "branch", "expected"),
    [
        ("", "", {}),
        ("", "Stage: PRODUCTION", {}),
        ("", "Stage: DEVELOPMENT", {("Draft", ""): "fail"}),
        ("", "EnablePullRequestPreview: true", {("Draft", ""): "fail"}),
        ("", f"Stage: DEVELOPMENT, {ON}", {("Draft", ""): "pass"}),
        (ON, "Stage: BETA", {("Draft", ""): "pass"}),
        ("", "Stage: BETA, BasicAuthConfig: {EnableBasicAuth: !Ref Locked}", {("Draft", ""): "unknown"}),
        (
            "AutoBranchCreationConfig: {EnableAutoBranchCreation: true}",
            "",
            {("App", "branches made by the app"): "fail"},
        ),
        (
            f"AutoBranchCreationConfig: {{EnableAutoBranchCreation: true, {ON}}}",
            "",
            {("App", "branches made by the app"): "pass"},
        ),
    ],
)
def test_branches_that_are_not_for_production(app, branch, expected) -> None:
    template = BRANCH.replace(" APP", f", {app}" if app else "").replace(" BRANCH", f", {branch}" if branch else "")
    assert verdicts(template, UnfinishedSiteOpenToEveryone) == expected
