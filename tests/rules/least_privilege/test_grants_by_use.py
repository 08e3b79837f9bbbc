"""IAM011, IAM012 and IAM013 beyond their examples."""

import pytest

from rules.least_privilege.grant_across_services import GrantAcrossServices
from rules.least_privilege.long_lived_credentials import LongLivedCredentials
from rules.least_privilege.unused_grant import UnusedGrant
from tests.harness import findings, verdicts
from validator.model import Severity, Verdict

FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties: {{TableName: tickets}}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      InlineCode: {code}
      Policies: [{{{policy}: {{TableName: !Ref Tickets}}}}]
      {more}
"""


@pytest.mark.parametrize(
    ("code", "policy", "more", "expected"),
    [
        ("return 1", "DynamoDBWritePolicy", "Timeout: 3", {("Sell", "store Tickets"): "fail"}),
        ("return 1", "DynamoDBReadPolicy", "Timeout: 3", {}),
        ("put('tickets')", "DynamoDBWritePolicy", "Timeout: 3", {("Sell", "store Tickets"): "pass"}),
        (
            "return 1",
            "DynamoDBWritePolicy",
            "Environment: {Variables: {TABLE: tickets}}",
            {("Sell", "store Tickets"): "pass"},
        ),
    ],
)
def test_unused_grants(code: str, policy: str, more: str, expected: dict[tuple[str, str], str]) -> None:
    assert verdicts(FUNCTION.format(code=code, policy=policy, more=more), UnusedGrant) == expected


def test_a_custom_resource_that_knows_both_is_a_sign() -> None:
    template = (
        FUNCTION.format(code="return 1", policy="DynamoDBWritePolicy", more="Timeout: 3")
        + """\
  Seed:
    Type: Custom::Seed
    Properties: {ServiceToken: !GetAtt Sell.Arn, Table: !Ref Tickets}
"""
    )
    assert verdicts(template, UnusedGrant) == {("Sell", "store Tickets"): "pass"}


def test_users_and_keys() -> None:
    template = """\
Resources:
  Plain: {Type: AWS::IAM::User}
  Person:
    Type: AWS::IAM::User
    Properties: {LoginProfile: {Password: "{{resolve:secretsmanager:p}}"}}
  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: !Ref Plain}
"""
    found = [(f.resource, f.verdict, f.severity, f.message) for f in findings(template, LongLivedCredentials)]
    assert sorted(found, key=lambda one: one[0]) == [
        ("Key", Verdict.FAIL, Severity.HIGH, "Key is an access key that does not expire"),
        ("Person", Verdict.FAIL, Severity.MEDIUM, "Person is an IAM user with a password"),
        ("Plain", Verdict.FAIL, Severity.LOW, "Plain is an IAM user in a workload template"),
    ]


CROSSING = """\
Transform: AWS::Serverless-2016-10-31
Globals: {{Function: {{CodeUri: src/, Handler: a.h, Runtime: python3.12}}}}
Resources:
  ShowsTable: {{Type: AWS::DynamoDB::Table}}
  Archive: {{Type: AWS::DynamoDB::Table}}
  Plan:
    Type: AWS::Serverless::Function
    Properties:
      Events: {{Post: {{Type: HttpApi, Properties: {{Path: /v1/shows, Method: post}}}}}}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{{{policy}: {{TableName: !Ref {table}}}}}]
      Events: {{Post: {{Type: HttpApi, Properties: {{Path: "{path}", Method: post}}}}}}
"""


@pytest.mark.parametrize(
    ("policy", "table", "path", "expected"),
    [
        ("DynamoDBWritePolicy", "ShowsTable", "/v1/tickets/{id}", "fail"),
        ("DynamoDBWritePolicy", "ShowsTable", "/v1/shows/{id}/tickets", "pass"),
        ("DynamoDBReadPolicy", "ShowsTable", "/v1/tickets", None),
        ("DynamoDBWritePolicy", "Archive", "/v1/tickets", None),
        ("DynamoDBWritePolicy", "ShowsTable", "/{proxy+}", None),
    ],
)
def test_grants_across_paths(policy: str, table: str, path: str, expected: str | None) -> None:
    found = verdicts(CROSSING.format(policy=policy, table=table, path=path), GrantAcrossServices)
    assert found == ({} if expected is None else {("Sell", f"store {table}"): expected})


def test_the_message_names_both_paths() -> None:
    template = CROSSING.format(policy="DynamoDBWritePolicy", table="ShowsTable", path="/tickets")
    (finding,) = findings(template, GrantAcrossServices)
    assert finding.message == "Sell answers /ticket… and may write ShowsTable, which belongs to /show…"
