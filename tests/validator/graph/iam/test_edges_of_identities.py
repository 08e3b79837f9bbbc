"""The edges that identities add to the graph."""

from tests.harness import architecture
from validator.graph.build.iam_edges import edges
from validator.graph.edges import NodeKey, Place

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets: {Type: AWS::DynamoDB::Table}
  Other: {Type: AWS::DynamoDB::Table}
  Uploads: {Type: AWS::S3::Bucket}
  Sell:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: a.h
      Runtime: python3.12
      Policies: [{DynamoDBWritePolicy: {TableName: !Ref Tickets}}]
  Visitors:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Pool:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: p
      Roles: {authenticated: !GetAtt Visitors.Arn, unauthenticated: !GetAtt Visitors.Arn}
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument:
        Statement: {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Uploads.Arn}/*"}
"""


def test_identity_edges() -> None:
    graph = architecture(TEMPLATE)
    found = {
        (shown(edge.source), edge.relation.value, shown(edge.target))
        for resource in graph.resources
        for edge in edges(graph, resource)
    }
    assert found == {
        ("Sell", "assumes", "SellRole"),
        ("SellRole", "may use", "Tickets"),
        ("any signed-in user", "assumes", "Visitors"),
        ("the Internet", "assumes", "Visitors"),
        ("the Internet", "may use", "Uploads"),
    }


def shown(node: NodeKey) -> str:
    return node.value if isinstance(node, Place) else node.logical_id
