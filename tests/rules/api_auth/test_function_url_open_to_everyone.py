"""AUTH003: function URLs and whom the function's policy lets in, per qualifier."""

import pytest

from rules.api_auth.function_url_open_to_everyone import FunctionUrlOpenToEveryone
from tests.harness import findings, verdicts

URL = """\
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: x}, Role: arn:r}
  Alias:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Function, FunctionVersion: "1", Name: live}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Function.Arn, AuthType: AWS_IAM}
"""
VIA_URL = """\
  ViaUrl:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: FUNCTION, Action: "lambda:InvokeFunctionUrl", Principal: PRINCIPAL}
"""
INVOKE = """\
  Invoke:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: FUNCTION, Action: "lambda:InvokeFunction", Principal: PRINCIPAL}
"""


def _verdict(template: str, function: str = "!Ref Function", principal: str = '"*"') -> str:
    template = template.replace("FUNCTION", function).replace("PRINCIPAL", principal)
    (found,) = verdicts(template, FunctionUrlOpenToEveryone).values()
    return found


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [("", "pass"), (VIA_URL, "pass"), (INVOKE, "pass"), (VIA_URL + INVOKE, "fail")],
)
def test_everyone_needs_both_permissions(permissions, expected) -> None:
    assert _verdict(URL + permissions) == expected


@pytest.mark.parametrize(
    ("function", "principal", "expected"),
    [
        ("!GetAtt Function.Arn", '"*"', "fail"),
        ("!Ref Alias", '"*"', "pass"),
        ("!Ref Function", '"*", PrincipalOrgID: o-1', "pass"),
        ("!Ref Function", '"*", SourceArn: arn:x', "pass"),
        ("!Ref Function", '"*", SourceArn: "*"', "fail"),
        ("!Ref Function", '"*", FunctionUrlAuthType: AWS_IAM', "fail"),
        ("!Ref Function", '"*", FunctionUrlAuthType: NONE', "pass"),
        ("!Ref Function", "cloudfront.amazonaws.com", "pass"),
        ("!Ref Function", "!Ref Unset", "unknown"),
    ],
)
def test_function_and_qualifier_and_principal(function, principal, expected) -> None:
    assert _verdict(URL + VIA_URL + INVOKE, function, principal) == expected


def test_a_url_of_an_alias_is_opened_through_the_alias() -> None:
    aliased = URL.replace("AuthType: AWS_IAM", "AuthType: AWS_IAM, Qualifier: live")
    assert _verdict(aliased + VIA_URL + INVOKE, "!Ref Alias") == "fail"
    assert _verdict(aliased + VIA_URL + INVOKE, "!Sub '${Function}:live'") == "fail"
    assert _verdict(aliased + VIA_URL + INVOKE, "!Ref Function") == "pass"


def test_none_fails_and_says_whether_calls_get_through() -> None:
    bare = URL.replace("AWS_IAM", "NONE")
    (finding,) = findings(bare, FunctionUrlOpenToEveryone)
    assert finding.message == (
        "Url has a function URL with AuthType NONE: anyone can call the function once lambda:InvokeFunctionUrl "
        "is granted to everyone (until then calls answer 403)"
    )
    opened = (bare + VIA_URL + INVOKE).replace("FUNCTION", "!Ref Function").replace("PRINCIPAL", '"*"')
    (finding,) = findings(opened, FunctionUrlOpenToEveryone)
    assert finding.message == "Url has a function URL with AuthType NONE: anyone can call the function"
    assert [step.resource for step in finding.evidence] == ["Url", "ViaUrl", "Invoke"]


def test_a_condition_decides() -> None:
    template = """\
Parameters: {Stage: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
""" + URL.replace("AWS_IAM", "!If [IsProd, AWS_IAM, NONE]")
    (finding,) = findings(template, FunctionUrlOpenToEveryone)
    assert (finding.verdict, dict(finding.scenario)) == ("fail", {"IsProd": False})


WEB = """\
Resources:
  Endpoint:
    Type: AWS::Lambda::WebFunctionEndpoint
    Properties: {FunctionName: f, EndpointName: e, EndpointType: PUBLIC, AuthType: %s}
  Policy:
    Type: AWS::Lambda::ResourcePolicy
    Properties:
      ResourceArn: !GetAtt Endpoint.EndpointArn
      PolicyDocument:
        Statement: {Effect: Allow, Principal: %s, Action: "lambda:InvokeWebFunctionEndpoint", Resource: "*"}
"""


@pytest.mark.parametrize(
    ("auth", "principal", "expected"),
    [
        ("ApplicationManaged", "{AWS: arn:aws:iam::123456789012:root}", "fail"),
        ("IamAuth", "{AWS: arn:aws:iam::123456789012:root}", "pass"),
        ("IamAuth", '"*"', "fail"),
        ("!Ref Unset", '"*"', "unknown"),
    ],
)
def test_web_function_endpoints(auth, principal, expected) -> None:
    (found,) = verdicts(WEB % (auth, principal), FunctionUrlOpenToEveryone).values()
    assert found == expected


RESOURCE_POLICY = """\
  Policy:
    Type: AWS::Lambda::ResourcePolicy
    Properties:
      ResourceArn: !GetAtt Function.Arn
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]
            Condition: {StringEquals: {CONDITION}}
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('"lambda:FunctionUrlAuthType": AWS_IAM', "fail"),
        ('"aws:PrincipalOrgID": o-1', "pass"),
        ('"lambda:FunctionUrlAuthType": AWS_IAM, "aws:PrincipalOrgID": o-1', "pass"),
    ],
)
def test_conditions_of_a_resource_policy(condition, expected) -> None:
    assert _verdict(URL + RESOURCE_POLICY.replace("CONDITION", condition)) == expected
