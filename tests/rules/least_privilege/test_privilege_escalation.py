"""IAM006 beyond its examples: single steps, combinations over several policies, what narrows."""

import pytest

from rules.least_privilege.privilege_escalation import PrivilegeEscalation
from tests.harness import findings, verdicts
from validator.model import Severity, Verdict

POLICY = """\
Parameters:
  Role: {{Type: String}}
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{Service: {service}}}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: Access
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: {action}
                Resource: {resource}
                {more}
  Passed:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
"""


def judge(
    action: str, resource: str = '"*"', more: str = "Sid: A", service: str = "lambda.amazonaws.com"
) -> tuple[Verdict, Severity]:
    template = POLICY.format(action=action, resource=resource, more=more, service=service)
    (finding,) = findings(template, PrivilegeEscalation)
    return finding.verdict, finding.severity


@pytest.mark.parametrize(
    ("action", "resource", "severity"),
    [
        ("iam:CreatePolicyVersion", '"*"', Severity.HIGH),
        ("iam:Put*", '"*"', Severity.HIGH),
        ("iam:attachrolepolicy", "arn:aws:iam::111122223333:role/*", Severity.HIGH),
        ("iam:AttachRolePolicy", "arn:aws:iam::111122223333:role/app-*", Severity.MEDIUM),
        ("iam:PutRolePolicy", "!GetAtt Passed.Arn", Severity.MEDIUM),
        ("iam:CreateAccessKey", '"*"', Severity.HIGH),
        ("iam:DeleteRolePermissionsBoundary", '"*"', Severity.HIGH),
        ("sts:AssumeRole", '"*"', Severity.HIGH),
        ("sts:AssumeRole", "arn:aws:iam::*:role/deploy", Severity.MEDIUM),
        ("lambda:UpdateFunctionCode", '"*"', Severity.HIGH),
        ("lambda:UpdateFunctionConfiguration", "arn:aws:lambda:*:*:function:*", Severity.HIGH),
        ("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-west-1:111122223333:function:a", Severity.LOW),
        ("cloudformation:UpdateStack", '"*"', Severity.MEDIUM),
        ("[cloudformation:CreateChangeSet, cloudformation:ExecuteChangeSet]", '"*"', Severity.MEDIUM),
        ("ssm:SendCommand", '"*"', Severity.MEDIUM),
    ],
)
def test_ways_that_fail(action: str, resource: str, severity: Severity) -> None:
    assert judge(action, resource) == (Verdict.FAIL, severity)


@pytest.mark.parametrize(
    ("action", "resource", "more"),
    [
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/deploy", "Sid: A"),
        ("cloudformation:UpdateStack", "arn:aws:cloudformation:eu-west-1:111122223333:stack/a/b", "Sid: A"),
        ("cloudformation:ExecuteChangeSet", '"*"', "Sid: A"),
        ("iam:CreateAccessKey", "'arn:aws:iam::*:user/${aws:username}'", "Sid: A"),
        (
            "iam:AttachRolePolicy",
            '"*"',
            "Condition: {ArnEquals: {iam:PolicyARN: 'arn:aws:iam::aws:policy/ReadOnlyAccess'}}",
        ),
        ("iam:GetRole", '"*"', "Sid: A"),
    ],
)
def test_ways_that_pass(action: str, resource: str, more: str) -> None:
    assert judge(action, resource, more)[0] is Verdict.PASS


TO_LAMBDA = "Condition: {StringEquals: {iam:PassedToService: lambda.amazonaws.com}}"


@pytest.mark.parametrize(
    ("resource", "more", "expected"),
    [
        ('"*"', "Sid: A", (Verdict.FAIL, Severity.HIGH)),
        ('"*"', TO_LAMBDA, (Verdict.FAIL, Severity.MEDIUM)),
        ('"*"', TO_LAMBDA.replace("StringEquals", "StringEqualsIfExists"), (Verdict.FAIL, Severity.HIGH)),
        ('"*"', "Condition: {StringLike: {iam:PassedToService: '*'}}", (Verdict.FAIL, Severity.HIGH)),
        ("arn:aws:iam::111122223333:role/app-*", "Sid: A", (Verdict.FAIL, Severity.MEDIUM)),
        ("arn:aws:iam::111122223333:role/app-*", TO_LAMBDA, (Verdict.PASS, Severity.HIGH)),
        ("arn:aws:iam::111122223333:role/app", "Sid: A", (Verdict.FAIL, Severity.LOW)),
        ("arn:aws:iam::111122223333:role/app", TO_LAMBDA, (Verdict.PASS, Severity.HIGH)),
        ("!GetAtt Passed.Arn", "Sid: A", (Verdict.PASS, Severity.HIGH)),
        ("!Ref Role", "Sid: A", (Verdict.UNKNOWN, Severity.HIGH)),
    ],
)
def test_passing_roles(resource: str, more: str, expected: tuple[Verdict, Severity]) -> None:
    assert judge("iam:PassRole", resource, more) == expected


@pytest.mark.parametrize("service", ["cloudformation.amazonaws.com", "codebuild.amazonaws.com"])
def test_deployment_roles_are_one_step_lower(service: str) -> None:
    assert judge("iam:CreatePolicyVersion", service=service) == (Verdict.FAIL, Severity.MEDIUM)
    assert judge("iam:PassRole", service=service) == (Verdict.FAIL, Severity.LOW)


def test_a_combination_over_two_policies_is_seen() -> None:
    template = (
        POLICY.format(action="iam:PassRole", resource='"*"', more="Sid: A", service="lambda.amazonaws.com")
        + """\
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [!Ref Worker]
      PolicyDocument:
        Statement: {Effect: Allow, Action: "lambda:*", Resource: "*"}
"""
    )
    (finding,) = [f for f in findings(template, PrivilegeEscalation) if f.verdict is Verdict.FAIL]
    assert finding.message == (
        "Worker may pass every role to every service; with lambda:CreateFunction its own code runs as that role "
        "in AWS Lambda (policy Access statement 1)"
    )
    assert finding.span.line == 16


def test_a_function_that_updates_itself_gains_no_role() -> None:
    template = POLICY.format(
        action="lambda:UpdateFunctionCode",
        resource="!GetAtt Self.Arn",
        more="Sid: A",
        service="lambda.amazonaws.com",
    )
    itself = """\
  Self:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt ROLE.Arn, Code: {ZipFile: x}, Handler: a.h, Runtime: python3.12}
"""
    key = ("Worker", "policy Access statement 1")
    assert verdicts(template + itself.replace("ROLE", "Worker"), PrivilegeEscalation)[key] == "pass"
    assert verdicts(template + itself.replace("ROLE", "Passed"), PrivilegeEscalation)[key] == "fail"


def test_a_managed_policy_that_passes_every_role() -> None:
    template = """\
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AWSLambda_FullAccess"]
"""
    (finding,) = findings(template, PrivilegeEscalation)
    assert (finding.verdict, finding.severity, finding.message) == (
        Verdict.FAIL,
        Severity.MEDIUM,
        "Worker may pass every role that lambda.amazonaws.com can assume: "
        "the AWS managed policy AWSLambda_FullAccess says so",
    )


def test_a_deny_takes_the_way_back() -> None:
    template = POLICY.format(
        action="iam:PutRolePolicy",
        resource='"*"',
        more='Sid: A\n              - {Effect: Deny, Action: "iam:*", Resource: "*"}',
        service="lambda.amazonaws.com",
    )
    assert verdicts(template, PrivilegeEscalation) == {("Worker", "policy Access statement 1"): "pass"}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ('Action: "iam:*"', []),
        ('Action: "*"', []),
        ("NotAction: s3:GetObject", []),
        ('Action: "s3:*"', [Verdict.PASS]),
        ("Action: iam:GetRole", [Verdict.PASS]),
    ],
)
def test_a_grant_of_a_whole_service_with_a_way_never_passes(element: str, expected: list[Verdict]) -> None:
    template = f"""
Resources:
  Deploy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {{Statement: [{{Effect: Allow, {element}, Resource: "*"}}]}}
"""
    assert [finding.verdict for finding in findings(template, PrivilegeEscalation)] == expected
