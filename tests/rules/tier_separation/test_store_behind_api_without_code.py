"""TIER004: service integrations and AppSync data sources."""

import pytest

from rules.tier_separation.store_behind_api_without_code import StoreBehindApiWithoutCode
from tests.harness import findings, verdicts

METHOD = """\
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: t}
  Bucket:
    Type: AWS::S3::Bucket
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets}
  Call:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: VERB
      Integration:
        Type: TYPE
        IntegrationHttpMethod: INNER
        Uri: URI
"""
TABLE = "!Sub arn:aws:apigateway:${AWS::Region}:dynamodb:action/Query"
BUCKET = "!Sub arn:aws:apigateway:${AWS::Region}:s3:path/${Bucket}/{key}"


@pytest.mark.parametrize(
    ("verb", "kind", "inner", "uri", "expected"),
    [
        ("POST", "AWS", "POST", TABLE, "fail"),
        ("GET", "AWS", "POST", TABLE, "fail"),
        ("GET", "AWS", "GET", BUCKET, "pass"),
        ("PUT", "AWS", "PUT", BUCKET, "fail"),
        ("GET", "AWS", "DELETE", BUCKET, "fail"),
        ("ANY", "AWS", "GET", BUCKET, "fail"),
        ("POST", "AWS", "POST", TABLE.replace("dynamodb", "query.timestream"), "fail"),
        ("POST", "AWS", "POST", TABLE.replace("dynamodb", "sqs"), "pass"),
        ("POST", "AWS", "POST", TABLE.replace("dynamodb", "states"), "pass"),
        ("POST", "AWS", "POST", TABLE.replace("dynamodb", "events"), "pass"),
        ("POST", "AWS", "POST", TABLE.replace("dynamodb", "kinesis"), "pass"),
        ("POST", "AWS", "POST", TABLE.replace("dynamodb", "sns"), "pass"),
        ("POST", "AWS_PROXY", "POST", "arn:x", None),
        ("POST", "HTTP_PROXY", "POST", "https://a.example.com", None),
        ("POST", "AWS", "POST", "!Ref Unset", "unknown"),
    ],
)
def test_service_integrations(verb, kind, inner, uri, expected) -> None:
    template = METHOD.replace("VERB", verb).replace("TYPE", kind).replace("INNER", inner).replace("URI", uri)
    expectation = {} if expected is None else {("Call", f"{verb} /"): expected}
    assert verdicts(template, StoreBehindApiWithoutCode) == expectation


def test_message_and_severity() -> None:
    template = METHOD.replace("VERB", "POST").replace("TYPE", "AWS").replace("INNER", "POST").replace("URI", TABLE)
    (finding,) = findings(template, StoreBehindApiWithoutCode)
    assert finding.message == "Call POST / calls dynamodb Query without code of the logic tier between"
    assert finding.severity.value == "medium"


GRAPHQL = """\
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: a, AuthenticationType: AWS_IAM}
  Source:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: source, Type: TYPE}
"""
RESOLVER = """\
  Resolver:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: a, DataSourceName: NAMED}
"""


@pytest.mark.parametrize(
    ("kind", "resolver", "expected"),
    [
        ("AMAZON_DYNAMODB", RESOLVER.replace("NAMED", "!GetAtt Source.Name"), "fail"),
        ("AMAZON_DYNAMODB", RESOLVER.replace("NAMED", "source"), "fail"),
        ("RELATIONAL_DATABASE", RESOLVER.replace("NAMED", "source"), "fail"),
        ("AMAZON_DYNAMODB", RESOLVER.replace("NAMED", "other"), "pass"),
        ("AMAZON_DYNAMODB", "", "pass"),
        ("AWS_LAMBDA", RESOLVER.replace("NAMED", "source"), "pass"),
        ("NONE", RESOLVER.replace("NAMED", "source"), "pass"),
    ],
)
def test_appsync_data_sources(kind, resolver, expected) -> None:
    found = verdicts(GRAPHQL.replace("TYPE", kind) + resolver, StoreBehindApiWithoutCode)
    assert found == {("Source", ""): expected}


def test_appsync_is_low() -> None:
    template = GRAPHQL.replace("TYPE", "AMAZON_DYNAMODB") + RESOLVER.replace("NAMED", "source")
    assert [f.severity.value for f in findings(template, StoreBehindApiWithoutCode)] == ["low"]


def test_an_integration_by_reference_is_followed() -> None:
    template = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        openapi: 3.0.1
        paths:
          /queue:
            post:
              x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/queue'}
        components:
          x-amazon-apigateway-integrations:
            queue: {type: AWS_PROXY, integrationSubtype: SQS-SendMessage}
"""
    assert verdicts(template, StoreBehindApiWithoutCode) == {("Api", "POST /queue"): "pass"}
