"""WAF003: HTTP APIs, function URLs and network load balancers, alone and behind a distribution."""

import pytest

from rules.waf_coverage.endpoint_that_takes_no_web_acl import EndpointThatTakesNoWebAcl
from tests.harness import findings, verdicts

API = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: tickets, ProtocolType: HTTP, DisableExecuteApiEndpoint: DISABLED}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /a, AuthorizationType: KIND}
"""
SITE = """\
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WEB
        Origins:
          - {Id: api, DomainName: ORIGIN, CustomOriginConfig: {OriginProtocolPolicy: https-only}HEADERS}
"""
DOMAIN = """\
  Domain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties: {DomainName: api.example.com}
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: {ApiId: !Ref Api, DomainName: !Ref Domain, Stage: $default}
"""
EXECUTE = "!Sub '${Api}.execute-api.eu-west-1.amazonaws.com'"
CUT = "!Select [2, !Split ['/', !GetAtt Api.ApiEndpoint]]"
ACL = "WebACLId: !ImportValue acl"
SECRET = ", OriginCustomHeaders: [{HeaderName: x-origin, HeaderValue: s}]"


def _template(
    extra: str = "",
    *,
    disabled: str = "false",
    kind: str = "JWT",
    web: str = ACL,
    origin: str = EXECUTE,
    headers: str = "",
) -> str:
    template = API + extra
    values = {"DISABLED": disabled, "KIND": kind, "WEB\n": f"{web}\n", "ORIGIN": origin, "HEADERS": headers}
    for name, value in values.items():
        template = template.replace(name, value)
    return template


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (_template(), "fail"),
        (_template(disabled="true"), "unknown"),
        (_template(SITE), "fail"),
        (_template(SITE, origin=CUT), "fail"),
        (_template(SITE, web="Comment: none"), "fail"),
        (_template(SITE, disabled="true"), "pass"),
        (_template(SITE + DOMAIN, disabled="true"), "fail"),
        (_template(SITE + DOMAIN, disabled="true", origin="api.example.com"), "fail"),
        (_template(SITE, kind="CUSTOM", headers=SECRET), "unknown"),
        (_template(SITE, kind="CUSTOM"), "fail"),
    ],
)
def test_http_apis(template, expected) -> None:
    assert verdicts(template, EndpointThatTakesNoWebAcl) == {("Api", ""): expected}


def test_the_message_says_what_leads_around() -> None:
    (finding,) = findings(_template(SITE + DOMAIN, disabled="true"), EndpointThatTakesNoWebAcl)
    assert finding.message == (
        "Api can be called around Site and its web ACL: its custom domain Domain answers everyone"
    )
    assert [step.resource for step in finding.evidence] == ["Site", "Mapping"]


def test_websocket_apis_are_named_so() -> None:
    (finding,) = findings(_template().replace("HTTP", "WEBSOCKET"), EndpointThatTakesNoWebAcl)
    assert finding.message == (
        "Api is a WebSocket API, which takes no web ACL, and no distribution stands in front of it"
    )


URL = """\
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: f, AuthType: AUTH}
  Control:
    Type: AWS::CloudFront::OriginAccessControl
    Properties: {OriginAccessControlConfig: {Name: c, OriginAccessControlOriginType: lambda, SigningBehavior: SIGN}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !ImportValue acl
        Origins: [{Id: u, DomainName: !Select [2, !Split ["/", !GetAtt Url.FunctionUrl]]CONTROL}]
"""
CONTROL = ", OriginAccessControlId: !GetAtt Control.Id"


@pytest.mark.parametrize(
    ("auth", "sign", "control", "expected"),
    [
        ("AWS_IAM", "always", CONTROL, "pass"),
        ("AWS_IAM", "never", CONTROL, "fail"),
        ("AWS_IAM", "always", "", "fail"),
        ("NONE", "always", CONTROL, "fail"),
        ("AWS_IAM", "always", ", OriginAccessControlId: E123", "unknown"),
        ("!Ref Unset", "always", CONTROL, "unknown"),
    ],
)
def test_function_urls_behind_a_distribution(auth, sign, control, expected) -> None:
    template = URL.replace("AUTH", auth).replace("SIGN", sign).replace("CONTROL", control)
    assert verdicts(template, EndpointThatTakesNoWebAcl) == {("Url", ""): expected}


BALANCER = """\
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: networkSCHEME}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: PORT
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: TARGET, Targets: [{Id: !Ref Front}]}
  Front:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: internal}
"""
ASSOCIATION = """\
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {ResourceArn: !Ref Front, WebACLArn: !ImportValue acl}
"""


@pytest.mark.parametrize(
    ("scheme", "port", "target", "extra", "expected"),
    [
        ("", "443", "ip", "", "fail"),
        (", Scheme: internet-facing", "443", "ip", "", "fail"),
        (", Scheme: internal", "443", "ip", "", "pass"),
        ("", "1883", "ip", "", "pass"),
        ("", "443", "alb", "", "fail"),
        ("", "443", "alb", ASSOCIATION, "pass"),
    ],
)
def test_network_load_balancers(scheme, port, target, extra, expected) -> None:
    template = BALANCER.replace("SCHEME", scheme).replace("PORT", port).replace("TARGET", target) + extra
    assert verdicts(template, EndpointThatTakesNoWebAcl) == {("Balancer", ""): expected}


def test_a_sam_function_s_url_and_api_are_told_apart() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Tickets:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      FunctionUrlConfig: {AuthType: AWS_IAM}
      Events:
        List: {Type: HttpApi, Properties: {Path: /tickets, Method: get}}
"""
    assert verdicts(template, EndpointThatTakesNoWebAcl) == {
        ("Tickets", "function URL"): "fail",
        ("Tickets", "HTTP API"): "fail",
    }


def test_a_url_that_everyone_may_invoke_is_open_beside_its_distribution() -> None:
    grant = """\
  %s:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: f, Principal: "*", Action: "lambda:%s"}
"""
    closed = URL.replace("AUTH", "AWS_IAM").replace("SIGN", "always").replace("CONTROL", CONTROL)
    both = grant % ("A", "InvokeFunctionUrl") + grant % ("B", "InvokeFunction")
    assert verdicts(closed + grant % ("A", "InvokeFunctionUrl"), EndpointThatTakesNoWebAcl) == {("Url", ""): "pass"}
    assert verdicts(closed + both, EndpointThatTakesNoWebAcl) == {("Url", ""): "fail"}


PERMISSION = """\
  May{action}:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: f, Action: "lambda:{action}", {who}}}
"""


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("Principal: cloudfront.amazonaws.com, SourceArn: !Sub 'arn:aws:cloudfront::1:distribution/${Site}'", "pass"),
        ("Principal: cloudfront.amazonaws.com, SourceAccount: !Ref AWS::AccountId", "pass"),
        ("Principal: cloudfront.amazonaws.com, SourceArn: 'arn:aws:cloudfront::*:distribution/*'", "fail"),
        ("Principal: cloudfront.amazonaws.com", "fail"),
        ("Principal: '*'", "fail"),
        ("Principal: '*', PrincipalOrgID: o-1", "pass"),
        ("Principal: !Ref Unset", "unknown"),
    ],
)
def test_whom_the_permissions_of_a_signed_url_let_in(who, expected) -> None:
    template = URL.replace("AUTH", "AWS_IAM").replace("SIGN", "always").replace("]CONTROL", f"]{CONTROL}")
    template += "".join(PERMISSION.format(action=one, who=who) for one in ("InvokeFunctionUrl", "InvokeFunction"))
    assert verdicts(template, EndpointThatTakesNoWebAcl) == {("Url", ""): expected}


def test_half_a_permission_opens_nothing() -> None:
    template = URL.replace("AUTH", "AWS_IAM").replace("SIGN", "always").replace("]CONTROL", f"]{CONTROL}")
    template += PERMISSION.format(action="InvokeFunctionUrl", who="Principal: cloudfront.amazonaws.com")
    assert verdicts(template, EndpointThatTakesNoWebAcl) == {("Url", ""): "pass"}


def test_a_control_of_another_kind_signs_nothing_for_a_url() -> None:
    template = URL.replace("AUTH", "AWS_IAM").replace("SIGN", "always").replace("]CONTROL", f"]{CONTROL}")
    assert verdicts(template, EndpointThatTakesNoWebAcl) == {("Url", ""): "pass"}
    other = template.replace("OriginType: lambda", "OriginType: s3")
    assert verdicts(other, EndpointThatTakesNoWebAcl) == {("Url", ""): "fail"}


@pytest.mark.parametrize(("enabled", "expected"), [("true", "fail"), ("false", "pass")])
def test_a_disabled_distribution_leads_nowhere(enabled, expected) -> None:
    template = URL.replace("AUTH", "AWS_IAM").replace("SIGN", "always").replace("]CONTROL", f"]{CONTROL}")
    second = f"""\
  Bare:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: {enabled}
        Origins: [{{Id: u, DomainName: !Select [2, !Split ["/", !GetAtt Url.FunctionUrl]]}}]
"""
    assert verdicts(template + second, EndpointThatTakesNoWebAcl) == {("Url", ""): expected}
