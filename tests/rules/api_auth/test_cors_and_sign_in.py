"""AUTH008 and AUTH009: every place where CORS is set; guests and user pools."""

import pytest

from rules.api_auth.cors_any_origin_with_credentials import CorsAnyOriginWithCredentials
from rules.api_auth.weak_sign_in import WeakSignIn
from tests.harness import findings, verdicts


def _resource(kind: str, properties: str) -> str:
    return f"Resources:\n  Subject:\n    Type: {kind}\n    Properties:\n      {properties}\n"


HEADERS = (
    "{method.response.header.Access-Control-Allow-Origin: \"'%s'\", "
    "method.response.header.Access-Control-Allow-Credentials: \"'%s'\"}"
)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::ApiGatewayV2::Api", "CorsConfiguration: {AllowOrigins: ['%s'], AllowCredentials: %s}"),
        ("AWS::ApiGatewayV2::Api", "Body: {x-amazon-apigateway-cors: {allowOrigins: ['%s'], allowCredentials: %s}}"),
        ("AWS::Lambda::Url", "Cors: {AllowOrigins: ['%s'], AllowCredentials: %s}"),
        ("AWS::ApiGateway::Method", f"Integration: {{IntegrationResponses: [{{ResponseParameters: {HEADERS}}}]}}"),
        (
            "AWS::ApiGateway::GatewayResponse",
            f"ResponseParameters: {HEADERS.replace('method.response', 'gatewayresponse')}",
        ),
        (
            "AWS::ApiGateway::RestApi",
            "Body: {paths: {/a: {options: {x-amazon-apigateway-integration: "
            f"{{responses: {{default: {{responseParameters: {HEADERS}}}}}}}}}}}}}}}",
        ),
        (
            "AWS::CloudFront::ResponseHeadersPolicy",
            "ResponseHeadersPolicyConfig: {CorsConfig: {AccessControlAllowOrigins: {Items: ['%s']}, "
            "AccessControlAllowCredentials: %s}}",
        ),
    ],
)
def test_cors(kind, properties) -> None:
    def of(origin: str, credentials: str) -> list[str]:
        template = _resource(kind, properties % (origin, credentials))
        return list(verdicts(template, CorsAnyOriginWithCredentials).values())

    assert of("*", "true") == ["fail"]
    assert of("https://a.example.com", "true") == ["pass"]
    assert of("*", "false") == []


@pytest.mark.parametrize(("guests", "expected"), [("true", "fail"), ("false", "pass"), ("!Ref Unset", "unknown")])
def test_guests(guests, expected) -> None:
    template = _resource("AWS::Cognito::IdentityPool", f"AllowUnauthenticatedIdentities: {guests}")
    assert verdicts(template, WeakSignIn) == {("Subject", "guests"): expected}


def test_user_pool() -> None:
    weak = _resource("AWS::Cognito::UserPool", "Policies: {PasswordPolicy: {MinimumLength: 6}}")
    found = {finding.target: finding for finding in findings(weak, WeakSignIn)}
    assert {target: (f.verdict.value, f.severity.value) for target, f in found.items()} == {
        "MFA": ("fail", "low"),
        "passwords": ("fail", "low"),
        "threat protection": ("fail", "low"),
    }
    assert found["passwords"].message == "Subject accepts passwords of 6 characters"
    strong = (
        _resource(
            "AWS::Cognito::UserPool", "{MfaConfiguration: OPTIONAL, UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}"
        )
        .replace("{MfaC", "MfaC")
        .replace(", UserPoolAddOns", "\n      UserPoolAddOns")
        .replace("ENFORCED}}", "ENFORCED}")
    )
    assert set(verdicts(strong, WeakSignIn).values()) == {"pass"}
