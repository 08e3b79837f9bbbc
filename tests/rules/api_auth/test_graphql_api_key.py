"""AUTH004: modes, directives, Event APIs."""

import pytest

from rules.api_auth.graphql_api_key import GraphqlApiKey
from tests.harness import findings, verdicts

API = """\
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: tickets
      AuthenticationType: MODE
      AdditionalAuthenticationProviders: [{AuthenticationType: EXTRA}]
"""
SCHEMA = """\
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: |
        SCHEMA
"""


def _verdicts(mode: str, extra: str, schema: str | None) -> dict[str, str]:
    template = API.replace("MODE", mode).replace("EXTRA", extra)
    if schema is not None:
        template += SCHEMA.replace("        SCHEMA", "        " + schema)
    return {target: verdict for (_, target), verdict in verdicts(template, GraphqlApiKey).items()}


QUERY, MUTATION = "type Query { a: ID }", "type Mutation { b: ID }"


@pytest.mark.parametrize(
    ("mode", "extra", "schema", "expected"),
    [
        ("AWS_IAM", "AMAZON_COGNITO_USER_POOLS", QUERY + MUTATION, {"": "pass"}),
        ("AWS_LAMBDA", "OPENID_CONNECT", None, {"": "pass"}),
        ("API_KEY", "AWS_IAM", QUERY + MUTATION, {"Query": "fail", "Mutation": "fail"}),
        ("API_KEY", "AWS_IAM", QUERY + "type Mutation { b: ID @aws_iam }", {"Query": "fail", "Mutation": "pass"}),
        ("API_KEY", "AWS_IAM", "type Query @aws_iam { a: ID }", {"Query": "pass"}),
        ("API_KEY", "AWS_IAM", 'type Mutation { b: ID @aws_auth(cognito_groups: ["a"]) }', {"Mutation": "fail"}),
        ("API_KEY", "AWS_IAM", "type Mutation @aws_iam { b: ID @aws_api_key }", {"Mutation": "fail"}),
        ("AWS_IAM", "API_KEY", QUERY + MUTATION, {"Query": "pass", "Mutation": "pass"}),
        ("AWS_IAM", "API_KEY", "type Mutation { b: ID @aws_api_key }", {"Mutation": "fail"}),
        ("AWS_IAM", "API_KEY", "type Query { a: ID @aws_api_key }", {"Query": "pass"}),
        ("API_KEY", "AWS_IAM", None, {"": "fail"}),
        ("AWS_IAM", "!Ref Unset", "type Mutation { b: ID @aws_api_key }", {"": "unknown"}),
        ("AWS_IAM", "!Ref Unset", MUTATION, {"": "pass"}),
        ("AWS_IAM", "API_KEY", None, {"": "pass"}),
        ("!Ref Unset", "AWS_IAM", None, {"": "unknown"}),
    ],
)
def test_modes_and_directives(mode, extra, schema, expected) -> None:
    assert _verdicts(mode, extra, schema) == expected


def test_queries_are_low_and_mutations_name_their_fields() -> None:
    template = API.replace("MODE", "API_KEY").replace("EXTRA", "AWS_IAM") + SCHEMA.replace("SCHEMA", QUERY + MUTATION)
    found = {finding.target: finding for finding in findings(template, GraphqlApiKey)}
    assert found["Mutation"].message == "Api lets an API key call Mutation.b"
    assert (found["Mutation"].severity.value, found["Query"].severity.value) == ("medium", "low")


EVENTS = """\
Resources:
  Api:
    Type: AWS::AppSync::Api
    Properties:
      Name: events
      EventConfig:
        AuthProviders: [{AuthType: API_KEY}, {AuthType: AWS_IAM}]
        ConnectionAuthModes: [{AuthType: API_KEY}]
        DefaultPublishAuthModes: [{AuthType: PUBLISH}]
        DefaultSubscribeAuthModes: [{AuthType: SUBSCRIBE}]
"""
NAMESPACE = """\
  Space:
    Type: AWS::AppSync::ChannelNamespace
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: sales
      PublishAuthModes: [{AuthType: AWS_IAM}]
"""


@pytest.mark.parametrize(
    ("publish", "subscribe", "expected"),
    [
        ("API_KEY", "AWS_IAM", {("Api", "publishing"): "fail", ("Api", "subscribing"): "pass"}),
        ("AWS_IAM", "API_KEY", {("Api", "publishing"): "pass", ("Api", "subscribing"): "fail"}),
        ("AWS_IAM", "AWS_IAM", {("Api", "publishing"): "pass", ("Api", "subscribing"): "pass"}),
    ],
)
def test_event_apis(publish, subscribe, expected) -> None:
    template = EVENTS.replace("PUBLISH", publish).replace("SUBSCRIBE", subscribe)
    assert verdicts(template, GraphqlApiKey) == expected


def test_a_namespace_replaces_the_defaults() -> None:
    template = EVENTS.replace("PUBLISH", "API_KEY").replace("SUBSCRIBE", "AWS_IAM") + NAMESPACE
    assert verdicts(template, GraphqlApiKey) == {("Api", "subscribing"): "pass", ("Space", "publishing"): "pass"}
