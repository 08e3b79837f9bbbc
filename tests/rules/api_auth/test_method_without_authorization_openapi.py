"""AUTH001 and AUTH002 on OpenAPI bodies: the table of schemes and the resolution order."""

import pytest

from rules.api_auth.api_key_as_authorization import ApiKeyAsAuthorization
from rules.api_auth.method_without_authorization import MethodWithoutAuthorization
from tests.harness import findings, verdicts
from tests.rules.api_auth.openapi import http_api, rest_api, rest_api_3

SUBJECT = ("Api", "GET /tickets")


def _both(template: str) -> tuple[str, str]:
    first = verdicts(template, MethodWithoutAuthorization).get(SUBJECT, "-")
    return first, verdicts(template, ApiKeyAsAuthorization).get(SUBJECT, "-")


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ([{"iam": []}], ("pass", "-")),
        ([{"pool": ["read"]}], ("pass", "-")),
        ([{"code": []}], ("pass", "-")),
        ([], ("fail", "-")),
        ([{}], ("fail", "-")),
        ([{"NONE": []}], ("fail", "-")),
        ([{"missing": []}], ("fail", "-")),
        ([{"bearer": []}], ("fail", "-")),
        ([{"oauth": []}], ("fail", "-")),
        ([{"other_key": []}], ("fail", "-")),
        ([{"key": []}], ("-", "fail")),
        ([{"NONE": []}, {"key": []}], ("-", "fail")),
        ([{"iam": []}, {"key": []}], ("pass", "pass")),
        ([{"iam": [], "key": []}], ("pass", "pass")),
        ([{"pool": []}, {"code": []}], ("pass", "-")),
        ([{"missing": []}, {"code": []}], ("pass", "-")),
        ([{"code": []}, {}], ("unknown", "-")),
        ([{"jwt": []}], ("unknown", "-")),
    ],
    ids=str,
)
@pytest.mark.parametrize("api", [rest_api, rest_api_3])
def test_rest_security(api, security, expected) -> None:
    assert _both(api({"security": security})) == expected


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ([{"jwt": ["read"]}], "pass"),
        ([{"request": []}], "pass"),
        ([{"iam": []}], "pass"),
        ([], "fail"),
        ([{"oauth": []}], "fail"),
        ([{"key": []}], "fail"),
        ([{"pool": []}], "unknown"),
        ([{"code": []}], "unknown"),
    ],
    ids=str,
)
def test_http_security(security, expected) -> None:
    assert verdicts(http_api({"security": security}), MethodWithoutAuthorization) == {SUBJECT: expected}


def test_root_security_holds_for_http_and_not_for_rest() -> None:
    root = [{"jwt": []}]
    assert verdicts(http_api({}, security=root), MethodWithoutAuthorization) == {SUBJECT: "pass"}
    assert verdicts(http_api({"security": []}, security=root), MethodWithoutAuthorization) == {SUBJECT: "fail"}
    (finding,) = findings(rest_api({}, security=[{"iam": []}]), MethodWithoutAuthorization)
    assert finding.verdict == "fail"
    assert finding.message == (
        "Api GET /tickets demands no authorization: it has no security of its own "
        "(it is declared at the root, which REST import does not apply)"
    )
    assert [step.relation for step in finding.evidence][1] == (
        "declares security at the root, which REST import does not apply"
    )


def test_operation_extension_decides() -> None:
    iam = {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}
    none = {"x-amazon-apigateway-auth": {"type": "NONE"}, "security": [{"iam": []}]}
    assert _both(rest_api(iam)) == ("pass", "-")
    assert _both(rest_api(none)) == ("fail", "-")


def test_schemes_are_looked_up_where_the_version_has_them() -> None:
    left_behind = rest_api({"security": [{"iam": []}]}).replace('"swagger": "2.0"', '"openapi": "3.0.1"')
    assert _both(left_behind) == ("fail", "-")


def test_path_items_hold_more_than_methods() -> None:
    template = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: "2.0"
        paths:
          /tickets:
            parameters: []
            summary: Tickets
            x-amazon-apigateway-any-method: {}
"""
    assert verdicts(template, MethodWithoutAuthorization) == {("Api", "ANY /tickets"): "fail"}


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        ("{type: mock}", "pass"),
        ("{type: aws_proxy, uri: x}", "fail"),
        ("{type: http_proxy, uri: 'https://a'}", "fail"),
    ],
)
def test_options_is_exempt_only_without_code(integration, expected) -> None:
    template = f"""\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: "2.0"
        paths:
          /tickets:
            options:
              x-amazon-apigateway-integration: {integration}
"""
    assert verdicts(template, MethodWithoutAuthorization) == {("Api", "OPTIONS /tickets"): expected}


def test_a_condition_on_an_operation_is_named() -> None:
    template = """\
Parameters:
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: "2.0"
        securityDefinitions:
          iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
        paths:
          /tickets:
            get:
              security: !If [IsProd, [iam: []], []]
"""
    (finding,) = findings(template, MethodWithoutAuthorization)
    assert (finding.verdict, dict(finding.scenario)) == ("fail", {"IsProd": False})


def test_a_path_under_a_condition_exists_only_there() -> None:
    template = """\
Parameters:
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: "2.0"
        paths:
          /debug: !If [IsProd, !Ref AWS::NoValue, {get: {}}]
"""
    (finding,) = findings(template, MethodWithoutAuthorization)
    assert (finding.target, finding.verdict, dict(finding.scenario)) == ("GET /debug", "fail", {"IsProd": False})
    assert not findings(template, MethodWithoutAuthorization, Stage="prod")
