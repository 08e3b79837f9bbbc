"""API001 to API007 and API020: what every callable stage is set to, however the template writes it."""

import pytest

from rules.api_operations.access_log_without_structure import AccessLogWithoutStructure
from rules.api_operations.extra_stage_of_sam import ExtraStageOfSam
from rules.api_operations.full_requests_in_log import FullRequestsInLog
from rules.api_operations.stage_without_access_log import StageWithoutAccessLog
from rules.api_operations.stage_without_execution_log import StageWithoutExecutionLog
from rules.api_operations.stage_without_method_metrics import StageWithoutMethodMetrics
from rules.api_operations.stage_without_throttling import StageWithoutThrottling
from rules.api_operations.trace_that_starts_behind_the_api import TraceThatStartsBehindTheApi
from tests.harness import findings, line_of, verdicts

REST = """\
Parameters:
  Level: {Type: String}
  Production: {Type: String, AllowedValues: ["yes", "no"]}
Conditions:
  IsProduction: !Equals [!Ref Production, "yes"]
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: tickets}}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK}
  Sell:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: d1
      StageName: live
"""
LIVE = ("Live", "stage live")
ALL = 'MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", SETTING}]'


def rest(*properties: str) -> str:
    return REST + "".join(f"      {one}\n" for one in properties)


def all_methods(setting: str) -> str:
    return ALL.replace("SETTING", setting)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("AccessLogSetting: {DestinationArn: !ImportValue log, Format: '{}'}", "pass"),
        ("AccessLogSetting: {DestinationArn: '', Format: '{}'}", "fail"),
        ("AccessLogSetting: {Format: '{}'}", "fail"),
        ("AccessLogSetting: {DestinationArn: !Ref Level}", "pass"),
        ("AccessLogSetting: !Ref AWS::NoValue", "fail"),
        ("AccessLogSettings: {DestinationArn: arn}", "fail"),
    ],
)
def test_access_log_of_a_rest_stage(settings, expected) -> None:
    assert verdicts(rest(settings), StageWithoutAccessLog) == {LIVE: expected}


def test_a_log_in_production_only_names_the_condition() -> None:
    template = rest("AccessLogSetting: !If [IsProduction, {DestinationArn: arn, Format: '{}'}, !Ref AWS::NoValue]")
    (finding,) = findings(template, StageWithoutAccessLog)
    assert (finding.verdict.value, dict(finding.scenario)) == ("fail", {"IsProduction": False})
    assert finding.message == "Live stage live writes no access log: it has no AccessLogSetting"
    assert finding.span.line == line_of(template, "  Live:")


def test_a_stage_that_a_deployment_makes_is_a_stage() -> None:
    release = (
        "  Release:\n    Type: AWS::ApiGateway::Deployment\n    Properties: {RestApiId: !Ref Api, StageName: test"
    )
    bare, logged = "}\n", ", StageDescription: {AccessLogSetting: {DestinationArn: arn, Format: '{}'}}}\n"
    key = ("Release", "stage test")
    assert verdicts(REST + release + bare, StageWithoutAccessLog)[key] == "fail"
    assert verdicts(REST + release + logged, StageWithoutAccessLog)[key] == "pass"
    (finding,) = [one for one in findings(REST + release + bare, StageWithoutAccessLog) if one.resource == "Release"]
    assert finding.fix.startswith("set StageDescription.AccessLogSetting on Release (StageDescription: {")
    without_stage = release.replace(", StageName: test", "")
    assert verdicts(REST + without_stage + bare, StageWithoutAccessLog) == {LIVE: "fail"}


SAM = """\
Transform: AWS::Serverless-2016-10-31
GLOBALS
Resources:
  List:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      Tracing: Active
      Events:
        Get: {Type: Api, Properties: {Path: /tickets, Method: get}}
        Put: {Type: HttpApi, Properties: {Path: /tickets, Method: put}}
"""
LOG = "{DestinationArn: arn, Format: '{}'}"


def test_stages_of_implicit_apis_are_set_in_globals() -> None:
    keys = ("List", "stage Prod"), ("List", "stage $default")
    bare = SAM.replace("GLOBALS", "")
    assert verdicts(bare, StageWithoutAccessLog) == dict.fromkeys(keys, "fail")
    fixes = {finding.target: finding.fix for finding in findings(bare, StageWithoutAccessLog)}
    assert fixes["stage Prod"].startswith("set AccessLogSetting for the implicit API in Globals (Globals: {Api: {Acc")
    assert fixes["stage $default"].startswith("set AccessLogSettings for the implicit API in Globals (Globals: {Http")
    both = f"Globals: {{Api: {{AccessLogSetting: {LOG}}}, HttpApi: {{AccessLogSettings: {LOG}}}}}"
    assert verdicts(SAM.replace("GLOBALS", both), StageWithoutAccessLog) == dict.fromkeys(keys, "pass")


def test_the_extra_stage_is_reported_once_and_by_its_own_rule() -> None:
    bare = SAM.replace("GLOBALS", "")
    (finding,) = findings(bare, ExtraStageOfSam)
    assert (finding.verdict.value, finding.resource, finding.target) == ("fail", "List", "stage Stage")
    assert "Globals: {Api: {OpenApiVersion: 3.0.1}}" in finding.fix
    fixed = SAM.replace("GLOBALS", "Globals: {Api: {OpenApiVersion: 3.0.1}}")
    assert verdicts(fixed, ExtraStageOfSam) == {("List", ""): "pass"}


def test_quick_create_makes_a_stage() -> None:
    api = (
        "Resources:\n  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {Name: a, ProtocolType: HTTP TARGET}\n"
    )
    override = """\
  Managed:
    Type: AWS::ApiGatewayV2::ApiGatewayManagedOverrides
    Properties: {ApiId: !Ref Api, Stage: {AccessLogSettings: {DestinationArn: arn, Format: '{}'}}}
"""
    quick = api.replace(" TARGET", ", Target: https://example.com")
    assert verdicts(quick, StageWithoutAccessLog) == {("Api", "stage $default"): "fail"}
    assert verdicts(quick + override, StageWithoutAccessLog) == {("Api", "stage $default"): "pass"}
    assert verdicts(api.replace(" TARGET", ""), StageWithoutAccessLog) == {}


@pytest.mark.parametrize(
    ("log_format", "expected"),
    [
        ("""'{"requestId": "$context.requestId", "bytes": $context.responseLength}'""", "pass"),
        ("""'{"id": "$context.extendedRequestId"}'""", "pass"),
        ("""'{"status": "$context.status"}'""", "fail"),
        ("""'["$context.requestId"]'""", "fail"),
        ("$context.requestId $context.status", "fail"),
        ("""!Sub '{"requestId": "$context.requestId", "stack": "${AWS::StackName}"}'""", "pass"),
        ("!Ref Level", "unknown"),
        ("!Ref AWS::NoValue", "fail"),
    ],
)
def test_structure_of_the_access_log(log_format, expected) -> None:
    template = rest(f"AccessLogSetting: {{DestinationArn: arn, Format: {log_format}}}")
    assert verdicts(template, AccessLogWithoutStructure) == {LIVE: expected}


def test_no_log_has_no_structure() -> None:
    assert verdicts(REST, AccessLogWithoutStructure) == {}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", "fail"),
        (all_methods("LoggingLevel: ERROR"), "pass"),
        (all_methods("LoggingLevel: 'OFF'"), "fail"),
        (all_methods("LoggingLevel: !Ref Level"), "unknown"),
        (all_methods("MetricsEnabled: true"), "fail"),
        ('MethodSettings: [{ResourcePath: "/", HttpMethod: GET, LoggingLevel: INFO}]', "fail"),
        (
            'MethodSettings: [{ResourcePath: "/", HttpMethod: GET, LoggingLevel: INFO},'
            ' {ResourcePath: "/", HttpMethod: POST, LoggingLevel: ERROR}]',
            "pass",
        ),
        (
            'MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO},'
            ' {ResourcePath: "/", HttpMethod: POST, LoggingLevel: "OFF"}]',
            "fail",
        ),
    ],
)
def test_execution_log(settings, expected) -> None:
    assert verdicts(rest(settings), StageWithoutExecutionLog) == {LIVE: expected}


def test_the_methods_that_are_not_logged_are_named() -> None:
    template = rest('MethodSettings: [{ResourcePath: "/", HttpMethod: GET, LoggingLevel: INFO}]')
    (finding,) = findings(template, StageWithoutExecutionLog)
    assert finding.message == "Live stage live does not log errors of POST / (1 of 2): LoggingLevel is not set"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", {}),
        (all_methods("DataTraceEnabled: true"), {}),
        (all_methods("LoggingLevel: 'OFF', DataTraceEnabled: true"), {}),
        (all_methods("LoggingLevel: ERROR, DataTraceEnabled: true"), {LIVE: "fail"}),
        (all_methods("LoggingLevel: ERROR"), {LIVE: "pass"}),
        (all_methods("LoggingLevel: ERROR, DataTraceEnabled: !Ref Level"), {LIVE: "unknown"}),
        (
            'MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: ERROR},'
            ' {ResourcePath: "/~1tickets", HttpMethod: GET, DataTraceEnabled: true}]',
            {LIVE: "fail"},
        ),
    ],
)
def test_full_requests_in_the_log(settings, expected) -> None:
    assert verdicts(rest(settings), FullRequestsInLog) == expected


@pytest.mark.parametrize(
    ("traced", "expected"),
    [("TracingEnabled: true", "pass"), ("TracingEnabled: false", "fail"), ("TracingEnabled: !Ref Level", "unknown")],
)
def test_trace_of_a_rest_stage(traced, expected) -> None:
    assert verdicts(rest(traced), TraceThatStartsBehindTheApi) == {LIVE: expected}


def test_a_traced_function_behind_an_untraced_stage_is_named() -> None:
    (finding,) = findings(SAM.replace("GLOBALS", ""), TraceThatStartsBehindTheApi)
    assert finding.message == "List stage Prod is not traced, though List behind it is"
    assert (
        finding.fix == "set TracingEnabled for the implicit API in Globals (Globals: {Api: {TracingEnabled: true}})"
    )


def test_trace_of_a_graphql_api() -> None:
    api = "Resources:\n  Graph:\n    Type: AWS::AppSync::GraphQLApi\n    Properties: {Name: g, XrayEnabled: VALUE}\n"
    assert verdicts(api.replace("VALUE", "true"), TraceThatStartsBehindTheApi) == {("Graph", ""): "pass"}
    assert verdicts(api.replace("VALUE", "false"), TraceThatStartsBehindTheApi) == {("Graph", ""): "fail"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", "fail"),
        (all_methods("MetricsEnabled: true"), "pass"),
        (all_methods("MetricsEnabled: false"), "fail"),
        ('MethodSettings: [{ResourcePath: "/", HttpMethod: GET, MetricsEnabled: true}]', "fail"),
    ],
)
def test_metrics(settings, expected) -> None:
    assert verdicts(rest(settings), StageWithoutMethodMetrics) == {LIVE: expected}


def test_one_operation_needs_no_metrics_of_its_own() -> None:
    one = rest().replace("  Sell:\n    Type: AWS::ApiGateway::Method", "  Sell:\n    Type: AWS::SNS::Topic")
    assert verdicts(one, StageWithoutMethodMetrics) == {}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", "fail"),
        (all_methods("ThrottlingRateLimit: 5"), "pass"),
        (all_methods("ThrottlingBurstLimit: !Ref Level"), "pass"),
        ('MethodSettings: [{ResourcePath: "/", HttpMethod: GET, ThrottlingRateLimit: 5}]', "fail"),
        (
            'MethodSettings: [{ResourcePath: "/", HttpMethod: GET, ThrottlingRateLimit: 5},'
            ' {ResourcePath: "/", HttpMethod: POST, ThrottlingBurstLimit: 5}]',
            "pass",
        ),
    ],
)
def test_throttling_of_a_rest_stage(settings, expected) -> None:
    assert verdicts(rest(settings), StageWithoutThrottling) == {LIVE: expected}


PLAN = """\
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {ApiStages: [{ApiId: !Ref Api, Stage: !Ref Live}], Throttle: {RateLimit: 5, BurstLimit: 5}}
"""
KEYED = REST.replace("AuthorizationType: AWS_IAM", "AuthorizationType: AWS_IAM\n      ApiKeyRequired: true")


def test_a_usage_plan_limits_where_every_method_demands_a_key() -> None:
    assert verdicts(KEYED + PLAN, StageWithoutThrottling) == {LIVE: "pass"}
    assert verdicts(REST + PLAN, StageWithoutThrottling) == {LIVE: "fail"}
    one_open = KEYED.replace("      ApiKeyRequired: true\n", "", 1)
    assert verdicts(one_open + PLAN, StageWithoutThrottling) == {LIVE: "fail"}
    other_stage = PLAN.replace("!Ref Live", "test")
    assert verdicts(KEYED + other_stage, StageWithoutThrottling) == {LIVE: "fail"}


ACL = """\
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      Rules: [{Name: rate, Action: {Block: {}}, Statement: STATEMENT}]
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/live
      WebACLArn: !GetAtt Acl.Arn
"""


def test_a_rate_based_rule_of_the_stage_limits() -> None:
    rate = ACL.replace("STATEMENT", "{RateBasedStatement: {Limit: 100, AggregateKeyType: IP}}")
    geo = ACL.replace("STATEMENT", "{GeoMatchStatement: {CountryCodes: [AQ]}}")
    assert verdicts(REST + rate, StageWithoutThrottling) == {LIVE: "pass"}
    assert verdicts(REST + geo, StageWithoutThrottling) == {LIVE: "fail"}


@pytest.mark.parametrize(("reserved", "expected"), [("", "fail"), ("ReservedConcurrentExecutions: 5", "pass")])
def test_a_function_url_is_limited_by_reserved_concurrency(reserved, expected) -> None:
    template = SAM.replace("GLOBALS", "").replace(
        "Tracing: Active", f"FunctionUrlConfig: {{AuthType: AWS_IAM}}\n      {reserved}"
    )
    assert verdicts(template, StageWithoutThrottling)[("List", "function URL")] == expected


def test_the_fix_goes_into_what_is_set_already() -> None:
    (bare,) = findings(REST, StageWithoutExecutionLog)
    (set_already,) = findings(rest(all_methods("MetricsEnabled: true")), StageWithoutExecutionLog)
    assert bare.fix == f"set MethodSettings on Live ({all_methods('LoggingLevel: ERROR')})"
    assert (
        set_already.fix
        == "set LoggingLevel in the entry of MethodSettings for /* and * on Live (LoggingLevel: ERROR)"
    )


def test_the_name_of_a_log_group_is_not_its_arn() -> None:
    group = "  Log: {Type: AWS::Logs::LogGroup}\n"
    (named,) = findings(
        rest("AccessLogSetting: {DestinationArn: !Ref Log, Format: x}") + group, StageWithoutAccessLog
    )
    assert (named.verdict.value, named.severity.value) == ("fail", "medium")
    assert named.message == "Live stage live writes no access log: DestinationArn is the name of Log, not its ARN"
    by_arn = rest("AccessLogSetting: {DestinationArn: !GetAtt Log.Arn, Format: x}") + group
    assert verdicts(by_arn, StageWithoutAccessLog) == {LIVE: "pass"}
