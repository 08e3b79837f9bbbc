"""Conformance tables: what a workload can do without, what it needs, and what the order of a template changes."""

import json
from typing import Any

import pytest

from tests.harness import architecture, findings
from tests.mutations.mutation import good_template
from tests.properties.rewriting import as_json
from validator.graph.patterns import Pattern, Recognition, State, recognised

HEAD = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
"""
POOL = """\
  Pool: {Type: AWS::Cognito::UserPool}
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth: {DefaultAuthorizer: Members, Authorizers: {Members: {UserPoolArn: !GetAtt Pool.Arn}}}
"""
OPEN = """\
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
"""
SITE = """\
  Files: {Type: AWS::S3::Bucket}
  Control:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig:
        {Name: c, OriginAccessControlOriginType: s3, SigningBehavior: always, SigningProtocol: sigv4}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultRootObject: index.html
        DefaultCacheBehavior: {TargetOriginId: files, ViewerProtocolPolicy: redirect-to-https}
        Origins:
          - Id: files
            DomainName: !GetAtt Files.RegionalDomainName
            OriginAccessControlId: !GetAtt Control.Id
            S3OriginConfig: {OriginAccessIdentity: ''}
"""
AMPLIFY = "  Front: {Type: AWS::Amplify::App, Properties: {Name: front}}\n"
TABLE = "  Table: {Type: AWS::DynamoDB::Table}\n"
BUCKET = "  Articles: {Type: AWS::S3::Bucket}\n"


def function(policy: str, name: str = "Sell", path: str = "tickets") -> str:
    return f"""\
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{policy}]
      Events: {{Get: {{Type: Api, Properties: {{Path: /{path}, Method: get, RestApiId: !Ref Api}}}}}}
"""


TABLE_USER = function("{DynamoDBCrudPolicy: {TableName: !Ref Table}}")
BUCKET_USER = function("{S3ReadPolicy: {BucketName: !Ref Articles}}", "Read", "info")


def only(template: str) -> Recognition | None:
    found = recognised(architecture(template))
    assert len(found) < 2
    return found[0] if found else None


def states(template: str) -> dict[str, State]:
    found = only(template)
    return {} if found is None else {component.name: component.state for component in found.components}


@pytest.mark.parametrize(
    ("parts", "pattern"),
    [
        ((POOL, TABLE, TABLE_USER), Pattern.MOBILE_BACKEND),
        ((POOL, SITE, TABLE, TABLE_USER), Pattern.WEB_APPLICATION),
        ((POOL, AMPLIFY, TABLE, TABLE_USER), Pattern.WEB_APPLICATION),
        ((OPEN, SITE, TABLE, TABLE_USER), Pattern.SINGLE_PAGE_APPLICATION),
        ((OPEN, AMPLIFY, TABLE, TABLE_USER), None),
        ((OPEN, TABLE, TABLE_USER), None),
        ((POOL, TABLE), None),
        ((POOL, SITE), None),
        ((POOL, TABLE, function("AWSXRayDaemonWriteAccess")), None),
        ((TABLE,), None),
        ((SITE,), None),
    ],
    ids=[
        "mobile backend",
        "web application behind CloudFront",
        "web application on Amplify",
        "single page",
        "Amplify without sign-in",
        "an API with a table",
        "no function",
        "no function behind a site",
        "nothing kept",
        "a table",
        "a site",
    ],
)
def test_a_pattern_needs_what_makes_it_that_pattern(parts: tuple[str, ...], pattern: Pattern | None) -> None:
    found = only(HEAD + "".join(parts))

    assert (found.pattern if found else None) is pattern


def test_a_simple_mobile_backend_does_without_a_relational_database() -> None:
    template = HEAD + POOL + TABLE + TABLE_USER

    assert set(states(template).values()) == {State.PRESENT, State.NOT_USED}
    assert [name for name, state in states(template).items() if state is State.NOT_USED] == ["relational database"]
    (row,) = [f for f in findings(template, "PATTERN001") if f.target == "component: relational database"]
    assert (row.verdict.value, row.message) == (
        "pass",
        "Api leads a mobile backend; relational database: not used, no function behind the API uses one (Sell)",
    )


def test_a_simple_single_page_application_does_without_cache_and_content() -> None:
    found = states(HEAD + OPEN + SITE + TABLE + TABLE_USER)

    assert [name for name, state in found.items() if state is State.NOT_USED] == ["cache", "content bucket"]
    assert [name for name, state in found.items() if state is State.MISSING] == ["certificate", "Lambda authorizer"]


def test_a_content_bucket_that_a_function_reads_is_present() -> None:
    found = states(HEAD + OPEN + SITE + TABLE + BUCKET + TABLE_USER + BUCKET_USER)

    assert found["content bucket"] is State.PRESENT


@pytest.mark.parametrize("name", ["cache", "content bucket"])
def test_a_grant_on_something_unnamed_leaves_optional_stores_open(name: str) -> None:
    head = HEAD.replace("Resources:", "Parameters: {Store: {Type: String}}\nResources:")
    vague = function("{Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: !Ref Store}]}", "Read", "info")

    assert states(head + OPEN + SITE + TABLE + TABLE_USER + vague)[name] is State.UNDECIDED


def test_what_is_required_stays_missing() -> None:
    without_client = "\n".join(line for line in POOL.splitlines() if "UserPoolClient" not in line) + "\n"
    assert states(HEAD + without_client + TABLE + TABLE_USER)["app client"] is State.MISSING
    assert states(HEAD + POOL + BUCKET + BUCKET_USER)["DynamoDB tables"] is State.MISSING


def test_what_is_not_used_counts_for_no_share() -> None:
    found = only(HEAD + POOL + TABLE + TABLE_USER)

    assert found is not None
    assert found.score == 1.0


def _turned(template: dict[str, Any]) -> dict[str, Any]:
    return {**template, "Resources": dict(reversed(template["Resources"].items()))}


@pytest.mark.parametrize(
    ("stack", "rule"),
    [
        ("mobile_backend", "PATTERN001"),
        ("single_page_app", "PATTERN002"),
        ("web_app", "PATTERN003"),
        ("lambda_in_vpc", "PATTERN005"),
    ],
)
def test_the_order_of_a_template_changes_no_row(stack: str, rule: str) -> None:
    text = as_json(good_template(stack))

    written = [(f.resource, f.target, f.verdict, f.message) for f in findings(text, rule)]
    turned = [
        (f.resource, f.target, f.verdict, f.message) for f in findings(json.dumps(_turned(json.loads(text))), rule)
    ]

    assert sorted(written) == sorted(turned)


TWO_SERVICES = """\
  BApi: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  AApi: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  Bills: {Type: AWS::DynamoDB::Table}
  Shows: {Type: AWS::DynamoDB::Table}
"""


def _service(name: str, table: str) -> str:
    policy = f"{{DynamoDBCrudPolicy: {{TableName: !Ref {table}}}}}"
    return function(policy, f"{name}Fn", name.lower()).replace("!Ref Api}", f"!Ref {name}Api}}")


def test_the_central_api_of_services_is_chosen_by_name() -> None:
    services = (_service("B", "Bills"), _service("A", "Shows"))
    for order in (services, services[::-1]):
        found = only(HEAD + TWO_SERVICES + "".join(order))
        assert found is not None
        assert (found.pattern, found.central.name) == (Pattern.MICROSERVICES, "AApi")


def test_services_that_share_their_table_are_none() -> None:
    services = _service("B", "Shows") + _service("A", "Shows")

    assert only(HEAD + TWO_SERVICES + services) is None
