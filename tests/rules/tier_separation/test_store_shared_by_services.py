"""TIER009 beyond its examples."""

from rules.tier_separation.store_shared_by_services import StoreSharedByServices
from tests.harness import findings, verdicts

FUNCTIONS = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  Tickets: {Type: AWS::DynamoDB::Table}
  A: {Type: AWS::Serverless::HttpApi}
  B: {Type: AWS::Serverless::HttpApi}
  First:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{DynamoDBWritePolicy: {TableName: !Ref Tickets}}]
      Events: {Post: {Type: HttpApi, Properties: {ApiId: !Ref A, Path: /a, Method: post}}}
  Second:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{POLICY: {TableName: !Ref Tickets}}]
      Events: {Post: {Type: HttpApi, Properties: {ApiId: !Ref API, Path: /b, Method: post}}}
"""


def test_two_apis_write_one_table() -> None:
    template = FUNCTIONS.replace("POLICY", "DynamoDBCrudPolicy").replace("API}", "B}").replace("ref API", "B")
    template = template.replace("!Ref API", "!Ref B")
    (finding,) = findings(template, StoreSharedByServices)
    assert finding.message == (
        "Tickets is written by 2 services: API A (First), API B (Second); a service here is an API with its functions"
    )
    assert [(step.resource, step.relation) for step in finding.evidence] == [
        ("First", "of API A may write the store"),
        ("Second", "of API B may write the store"),
    ]


def test_a_reader_of_another_service_is_no_writer() -> None:
    template = FUNCTIONS.replace("POLICY", "DynamoDBReadPolicy").replace("!Ref API", "!Ref B")
    assert verdicts(template, StoreSharedByServices) == {("Tickets", ""): "pass"}


def test_one_api_is_one_service() -> None:
    template = FUNCTIONS.replace("POLICY", "DynamoDBCrudPolicy").replace("!Ref API", "!Ref A")
    template = template.replace("  B: {Type: AWS::Serverless::HttpApi}\n", "")
    assert verdicts(template, StoreSharedByServices) == {}
