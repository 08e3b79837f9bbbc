"""API012 to API014, API019 and API022: custom domains, certificates, mutual TLS, private APIs."""

import pytest

from rules.api_operations.certificate_that_does_not_fit_domain import CertificateThatDoesNotFitDomain
from rules.api_operations.endpoint_to_every_private_api import EndpointToEveryPrivateApi
from rules.api_operations.mutual_tls_with_a_way_around import MutualTlsWithAWayAround
from rules.api_operations.old_tls_on_domain import OldTlsOnDomain
from rules.api_operations.private_api_without_policy import PrivateApiWithoutPolicy
from tests.harness import findings, line_of, scope, verdicts
from validator.graph import Architecture
from validator.rulekit import run_rules

DOMAIN = """\
Parameters:
  Outside: {Type: String}
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
"""
KEY = ("Domain", "")
ARN = "arn:aws:acm:REGION:111122223333:certificate/0a1b"
EDGE, REGIONAL = "EndpointConfiguration: {Types: [EDGE]}", "EndpointConfiguration: {Types: [REGIONAL]}"


def domain(*properties: str, more: str = "") -> str:
    return DOMAIN + "".join(f"      {one}\n" for one in properties) + more


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("TLS_1_0", "fail"),
        ("TLS_1_2", "pass"),
        ("SecurityPolicy_TLS13_1_3_2025_09", "pass"),
        ("SecurityPolicy_TLS13_1_2_2021_06", "pass"),
        ("!Ref Outside", "unknown"),
        ("!Ref AWS::NoValue", "unknown"),
    ],
)
def test_security_policy(policy, expected) -> None:
    assert verdicts(domain(f"SecurityPolicy: {policy}"), OldTlsOnDomain) == {KEY: expected}


def test_http_domains_take_new_tls_only() -> None:
    template = domain("DomainNameConfigurations: [{EndpointType: REGIONAL}]").replace(
        "::ApiGateway::", "::ApiGatewayV2::"
    )
    assert verdicts(template, OldTlsOnDomain) == {("Domain", "configuration 1"): "pass"}


CERTIFICATE = """\
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties: {DomainName: NAME, ValidationMethod: DNS}
"""


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ((f"CertificateArn: {ARN.replace('REGION', 'us-east-1')}",), {KEY: "pass"}),
        ((f"CertificateArn: {ARN.replace('REGION', 'eu-west-1')}",), {KEY: "fail"}),
        ((EDGE, f"RegionalCertificateArn: {ARN.replace('REGION', 'us-east-1')}"), {KEY: "fail"}),
        ((REGIONAL, f"CertificateArn: {ARN.replace('REGION', 'us-east-1')}"), {KEY: "fail"}),
        ((REGIONAL, f"RegionalCertificateArn: {ARN.replace('REGION', 'eu-west-1')}"), {KEY: "unknown"}),
        ((REGIONAL, "RegionalCertificateArn: !Ref Outside"), {}),
        ((EDGE, "CertificateArn: !Ref Outside"), {KEY: "unknown"}),
        ((EDGE,), {KEY: "fail"}),
    ],
)
def test_certificate(properties, expected) -> None:
    assert verdicts(domain(*properties), CertificateThatDoesNotFitDomain) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("api.example.com", "pass"), ("'*.example.com'", "pass"), ("example.com", "fail"), ("'*.com'", "fail")],
)
def test_the_certificate_of_the_run_is_for_the_name(name, expected) -> None:
    template = domain(REGIONAL, "RegionalCertificateArn: !Ref Certificate", more=CERTIFICATE.replace("NAME", name))
    assert verdicts(template, CertificateThatDoesNotFitDomain) == {KEY: expected}


@pytest.mark.parametrize(("region", "expected"), [("us-east-1", "pass"), ("eu-west-1", "fail"), (None, "unknown")])
def test_a_certificate_of_the_stack_is_in_the_region_of_the_stack(region, expected) -> None:
    template = domain(EDGE, "CertificateArn: !Ref Certificate", more=CERTIFICATE.replace("NAME", "api.example.com"))
    stack = scope(template, region=region)
    result = run_rules([CertificateThatDoesNotFitDomain()], Architecture([stack], stack.evaluation))
    assert [finding.verdict.value for finding in result.findings] == [expected]


TLS = """\
Parameters:
  Outside: {Type: String}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, DisableExecuteApiEndpoint: CLOSED}}
  Machines:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: m.example.com, MutualTlsAuthentication: {TruststoreUri: s3://b/k}}
  ToMachines: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref Machines, RestApiId: !Ref Api}}
"""
OTHER = """\
  People: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: p.example.com}}
  ToPeople: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref People, RestApiId: !Ref Api}}
"""
DEFAULT = ("Api", "default endpoint")


@pytest.mark.parametrize(("closed", "expected"), [("true", "pass"), ("false", "fail"), ("!Ref Outside", "unknown")])
def test_the_default_endpoint_is_a_way_around_mutual_tls(closed, expected) -> None:
    assert verdicts(TLS.replace("CLOSED", closed), MutualTlsWithAWayAround) == {DEFAULT: expected}


def test_another_domain_is_a_way_around_mutual_tls() -> None:
    found = verdicts(TLS.replace("CLOSED", "true") + OTHER, MutualTlsWithAWayAround)
    assert found == {DEFAULT: "pass", ("Api", "domain People"): "fail"}


def test_an_api_without_mutual_tls_is_not_judged() -> None:
    plain = TLS.replace(", MutualTlsAuthentication: {TruststoreUri: s3://b/k}", "").replace("CLOSED", "false")
    assert verdicts(plain, MutualTlsWithAWayAround) == {}


PRIVATE = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {EndpointConfiguration: {Types: [KIND]} POLICY}
"""


@pytest.mark.parametrize(
    ("kind", "policy", "expected"),
    [
        ("PRIVATE", "", {("Api", ""): "fail"}),
        ("REGIONAL", "", {}),
        ("PRIVATE", ", Policy: {Statement: []}", {("Api", ""): "pass"}),
        ("PRIVATE", ", Body: {x-amazon-apigateway-policy: {Statement: []}}", {("Api", ""): "pass"}),
        ("PRIVATE", ", BodyS3Location: {Bucket: b, Key: k}", {("Api", ""): "unknown"}),
    ],
)
def test_a_private_api_has_a_policy(kind, policy, expected) -> None:
    template = PRIVATE.replace("KIND", kind).replace(" POLICY", policy)
    assert verdicts(template, PrivateApiWithoutPolicy) == expected


def test_a_private_api_without_policy_says_so_in_sam() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: p, EndpointConfiguration: {Type: PRIVATE}, DefinitionBody: {swagger: "2.0", paths: {}}}
"""
    (finding,) = findings(template, PrivateApiWithoutPolicy)
    assert finding.message == "Api is private and has no resource policy, so it cannot be deployed"
    assert finding.fix.startswith("set Auth.ResourcePolicy on Api (Auth: {ResourcePolicy: {")
    assert finding.span.line == line_of(template, "  Api:")


ENDPOINT = """\
Resources:
  Door:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: vpc-1, ServiceName: com.amazonaws.eu-west-1.SERVICE MORE}
"""


def _policy(principal: str = '"*"', resource: str = '"*"', condition: str = "{}") -> str:
    statement = (
        f"{{Effect: Allow, Principal: {principal}, Action: '*', Resource: {resource}, Condition: {condition}}}"
    )
    return f", PolicyDocument: {{Statement: [{statement}]}}"


@pytest.mark.parametrize(
    ("service", "more", "expected"),
    [
        ("execute-api", "", {("Door", ""): "fail"}),
        ("s3", "", {}),
        ("execute-api", _policy(), {("Door", ""): "fail"}),
        ("execute-api", _policy(principal='{AWS: "*"}'), {("Door", ""): "fail"}),
        ("execute-api", _policy(resource="arn:aws:execute-api:eu-west-1:1:a/*"), {("Door", ""): "pass"}),
        ("execute-api", _policy(condition="{StringEquals: {aws:PrincipalOrgID: o-1}}"), {("Door", ""): "pass"}),
        ("execute-api", ", PolicyDocument: !ImportValue policy", {("Door", ""): "unknown"}),
        ("execute-api", _policy().replace("}]}", "}, {Effect: Deny, Action: '*'}]}"), {("Door", ""): "unknown"}),
    ],
)
def test_the_endpoint_of_private_apis(service, more, expected) -> None:
    template = ENDPOINT.replace("SERVICE", service).replace(" MORE", more)
    assert verdicts(template, EndpointToEveryPrivateApi) == expected
