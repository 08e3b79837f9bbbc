"""EDGE001 to EDGE008: what a distribution takes from people, asks of origins, and records."""

import pytest

from rules.edge_delivery.certificate_that_does_not_fit import CertificateThatDoesNotFit
from rules.edge_delivery.distribution_without_log import DistributionWithoutLog
from rules.edge_delivery.log_bucket_that_refuses_logs import LogBucketThatRefusesLogs
from rules.edge_delivery.old_tls_for_viewers import OldTlsForViewers
from rules.edge_delivery.plain_http_for_viewers import PlainHttpForViewers
from rules.edge_delivery.plain_way_to_origin import PlainWayToOrigin
from rules.edge_delivery.site_without_root_object import SiteWithoutRootObject
from rules.edge_delivery.site_without_security_headers import SiteWithoutSecurityHeaders
from tests.harness import findings, line_of, verdicts

SITE = """\
Parameters:
  Outside: {Type: String}
  Pinned: {Type: String, AllowedPattern: "^arn:aws:acm:us-east-1:[0-9]+:certificate/.+$"}
  Mode: {Type: String, AllowedValues: [a, b]}
Conditions:
  IsA: !Equals [!Ref Mode, a]
Resources:
  Pages: {Type: AWS::S3::Bucket}
  Headers:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties: {ResponseHeadersPolicyConfig: {Name: h, SecurityHeadersConfig: {FrameOptions: {FrameOption: DENY}}}}
  Cors:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties: {ResponseHeadersPolicyConfig: {Name: c, CorsConfig: {OriginOverride: true}}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: https-only DEFAULT}
        Origins:
          - {Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, S3OriginConfig: {OriginAccessIdentity: ""}}
          - {Id: shop, DomainName: shop.example.com, CustomOriginConfig: {OriginProtocolPolicy: PROTOCOL}}
"""
KEY = ("Site", "")


def site(*properties: str, default: str = "", protocol: str = "https-only", more: str = "") -> str:
    text = SITE.replace(" DEFAULT", f", {default}" if default else "").replace("PROTOCOL", protocol)
    return text + "".join(f"        {one}\n" for one in properties) + more


BEHAVIOR = "CacheBehaviors: [{PathPattern: /api/*, TargetOriginId: shop, ViewerProtocolPolicy: POLICY}]"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("allow-all", "fail"),
        ("https-only", "pass"),
        ("redirect-to-https", "pass"),
        ("!Ref Outside", "unknown"),
        ("!If [IsA, https-only, allow-all]", "fail"),
        ("!If [IsA, https-only, redirect-to-https]", "pass"),
    ],
)
def test_each_behaviour_is_judged(policy, expected) -> None:
    found = verdicts(site(BEHAVIOR.replace("POLICY", policy)), PlainHttpForViewers)
    assert found == {("Site", "the default behavior"): "pass", ("Site", "behavior /api/*"): expected}


def test_a_disabled_distribution_answers_nobody() -> None:
    template = site(BEHAVIOR.replace("POLICY", "allow-all")).replace("Enabled: true", "Enabled: false")
    rules = (PlainHttpForViewers, OldTlsForViewers, DistributionWithoutLog, SiteWithoutRootObject)
    assert [verdicts(template, rule) for rule in rules] == [{}, {}, {}, {}]


OWN = "AcmCertificateArn: arn:aws:acm:us-east-1:1:certificate/a"


@pytest.mark.parametrize(
    ("certificate", "expected", "severity"),
    [
        ("", "fail", "low"),
        (
            "ViewerCertificate: {CloudFrontDefaultCertificate: true, MinimumProtocolVersion: TLSv1.2_2021}",
            "fail",
            "low",
        ),
        (f"ViewerCertificate: {{{OWN}}}", "fail", "medium"),
        (f"ViewerCertificate: {{{OWN}, MinimumProtocolVersion: TLSv1.1_2016}}", "fail", "medium"),
        (f"ViewerCertificate: {{{OWN}, MinimumProtocolVersion: TLSv1.2_2018}}", "pass", "medium"),
        (f"ViewerCertificate: {{{OWN}, MinimumProtocolVersion: TLSv1.3_2025}}", "pass", "medium"),
        (f"ViewerCertificate: {{{OWN}, MinimumProtocolVersion: !Ref Outside}}", "unknown", "medium"),
    ],
)
def test_oldest_tls(certificate, expected, severity) -> None:
    (finding,) = findings(site(certificate), OldTlsForViewers)
    assert (finding.verdict.value, finding.severity.value) == (expected, severity)


@pytest.mark.parametrize(
    ("protocol", "behavior", "expected"),
    [
        ("https-only", "https-only", "pass"),
        ("http-only", "https-only", "fail"),
        ("match-viewer", "https-only", "pass"),
        ("match-viewer", "allow-all", "fail"),
        ("!Ref Outside", "https-only", "unknown"),
    ],
)
def test_the_way_to_an_origin(protocol, behavior, expected) -> None:
    template = site(BEHAVIOR.replace("POLICY", behavior), protocol=protocol)
    assert verdicts(template, PlainWayToOrigin) == {("Site", "origin shop"): expected}


def test_a_website_endpoint_is_left_to_the_rule_for_buckets() -> None:
    template = site(protocol="http-only").replace("shop.example.com", "shop.s3-website-eu-west-1.amazonaws.com")
    assert verdicts(template, PlainWayToOrigin) == {}


ALIASES = "Aliases: [shop.example.com]"
ACL = "  Acl: {Type: AWS::WAFv2::WebACL, Properties: {Scope: CLOUDFRONT, DefaultAction: {Block: {}}}}\n"
MADE = """\
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties: {DomainName: example.com, SubjectAlternativeNames: [NAME]}
"""


@pytest.mark.parametrize(
    ("arn", "more", "expected"),
    [
        ("arn:aws:acm:us-east-1:1:certificate/a", "", "pass"),
        ("arn:aws:acm:eu-west-1:1:certificate/a", "", "fail"),
        ("!Sub 'arn:aws:acm:${AWS::Region}:1:certificate/a'", "", "unknown"),
        ("!Ref Outside", "", "unknown"),
        ("!Ref Pinned", "", "pass"),
        ("!Ref Certificate", MADE.replace("NAME", "shop.example.com"), "unknown"),
        ("!Ref Certificate", MADE.replace("NAME", "shop.example.com") + ACL, "pass"),
        ("!Ref Certificate", MADE.replace("NAME", "www.example.com") + ACL, "fail"),
    ],
)
def test_the_certificate_fits(arn, more, expected) -> None:
    template = site(ALIASES, f"ViewerCertificate: {{AcmCertificateArn: {arn}}}", more=more)
    assert verdicts(template, CertificateThatDoesNotFit) == {KEY: expected}


def test_names_without_a_certificate() -> None:
    (finding,) = findings(site(ALIASES), CertificateThatDoesNotFit)
    message = "Site has names of its own (shop.example.com) and no certificate for them"
    assert (finding.verdict.value, finding.message) == ("fail", message)
    assert verdicts(site(), CertificateThatDoesNotFit) == {}
    assert verdicts(site(ALIASES, "ViewerCertificate: {IamCertificateId: a}"), CertificateThatDoesNotFit) == {}


def test_a_rule_of_the_template_asserts_the_region() -> None:
    rules = "Rules: {Here: {Assertions: [{Assert: !Equals [!Ref AWS::Region, us-east-1]}]}}\n"
    template = rules + site(
        ALIASES,
        "ViewerCertificate: {AcmCertificateArn: !Ref Certificate}",
        more=MADE.replace("NAME", "'*.example.com'"),
    )
    assert verdicts(template, CertificateThatDoesNotFit) == {KEY: "pass"}


RUNS = "FunctionAssociations: [{EventType: EVENT, FunctionARN: arn}]"


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ("", "fail"),
        ("ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d03", "pass"),
        ("ResponseHeadersPolicyId: 5cc3b908-e619-4b99-88e5-2cf7f45965bd", "fail"),
        ("ResponseHeadersPolicyId: !Ref Headers", "pass"),
        ("ResponseHeadersPolicyId: !Ref Cors", "fail"),
        ("ResponseHeadersPolicyId: !Ref Outside", "unknown"),
        (RUNS.replace("EVENT", "viewer-response"), "unknown"),
        (RUNS.replace("EVENT", "viewer-request"), "fail"),
    ],
)
def test_security_headers(default, expected) -> None:
    assert verdicts(site(default=default), SiteWithoutSecurityHeaders) == {KEY: expected}


def test_what_is_no_site_needs_no_headers_and_no_root_object() -> None:
    api = site().replace("TargetOriginId: pages", "TargetOriginId: shop")
    assert [verdicts(api, rule) for rule in (SiteWithoutSecurityHeaders, SiteWithoutRootObject)] == [{}, {}]


V2 = """\
  Source: {Type: AWS::Logs::DeliverySource, Properties: {Name: s, ResourceArn: !Sub "arn:aws:cloudfront::1:/${Site}"}}
"""
DELIVERY = "  Send: {Type: AWS::Logs::Delivery, Properties: {DeliverySourceName: s, DeliveryDestinationArn: arn}}\n"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (site(), "fail"),
        (site("Logging: {Bucket: logs.s3.amazonaws.com}"), "pass"),
        (site("Logging: {Bucket: ''}"), "fail"),
        (site(more=V2 + DELIVERY), "pass"),
        (site(more=V2), "fail"),
        (site(default="RealtimeLogConfigArn: arn"), "pass"),
    ],
)
def test_access_log(template, expected) -> None:
    assert verdicts(template, DistributionWithoutLog) == {KEY: expected}


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        ("{Type: AWS::S3::Bucket}", "fail"),
        (
            "{Type: AWS::S3::Bucket, Properties: {OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}}}",
            "pass",
        ),
    ],
)
def test_the_bucket_takes_access_control_lists(bucket, expected) -> None:
    template = site("Logging: {Bucket: !GetAtt Logs.DomainName}", more=f"  Logs: {bucket}\n")
    assert verdicts(template, LogBucketThatRefusesLogs) == {KEY: expected}


def test_the_bucket_is_mended_not_the_distribution() -> None:
    template = site("Logging: {Bucket: !GetAtt Logs.DomainName}", more="  Logs: {Type: AWS::S3::Bucket}\n")
    (finding,) = findings(template, LogBucketThatRefusesLogs)
    assert finding.fix.startswith("set OwnershipControls on Logs (OwnershipControls: {Rules: [")
    assert finding.span.line == line_of(template, "Logging:")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (site("DefaultRootObject: index.html"), "pass"),
        (site("DefaultRootObject: /index.html"), "fail"),
        (site("DefaultRootObject: ''"), "fail"),
        (site(), "fail"),
        (site(default=RUNS.replace("EVENT", "viewer-request")), "unknown"),
        (site("CustomErrorResponses: [{ErrorCode: 403, ResponseCode: 200, ResponsePagePath: /index.html}]"), "pass"),
        (site("CustomErrorResponses: [{ErrorCode: 403, ErrorCachingMinTTL: 5}]"), "fail"),
        (site("CustomErrorResponses: [{ErrorCode: 503, ResponsePagePath: /sorry.html}]"), "fail"),
    ],
)
def test_root_object(template, expected) -> None:
    assert verdicts(template, SiteWithoutRootObject) == {KEY: expected}
