"""TIER006 beyond its examples: doors to the bucket, and who else may read it."""

import pytest

from rules.tier_separation.site_served_around_distribution import SiteServedAroundDistribution
from tests.harness import findings, verdicts
from validator.model import Severity, Verdict

TEMPLATE = """\
Parameters:
  Id: {Type: String}
Resources:
  Site:
    Type: AWS::S3::Bucket
    Properties: {BucketName: site-bucket}
  Identity: {Type: AWS::CloudFront::CloudFrontOriginAccessIdentity}
  Signs:
    Type: AWS::CloudFront::OriginAccessControl
    Properties: {OriginAccessControlConfig: {SigningBehavior: always}}
  Never:
    Type: AWS::CloudFront::OriginAccessControl
    Properties: {OriginAccessControlConfig: {SigningBehavior: never}}
  Web:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior: {TargetOriginId: o, ViewerProtocolPolicy: https-only}
        Origins:
          - Id: o
            DomainName: DOMAIN
            ACCESS
"""


def origin(domain: str, access: str) -> dict[tuple[str, str], str]:
    found = verdicts(TEMPLATE.replace("DOMAIN", domain).replace("ACCESS", access), SiteServedAroundDistribution)
    return {key: value for key, value in found.items() if key[0] == "Web"}


REGIONAL = "!GetAtt Site.RegionalDomainName"


@pytest.mark.parametrize(
    ("domain", "access", "verdict"),
    [
        (REGIONAL, "OriginAccessControlId: E1", "pass"),
        (REGIONAL, "OriginAccessControlId: !GetAtt Signs.Id", "pass"),
        (REGIONAL, "OriginAccessControlId: !Ref Never", "fail"),
        (
            REGIONAL,
            "S3OriginConfig: {OriginAccessIdentity: !Sub 'origin-access-identity/cloudfront/${Identity}'}",
            "pass",
        ),
        (REGIONAL, "S3OriginConfig: {OriginAccessIdentity: ''}", "fail"),
        (REGIONAL, "S3OriginConfig: {}", "fail"),
        ("!GetAtt Site.DomainName", "S3OriginConfig: {}", "fail"),
        ("!Sub '${Site}.s3.${AWS::Region}.amazonaws.com'", "S3OriginConfig: {}", "fail"),
        ("site-bucket.s3.eu-west-1.amazonaws.com", "S3OriginConfig: {}", "fail"),
        (REGIONAL, "OriginAccessControlId: !Ref Id", "unknown"),
        (
            "!Sub '${Site}.s3-website-eu-west-1.amazonaws.com'",
            "CustomOriginConfig: {OriginProtocolPolicy: http-only}",
            "fail",
        ),
        ("!Select [2, !Split ['/', !GetAtt Site.WebsiteURL]]", "CustomOriginConfig: {}", "fail"),
        ("other-bucket.s3.amazonaws.com", "S3OriginConfig: {}", "fail"),
        ("other-bucket.s3.amazonaws.com", "S3OriginConfig: {OriginAccessIdentity: origin-access-identity/x}", "pass"),
        ("api.example.com", "CustomOriginConfig: {OriginProtocolPolicy: https-only}", None),
    ],
)
def test_doors(domain: str, access: str, verdict: str | None) -> None:
    assert origin(domain, access) == ({} if verdict is None else {("Web", "origin o"): verdict})


POLICY = (
    TEMPLATE.replace("DOMAIN", REGIONAL).replace("ACCESS", "OriginAccessControlId: E1")
    + """\
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Site
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: PRINCIPAL
            Action: s3:GetObject
            Resource: !Sub ${Site.Arn}/*
            CONDITION
"""
)
CLOUDFRONT = "{Service: cloudfront.amazonaws.com}"
ONE = "!Sub 'arn:aws:cloudfront::${AWS::AccountId}:distribution/${Web}'"


@pytest.mark.parametrize(
    ("principal", "condition", "verdict", "severity"),
    [
        (CLOUDFRONT, f"Condition: {{StringEquals: {{AWS:SourceArn: {ONE}}}}}", "pass", Severity.MEDIUM),
        (
            CLOUDFRONT,
            "Condition: {StringEquals: {AWS:SourceArn: 'arn:aws:cloudfront::111122223333:distribution/E1'}}",
            "pass",
            Severity.MEDIUM,
        ),
        (CLOUDFRONT, "Sid: A", "fail", Severity.MEDIUM),
        (CLOUDFRONT, "Condition: {StringEquals: {AWS:SourceAccount: !Ref AWS::AccountId}}", "fail", Severity.LOW),
        (
            CLOUDFRONT,
            "Condition: {ArnLike: {AWS:SourceArn: 'arn:aws:cloudfront::111122223333:distribution/*'}}",
            "fail",
            Severity.LOW,
        ),
        (CLOUDFRONT, "Condition: {StringEquals: {AWS:SourceArn: !Ref Id}}", "unknown", Severity.MEDIUM),
        ('"*"', "Sid: A", "fail", Severity.LOW),
        ('"*"', f"Condition: {{StringEquals: {{AWS:SourceArn: {ONE}}}}}", "pass", Severity.MEDIUM),
    ],
)
def test_who_else_may_read(principal: str, condition: str, verdict: str, severity: Severity) -> None:
    text = POLICY.replace("PRINCIPAL", principal).replace("CONDITION", condition)
    (finding,) = [f for f in findings(text, SiteServedAroundDistribution) if f.resource == "Policy"]
    assert (finding.verdict.value, finding.severity) == (verdict, severity)


def test_a_role_that_deploys_the_site_is_nobody_s_door() -> None:
    text = POLICY.replace("PRINCIPAL", "{AWS: 'arn:aws:iam::111122223333:role/deploy'}").replace(
        "CONDITION", "Sid: A"
    )
    assert [f for f in findings(text, SiteServedAroundDistribution) if f.resource == "Policy"] == []


@pytest.mark.parametrize(
    ("properties", "verdict"),
    [
        ("AccessControl: PublicRead", Verdict.FAIL),
        ("AccessControl: Private", Verdict.PASS),
        ("Tags: []", Verdict.PASS),
    ],
)
def test_acl_of_a_site(properties: str, verdict: Verdict) -> None:
    text = f"""\
Resources:
  Site:
    Type: AWS::S3::Bucket
    Properties:
      WebsiteConfiguration: {{IndexDocument: index.html}}
      {properties}
"""
    (finding,) = findings(text, SiteServedAroundDistribution)
    assert finding.verdict is verdict
