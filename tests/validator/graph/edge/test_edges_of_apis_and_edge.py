"""The edges that pictures and traces are made of."""

from tests.harness import architecture
from validator.graph import Place, Relation
from validator.graph.build import api_edges, edge_edges
from validator.graph.typed_graph import typed_graph

TEMPLATE = """\
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !GetAtt Acl.Arn
        Origins: [{Id: api, DomainName: !Sub "${Api}.execute-api.eu-west-1.amazonaws.com"}]
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: CLOUDFRONT, DefaultAction: {Block: {}}}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Pool:
    Type: AWS::ApiGateway::Authorizer
    Properties: {RestApiId: !Ref Api, Name: p, Type: COGNITO_USER_POOLS, ProviderARNs: [!GetAtt People.Arn]}
  People:
    Type: AWS::Cognito::UserPool
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: x}, Role: arn:r}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Pool
      Integration:
        Type: AWS_PROXY
        Uri: !Sub arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations
"""


def test_edges_lead_from_the_internet_to_the_function() -> None:
    graph = architecture(TEMPLATE)
    typed = typed_graph(graph, (api_edges.edges, edge_edges.edges))
    named = {resource.logical_id: resource for resource in graph.resources}

    shown = {
        (getattr(e.source, "logical_id", e.source), e.relation, getattr(e.target, "logical_id", e.target))
        for e in typed.edges
    }
    assert shown == {
        (Place.INTERNET, Relation.ROUTES_TO, "Site"),
        ("Site", Relation.ROUTES_TO, "Api"),
        ("Site", Relation.PROTECTED_BY, "Acl"),
        (Place.INTERNET, Relation.ROUTES_TO, "Api"),
        ("Api", Relation.INVOKES, "Function"),
        ("Api", Relation.AUTHORISED_BY, "Pool"),
        ("Pool", Relation.AUTHORISED_BY, "People"),
    }
    paths = typed.paths(Place.INTERNET, named["Function"])
    assert [len(path) for path in paths] == [2, 3]
    assert [edge.detail for edge in paths[0][-1]] == ["GET /"]
