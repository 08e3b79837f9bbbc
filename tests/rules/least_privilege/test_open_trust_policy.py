"""IAM008 beyond its examples: accounts, providers, Lambda@Edge."""

import pytest

from rules.least_privilege.open_trust_policy import OpenTrustPolicy
from tests.harness import findings, verdicts
from validator.model import Severity, Verdict

ROLE = """\
Parameters:
  Account: {{Type: String}}
Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties: {{Url: "https://token.actions.githubusercontent.com"}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {principal}
            {more}
"""
GITHUB = "{Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'}"
OTHER = "{AWS: 'arn:aws:iam::444455556666:root'}"
GITLAB = "{Federated: 'arn:aws:iam::111122223333:oidc-provider/gitlab.com'}"
LAB_AUD = "'gitlab.com:aud': 'https://gitlab.com'"
COGNITO = "{Federated: cognito-identity.amazonaws.com}"
HOST = "token.actions.githubusercontent.com"
AUD = f"'{HOST}:aud': sts.amazonaws.com"


@pytest.mark.parametrize(
    ("principal", "more", "verdict"),
    [
        ("{Service: lambda.amazonaws.com}", "Sid: A", "pass"),
        ("{Service: ec2.amazonaws.com.cn}", "Sid: A", "pass"),
        ('"*"', "Sid: A", "fail"),
        ('{AWS: "*"}', "Sid: A", "fail"),
        ('{AWS: "*"}', "Condition: {StringEquals: {aws:PrincipalOrgID: o-1}}", "pass"),
        ('{AWS: "*"}', "Condition: {StringEquals: {sts:ExternalId: x}}", "fail"),
        ("{AWS: !Ref AWS::AccountId}", "Sid: A", "pass"),
        ("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", "Sid: A", "pass"),
        (OTHER, "Sid: A", "fail"),
        ("{AWS: '444455556666'}", "Sid: A", "fail"),
        (OTHER, "Condition: {StringEquals: {sts:ExternalId: x}}", "pass"),
        (OTHER, "Condition: {StringEqualsIfExists: {sts:ExternalId: x}}", "fail"),
        (OTHER, "Condition: {Bool: {aws:MultiFactorAuthPresent: true}}", "fail"),
        (OTHER, "Condition: {ArnLike: {aws:PrincipalArn: 'arn:aws:iam::444455556666:role/*'}}", "fail"),
        (OTHER, "Condition: {ArnLike: {aws:PrincipalArn: 'arn:aws:iam::444455556666:role/ci-*'}}", "pass"),
        ("{AWS: 'arn:aws:iam::444455556666:role/ci'}", "Sid: A", "pass"),
        ("{AWS: !Sub 'arn:aws:iam::${Account}:role/ci'}", "Sid: A", "pass"),
        ("{AWS: !Sub 'arn:aws:iam::${Account}:root'}", "Sid: A", "unknown"),
        ("{AWS: !Sub 'arn:aws:iam::${Account}:root'}", "Condition: {StringEquals: {sts:ExternalId: x}}", "pass"),
        (GITHUB, "Sid: A", "fail"),
        (GITHUB, f"Condition: {{StringEquals: {{{AUD}}}}}", "fail"),
        (GITHUB, f"Condition: {{StringEquals: {{{AUD}, '{HOST}:sub': 'repo:Org/app:ref:refs/heads/main'}}}}", "pass"),
        (GITHUB, f"Condition: {{StringEquals: {{{AUD}}}, StringLike: {{'{HOST}:sub': 'repo:Org/*'}}}}", "pass"),
        (GITHUB, f"Condition: {{StringEquals: {{{AUD}}}, StringLike: {{'{HOST}:sub': 'repo:Org*'}}}}", "fail"),
        (GITHUB, f"Condition: {{StringEquals: {{{AUD}}}, StringLike: {{'{HOST}:sub': 'repo:*'}}}}", "fail"),
        (
            GITHUB,
            f"Condition: {{StringEquals: {{{AUD}}}, 'ForAllValues:StringLike': {{'{HOST}:sub': 'repo:Org/*'}}}}",
            "fail",
        ),
        (GITHUB, f"Condition: {{StringEquals: {{{AUD}, '{HOST}:repository': Org/app}}}}", "pass"),
        ("{Federated: !Ref Provider}", f"Condition: {{StringEquals: {{{AUD}}}}}", "fail"),
        ("{Federated: !Ref Provider}", f"Condition: {{StringEquals: {{{AUD}, '{HOST}:sub': 'repo:O/a:x'}}}}", "pass"),
        (
            GITLAB,
            f"Condition: {{StringEquals: {{{LAB_AUD}}}, StringLike: {{'gitlab.com:sub': 'project_path:org/*'}}}}",
            "pass",
        ),
        (
            GITLAB,
            f"Condition: {{StringEquals: {{{LAB_AUD}}}, StringLike: {{'gitlab.com:sub': 'project_path:*'}}}}",
            "fail",
        ),
        (COGNITO, "Sid: A", "fail"),
        (COGNITO, "Condition: {StringEquals: {'cognito-identity.amazonaws.com:aud': pool}}", "fail"),
        (
            COGNITO,
            "Condition: {StringEquals: {'cognito-identity.amazonaws.com:aud': pool}, "
            "'ForAnyValue:StringLike': {'cognito-identity.amazonaws.com:amr': authenticated}}",
            "pass",
        ),
        (
            COGNITO,
            "Condition: {StringEquals: {'cognito-identity.amazonaws.com:aud': pool}, "
            "'ForAnyValue:StringLike': {'cognito-identity.amazonaws.com:amr': [authenticated, unauthenticated]}}",
            "fail",
        ),
        ("{Federated: 'arn:aws:iam::111122223333:saml-provider/idp'}", "Sid: A", "fail"),
        (
            "{Federated: 'arn:aws:iam::111122223333:saml-provider/idp'}",
            "Condition: {StringEquals: {SAML:aud: 'https://signin.aws.amazon.com/saml'}}",
            "pass",
        ),
        ("{Federated: graph.facebook.com}", "Condition: {StringEquals: {graph.facebook.com:app_id: '1'}}", "pass"),
        ("{Federated: graph.facebook.com}", "Sid: A", "fail"),
    ],
)
def test_trusted_parties(principal: str, more: str, verdict: str) -> None:
    template = ROLE.format(principal=principal, more=more)
    assert verdicts(template, OpenTrustPolicy) == {("Role", "trust statement 1"): verdict}


def test_everyone_is_critical_and_the_place_is_the_principal() -> None:
    (finding,) = findings(ROLE.format(principal='{AWS: ["*"]}', more="Sid: A"), OpenTrustPolicy)
    assert (finding.severity, finding.message) == (
        Severity.CRITICAL,
        "Role trusts everyone with AWS credentials (trust statement 1)",
    )
    assert finding.span.line == 15


EDGE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: sts:AssumeRole
          Principal: {{Service: [lambda.amazonaws.com, edgelambda.amazonaws.com]}}
  Function:
    Type: AWS::Lambda::Function
    Properties: {{Role: !GetAtt Role.Arn, Code: {{ZipFile: x}}, Handler: a.h, Runtime: python3.12}}
{more}
"""
VERSION = """\
  Version:
    Type: AWS::Lambda::Version
    Properties: {FunctionName: !Ref Function}
  Web:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: !Ref Version}]
"""


@pytest.mark.parametrize(("more", "verdict"), [("", Verdict.FAIL), (VERSION, Verdict.PASS)])
def test_edge_is_trusted_only_where_a_distribution_calls(more: str, verdict: Verdict) -> None:
    (finding,) = findings(EDGE.format(more=more), OpenTrustPolicy)
    assert finding.verdict is verdict


SERVICES = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: sts:AssumeRole
          Principal: {{Service: [lambda.amazonaws.com, {service}]}}
  Function:
    Type: AWS::Lambda::Function
    Properties: {{Role: !GetAtt Role.Arn, Code: {{ZipFile: x}}, Handler: a.h, Runtime: python3.12}}
{more}
"""
API = """\
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      {RestApiId: a, ResourceId: r, HttpMethod: GET, Integration: {Type: AWS, Credentials: !GetAtt Role.Arn}}
"""
OUTPUT = """\
Outputs:
  RoleArn: {Value: !GetAtt Role.Arn}
"""


@pytest.mark.parametrize(
    ("service", "more", "verdict"),
    [
        ("apigateway.amazonaws.com", "", Verdict.FAIL),
        ("apigateway.amazonaws.com", API, Verdict.PASS),
        ("apigateway.amazonaws.com", OUTPUT, Verdict.PASS),
        ("lambda.amazonaws.com", "", Verdict.PASS),
        ("!Sub 'lambda.${AWS::URLSuffix}'", "", Verdict.PASS),
    ],
)
def test_services_that_a_function_s_role_need_not_trust(service: str, more: str, verdict: Verdict) -> None:
    (finding,) = findings(SERVICES.format(service=service, more=more), OpenTrustPolicy)
    assert finding.verdict is verdict
    if verdict is Verdict.FAIL:
        assert (finding.severity, finding.message) == (
            Severity.LOW,
            "Role trusts apigateway.amazonaws.com, although only functions use it (trust statement 1)",
        )
