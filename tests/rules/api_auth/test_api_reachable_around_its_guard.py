"""AUTH007: open policies, and ways around a distribution."""

import pytest

from rules.api_auth.api_reachable_around_its_guard import ApiReachableAroundItsGuard
from tests.harness import findings, verdicts

POLICY = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      EndpointConfiguration: {Types: [ENDPOINT]}
      Policy:
        Statement:
          - {Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "*"CONDITION}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: r, HttpMethod: GET, AuthorizationType: KIND}
"""
VPCE = ", Condition: {StringEquals: {aws:SourceVpce: vpce-1}}"
ORGANISATION = ", Condition: {StringEquals: {aws:PrincipalOrgID: o-1}}"


@pytest.mark.parametrize(
    ("endpoint", "condition", "kind", "expected"),
    [
        ("PRIVATE", "", "AWS_IAM", "fail"),
        ("PRIVATE", "", "NONE", "fail"),
        ("PRIVATE", VPCE, "NONE", "pass"),
        ("REGIONAL", "", "AWS_IAM", "fail"),
        ("REGIONAL", ORGANISATION, "AWS_IAM", "pass"),
    ],
)
def test_resource_policy(endpoint, condition, kind, expected) -> None:
    template = POLICY.replace("ENDPOINT", endpoint).replace("CONDITION", condition).replace("KIND", kind)
    assert verdicts(template, ApiReachableAroundItsGuard) == {("Api", "its resource policy"): expected}


def test_an_open_policy_matters_only_where_it_decides() -> None:
    template = POLICY.replace("ENDPOINT", "REGIONAL").replace("CONDITION", "").replace("KIND", "CUSTOM")
    assert verdicts(template, ApiReachableAroundItsGuard) == {}


FRONT = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: tickets, DisableExecuteApiEndpoint: DISABLED}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      {RestApiId: !Ref Api, ResourceId: r, HttpMethod: GET, AuthorizationType: KIND, ApiKeyRequired: KEY}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: api
            DomainName: DOMAIN
            HEADERS
            CustomOriginConfig: {OriginProtocolPolicy: https-onlyCERTIFICATE}
"""
STAGE = """\
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod}
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Block: {}}
      Rules:
        - Name: secret
          Action: {Allow: {}}
          Statement: {ByteMatchStatement: {FieldToMatch: {SingleHeader: {Name: X-Origin}}, SearchString: s}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/prod
      WebACLArn: !GetAtt Acl.Arn
"""
DOMAIN = """\
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: api.example.com, RegionalCertificateArn: arn:cMUTUAL}
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {DomainName: !Ref Domain, RestApiId: !Ref Api}
"""
EXECUTE = "!Sub ${Api}.execute-api.eu-west-1.amazonaws.com"
HEADER = "OriginCustomHeaders: [{HeaderName: x-origin, HeaderValue: s}]"
KEY = "OriginCustomHeaders: [{HeaderName: x-api-key, HeaderValue: s}]"
MUTUAL = ", MutualTlsAuthentication: {TruststoreUri: s3://b/k}"


def _template(
    extra: str = "",
    *,
    disabled: str = "false",
    kind: str = "NONE",
    key: str = "false",
    domain: str = EXECUTE,
    headers: str = "OriginPath: /prod",
    mutual: str = "",
    certificate: str = "",
) -> str:
    template = FRONT + extra
    for name, value in {
        "DISABLED": disabled,
        "KIND": kind,
        "KEY": key,
        "HEADERS": headers,
        "CERTIFICATE": certificate,
        "MUTUAL": mutual,
        ": DOMAIN": f": {domain}",
    }.items():
        template = template.replace(name, value)
    return template


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (_template(), "fail"),
        (_template(STAGE), "fail"),
        (_template(STAGE, headers=HEADER), "pass"),
        (_template(headers=HEADER), "fail"),
        (_template(headers=HEADER, kind="CUSTOM"), "unknown"),
        (_template(headers=KEY, key="true"), "pass"),
        (_template(headers=KEY), "fail"),
        (_template(DOMAIN, disabled="true", domain="api.example.com"), "fail"),
        (_template(DOMAIN, disabled="true", domain="!Ref Domain", mutual=MUTUAL), "fail"),
        (
            _template(
                DOMAIN,
                disabled="true",
                domain="api.example.com",
                mutual=MUTUAL,
                certificate=", OriginMtlsConfig: {ClientCertificateArn: arn:c}",
            ),
            "pass",
        ),
    ],
)
def test_ways_around(template, expected) -> None:
    assert verdicts(template, ApiReachableAroundItsGuard) == {("Api", "the way around the distribution"): expected}


def test_the_message_names_the_open_way_and_methods_that_authorize_make_it_low() -> None:
    (finding,) = findings(_template(kind="AWS_IAM"), ApiReachableAroundItsGuard)
    assert finding.message == "Api can be called around Site: its default endpoint answers everyone"
    assert finding.severity.value == "low"
    (finding,) = findings(_template(DOMAIN, disabled="true", domain="api.example.com"), ApiReachableAroundItsGuard)
    assert finding.message == "Api can be called around Site: its custom domain Domain answers everyone"
    assert finding.severity.value == "medium"
