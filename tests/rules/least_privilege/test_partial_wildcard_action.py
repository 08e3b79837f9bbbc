"""IAM002 beyond its examples: what a pattern stands for decides."""

import pytest

from rules.least_privilege.partial_wildcard_action import PartialWildcardAction
from tests.harness import findings
from validator.model import Severity, Verdict

POLICY = """\
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: {action}
            Resource: arn:aws:s3:::reports/*
"""


@pytest.mark.parametrize(
    ("action", "severity"),
    [
        ("s3:Put*", Severity.HIGH),
        ("S3:*Object", Severity.MEDIUM),
        ("dynamodb:*Item", Severity.MEDIUM),
        ("iam:*Role", Severity.MEDIUM),
        ("iam:Put*", Severity.HIGH),
        ("secretsmanager:*Secret*", Severity.MEDIUM),
        ("kms:*", None),
        ("s3:Get*", None),
        ("s3:List*", None),
        ("dynamodb:Describe*", None),
        ("dynamodb:BatchGet*", None),
        ("kms:GenerateDataKey*", None),
        ("kms:ReEncrypt*", None),
        # One action only: the wildcard adds nothing.
        ("dynamodb:UpdateItem*", None),
        # Queues are the logic tier's: no data or IAM service.
        ("sqs:SendMessage*", None),
        ("logs:Put*", None),
    ],
)
def test_by_expansion(action: str, severity: Severity | None) -> None:
    (finding,) = findings(POLICY.format(action=action), PartialWildcardAction)
    expected = (Verdict.PASS, Severity.MEDIUM) if severity is None else (Verdict.FAIL, severity)
    assert (finding.verdict, finding.severity) == expected


def test_message_names_what_hands_out_access_first() -> None:
    (finding,) = findings(POLICY.format(action="s3:PutBucket*"), PartialWildcardAction)
    assert finding.message.startswith("Access allows s3:PutBucket*, which includes ")
    assert "PutBucketPolicy" in finding.message or "PutBucketAcl" in finding.message
    assert finding.span.line == 9
