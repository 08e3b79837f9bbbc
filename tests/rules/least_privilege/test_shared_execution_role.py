"""IAM005 beyond its examples: when two roles are one."""

import pytest

from rules.least_privilege.shared_execution_role import SharedExecutionRole
from tests.harness import findings, verdicts
from validator.model import Severity, Verdict

TWO = """\
Parameters:
  A: {{Type: String}}
  B: {{Type: String}}
  Defaulted: {{Type: String, Default: arn:aws:iam::111122223333:role/one}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {{RoleName: worker, Path: /app/, AssumeRolePolicyDocument: {{}}}}
  First:
    Type: AWS::Lambda::Function
    Properties: {{Role: {first}, Code: {{ZipFile: x}}, Handler: a.h, Runtime: python3.12}}
  Second:
    Type: AWS::Lambda::Function
    Properties: {{Role: {second}, Code: {{ZipFile: x}}, Handler: a.h, Runtime: python3.12}}
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("!GetAtt Role.Arn", "!GetAtt [Role, Arn]"),
        ("!GetAtt Role.Arn", "!Sub '${Role.Arn}'"),
        ("!GetAtt Role.Arn", "!Sub 'arn:aws:iam::${AWS::AccountId}:role/app/${Role}'"),
        ("!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/app/worker"),
    ],
)
def test_one_role_in_every_form(first: str, second: str) -> None:
    found = findings(TWO.format(first=first, second=second), SharedExecutionRole)
    assert [(f.resource, f.verdict, f.message) for f in found] == [
        ("Role", Verdict.FAIL, "Role is the role of 2 functions: First, Second")
    ]
    assert [step.resource for step in found[0].evidence] == ["First", "Second"]


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("arn:aws:iam::111122223333:role/one", "arn:aws:iam::111122223333:role/one", {"First": "fail"}),
        # Names are unique in an account whatever their case, and the partition says nothing.
        ("arn:aws:iam::111122223333:role/one", "arn:aws:iam::111122223333:role/One", {"First": "fail"}),
        (
            "!Sub 'arn:aws:iam::${AWS::AccountId}:role/one'",
            "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/one'",
            {"First": "fail"},
        ),
        (
            "arn:aws:iam::111122223333:role/one",
            "arn:aws:iam::444455556666:role/one",
            {"First": "pass", "Second": "pass"},
        ),
        ("!Ref A", "!Ref A", {"First": "fail"}),
        ("!ImportValue role", "!ImportValue role", {"First": "fail"}),
        ("!Ref Defaulted", "arn:aws:iam::111122223333:role/one", {"First": "fail"}),
        ("!Ref A", "!Ref B", {"First": "unknown", "Second": "unknown"}),
        (
            "arn:aws:iam::111122223333:role/one",
            "arn:aws:iam::111122223333:role/two",
            {"First": "pass", "Second": "pass"},
        ),
        ("!GetAtt Role.Arn", "!Ref A", {"Role": "pass", "Second": "pass"}),
    ],
)
def test_roles_from_outside_the_run(first: str, second: str, verdict: dict[str, str]) -> None:
    found = verdicts(TWO.format(first=first, second=second), SharedExecutionRole)
    assert {resource: value for (resource, _), value in found.items()} == verdict


def test_functions_of_exclusive_conditions_do_not_share() -> None:
    template = """\
Parameters:
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  First:
    Type: AWS::Lambda::Function
    Condition: IsProd
    Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}, Handler: a.h, Runtime: python3.12}
  Second:
    Type: AWS::Lambda::Function
    Condition: IsTest
    Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}, Handler: a.h, Runtime: python3.12}
"""
    assert verdicts(template, SharedExecutionRole) == {("Role", ""): "pass"}


def test_a_function_and_a_state_machine_share() -> None:
    template = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Work:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}, Handler: a.h, Runtime: python3.12}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties: {RoleArn: !GetAtt Role.Arn, DefinitionString: "{}"}
"""
    (finding,) = findings(template, SharedExecutionRole)
    assert finding.message == "Role is the role of a function and of a state machine: Work, Flow"


def test_sam_functions_have_roles_of_their_own() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Handler: a.h, Runtime: python3.12, CodeUri: src/}}
Resources:
  First: {Type: AWS::Serverless::Function}
  Second: {Type: AWS::Serverless::Function}
"""
    assert verdicts(template, SharedExecutionRole) == {("First", ""): "pass", ("Second", ""): "pass"}


def test_a_family_written_once_is_low() -> None:
    template = """\
Transform: AWS::LanguageExtensions
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Fn::ForEach::Workers:
    - Name
    - [Tickets, Shows]
    - Work${Name}:
        Type: AWS::Lambda::Function
        Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}, Handler: a.h, Runtime: python3.12}
"""
    (finding,) = findings(template, SharedExecutionRole)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
