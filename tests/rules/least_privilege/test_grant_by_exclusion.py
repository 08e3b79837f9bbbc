"""IAM007 beyond its examples: every excluding element, in every kind of policy."""

import pytest

from rules.least_privilege.grant_by_exclusion import GrantByExclusion
from tests.harness import findings, verdicts
from validator.model import Severity, Verdict

IDENTITY = """\
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {{Effect: {effect}, {element}}}
"""


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ('NotAction: "iam:*", Resource: "*"', "Access allows every action but iam:* (policy Access statement 1)"),
        (
            'Action: "s3:GetObject", NotResource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]',
            "Access reaches every resource but arn:aws:s3:::a/*, arn:aws:s3:::b/* (policy Access statement 1)",
        ),
    ],
)
def test_identity_policies(element: str, message: str) -> None:
    (finding,) = findings(IDENTITY.format(effect="Allow", element=element), GrantByExclusion)
    assert (finding.verdict, finding.message) == (Verdict.FAIL, message)
    assert [f.verdict for f in findings(IDENTITY.format(effect="Deny", element=element), GrantByExclusion)] == [
        Verdict.PASS
    ]


def test_two_elements_are_two_findings() -> None:
    template = IDENTITY.format(effect="Allow", element='NotAction: "iam:*", NotResource: "arn:aws:s3:::a"')
    assert [f.verdict for f in findings(template, GrantByExclusion)] == [Verdict.FAIL, Verdict.FAIL]


@pytest.mark.parametrize(
    ("statement", "verdict", "severity"),
    [
        (
            'Effect: Allow, NotPrincipal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"',
            "fail",
            Severity.HIGH,
        ),
        (
            'Effect: Allow, Principal: {Service: lambda.amazonaws.com}, NotAction: "sts:AssumeRole"',
            "fail",
            Severity.LOW,
        ),
        (
            'Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"',
            "pass",
            Severity.HIGH,
        ),
    ],
)
def test_trust_policies(statement: str, verdict: str, severity: Severity) -> None:
    template = f"""\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{{statement}}}
"""
    (finding,) = findings(template, GrantByExclusion)
    assert (finding.verdict.value, finding.severity) == (verdict, severity)


@pytest.mark.parametrize(("effect", "verdict"), [("Allow", "fail"), ("Deny", "pass")])
def test_resource_policies(effect: str, verdict: str) -> None:
    template = f"""\
Resources:
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [q]
      PolicyDocument:
        Statement:
          {{Effect: {effect}, NotPrincipal: {{AWS: "111122223333"}}, Action: "sqs:SendMessage", Resource: "*"}}
"""
    assert verdicts(template, GrantByExclusion) == {("Policy", "policy PolicyDocument statement 1"): verdict}
