"""Timeouts of callers, and secrets (FUNC006 to FUNC008)."""

import pytest

from tests.harness import excerpt, findings, line_of, verdicts
from tests.rules.function_operations.templates import SAM, function, resources, sam_function

URI = "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Book.Arn}/invocations'"


def method(**integration: str) -> str:
    written = "".join(f", {key}: {value}" for key, value in integration.items())
    return f"""
Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: shop}}}}
Get:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref Shop
    ResourceId: !GetAtt Shop.RootResourceId
    HttpMethod: GET
    AuthorizationType: AWS_IAM
    Integration: {{Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: {URI}{written}}}
"""


def route(protocol: str, **integration: str) -> str:
    written = "".join(f", {key}: {value}" for key, value in integration.items())
    return f"""
Shop: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: shop, ProtocolType: {protocol}}}}}
Call:
  Type: AWS::ApiGatewayV2::Integration
  Properties: {{ApiId: !Ref Shop, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Book.Arn{written}}}
"""


LIMITS = [
    (method(), 29, "pass", None),
    (method(), 30, "fail", "low"),
    (method(), 31, "fail", "medium"),
    (method(TimeoutInMillis="5000"), 5, "pass", None),
    (method(TimeoutInMillis="5000"), 10, "fail", "medium"),
    (method(TimeoutInMillis="120000"), 120, "pass", None),
    (method(ResponseTransferMode="STREAM"), 900, "pass", None),
    (method(ResponseTransferMode="BUFFERED"), 60, "fail", "medium"),
    (route("HTTP"), 30, "pass", None),
    (route("HTTP"), 31, "fail", "low"),
    (route("HTTP", TimeoutInMillis="2000"), 30, "fail", "medium"),
    (route("WEBSOCKET"), 29, "pass", None),
    (route("WEBSOCKET"), 60, "fail", "medium"),
]


@pytest.mark.parametrize(("api", "timeout", "expected", "severity"), LIMITS)
def test_how_long_each_kind_of_api_waits(api: str, timeout: int, expected: str, severity: str | None) -> None:
    (found,) = findings(resources(function(Timeout=str(timeout)), api), "FUNC006")

    assert found.verdict.value == expected
    assert severity is None or found.severity.value == severity


def test_a_call_that_does_not_wait_has_no_limit() -> None:
    handed = method(RequestParameters="""{integration.request.header.X-Amz-Invocation-Type: "'Event'"}""")
    waits = method(RequestParameters="""{integration.request.header.X-Amz-Invocation-Type: "'RequestResponse'"}""")

    assert verdicts(resources(function(Timeout="300"), handed), "FUNC006") == {}
    assert verdicts(resources(function(Timeout="300"), waits), "FUNC006") == {("Book", ""): "fail"}


def test_the_shortest_caller_counts_and_is_named() -> None:
    event = (
        "Events: {A: {Type: HttpApi, Properties: {Path: /, Method: get}}, B: {Type: Api, "
        "Properties: {Path: /, Method: get}}}"
    )
    template = resources(sam_function("Book", "Timeout: 30", event), head=SAM)
    (found,) = findings(template, "FUNC006")

    assert found.message == "Book may run 30 s, and ServerlessRestApi gives up after 29 s"
    assert (found.span.line, found.fix) == (
        line_of(template, "Timeout: 30"),
        "Set on Book: Timeout: 29, or let a queue do the long work.",
    )


def test_a_timeout_from_globals_and_the_default() -> None:
    event = "Events: {A: {Type: Api, Properties: {Path: /, Method: get}}}"
    head = SAM + "Globals: {Function: {Timeout: 60}}\n"

    assert verdicts(resources(sam_function("Book", event), head=head), "FUNC006") == {("Book", ""): "fail"}
    assert verdicts(resources(sam_function("Book", event), head=SAM), "FUNC006") == {("Book", ""): "pass"}


def variables(written: str, *, head: str = "", more: str = "") -> str:
    return resources(function(Environment=f"{{Variables: {{{written}}}}}"), more, head=head)


SECRETS = {
    "DB_PASSWORD: hunter2": ("fail", "high"),
    "dbPassword: hunter2": ("fail", "high"),
    "STRIPE_API_KEY: 9f8a7b6c5d": ("fail", "high"),
    "JWT_SECRET: 0f9a8b7c6d5e": ("fail", "high"),
    "CONFIG: AKIAIOSFODNN7ABCDEFG": ("fail", "high"),
    "DATABASE_URL: 'postgres://shop:hunter2@db:5432/shop'": ("fail", "high"),
    "PARTNER_TOKEN: partner-token": ("unknown", None),
}
HARMLESS = (
    "TOKEN_TABLE: tokens",
    "SECRET_NAME: shop/db",
    "DB_PASSWORD_PARAMETER: /shop/password",
    "API_KEY: /shop/api-key",
    "DB_SECRET: 'arn:aws:secretsmanager:eu-west-1:1:secret:x'",
    "MAX_TOKENS: '4096'",
    "PASSWORD_POLICY: strict",
    "USE_TOKEN: 'true'",
    "TOKEN_URL: 'https://login.example.com/token'",
    "RESET_PASSWORD: 'false'",
    "CONFIG: AKIAIOSFODNN7EXAMPLE",
    "COMPASS: north",
    "DATABASE_URL: 'postgres://db:5432/shop'",
)


@pytest.mark.parametrize(("written", "expected"), SECRETS.items(), ids=SECRETS)
def test_secrets_by_name_and_by_value(written: str, expected: tuple[str, str | None]) -> None:
    template = variables(written)
    (found,) = findings(template, "FUNC007")

    assert (found.verdict.value, found.span.line) == (expected[0], line_of(template, written))
    assert expected[1] is None or found.severity.value == expected[1]


def test_the_finding_does_not_tell_the_secret() -> None:
    template = variables("DB_PASSWORD: hunter2")
    (found,) = findings(template, "FUNC007")

    assert excerpt(template, found.span) == "hunter2"
    assert "hunter2" not in f"{found.message} {found.fix} {found.evidence}"


@pytest.mark.parametrize("written", HARMLESS)
def test_what_only_looks_like_a_secret(written: str) -> None:
    assert verdicts(variables(written), "FUNC007") == {}


def test_addresses_and_resolved_references_pass() -> None:
    vault = "Vault: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {}}}\n"
    resolved = "DB_PASSWORD: '{{resolve:secretsmanager:shop:SecretString:password}}'"
    (found,) = findings(variables(resolved), "FUNC007")

    assert verdicts(variables("DB_PASSWORD: !Ref Vault", more=vault), "FUNC007") == {
        ("Book", "variable DB_PASSWORD"): "pass"
    }
    assert (found.verdict.value, found.message) == (
        "pass",
        "Book: variable DB_PASSWORD is filled from its store when the stack is deployed; "
        "the function's configuration shows the value",
    )


PARAMETERS = [
    ("{Type: String}", "fail", "medium"),
    ("{Type: String, NoEcho: true}", "fail", "low"),
    ("{Type: String, NoEcho: true, Default: hunter2}", "fail", "low"),
    ("{Type: String, Default: hunter2}", "fail", "medium"),
    ("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/password}", "unknown", None),
]


@pytest.mark.parametrize(("declared", "expected", "severity"), PARAMETERS)
def test_secrets_from_parameters(declared: str, expected: str, severity: str | None) -> None:
    (found,) = findings(variables("DB_PASSWORD: !Ref Word", head=f"Parameters: {{Word: {declared}}}\n"), "FUNC007")

    assert found.verdict.value == expected
    assert severity is None or found.severity.value == severity


def test_a_given_value_is_not_written_in_the_template() -> None:
    template = variables("DB_PASSWORD: !Ref Word", head="Parameters: {Word: {Type: String}}\n")
    (found,) = findings(template, "FUNC007", Word="hunter2")

    assert (found.severity.value, found.message) == (
        "medium",
        "Book: variable DB_PASSWORD is filled from parameter Word, which is shown in the console: it has no NoEcho",
    )


def test_the_secret_of_an_access_key() -> None:
    keys = "User: {Type: AWS::IAM::User}\nKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref User}}\n"
    assert verdicts(variables("UPLOADS: !GetAtt Key.SecretAccessKey", more=keys), "FUNC007") == {
        ("Book", "variable UPLOADS"): "fail"
    }


def database(password: str, head: str = "") -> str:
    return resources(
        f"Base:\n  Type: AWS::RDS::DBInstance\n  Properties: {{MasterUsername: shop, "
        f"MasterUserPassword: {password}}}\n",
        head=head,
    )


READ = "!Sub '{{resolve:secretsmanager:${SecretArn}:SecretString:password}}"
WRITTEN = [
    ("hunter2", "", "fail", "high"),
    ("!Ref Word", "Parameters: {Word: {Type: String, NoEcho: true}}\n", "pass", None),
    ("!Ref Word", "Parameters: {Word: {Type: String}}\n", "fail", "low"),
    ("!Ref Word", "Parameters: {Word: {Type: String, NoEcho: true, Default: hunter2}}\n", "fail", "medium"),
    ("'{{resolve:ssm-secure:/shop/password:1}}'", "", "pass", None),
    ("!ImportValue word", "", "unknown", None),
    (f"{READ}'", "Parameters: {SecretArn: {Type: String}}\n", "pass", None),
    (f"{READ}'", "Parameters: {SecretArn: {Type: String, Default: shop}}\n", "pass", None),
    (f"{READ}${{Word}}'", "Parameters: {SecretArn: {Type: String}, Word: {Type: String}}\n", "fail", "low"),
]


@pytest.mark.parametrize(("password", "head", "expected", "severity"), WRITTEN)
def test_passwords_of_databases(password: str, head: str, expected: str, severity: str | None) -> None:
    (found,) = findings(database(password, head), "FUNC008")

    assert found.verdict.value == expected
    assert severity is None or found.severity.value == severity


TEXTS = {
    "hunter2": "fail",
    """'{"user": "shop", "password": "hunter2"}'""": "fail",
    """'{"user": "shop"}'""": "unknown",
    "REPLACE_ME": "pass",
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_texts_of_secrets(text: str, expected: str) -> None:
    template = resources(f"Vault:\n  Type: AWS::SecretsManager::Secret\n  Properties: {{SecretString: {text}}}\n")
    assert verdicts(template, "FUNC008") == {("Vault", "SecretString"): expected}


def test_a_users_name_beside_a_hidden_password_is_no_secret() -> None:
    head = "Parameters: {User: {Type: String, Default: shop}, Word: {Type: String, NoEcho: true}}\n"
    text = """!Sub '{"user": "${User}", "password": "${Word}"}'"""
    template = resources(
        f"Vault:\n  Type: AWS::SecretsManager::Secret\n  Properties: {{SecretString: {text}}}\n", head=head
    )

    assert verdicts(template, "FUNC008") == {("Vault", "SecretString"): "pass"}
    assert verdicts(template, "FUNC008", Word="hunter2") == {("Vault", "SecretString"): "pass"}
    shown = template.replace(", NoEcho: true", "")
    assert [f.severity.value for f in findings(shown, "FUNC008")] == ["low"]
