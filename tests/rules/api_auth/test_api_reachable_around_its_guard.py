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


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            "Statement: [{Effect: Deny, Principal: '*', NotAction: 'execute-api:Invoke', Resource: '*'}, ALLOW]",
            "fail",
        ),
        (
            "Statement: [{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', NotResource: '*'}, ALLOW]",
            "fail",
        ),
        ("Statement: [{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}, ALLOW]", "pass"),
        ("Version: '2012-10-17'", None),
    ],
)
def test_what_a_statement_does_not_name(policy, expected) -> None:
    """A Deny of everything but Invoke denies no call; a document without statements is no policy."""
    allow = "{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}"
    head, _, tail = POLICY.replace("ENDPOINT", "PRIVATE").replace("KIND", "NONE").partition("      Policy:\n")
    rest = tail.partition("CONDITION}\n")[2]
    template = f"{head}      Policy: {{{policy.replace('ALLOW', allow)}}}\n{rest}"
    found = verdicts(template, ApiReachableAroundItsGuard)
    assert found == ({} if expected is None else {("Api", "its resource policy"): expected})


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


WEB_ACL = """\
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub arn:aws:apigateway:eu-west-1::/restapis/${Api}/stages/prod
      WebACLArn: !GetAtt Acl.Arn
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {DEFAULT: {}}
      Rules: [RULES]
"""
SECRET = "ByteMatchStatement: {FieldToMatch: {SingleHeader: {Name: X-Origin}}, SearchString: s}"
ADDRESS = "IPSetReferenceStatement: {Arn: a}"


def _rule(action: str, statement: str, priority: int = 1) -> str:
    return f"{{Name: r{priority}, Priority: {priority}, Action: {{{action}: {{}}}}, Statement: {{{statement}}}}}"


def _not(statement: str) -> str:
    return f"NotStatement: {{Statement: {{{statement}}}}}"


def _any(*statements: str) -> str:
    return f"OrStatement: {{Statements: [{', '.join(f'{{{one}}}' for one in statements)}]}}"


def _all(*statements: str) -> str:
    return f"AndStatement: {{Statements: [{', '.join(f'{{{one}}}' for one in statements)}]}}"


@pytest.mark.parametrize(
    ("default", "rules", "expected"),
    [
        ("Block", _rule("Allow", SECRET), "pass"),
        ("Block", _rule("Allow", _all(SECRET, ADDRESS)), "pass"),
        ("Block", _rule("Allow", SECRET) + ", " + _rule("Allow", ADDRESS, 2), "fail"),
        ("Block", _rule("Count", SECRET), "fail"),
        ("Allow", _rule("Block", _not(SECRET)), "pass"),
        ("Allow", _rule("Block", _not(_any(SECRET, SECRET))), "pass"),
        ("Allow", _rule("Block", _not(_any(SECRET, ADDRESS))), "fail"),
        ("Allow", _rule("Block", _all(_not(SECRET), ADDRESS)), "fail"),
        ("Allow", _rule("Count", _not(SECRET)), "fail"),
        ("Allow", _rule("Allow", SECRET), "fail"),
        ("Allow", _rule("Block", SECRET), "fail"),
        ("Allow", _rule("Allow", ADDRESS) + ", " + _rule("Block", _not(SECRET), 2), "fail"),
        ("Allow", _rule("Block", _not(SECRET)) + ", " + _rule("Allow", ADDRESS, 2), "pass"),
    ],
)
def test_a_web_acl_that_demands_the_header(default, rules, expected) -> None:
    front = FRONT + WEB_ACL.replace("DEFAULT", default).replace("RULES", rules)
    values = {"DISABLED": "false", "KIND": "NONE", "KEY": "false", "CERTIFICATE": "", "HEADERS": HEADER}
    for name, value in {**values, "DOMAIN": EXECUTE}.items():
        front = front.replace(name, value)
    assert verdicts(front, ApiReachableAroundItsGuard) == {("Api", "the way around the distribution"): expected}
    imported = front.replace("!GetAtt Acl.Arn", "!ImportValue acl")
    assert verdicts(imported, ApiReachableAroundItsGuard) == {("Api", "the way around the distribution"): "unknown"}


def test_a_stage_without_the_web_acl_is_named() -> None:
    front = FRONT + WEB_ACL.replace("DEFAULT", "Block").replace("RULES", _rule("Allow", SECRET))
    front += "  Dev:\n    Type: AWS::ApiGateway::Stage\n    Properties: {RestApiId: !Ref Api, StageName: dev}\n"
    values = {"DISABLED": "false", "KIND": "NONE", "KEY": "false", "CERTIFICATE": "", "HEADERS": HEADER}
    for name, value in {**values, "DOMAIN": EXECUTE}.items():
        front = front.replace(name, value)
    (finding,) = findings(front, ApiReachableAroundItsGuard)
    assert finding.message == ("Api can be called around Site: its stage dev has no web ACL that demands the header")
