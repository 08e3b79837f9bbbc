"""TIER005 beyond its examples: blocks, ACLs, and who ``*`` is under which condition."""

import pytest

from rules.tier_separation.bucket_open_to_everyone import BucketOpenToEveryone
from tests.harness import findings, line_of, verdicts
from validator.model import Severity, Verdict

BUCKET = """\
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: uploads
      {properties}
"""

OFF = "{BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false}"
ON = "{BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}"
OWNED = "OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("Tags: []", {"public access block": "pass"}),
        (f"PublicAccessBlockConfiguration: {ON}", {"public access block": "pass"}),
        (f"PublicAccessBlockConfiguration: {OFF}", {"public access block": "fail"}),
        ("PublicAccessBlockConfiguration: {BlockPublicAcls: true}", {"public access block": "fail"}),
        ("AccessControl: Private", {"public access block": "pass", "ACL": "pass"}),
        ("AccessControl: LogDeliveryWrite", {"public access block": "pass", "ACL": "pass"}),
        ("AccessControl: AwsExecRead", {"public access block": "pass", "ACL": "pass"}),
        ("AccessControl: PublicRead", {"public access block": "pass", "ACL": "fail"}),
        ("AccessControl: AuthenticatedRead", {"public access block": "pass", "ACL": "fail"}),
        # A bucket that only serves a site is not judged here.
        ("WebsiteConfiguration: {IndexDocument: index.html}", {}),
    ],
)
def test_switches_and_acls(properties: str, expected: dict[str, str]) -> None:
    found = verdicts(BUCKET.format(properties=properties), BucketOpenToEveryone)
    assert {target: verdict for (_, target), verdict in found.items()} == expected


def test_acl_that_counts_is_high_and_one_that_deployment_refuses_is_low() -> None:
    live = BUCKET.format(
        properties=f"AccessControl: PublicReadWrite\n      {OWNED}\n      PublicAccessBlockConfiguration: {OFF}"
    )
    dead = BUCKET.format(properties="AccessControl: PublicReadWrite")
    severities = [
        [f.severity for f in findings(template, BucketOpenToEveryone) if f.target == "ACL"]
        for template in (live, dead)
    ]
    assert severities == [[Severity.CRITICAL], [Severity.LOW]]
    (finding,) = [f for f in findings(dead, BucketOpenToEveryone) if f.target == "ACL"]
    assert finding.message == (
        "Uploads holds data and its ACL PublicReadWrite opens it to everyone; "
        "as it stands, deployment refuses the ACL"
    )
    assert finding.span.line == line_of(dead, "AccessControl")


POLICY = """\
Parameters:
  Vpce: {{Type: String}}
  Pattern: {{Type: String}}
Resources:
  Uploads:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {principal}
            Action: {action}
            Resource: !Sub ${{Uploads.Arn}}/*
            {more}
"""


def policy(principal: str = '"*"', action: str = "s3:GetObject", more: str = "Sid: A") -> str:
    return POLICY.format(principal=principal, action=action, more=more)


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("{StringEquals: {aws:SourceVpce: vpce-1a2b3c4d}}", "pass"),
        ("{StringEquals: {AWS:SourceVpc: vpc-1}}", "pass"),
        ("{StringLike: {aws:SourceVpc: 'vpc-*'}}", "fail"),
        ("{StringEquals: {aws:PrincipalOrgID: o-1}}", "pass"),
        ("{'ForAnyValue:StringLike': {aws:PrincipalOrgPaths: o-1/r-1/ou-1}}", "pass"),
        ("{'ForAllValues:StringEquals': {aws:PrincipalOrgID: o-1}}", "fail"),
        ("{StringEqualsIfExists: {aws:SourceVpce: vpce-1}}", "fail"),
        ("{StringNotEquals: {aws:SourceVpce: vpce-1}}", "fail"),
        ("{'Null': {aws:SourceVpce: false}}", "fail"),
        ("{StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}", "pass"),
        ("{ArnLike: {aws:SourceArn: 'arn:aws:cloudfront::111122223333:distribution/*'}}", "pass"),
        ("{ArnLike: {aws:SourceArn: 'arn:aws:cloudfront::*:distribution/E1'}}", "fail"),
        ("{ArnLike: {aws:SourceArn: 'arn:aws:s3:*:*:other-bucket'}}", "pass"),
        ("{ArnLike: {aws:SourceArn: 'arn:aws:s3:::*'}}", "fail"),
        ("{ArnLike: {aws:SourceArn: !Sub 'arn:aws:sns:*:${AWS::AccountId}:*'}}", "pass"),
        ("{ArnLike: {aws:SourceArn: !Sub 'arn:aws:sns:eu-west-1:${AWS::AccountId}:${Pattern}'}}", "pass"),
        ("{ArnLike: {aws:SourceArn: !Sub 'arn:aws:sns:eu-west-1:${Pattern}:topic'}}", "unknown"),
        ("{ArnLike: {aws:SourceArn: !Sub '${Uploads.Arn}/*'}}", "pass"),
        ("{ArnLike: {aws:PrincipalArn: 'arn:aws:iam::111122223333:role/*'}}", "pass"),
        ("{ArnLike: {aws:PrincipalArn: 'arn:aws:iam::*:role/x'}}", "fail"),
        ("{IpAddress: {aws:SourceIp: 203.0.113.0/24}}", "pass"),
        ("{IpAddress: {aws:SourceIp: [0.0.0.0/1, 128.0.0.0/1]}}", "fail"),
        ("{IpAddress: {aws:SourceIp: 0.0.0.0/0}}", "fail"),
        ("{IpAddress: {aws:SourceIp: 2001::/16}}", "fail"),
        ("{IpAddress: {aws:SourceIp: 10.0.0.0/8}}", "pass"),
        ("{IpAddress: {aws:VpcSourceIp: 10.0.0.0/16}}", "fail"),
        ("{StringLike: {aws:Referer: 'https://example.com/*'}}", "fail"),
        ("{StringEquals: {aws:UserAgent: secret}}", "fail"),
        ("{Bool: {aws:SecureTransport: true}}", "fail"),
        ("{StringEquals: {s3:prefix: public}}", "fail"),
        ("{StringEquals: {aws:ResourceAccount: '111122223333'}}", "fail"),
        ("{StringEquals: {s3:DataAccessPointAccount: '111122223333'}}", "pass"),
        ("{StringEquals: {aws:userid: '${aws:userid}'}}", "fail"),
        ("{StringEquals: {aws:SourceVpce: !Ref Vpce}}", "pass"),
        ("{StringLike: {aws:PrincipalArn: !Ref Pattern}}", "unknown"),
        ("{Bool: {aws:SecureTransport: true}, StringEquals: {aws:SourceVpce: vpce-1}}", "pass"),
        ("{StringEquals: {aws:SourceVpce: [vpce-1, vpce-2]}}", "pass"),
        ("{StringLike: {aws:SourceVpce: [vpce-1, '*']}}", "fail"),
    ],
)
def test_which_condition_narrows_everyone(condition: str, verdict: str) -> None:
    template = policy(more=f"Condition: {condition}")
    assert verdicts(template, BucketOpenToEveryone)["Policy", "statement 1"] == verdict


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ('{AWS: "*"}', {"statement 1": "fail"}),
        ('{AWS: ["arn:aws:iam::111122223333:root", "*"]}', {"statement 1": "fail"}),
        ("{Federated: graph.facebook.com}", {"statement 1": "fail"}),
        ("{AWS: 'arn:aws:iam::111122223333:role/a'}", {"document": "pass"}),
        ("{Service: cloudfront.amazonaws.com}", {"document": "pass"}),
        ("{CanonicalUser: 79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be}", {"document": "pass"}),
    ],
)
def test_who_is_everyone(principal: str, verdict: dict[str, str]) -> None:
    found = verdicts(policy(principal), BucketOpenToEveryone)
    assert {target: value for (resource, target), value in found.items() if resource == "Policy"} == verdict


DENY = """\
          - Effect: Deny
            Principal: "*"
            Action: {action}
            Resource: !Sub ${{Uploads.Arn}}/*
            Condition: {condition}
"""


@pytest.mark.parametrize(
    ("action", "condition", "verdict"),
    [
        ("s3:*", "{StringNotEquals: {aws:SourceVpce: vpce-1}}", "pass"),
        ("s3:GetObject", "{StringNotEqualsIfExists: {aws:SourceVpce: vpce-1}}", "pass"),
        ("s3:*", "{NotIpAddress: {aws:SourceIp: 203.0.113.0/24}}", "pass"),
        ("s3:*", "{StringNotEquals: {aws:SourceVpce: vpce-1, aws:SourceVpc: vpc-1}}", "pass"),
        ("s3:PutObject", "{StringNotEquals: {aws:SourceVpce: vpce-1}}", "fail"),
        ("s3:*", "{Bool: {aws:SecureTransport: false}}", "fail"),
        ("s3:*", "{IpAddress: {aws:SourceIp: 203.0.113.0/24}}", "fail"),
        ("s3:*", "{StringNotEquals: {aws:SourceVpce: vpce-1}, Bool: {aws:SecureTransport: false}}", "fail"),
        ("s3:*", "{'ForAnyValue:StringNotEquals': {aws:PrincipalOrgPaths: o-1/}}", "fail"),
        ("s3:*", "{StringNotLike: {aws:userid: ['AROAEXAMPLEID:*']}}", "unknown"),
        ("s3:*", "{StringNotLike: {aws:userid: ['*:session']}}", "fail"),
        ("s3:*", "{ArnNotEquals: {aws:PrincipalArn: 'arn:aws:iam::111122223333:role/a'}}", "pass"),
    ],
)
def test_a_deny_unless_narrows_when_it_covers_the_grant(action: str, condition: str, verdict: str) -> None:
    template = policy() + DENY.format(action=action, condition=condition)
    assert verdicts(template, BucketOpenToEveryone)["Policy", "statement 1"] == verdict


def test_public_policy_says_that_deployment_refuses_it_and_names_the_block() -> None:
    template = policy(action="s3:PutObject")
    (finding,) = [f for f in findings(template, BucketOpenToEveryone) if f.resource == "Policy"]
    assert finding.message == (
        "Policy lets everyone write Uploads; as it stands, deployment refuses the policy (statement 1)"
    )
    assert (finding.severity, finding.span.line) == (Severity.MEDIUM, line_of(template, "Principal:"))
    assert [(step.resource, step.relation) for step in finding.evidence] == [
        ("Policy", "admits everyone (statement 1 of policy PolicyDocument)"),
        ("Uploads", "has no public access block, so that AWS blocks public policies"),
    ]


def test_open_policy_with_the_block_off_is_critical_for_writers() -> None:
    template = policy(action="s3:*").replace(
        "Type: AWS::S3::Bucket\n",
        f"Type: AWS::S3::Bucket\n    Properties: {{PublicAccessBlockConfiguration: {OFF}}}\n",
    )
    (finding,) = [f for f in findings(template, BucketOpenToEveryone) if f.resource == "Policy"]
    assert finding.severity is Severity.CRITICAL


def test_a_parameter_for_a_switch_is_unknown() -> None:
    template = """\
Parameters:
  Block: {Type: String}
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: !Ref Block
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
"""
    (finding,) = findings(template, BucketOpenToEveryone)
    assert (finding.verdict, finding.missing[0].key) == (Verdict.UNKNOWN, "parameter:Block")


def test_a_principal_that_is_not_known_is_no_pass() -> None:
    (finding,) = [f for f in findings(policy("!Ref Pattern"), BucketOpenToEveryone) if f.resource == "Policy"]
    assert (finding.verdict, finding.message) == (
        Verdict.UNKNOWN,
        "Policy may admit everyone: parameter Pattern has no value (statement 1)",
    )
    (narrowed,) = [
        f
        for f in findings(
            policy("!Ref Pattern", more="Condition: {StringEquals: {aws:SourceVpce: vpce-1}}"), BucketOpenToEveryone
        )
        if f.resource == "Policy"
    ]
    assert narrowed.verdict is Verdict.PASS


def test_a_policy_whose_bucket_is_elsewhere_is_judged_as_data() -> None:
    template = policy().replace("Bucket: !Ref Uploads", "Bucket: other-bucket")
    (finding,) = [f for f in findings(template, BucketOpenToEveryone) if f.resource == "Policy"]
    assert finding.message == "Policy lets everyone read a bucket outside the run (statement 1)"
