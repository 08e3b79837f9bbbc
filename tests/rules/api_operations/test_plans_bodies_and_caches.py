"""API008 to API011: usage plans, keys, request bodies, caches."""

import pytest

from rules.api_operations.api_key_without_usage_plan import ApiKeyWithoutUsagePlan
from rules.api_operations.cache_without_effect_or_encryption import CacheWithoutEffectOrEncryption
from rules.api_operations.request_body_without_validation import RequestBodyWithoutValidation
from rules.api_operations.usage_plan_that_limits_nobody import UsagePlanThatLimitsNobody
from tests.harness import findings, line_of, verdicts
from tests.rules.api_operations.test_stage_settings import KEYED, LIVE, REST, rest

PLAN = """\
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {SETTINGS}
"""
ENTRY = "ApiStages: [{ApiId: !Ref Api, Stage: live}]"
QUOTA = "Quota: {Limit: 5, Period: DAY}"


def plan(*settings: str) -> str:
    return PLAN.replace("SETTINGS", ", ".join(settings))


@pytest.mark.parametrize(
    ("api", "settings", "expected"),
    [
        (KEYED, (ENTRY, QUOTA), {"quota": "pass", "stage entry 1": "pass"}),
        (KEYED, (ENTRY, "Throttle: {RateLimit: 5}"), {"quota": "fail", "stage entry 1": "pass"}),
        (REST, (ENTRY, QUOTA), {"quota": "pass", "stage entry 1": "fail"}),
        (KEYED, (QUOTA,), {"quota": "pass", "stages": "fail"}),
        (KEYED, (QUOTA, "ApiStages: [{ApiId: !Ref Level, Stage: a}]"), {"quota": "pass", "stage entry 1": "unknown"}),
    ],
)
def test_usage_plan(api, settings, expected) -> None:
    found = verdicts(api + plan(*settings), UsagePlanThatLimitsNobody)
    assert {target: verdict for (_, target), verdict in found.items()} == expected


def test_a_plan_over_a_definition_kept_elsewhere_is_undecided() -> None:
    template = REST.replace("{Name: tickets}", "{BodyS3Location: {Bucket: b, Key: k}}") + plan(ENTRY, QUOTA)
    assert verdicts(template, UsagePlanThatLimitsNobody)[("Plan", "stage entry 1")] == "unknown"


def test_a_throttled_plan_says_what_lacks() -> None:
    template = KEYED + plan(ENTRY, "Throttle: {RateLimit: 5}")
    (finding,) = [one for one in findings(template, UsagePlanThatLimitsNobody) if one.target == "quota"]
    assert (finding.message, finding.fix, finding.span.line) == (
        "Plan limits rates and has no quota",
        "set Quota on Plan (Quota: {Limit: 10000, Period: DAY})",
        line_of(template, "  Plan:"),
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (REST, {}),
        (KEYED, {LIVE: "fail"}),
        (KEYED + plan(ENTRY), {LIVE: "pass"}),
        (KEYED + plan("ApiStages: [{ApiId: !Ref Api, Stage: !Ref Live}]"), {LIVE: "pass"}),
        (KEYED + plan("ApiStages: [{ApiId: !Ref Api, Stage: Live}]"), {LIVE: "fail"}),
        (KEYED + plan("ApiStages: [{ApiId: !Ref Level, Stage: live}]"), {LIVE: "unknown"}),
        (
            KEYED + "  Nested: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Api: !Ref Api}}}\n",
            {LIVE: "unknown"},
        ),
    ],
)
def test_key_without_a_plan(template, expected) -> None:
    assert verdicts(template, ApiKeyWithoutUsagePlan) == expected


METHOD = """\
Parameters:
  Outside: {Type: String}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  Bodies: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, ValidateRequestBody: true}}
  Names: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, ValidateRequestParameters: true}}
  Sell:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: VERB
      AuthorizationType: AWS_IAM
      Integration: {Type: TYPE, IntegrationHttpMethod: POST, Uri: https://example.com}
"""
MODEL = "      RequestModels: {application/json: Order}\n"


def sell(more: str = "", *, verb: str = "POST", kind: str = "HTTP_PROXY") -> str:
    return METHOD.replace("VERB", verb).replace("TYPE", kind) + more


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (sell(), "fail"),
        (sell("      RequestValidatorId: !Ref Bodies\n" + MODEL), "pass"),
        (sell("      RequestValidatorId: !Ref Bodies\n"), "fail"),
        (sell("      RequestValidatorId: !Ref Names\n" + MODEL), "fail"),
        (sell(MODEL), "fail"),
        (sell("      RequestValidatorId: !Ref Outside\n" + MODEL), "unknown"),
        (sell(verb="GET"), None),
        (sell(verb="ANY"), None),
        (sell(kind="MOCK"), None),
    ],
)
def test_body_of_a_method(template, expected) -> None:
    wanted = {} if expected is None else {("Sell", "POST /"): expected}
    assert verdicts(template, RequestBodyWithoutValidation) == wanted


BODY = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        ROOT
        x-amazon-apigateway-request-validators:
          all: {validateRequestBody: true}
          none: {validateRequestParameters: true}
        paths:
          /tickets:
            put:
              OWN
              requestBody: {content: {application/json: {schema: {type: object}}}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: PUT, uri: https://example.com}
"""
_NAME = "x-amazon-apigateway-request-validator"


@pytest.mark.parametrize(
    ("root", "own", "expected"),
    [
        ("", "", "fail"),
        ("all", "", "pass"),
        ("", "all", "pass"),
        ("all", "none", "fail"),
        ("none", "all", "pass"),
        ("", "missing", "fail"),
    ],
)
def test_body_of_an_openapi_operation(root, own, expected) -> None:
    template = BODY.replace("ROOT", f"{_NAME}: {root}" if root else "").replace(
        "OWN", f"{_NAME}: {own}" if own else ""
    )
    assert verdicts(template, RequestBodyWithoutValidation) == {("Api", "PUT /tickets"): expected}


def test_the_model_of_a_version_2_body() -> None:
    swagger = BODY.replace("openapi: 3.0.1", 'swagger: "2.0"').replace("ROOT", f"{_NAME}: all").replace("OWN", "")
    with_model = swagger.replace("requestBody: {content:", "parameters: [{in: body, name: b, schema: {}}]\n#")
    without = swagger.replace("requestBody: {content:", "parameters: [{in: query, name: b}]\n#")
    assert verdicts(with_model, RequestBodyWithoutValidation) == {("Api", "PUT /tickets"): "pass"}
    assert verdicts(without, RequestBodyWithoutValidation) == {("Api", "PUT /tickets"): "fail"}


CACHED = 'MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", CachingEnabled: true, CacheDataEncrypted: true}]'


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ((), {}),
        (("CacheClusterEnabled: false",), {}),
        (("CacheClusterEnabled: true", CACHED), {"effect": "pass", "encryption": "pass"}),
        (("CacheClusterEnabled: true",), {"effect": "fail"}),
        ((CACHED,), {"effect": "fail"}),
        (
            ("CacheClusterEnabled: true", CACHED.replace(", CacheDataEncrypted: true", "")),
            {"effect": "pass", "encryption": "fail"},
        ),
        (
            ("CacheClusterEnabled: true", CACHED.replace("Encrypted: true", "Encrypted: !Ref Level")),
            {"effect": "pass", "encryption": "unknown"},
        ),
    ],
)
def test_cache_of_a_stage(settings, expected) -> None:
    found = verdicts(rest(*settings), CacheWithoutEffectOrEncryption)
    assert {target.removeprefix("stage live "): verdict for (_, target), verdict in found.items()} == expected


def test_the_cache_of_a_graphql_api_is_judged_at_rest_and_in_transit() -> None:
    cache = (
        "Resources:\n  Cache:\n    Type: AWS::AppSync::ApiCache\n    Properties: {AtRestEncryptionEnabled: true}\n"
    )
    assert verdicts(cache, CacheWithoutEffectOrEncryption) == {
        ("Cache", "at rest"): "pass",
        ("Cache", "in transit"): "fail",
    }


def test_a_function_that_sam_refuses_may_demand_the_key() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1, DefinitionBody: {swagger: "2.0", paths: {}}}}
  Broken:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: x
      Events: {Sell: {Type: Api, Properties: {RestApiId: !Ref Api}}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {Quota: {Limit: 5, Period: DAY}, ApiStages: [{ApiId: !Ref Api, Stage: v1}]}
"""
    assert verdicts(template, UsagePlanThatLimitsNobody)[("Plan", "stage entry 1")] == "unknown"
