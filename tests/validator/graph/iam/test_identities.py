"""From which sides a role gets its policies, and what grants on stores come of it."""

import pytest

from tests.harness import architecture
from validator.graph import Architecture, Resource
from validator.graph.iam.access import Access
from validator.graph.iam.grants import grants_on, who_may
from validator.graph.iam.identities import attached_to, boundary_of, identity_of

TEMPLATE = """\
Parameters:
  Outside: {Type: String}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: tickets}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
      AssumeRolePolicyDocument: {}
      PermissionsBoundary: !Ref Listed
      Policies:
        - PolicyName: inline
          PolicyDocument: {Statement: {Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn}}
      ManagedPolicyArns:
        - !Ref Listed
        - arn:aws:iam::aws:policy/ReadOnlyAccess
        - !Ref Outside
  ByReference:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: by-reference
      Roles: [!Ref Role]
      PolicyDocument:
        Statement: {Effect: Allow, Action: dynamodb:PutItem, Resource: "arn:aws:dynamodb:*:*:table/tickets"}
  ByName:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: by-name
      Roles: [worker]
      PolicyDocument: {Statement: {Effect: Allow, Action: "dynamodb:*", Resource: "*"}}
  Single:
    Type: AWS::IAM::RolePolicy
    Properties: {PolicyName: single, RoleName: !Ref Role, PolicyDocument: {Statement: []}}
  Listed:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: []}}
  Attaching:
    Type: AWS::IAM::ManagedPolicy
    Properties: {Roles: [!Ref Role], PolicyDocument: {Statement: []}}
  Elsewhere:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: elsewhere, Roles: [other], PolicyDocument: {Statement: []}}
  Team:
    Type: AWS::IAM::Group
    Properties:
      Policies: [{PolicyName: team, PolicyDocument: {Statement: []}}]
  Person:
    Type: AWS::IAM::User
    Properties: {Groups: [!Ref Team]}
"""


@pytest.fixture(name="graph")
def _graph() -> Architecture:
    return architecture(TEMPLATE)


def the(graph: Architecture, name: str) -> Resource:
    found = graph.find("template.yaml", name)
    assert found is not None
    return found


def test_policies_from_every_side(graph: Architecture) -> None:
    identity = identity_of(the(graph, "Role"), graph)
    assert [policy.name for policy in identity.policies] == [
        "inline",
        "by-reference",
        "by-name",
        "Attaching",
        "single",
        "Listed",
    ]
    assert [attachment.aws_name for attachment in identity.attachments] == [None, "ReadOnlyAccess", None]
    assert [cause.key for cause in identity.missing] == ["parameter:Outside"]


def test_users_have_the_policies_of_their_groups(graph: Architecture) -> None:
    assert [policy.name for policy in identity_of(the(graph, "Person"), graph).policies] == ["team"]


@pytest.mark.parametrize("name", ["ByReference", "ByName", "Single", "Listed", "Attaching"])
def test_attachment_is_seen_from_the_policy_too(graph: Architecture, name: str) -> None:
    assert attached_to(the(graph, name), graph) == (the(graph, "Role"),)


def test_boundary(graph: Architecture) -> None:
    boundary = boundary_of(the(graph, "Role"), graph)
    assert boundary is not None
    assert boundary.policy is not None
    assert boundary.policy.holder == the(graph, "Listed")
    assert boundary_of(the(graph, "Person"), graph) is None


def test_grants_name_the_store_or_cover_it(graph: Architecture) -> None:
    grants = grants_on(the(graph, "Table"), the(graph, "Role"), graph)
    assert [(grant.policy.name, grant.is_named, Access.WRITE in grant.access) for grant in grants] == [
        ("inline", True, False),
        ("by-reference", True, True),
        ("by-name", False, True),
    ]


def test_who_may_leaves_out_what_the_boundary_cuts(graph: Architecture) -> None:
    # The boundary of the role allows nothing at all.
    assert who_may("dynamodb:GetItem", the(graph, "Table"), graph) == ()


def test_a_policy_under_a_condition_counts_only_in_its_scenario() -> None:
    template = """\
Parameters:
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Extra:
    Type: AWS::IAM::Policy
    Condition: IsProd
    Properties: {PolicyName: extra, Roles: [!Ref Role], PolicyDocument: {Statement: []}}
"""
    graph = architecture(template)
    role = the(graph, "Role")
    explored = graph.evaluation.explore(lambda: [policy.name for policy in identity_of(role, graph).policies])
    assert sorted(leaf.result for leaf in explored.leaves) == [[], ["extra"]]
