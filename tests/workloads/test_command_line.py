"""Stacks, environments and services on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.workloads.running import IMPORTING, NETWORK
from validator.cli.main import cli

SHARED = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "dynamodb:PutItem", Resource: !GetAtt Table.Arn}]
Outputs: {Role: {Value: !GetAtt Role.Arn, Export: {Name: role}}}
"""
USING = """
Resources:
  %s:
    Type: AWS::Lambda::Function
    Properties:
      {Role: !ImportValue role, Runtime: python3.12, Handler: a.b, Code: {ZipFile: "pass"}}
"""


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], *arguments: str) -> Result:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    return CliRunner().invoke(cli, arguments)


def test_stacks_can_be_named_without_other_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"network.yaml": NETWORK, "store.yaml": IMPORTING}
    stacks = ("--stack", "net=network.yaml", "--stack", "db=store.yaml", "--parameter", "Env=prod")
    result = run(tmp_path, monkeypatch, files, "check", *stacks, "--select", "DATA002", "--format", "json")
    content = json.loads(result.output)
    assert [(f["resource"], f["stack"], f["status"]) for f in content["findings"]] == [("Db", "db", "pass")]


@pytest.mark.parametrize(
    ("stack", "message"),
    [
        ("network.yaml", "the name or the path is missing"),
        ("1=network.yaml", "'1' cannot be the name of a stack"),
        ("net=gone.yaml", "there is no file gone.yaml"),
    ],
)
def test_a_stack_that_cannot_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: str, message: str
) -> None:
    result = run(tmp_path, monkeypatch, {"network.yaml": NETWORK}, "check", "--stack", stack)
    assert result.exit_code != 0
    assert message in str(result.exception) + result.output


def test_services_share_a_role_and_the_store_that_it_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"data.yaml": SHARED, "one.yaml": USING % "One", "two.yaml": USING % "Two"}
    result = run(tmp_path, monkeypatch, files, "graph", ".", "--by", "service", "--format", "json")
    content = json.loads(result.output)
    assert [service["name"] for service in content["services"]] == ["data", "one", "two"]
    assert [(s["resource"], s["service"], s["users"]) for s in content["shared_stores"]] == [
        ("Table", "data", ["one", "two"])
    ]
    assert [(s["resource"], s["users"]) for s in content["shared_roles"]] == [("Role", ["one", "two"])]
    assert content["cycles"] == []
    for format_name in ("mermaid", "dot"):
        shown = run(tmp_path, monkeypatch, {}, "graph", ".", "--by", "service", "--format", format_name)
        assert shown.exit_code == 0, shown.output
