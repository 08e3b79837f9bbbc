"""IAM004 beyond its examples: whose policy it is, and how broad."""

import pytest

from rules.least_privilege.broad_managed_policy import BroadManagedPolicy
from tests.harness import findings, line_of, verdicts
from validator.model import Severity, Verdict

ROLE = """\
Parameters:
  Policy: {{Type: String}}
Resources:
  TeamFullAccess:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: TeamFullAccess
      PolicyDocument: {{Statement: []}}
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      ManagedPolicyArns:
        - {arn}
"""


@pytest.mark.parametrize(
    ("arn", "severity"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", Severity.CRITICAL),
        ("arn:aws-cn:iam::aws:policy/AmazonS3FullAccess", Severity.HIGH),
        ("!Sub arn:${AWS::Partition}:iam::aws:policy/AmazonDynamoDBFullAccess_v2", Severity.HIGH),
        (
            '!Join ["", ["arn:", !Ref AWS::Partition, ":iam::aws:policy/job-function/SystemAdministrator"]]',
            Severity.CRITICAL,
        ),
        ("arn:aws:iam::aws:policy/AWSLambda_FullAccess", Severity.HIGH),
        ("arn:aws:iam::aws:policy/SecretsManagerReadWrite", Severity.HIGH),
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaRole", Severity.HIGH),
        ("arn:aws:iam::aws:policy/AWSLambdaExecute", Severity.HIGH),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", Severity.MEDIUM),
        ("arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess", Severity.LOW),
        ("arn:aws:iam::aws:policy/AWSXrayFullAccess", Severity.LOW),
    ],
)
def test_broad_policies_of_aws_fail(arn: str, severity: Severity) -> None:
    (finding,) = findings(ROLE.format(arn=arn), BroadManagedPolicy)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert finding.span.line == len(ROLE.format(arn=arn).splitlines())


@pytest.mark.parametrize(
    ("arn", "verdict"),
    [
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "pass"),
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole", "pass"),
        ("arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess", "pass"),
        ("arn:aws:iam::aws:policy/AWSAppSyncSchemaAuthor", "pass"),
        ("arn:aws:iam::111122223333:policy/AWSAppSyncSchemaAuthor", "unknown"),
        ("arn:aws:iam::111122223333:policy/AmazonS3FullAccess", "unknown"),
        ("!Ref Policy", "unknown"),
    ],
)
def test_basics_pass_and_what_cannot_be_read_is_unknown(arn: str, verdict: str) -> None:
    assert list(verdicts(ROLE.format(arn=arn), BroadManagedPolicy).values()) == [verdict]


def test_own_policies_are_judged_by_content_whatever_their_name() -> None:
    assert findings(ROLE.format(arn="!Ref TeamFullAccess"), BroadManagedPolicy) == []
    assert findings(ROLE.format(arn="arn:aws:iam::111122223333:policy/TeamFullAccess"), BroadManagedPolicy) == []


def test_deprecated_policy_says_what_replaced_it() -> None:
    (finding,) = findings(ROLE.format(arn="arn:aws:iam::aws:policy/AWSLambdaFullAccess"), BroadManagedPolicy)
    assert finding.message == (
        "Worker has the AWS managed policy AWSLambdaFullAccess, which opens far more than one resource; "
        "AWS deprecated it, a new stack cannot attach it (AWSLambda_FullAccess replaced it)"
    )


FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Reports:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Runtime: python3.12
      Tracing: Active
      VpcConfig: {{SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}
      Policies:
        - {policy}
"""


@pytest.mark.parametrize("name", ["AmazonDynamoDBFullAccess", "AWSLambdaFullAccess", "AmazonDynamoDBFullAccess_v2"])
def test_bare_names_in_sam_are_policies_of_aws(name: str) -> None:
    template = FUNCTION.format(policy=name)
    failing = [f for f in findings(template, BroadManagedPolicy) if f.verdict is not Verdict.PASS]
    assert [(f.resource, f.target, f.verdict, f.span.line) for f in failing] == [
        ("Reports", f"policy {name}", Verdict.FAIL, line_of(template, name))
    ]


def test_what_sam_attaches_unasked_passes() -> None:
    found = verdicts(FUNCTION.format(policy="S3FullAccessPolicy: {BucketName: reports}"), BroadManagedPolicy)
    assert found == {
        ("Reports", "policy AWSLambdaBasicExecutionRole"): "pass",
        ("Reports", "policy AWSLambdaVPCAccessExecutionRole"): "pass",
        ("Reports", "policy AWSXrayWriteOnlyAccess"): "pass",
    }


def test_a_policy_of_aws_on_no_list_says_that_it_is_not_read() -> None:
    (finding,) = findings(ROLE.format(arn="arn:aws:iam::aws:policy/AWSBatchServiceReader"), BroadManagedPolicy)
    assert finding.message == (
        "Worker has AWSBatchServiceReader, which is on no list of broad policies; "
        "how much it grants is not recorded here"
    )
