"""The index of roles and stores says the same as asking for each pair."""

from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT
from validator.graph import Architecture
from validator.graph.iam.named_stores import named_stores
from validator.graph.iam.services import OWNED_STORES
from validator.review import ReviewRequest
from validator.review.units import architectures_of

MORE = """\
Parameters: {Stage: {Type: String}}
Resources:
  ByReference: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: a, PolicyDocument: {Statement:
    [{Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Plain.Arn}]}}]}}
  ByText: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: a, PolicyDocument: {Statement:
    [{Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::some-bucket/*"}]}}]}}
  ByParameter: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: a, PolicyDocument: {Statement:
    [{Effect: Allow, Action: "s3:*", Resource: !Ref Stage}]}}]}}
  Nothing: {Type: AWS::IAM::Role, Properties: {}}
  Plain: {Type: AWS::DynamoDB::Table, Properties: {}}
  Other: {Type: AWS::DynamoDB::Table, Properties: {TableName: other}}
  Built: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "${Stage}-orders"}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {}}
"""


def architectures(path: Path) -> list[Architecture]:
    return architectures_of(ReviewRequest((str(path),), path.parent, root_is_given=True))


def compared(graph: Architecture) -> int:
    """Assert that index and pairs agree; gives how many pairs are left out."""
    names = named_stores(graph)
    roles, stores = graph.declared("AWS::IAM::Role"), graph.declared(*OWNED_STORES)
    for role in roles:
        assert names.stores(role, OWNED_STORES) == tuple(store for store in stores if names.may_name(role, store))
    for store in stores:
        assert set(names.roles(store)) == {role for role in roles if names.may_name(role, store)}
    return sum(not names.may_name(role, store) for role in roles for store in stores)


@pytest.mark.parametrize("template", sorted((ROOT / "reference_stacks").glob("*/template.yaml")), ids=str)
def test_in_the_reference_stacks(template: Path) -> None:
    for graph in architectures(template):
        compared(graph)


def test_for_every_way_to_be_named(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(MORE, encoding="utf-8")
    (graph,) = architectures(tmp_path / "template.yaml")

    assert compared(graph) == 9
    found = {
        role.name: [store.name for store in named_stores(graph).stores(role, OWNED_STORES)]
        for role in graph.declared("AWS::IAM::Role")
    }
    assert found == {
        "ByReference": ["Plain"],
        "ByText": ["Built", "Bucket"],
        "ByParameter": ["Plain", "Other", "Built", "Bucket"],
        "Nothing": [],
    }
