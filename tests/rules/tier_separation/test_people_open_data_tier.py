"""TIER003 beyond its examples: guests, callers' own items, roles from every place."""

import pytest

from rules.tier_separation.people_open_data_tier import PeopleOpenDataTier
from tests.harness import findings, verdicts
from validator.model import Severity, Verdict

TEMPLATE = """\
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  Table: {Type: AWS::DynamoDB::Table}
  Visitors:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns: [MANAGED]
  Access:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: access
      Roles: [!Ref Visitors]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: [ACTION]
            Resource: RESOURCE
            MORE
  Pool:
    Type: KIND
"""
POOL = (
    "AWS::Cognito::IdentityPoolRoleAttachment\n    Properties: {IdentityPoolId: p, Roles: {%s: !GetAtt Visitors.Arn}}"
)
RULES = (
    "AWS::Cognito::IdentityPoolRoleAttachment\n    Properties: {IdentityPoolId: p, RoleMappings: {idp: {Type: Rules, "
    "RulesConfiguration: {Rules: [{Claim: c, MatchType: Equals, Value: v, RoleARN: !GetAtt Visitors.Arn}]}}}}"
)
GROUP = "AWS::Cognito::UserPoolGroup\n    Properties: {UserPoolId: p, RoleArn: !GetAtt Visitors.Arn}"
SIGNED_IN, GUEST = POOL % "authenticated", POOL % "unauthenticated"
OWN_PREFIX = "!Sub '${Uploads.Arn}/private/${!cognito-identity.amazonaws.com:sub}/*'"
OWN_KEYS = (
    "Condition: {'ForAllValues:StringEquals': {dynamodb:LeadingKeys: ['${cognito-identity.amazonaws.com:sub}']}}"
)


def template(action: str, resource: str = "!GetAtt Table.Arn", more: str = "Sid: A", kind: str = SIGNED_IN) -> str:
    filled = TEMPLATE.replace("ACTION", action).replace("RESOURCE", resource).replace("MORE", more)
    return filled.replace("KIND", kind).replace("[MANAGED]", "[]")


@pytest.mark.parametrize(
    ("action", "resource", "more", "verdict"),
    [
        ("dynamodb:GetItem", "!GetAtt Table.Arn", "Sid: A", "fail"),
        ("dynamodb:GetItem", "!GetAtt Table.Arn", OWN_KEYS, "pass"),
        ("dynamodb:GetItem", "!GetAtt Table.Arn", "Condition: {StringEquals: {dynamodb:LeadingKeys: all}}", "fail"),
        ("s3:PutObject", "!Sub '${Uploads.Arn}/public/*'", "Sid: A", "fail"),
        ("s3:PutObject", OWN_PREFIX, "Sid: A", "pass"),
        ("s3:PutObject", f"[{OWN_PREFIX}, !Sub '${{Uploads.Arn}}/*']", "Sid: A", "fail"),
        ("s3:GetObject", "!Sub '${Uploads.Arn}/${!aws:PrincipalTag/tenant}/*'", "Sid: A", "unknown"),
        (
            "s3:ListBucket",
            "!GetAtt Uploads.Arn",
            "Condition: {StringLike: {s3:prefix: '${cognito-identity.amazonaws.com:sub}/*'}}",
            "pass",
        ),
        (
            "s3:ListBucket",
            "!GetAtt Uploads.Arn",
            "Condition: {StringNotLike: {s3:prefix: '${cognito-identity.amazonaws.com:sub}/*'}}",
            "fail",
        ),
        (
            "dynamodb:GetItem",
            "!GetAtt Table.Arn",
            "Condition: {StringEqualsIfExists: {dynamodb:LeadingKeys: '${cognito-identity.amazonaws.com:sub}'}}",
            "fail",
        ),
        ("mobileanalytics:PutEvents, cognito-sync:*", '"*"', "Sid: A", "pass"),
        ("execute-api:Invoke", "arn:aws:execute-api:eu-west-1:111122223333:a/*/GET/tickets", "Sid: A", "pass"),
        ('"*"', '"*"', "Sid: A", "fail"),
    ],
)
def test_signed_in_people(action: str, resource: str, more: str, verdict: str) -> None:
    assert set(verdicts(template(action, resource, more), PeopleOpenDataTier).values()) == {verdict}


def test_guests_never_pass() -> None:
    found = findings(template("dynamodb:GetItem", more=OWN_KEYS, kind=GUEST), PeopleOpenDataTier)
    assert [(f.resource, f.verdict, f.severity, f.target) for f in found] == [
        ("Visitors", Verdict.FAIL, Severity.HIGH, "policy access statement 1 for guests")
    ]


@pytest.mark.parametrize("kind", [SIGNED_IN, RULES, GROUP])
def test_roles_are_handed_out_in_several_places(kind: str) -> None:
    found = findings(template("dynamodb:PutItem", kind=kind), PeopleOpenDataTier)
    assert [(f.resource, f.verdict, f.severity) for f in found] == [("Visitors", Verdict.FAIL, Severity.HIGH)]
    assert [step.resource for step in found[0].evidence] == ["Pool", "Access"]


def test_the_old_grammar_has_no_variables() -> None:
    old = template("dynamodb:GetItem", more=OWN_KEYS).replace('        Version: "2012-10-17"\n', "")
    assert set(verdicts(old, PeopleOpenDataTier).values()) == {"fail"}


def test_a_managed_policy_of_aws_opens_whole_stores() -> None:
    text = template("execute-api:Invoke").replace(
        "ManagedPolicyArns: []", "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess']"
    )
    (finding,) = findings(text, PeopleOpenDataTier)
    assert finding.message == (
        "Visitors gives signed-in people the AWS managed policy AmazonDynamoDBFullAccess, which opens whole stores"
    )


def test_reading_a_site_is_no_way_into_the_data_tier() -> None:
    text = template("s3:GetObject", "!Sub '${Uploads.Arn}/*'").replace(
        "Uploads: {Type: AWS::S3::Bucket}",
        "Uploads: {Type: AWS::S3::Bucket, Properties: {WebsiteConfiguration: {IndexDocument: index.html}}}",
    )
    # The grant itself shows that the bucket holds more than a site.
    assert set(verdicts(text, PeopleOpenDataTier).values()) == {"fail"}


def test_a_role_that_nobody_hands_out_is_not_judged() -> None:
    assert verdicts(template("dynamodb:PutItem", kind="AWS::SNS::Topic"), PeopleOpenDataTier) == {}


@pytest.mark.parametrize(("denied", "verdict"), [("dynamodb:*", Verdict.PASS), ("dynamodb:DeleteItem", Verdict.FAIL)])
def test_a_deny_takes_back_what_it_covers(denied: str, verdict: Verdict) -> None:
    deny = f"          - {{Effect: Deny, Action: '{denied}', Resource: '*'}}\n  Pool:\n"
    (finding,) = findings(template("dynamodb:PutItem").replace("  Pool:\n", deny), PeopleOpenDataTier)
    assert (finding.verdict, finding.resource) == (verdict, "Visitors")
