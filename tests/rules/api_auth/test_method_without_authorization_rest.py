"""AUTH001 on REST method resources: types, paths, resource policies, private endpoints, mutual TLS."""

import pytest

from rules.api_auth.method_without_authorization import MethodWithoutAuthorization
from tests.harness import findings, line_of, verdicts

METHOD = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: tickets
{api}
  Tickets:
    Type: AWS::ApiGateway::Resource
    Properties: {{RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: tickets}}
  One:
    Type: AWS::ApiGateway::Resource
    Properties: {{RestApiId: !Ref Api, ParentId: !Ref Tickets, PathPart: "{{id}}"}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref One
      HttpMethod: GET
      {method}
"""


def _template(method: str = "AuthorizationType: NONE", api: str = "") -> str:
    indented = "\n".join(f"      {line}" for line in api.splitlines())
    return METHOD.format(method=method, api=indented)


def _verdict(template: str) -> str:
    (found,) = verdicts(template, MethodWithoutAuthorization).values()
    return found


def test_finding_names_the_full_path_and_the_property() -> None:
    template = _template()
    (finding,) = findings(template, MethodWithoutAuthorization)
    assert finding.resource == "Get"
    assert finding.target == "GET /tickets/{id}"
    assert finding.message == "Get GET /tickets/{id} demands no authorization: it has AuthorizationType NONE"
    assert finding.span.line == line_of(template, "AuthorizationType: NONE")
    assert finding.span.column == 26


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("AuthorizationType: AWS_IAM", "pass"),
        ("AuthorizationType: COGNITO_USER_POOLS", "pass"),
        ("AuthorizationType: CUSTOM", "pass"),
        ("AuthorizationType: NONE", "fail"),
        ("OperationName: list", "fail"),
        ("AuthorizationType: NONE\n      AuthorizerId: abc", "fail"),
        ("AuthorizationType: !Ref Missing", "unknown"),
    ],
)
def test_authorization_type(method, expected) -> None:
    assert _verdict(_template(method)) == expected


def test_options_without_integration_or_with_a_mock_is_exempt() -> None:
    template = _template().replace("HttpMethod: GET", "HttpMethod: OPTIONS")
    assert _verdict(template) == "pass"
    assert _verdict(template + "      Integration: {Type: MOCK}\n") == "pass"
    assert _verdict(template + "      Integration: {Type: AWS_PROXY, Uri: x}\n") == "fail"


PRIVATE = "EndpointConfiguration: {Types: [PRIVATE]}\n"
ALLOW = """\
Policy:
  Statement:
    - {Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "RESOURCE"CONDITION}
"""
VPCE = ", Condition: {StringEquals: {aws:SourceVpce: vpce-1}}"
ADDRESS = ", Condition: {IpAddress: {aws:SourceIp: 10.0.0.0/8}}"
REFERER = ", Condition: {StringLike: {aws:Referer: secret}}"
NOT_VPCE = """\
    - {Effect: Deny, Principal: "*", Action: execute-api:Invoke, Resource: "*",
       Condition: {StringNotEquals: {aws:SourceVpce: vpce-1}}}
"""
NOT_ADDRESS = NOT_VPCE.replace(
    "StringNotEquals: {aws:SourceVpce: vpce-1}", "NotIpAddress: {aws:SourceIp: 10.0.0.0/8}"
)
BLOCKED_ADDRESS = NOT_VPCE.replace("StringNotEquals: {aws:SourceVpce: vpce-1}", "IpAddress: {aws:SourceIp: 10.0.0.1}")


def _allow(resource: str = "*", condition: str = "") -> str:
    return ALLOW.replace("RESOURCE", resource).replace("CONDITION", condition)


@pytest.mark.parametrize(
    ("api", "expected"),
    [
        (PRIVATE + _allow(condition=VPCE), "pass"),
        (PRIVATE + _allow() + NOT_VPCE, "pass"),
        (PRIVATE + _allow() + NOT_VPCE.replace("}}", "}, IpAddress: {aws:SourceIp: 10.0.0.1}}"), "fail"),
        (PRIVATE + _allow() + NOT_VPCE.replace("}}", "}, NotIpAddress: {aws:SourceIp: 10.0.0.1}}"), "fail"),
        (PRIVATE + _allow() + NOT_VPCE.replace('"*"', "{AWS: arn:aws:iam::123456789012:root}", 1), "fail"),
        (PRIVATE + _allow(), "fail"),
        (PRIVATE, "fail"),
        (PRIVATE + _allow(condition=ADDRESS), "fail"),
        (PRIVATE + _allow(condition=VPCE.replace("vpce-1", '"*"').replace("StringEquals", "StringLike")), "fail"),
        (_allow(), "fail"),
        (_allow(condition=ADDRESS), "fail"),
        (_allow(condition=REFERER), "fail"),
        (_allow() + NOT_ADDRESS, "fail"),
        (_allow() + BLOCKED_ADDRESS, "fail"),
        (_allow("execute-api:/*/GET/shows"), "pass"),
        (_allow("execute-api:/*/GET/tickets/*"), "fail"),
        (_allow("execute-api:/*/POST/tickets/*"), "pass"),
        (_allow().replace("Allow", "Deny"), "pass"),
        (_allow(condition=VPCE), "unknown"),
        ("EndpointConfiguration: {Types: [!Ref Unset]}\n" + _allow(condition=VPCE), "unknown"),
    ],
)
def test_resource_policy_and_endpoint(api, expected) -> None:
    assert _verdict(_template(api=api)) == expected


MUTUAL_TLS = """\
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      MutualTlsAuthentication: {TruststoreUri: s3://trust/store.pem}
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {DomainName: !Ref Domain, RestApiId: !Ref Api, Stage: prod}
"""
PLAIN_DOMAIN = """\
  Plain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties: {DomainName: open.example.com}
  PlainMapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: {DomainName: !Ref Plain, ApiId: !Ref Api, Stage: prod}
"""


def test_mutual_tls_counts_on_every_way_in_only() -> None:
    closed = _template(api="DisableExecuteApiEndpoint: true") + MUTUAL_TLS
    assert _verdict(closed) == "pass"
    assert _verdict(_template() + MUTUAL_TLS) == "fail"
    assert _verdict(closed + PLAIN_DOMAIN) == "fail"
    assert _verdict(_template(api="DisableExecuteApiEndpoint: true")) == "fail"


def test_method_of_an_api_outside_the_run() -> None:
    template = """\
Parameters:
  ApiId: {{Type: String}}
Resources:
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {{RestApiId: {api}, ResourceId: r, HttpMethod: GET, AuthorizationType: NONE}}
"""
    assert _verdict(template.format(api="abc123")) == "fail"
    assert _verdict(template.format(api="!Ref NotThere")) == "fail"
    (finding,) = findings(template.format(api="!Ref ApiId"), MethodWithoutAuthorization)
    assert (finding.verdict, [m.key for m in finding.missing]) == ("unknown", ["parameter:ApiId"])


def test_a_parameter_with_choices_that_all_authorize_passes() -> None:
    template = "Parameters:\n  Auth: {Type: String, AllowedValues: [AWS_IAM, CUSTOM]}\n" + _template(
        "AuthorizationType: !Ref Auth"
    )
    assert _verdict(template) == "pass"
    assert _verdict(template.replace("CUSTOM]", "NONE]")) == "unknown"


def test_mutual_tls_is_not_proven_when_a_stack_outside_the_run_receives_the_api() -> None:
    nested = "  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties: {Parameters: {Id: !Ref Api}}\n"
    template = _template(api="DisableExecuteApiEndpoint: true") + MUTUAL_TLS + nested
    assert _verdict(template) == "unknown"


def test_a_policy_written_as_json_text_is_read() -> None:
    policy = (
        'Policy: !Sub \'{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", '
        '"Resource": "*", "Condition": {"StringEquals": {"aws:sourceVpce": ["${Endpoint}"]}}}]}\'\n'
    )
    endpoint = "  Endpoint:\n    Type: AWS::EC2::VPCEndpoint\n    Properties: {VpcId: v}\n"
    assert _verdict(_template(api=PRIVATE + policy) + endpoint) == "pass"
    assert _verdict(_template(api=PRIVATE + policy.replace("sourceVpce", "username")) + endpoint) == "fail"
    assert _verdict(_template(api=PRIVATE + "Policy: 'not json'\n")) == "unknown"
