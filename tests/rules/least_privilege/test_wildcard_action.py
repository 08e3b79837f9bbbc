"""IAM001 beyond its examples: forms of wildcards, what cuts them, what cannot be read."""

import pytest

from rules.least_privilege.wildcard_action import WildcardAction
from tests.harness import findings, line_of, verdicts
from validator.model import Severity, Verdict

ROLE = """\
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: Access
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: {action}
                Resource: {resource}
"""


def one(action: str, resource: str = '"*"') -> tuple[Verdict, Severity]:
    (finding,) = findings(ROLE.format(action=action, resource=resource), WildcardAction)
    assert (finding.resource, finding.target) == ("Worker", "policy Access statement 1")
    return finding.verdict, finding.severity


@pytest.mark.parametrize(
    ("action", "resource", "severity"),
    [
        ('"*"', '"*"', Severity.CRITICAL),
        ('"*:*"', '"*"', Severity.CRITICAL),
        ('"*"', "arn:aws:s3:::reports/*", Severity.HIGH),
        ("iam:*", '"*"', Severity.CRITICAL),
        ("S3:*", '"*"', Severity.HIGH),
        ("[s3:GetObject, dynamodb:**]", "arn:aws:s3:::reports/*", Severity.HIGH),
        ("xray:*", '"*"', Severity.LOW),
        ("textract:*", '"*"', Severity.LOW),
    ],
)
def test_whole_services_fail(action: str, resource: str, severity: Severity) -> None:
    assert one(action, resource) == (Verdict.FAIL, severity)


@pytest.mark.parametrize("action", ["s3:Get*", "s3:GetObject", "[dynamodb:Query, dynamodb:GetItem]"])
def test_named_and_partial_actions_pass(action: str) -> None:
    assert one(action)[0] is Verdict.PASS


def test_message_and_place_are_those_of_the_wildcard() -> None:
    template = ROLE.format(action="[s3:GetObject, 'dynamodb:*']", resource="'*'")
    (finding,) = findings(template, WildcardAction)

    assert finding.message == "Worker allows dynamodb:* on * (policy Access statement 1)"
    assert finding.span.line == line_of(template, "dynamodb:*")
    assert finding.span.column == template.splitlines()[finding.span.line - 1].index("'dynamodb:*'") + 1
    assert [step.relation for step in finding.evidence] == ["allows dynamodb:* on * (statement 1 of policy Access)"]


def test_a_service_that_is_not_known_is_still_all_of_it() -> None:
    template = """\
Parameters:
  Service: {Type: String}
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {Effect: Allow, Action: !Sub "${Service}:*", Resource: "*"}
"""
    assert verdicts(template, WildcardAction) == {("Access", "policy Access statement 1"): "fail"}


@pytest.mark.parametrize(
    ("effect", "expected"), [("effect: Allow", "unknown"), ("Effect: ALLOW", "unknown"), ("Effect: Deny", None)]
)
def test_only_a_right_allow_grants(effect: str, expected: str | None) -> None:
    template = f"""\
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {{{effect}, Action: "*", Resource: "*"}}
"""
    found = [f.verdict.value for f in findings(template, WildcardAction)]
    assert found == ([] if expected is None else [expected])


def test_a_document_written_as_json_text_is_read() -> None:
    template = """\
Resources:
  Set:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: n
      InstanceArn: i
      InlinePolicy: !Sub '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:${AWS::Partition}:a"}}'
"""
    (finding,) = findings(template, WildcardAction)
    assert finding.message == "Set allows s3:* on arn:${AWS::Partition}:a (policy InlinePolicy statement 1)"
    assert finding.span.line == line_of(template, "InlinePolicy")


def test_a_document_that_is_no_json_is_unknown() -> None:
    template = """\
Parameters:
  Statements: {Type: String}
Resources:
  Set:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: n
      InstanceArn: i
      InlinePolicy: !Sub '{"Statement": [${Statements}]}'
"""
    (finding,) = findings(template, WildcardAction)
    assert finding.verdict is Verdict.UNKNOWN
    assert [cause.key for cause in finding.missing] == ["parameter:Statements"]


BOUNDED = """\
Resources:
  Ceiling:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {{Effect: Allow, Action: {allowed}, Resource: "*"}}
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      PermissionsBoundary: {boundary}
      Policies:
        - PolicyName: Access
          PolicyDocument:
            Statement: {{Effect: Allow, Action: "s3:*", Resource: "*"}}
"""


@pytest.mark.parametrize(
    ("allowed", "boundary", "verdict"),
    [
        ("s3:GetObject", "!Ref Ceiling", "pass"),
        ("s3:*", "!Ref Ceiling", "fail"),
        ('"*"', "!Ref Ceiling", "fail"),
        ("s3:GetObject", "arn:aws:iam::111122223333:policy/Elsewhere", "fail"),
    ],
)
def test_a_boundary_of_the_run_counts_and_one_outside_does_not(allowed: str, boundary: str, verdict: str) -> None:
    template = BOUNDED.format(allowed=allowed, boundary=boundary)
    assert verdicts(template, WildcardAction)["Worker", "policy Access statement 1"] == verdict


@pytest.mark.parametrize(
    ("deny", "verdict"),
    [
        ('{Effect: Deny, Action: "*", Resource: "*"}', "pass"),
        ('{Effect: Deny, Action: "s3:*", Resource: "*"}', "pass"),
        ('{Effect: Deny, Action: "s3:Delete*", Resource: "*"}', "fail"),
        ('{Effect: Deny, Action: "s3:*", Resource: "arn:aws:s3:::a/*"}', "fail"),
        ('{Effect: Deny, Action: "s3:*", Resource: "*", Condition: {Bool: {aws:SecureTransport: false}}}', "fail"),
    ],
)
def test_a_deny_counts_when_it_covers_the_whole_grant(deny: str, verdict: str) -> None:
    template = f"""\
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {{Effect: Allow, Action: "s3:*", Resource: "*"}}
          - {deny}
"""
    assert verdicts(template, WildcardAction) == {("Access", "policy Access statement 1"): verdict}


def test_the_scenario_names_the_condition_and_numbers_stay() -> None:
    template = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Access:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - !If [IsProd, !Ref AWS::NoValue, {Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::a/*"}]
          - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}
"""
    found = {f.target: (f.verdict, dict(f.scenario)) for f in findings(template, WildcardAction)}
    assert found == {
        "policy Access statement 1": (Verdict.FAIL, {"IsProd": False}),
        "policy Access statement 2": (Verdict.PASS, {}),
    }


def test_a_role_that_sam_makes_is_named_after_its_function() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Reports:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Runtime: python3.12
      Policies:
        - Statement:
            - Effect: Allow
              Action: s3:*
              Resource: arn:aws:s3:::a/*
"""
    (finding,) = [f for f in findings(template, WildcardAction) if f.verdict is Verdict.FAIL]
    assert (finding.resource, finding.resource_type) == ("Reports", "AWS::Serverless::Function")
    assert finding.span.line == line_of(template, "s3:*")


def test_policies_of_a_function_with_its_own_role_are_ignored_as_sam_does() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Reports:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Runtime: python3.12
      Role: arn:aws:iam::111122223333:role/reports
      Policies: [{Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}]
"""
    assert findings(template, WildcardAction) == []


def test_key_policy_is_no_identity_policy() -> None:
    template = """\
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - {Effect: Allow, Action: "kms:*", Resource: "*", Principal: {AWS: !Ref AWS::AccountId}}
"""
    assert findings(template, WildcardAction) == []
