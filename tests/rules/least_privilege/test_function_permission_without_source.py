"""IAM009 beyond its examples: what each caller has to bring."""

import pytest

from rules.least_privilege.function_permission_without_source import FunctionPermissionWithoutSource
from tests.harness import findings, line_of, verdicts
from validator.model import Severity, Verdict

PERMISSION = """\
Parameters:
  Account: {{Type: String}}
  Source: {{Type: String}}
Resources:
  Topic: {{Type: AWS::SNS::Topic}}
  Call:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: worker
      Action: {action}
      Principal: {principal}
      {more}
"""
BUCKET = "SourceArn: arn:aws:s3:::uploads"
OWN = "SourceAccount: !Ref AWS::AccountId"


def judge(principal: str, more: str = "Id: a", action: str = "lambda:InvokeFunction") -> dict[tuple[str, str], str]:
    return verdicts(PERMISSION.format(action=action, principal=principal, more=more), FunctionPermissionWithoutSource)


@pytest.mark.parametrize(
    ("principal", "more", "verdict"),
    [
        ("sns.amazonaws.com", "Id: a", "fail"),
        ("sns.amazonaws.com", "SourceArn: !Ref Topic", "pass"),
        ("sns.amazonaws.com", "SourceArn: 'arn:aws:sns:*:111122223333:*'", "pass"),
        ("sns.amazonaws.com", "SourceArn: 'arn:aws:sns:*:*:orders'", "fail"),
        ("sns.amazonaws.com", "SourceArn: !Ref Source", "unknown"),
        ("sns.amazonaws.com", f"SourceArn: !Ref Source\n      {OWN}", "pass"),
        ("!Sub 'sns.${AWS::URLSuffix}'", "Id: a", "fail"),
        ("!Sub 'logs.${AWS::Region}.amazonaws.com'", "Id: a", "fail"),
        ("s3.amazonaws.com", BUCKET, "fail"),
        ("s3.amazonaws.com", OWN, "pass"),
        ("s3.amazonaws.com", f"{BUCKET}\n      {OWN}", "pass"),
        ("s3.amazonaws.com", "SourceAccount: !Ref Account", "pass"),
        (
            "apigateway.amazonaws.com",
            "SourceArn: !Sub 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:a/*/*'",
            "pass",
        ),
        ("apigateway.amazonaws.com", "SourceArn: 'arn:aws:execute-api:*:*:*'", "fail"),
        ("elasticloadbalancing.amazonaws.com", OWN, "pass"),
        ("secretsmanager.amazonaws.com", OWN, "pass"),
        ("config.amazonaws.com", OWN, "pass"),
        ("config.amazonaws.com", "Id: a", "fail"),
        ("alexa-appkit.amazon.com", "Id: a", "fail"),
        ("alexa-appkit.amazon.com", "EventSourceToken: skill", "pass"),
        ("alexa-appkit.amazon.com", OWN, "fail"),
        ('"*"', "Id: a", "fail"),
        ('"*"', "PrincipalOrgID: o-1", "pass"),
        ('"*"', "SourceAccount: '111122223333'", "pass"),
        ('"*"', BUCKET, "pass"),
        ("111122223333", "Id: a", "pass"),
        ("arn:aws:iam::111122223333:root", "Id: a", "pass"),
        ("!Ref Account", "Id: a", "unknown"),
    ],
)
def test_who_may_call(principal: str, more: str, verdict: str) -> None:
    assert judge(principal, more) == {("Call", ""): verdict}


def test_function_urls_are_left_to_their_own_rule() -> None:
    assert judge('"*"', "FunctionUrlAuthType: NONE", "lambda:InvokeFunctionUrl") == {}
    assert judge('"*"', "InvokedViaFunctionUrl: true") == {}
    # A service in front of the URL still has to say on whose behalf it calls.
    url = "FunctionUrlAuthType: AWS_IAM"
    assert judge("cloudfront.amazonaws.com", url, "lambda:InvokeFunctionUrl") == {("Call", ""): "fail"}
    assert judge("cloudfront.amazonaws.com", f"{url}\n      {OWN}", "lambda:InvokeFunctionUrl") == {
        ("Call", ""): "pass"
    }


@pytest.mark.parametrize("action", ["'lambda:*'", "'*'"])
def test_every_action_fails_even_for_a_known_source(action: str) -> None:
    assert judge("sns.amazonaws.com", "SourceArn: !Ref Topic", action) == {
        ("Call", "Action"): "fail",
        ("Call", ""): "pass",
    }


def test_messages_and_places() -> None:
    template = PERMISSION.format(action="lambda:InvokeFunction", principal="s3.amazonaws.com", more=BUCKET)
    (finding,) = findings(template, FunctionPermissionWithoutSource)
    assert finding.message == (
        "Call lets s3.amazonaws.com use a function outside the run for a bucket of any account: "
        "a bucket's ARN holds no account, and it asks for no SourceAccount"
    )
    assert finding.span.line == line_of(template, "Principal:")
    assert finding.fix == "Set SourceAccount to !Ref AWS::AccountId of Call."
    template = PERMISSION.format(
        action="lambda:InvokeFunction", principal="elasticloadbalancing.amazonaws.com", more="Id: a"
    )
    (balancer,) = findings(template, FunctionPermissionWithoutSource)
    assert balancer.fix == "Set SourceAccount to !Ref AWS::AccountId of Call."
    (everyone,) = findings(
        PERMISSION.format(action="lambda:InvokeFunction", principal='"*"', more="Id: a"),
        FunctionPermissionWithoutSource,
    )
    assert everyone.severity is Severity.HIGH


@pytest.mark.parametrize(
    ("principal", "more", "verdict"),
    [
        ('"*"', "Action: lambda:GetLayerVersion", "fail"),
        ('"*"', "OrganizationId: o-1", "pass"),
        ("'111122223333'", "Id: a", "pass"),
    ],
)
def test_layers(principal: str, more: str, verdict: str) -> None:
    template = f"""\
Resources:
  Share:
    Type: AWS::Lambda::LayerVersionPermission
    Properties:
      LayerVersionArn: arn:aws:lambda:eu-west-1:111122223333:layer:a:1
      Principal: {principal}
      {more}
"""
    assert verdicts(template, FunctionPermissionWithoutSource) == {("Share", ""): verdict}


def test_what_sam_makes_passes_but_a_skill_without_id_does_not() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/, Handler: a.h, Runtime: python3.12}}
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  Topic: {Type: AWS::SNS::Topic}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Object: {Type: S3, Properties: {Bucket: !Ref Uploads, Events: "s3:ObjectCreated:*"}}
        Message: {Type: SNS, Properties: {Topic: !Ref Topic}}
        Get: {Type: Api, Properties: {Path: /a, Method: get}}
        Route: {Type: HttpApi, Properties: {Path: /b, Method: get}}
        Tick: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
  Skill:
    Type: AWS::Serverless::Function
    Properties: {Events: {Ask: {Type: AlexaSkill}}}
"""
    found = findings(template, FunctionPermissionWithoutSource)
    assert {(f.resource, f.verdict) for f in found} == {("Work", Verdict.PASS), ("Skill", Verdict.FAIL)}
    assert len(found) == 6
