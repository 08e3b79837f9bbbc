"""Logs, traces, alarms and metrics (FUNC009 to FUNC011, FUNC019, FUNC020, FUNC024)."""

import pytest

from tests.harness import findings, line_of, verdicts
from tests.rules.function_operations.templates import QUEUE, SAM, function, mapping, resources, sam_function


def group(name: str = "", days: str = "30") -> str:
    named = f"LogGroupName: {name}, " if name else ""
    return f"Logs: {{Type: AWS::Logs::LogGroup, Properties: {{{named}RetentionInDays: {days}}}}}\n"


FOREVER = "Logs: {Type: AWS::Logs::LogGroup}\n"
GROUPS = {
    "none": (function(), "fail"),
    "by reference": (function() + group("!Sub '/aws/lambda/${Book}'"), "pass"),
    "by join": (function() + group("!Join ['', [/aws/lambda/, !Ref Book]]"), "pass"),
    "by the same name": (function(FunctionName="book") + group("/aws/lambda/book"), "pass"),
    "by the same symbolic name": (
        function(FunctionName="!Sub '${AWS::StackName}-book'") + group("!Sub '/aws/lambda/${AWS::StackName}-book'"),
        "pass",
    ),
    "of another function": (function(FunctionName="book") + group("/aws/lambda/books"), "fail"),
    "named by the function": (function(LoggingConfig="{LogGroup: !Ref Logs}") + group(), "pass"),
    "named, without retention": (function(LoggingConfig="{LogGroup: !Ref Logs}") + FOREVER, "fail"),
    "named, kept elsewhere": (function(LoggingConfig="{LogGroup: !ImportValue logs}"), "unknown"),
    "named by its text": (function(LoggingConfig="{LogGroup: shop}"), "unknown"),
    "beside another group": (function() + group("/shop/book"), "fail"),
    "retention of the CDK": (
        function() + "Logs: {Type: 'Custom::LogRetention', Properties: {LogGroupName: !Sub "
        "'/aws/lambda/${Book}', RetentionInDays: 7}}",
        "pass",
    ),
}


@pytest.mark.parametrize(("parts", "expected"), GROUPS.values(), ids=GROUPS)
def test_retention_of_a_functions_group(parts: str, expected: str) -> None:
    assert verdicts(resources(parts), "FUNC009") == {("Book", ""): expected}


def test_the_group_without_retention_is_the_place_to_mend() -> None:
    template = resources(function(LoggingConfig="{LogGroup: !Ref Logs}"), FOREVER)
    (found,) = findings(template, "FUNC009")

    assert (found.span.line, found.fix) == (
        line_of(template, "Logs: {Type"),
        "Set on Logs: RetentionInDays: 30 (or as long as you need).",
    )


CONDITION = "Parameters: {Stage: {Type: String}}\nConditions: {IsDev: !Equals [!Ref Stage, dev]}\n"
LEVELS = {
    "debug": ("{Variables: {LOG_LEVEL: DEBUG}}", "", {("Book", "level"): "fail"}),
    "info": ("{Variables: {LOG_LEVEL: INFO}}", "", {}),
    "debug in one environment": (
        "{Variables: {LOG_LEVEL: !If [IsDev, DEBUG, INFO]}}",
        CONDITION,
        {("Book", "level"): "pass"},
    ),
    "from a parameter": (
        "{Variables: {LOG_LEVEL: !Ref Level}}",
        "Parameters: {Level: {Type: String, Default: DEBUG}}\n",
        {("Book", "level"): "pass"},
    ),
    "a structured logger": (
        "{Variables: {POWERTOOLS_SERVICE_NAME: shop}}",
        "",
        {("Book", "format"): "pass"},
    ),
}


@pytest.mark.parametrize(("environment", "head", "expected"), LEVELS.values(), ids=LEVELS)
def test_levels(environment: str, head: str, expected: dict[tuple[str, str], str]) -> None:
    assert verdicts(resources(function(Environment=environment), head=head), "FUNC010") == expected


def test_formats() -> None:
    def of(config: str) -> dict[tuple[str, str], str]:
        return verdicts(resources(function(LoggingConfig=config)), "FUNC010")

    assert of("{LogFormat: JSON, ApplicationLogLevel: WARN}") == {("Book", "format"): "pass"}
    assert of("{LogFormat: Text}") == {}
    assert of("{LogFormat: Text, SystemLogLevel: WARN}") == {("Book", "format"): "fail"}
    assert of("{LogFormat: JSON, ApplicationLogLevel: TRACE}") == {
        ("Book", "format"): "pass",
        ("Book", "level"): "fail",
    }
    assert verdicts(resources(function()), "FUNC010") == {}


API = (
    "Shop: {Type: AWS::Serverless::Api, Properties: {StageName: v1, OpenApiVersion: 3.0.1, TracingEnabled: TRACED}}\n"
)
EVENT = "Events: {Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Shop}}}"


def traced(stage: str, *lines: str) -> dict[tuple[str, str], str]:
    template = resources(API.replace("TRACED", stage), sam_function("Book", EVENT, *lines), head=SAM)
    return verdicts(template, "FUNC011")


def test_where_a_trace_ends() -> None:
    assert traced("true") == {("Book", ""): "fail"}
    assert traced("true", "Tracing: PassThrough") == {("Book", ""): "fail"}
    assert traced("true", "Tracing: Active") == {("Book", ""): "pass"}
    assert traced("false") == {}
    assert traced("false", "Tracing: Active") == {("Book", ""): "pass"}
    layer = "Layers: ['arn:aws:lambda:eu-west-1:901920570463:layer:aws-otel-python-amd64-ver-1-25-0:1']"
    assert traced("true", layer) == {("Book", ""): "pass"}


def test_a_traced_state_machine_is_a_caller() -> None:
    machine = """
Flow:
  Type: AWS::StepFunctions::StateMachine
  Properties:
    RoleArn: arn:aws:iam::1:role/r
    TracingConfiguration: {Enabled: true}
    DefinitionSubstitutions: {Step: !GetAtt Book.Arn}
    DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Step}", "End": true}}}'
"""
    (found,) = findings(resources(machine, function()), "FUNC011")

    assert (found.verdict.value, found.message) == ("fail", "Book: the trace that comes from Flow ends here")


TICK = (
    "Tick:\n  Type: AWS::Events::Rule\n  Properties: {EventPattern: {source: [x]}, Targets: [{Id: "
    "a, Arn: !GetAtt Book.Arn}]}\n"
)


def alarm(namespace: str, *dimensions: str, more: str = "") -> str:
    listed = ", ".join(f"{{Name: {name}, Value: {value}}}" for name, value in (one.split("=") for one in dimensions))
    return (
        f"Alarm:\n  Type: AWS::CloudWatch::Alarm\n  Properties: {{Namespace: {namespace}, MetricName: Errors, "
        f"Dimensions: [{listed}], ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, "
        f"Threshold: 0{more}}}\n"
    )


MATHEMATICS = """
Alarm:
  Type: AWS::CloudWatch::Alarm
  Properties:
    ComparisonOperator: GreaterThanThreshold
    EvaluationPeriods: 1
    Threshold: 1
    Metrics:
      - {Id: rate, Expression: errors / calls}
      - Id: errors
        ReturnData: false
        MetricStat:
          Stat: Sum
          Period: 60
          Metric: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Book}]}
"""
WATCHED = {
    "by reference": (alarm("AWS/Lambda", "FunctionName=!Ref Book"), "pass"),
    "all functions": (alarm("AWS/Lambda"), "pass"),
    "an alias": (alarm("AWS/Lambda", "FunctionName=!Ref Book", "Resource=!Sub '${Book}:live'"), "pass"),
    "metric mathematics": (MATHEMATICS, "pass"),
    "another namespace": (alarm("Shop", "FunctionName=!Ref Book"), "fail"),
    "another function": (alarm("AWS/Lambda", "FunctionName=other"), "fail"),
    "no alarm": ("", "fail"),
}


@pytest.mark.parametrize(("watch", "expected"), WATCHED.values(), ids=WATCHED)
def test_which_alarm_watches_a_function(watch: str, expected: str) -> None:
    assert verdicts(resources(function(), TICK, watch), "FUNC019") == {("Book", ""): expected}


def test_what_nothing_starts_and_custom_resources_are_not_watched() -> None:
    custom = "Setup: {Type: 'Custom::Setup', Properties: {ServiceToken: !GetAtt Book.Arn}}\n"

    assert verdicts(resources(function()), "FUNC019") == {}
    assert verdicts(resources(function(), custom), "FUNC019") == {}
    assert verdicts(resources(function(), custom, TICK), "FUNC019") == {("Book", ""): "fail"}


def test_queues_and_their_dead_letters_are_watched_apart() -> None:
    orders = (
        "Orders:\n  Type: AWS::SQS::Queue\n"
        "  Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}}\n"
    )
    failed = "Failed: {Type: AWS::SQS::Queue}\n"

    def of(queue: str) -> dict[str, str]:
        watch = alarm("AWS/SQS", f"QueueName={queue}")
        found = findings(resources(orders, failed, function(), mapping(), watch), "FUNC019")
        return {finding.resource: finding.verdict.value for finding in found}

    assert of("!GetAtt Failed.QueueName") == {"Book": "fail", "Orders": "pass", "Failed": "pass"}
    assert of("!GetAtt Orders.QueueName") == {"Book": "fail", "Orders": "pass", "Failed": "fail"}
    assert of("other") == {"Book": "fail", "Orders": "fail", "Failed": "fail"}
    assert verdicts(resources(QUEUE), "FUNC019") == {}


def test_apis_are_watched_by_name_or_id() -> None:
    api = "Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}\n"
    assert verdicts(resources(api, alarm("AWS/ApiGateway", "ApiName=shop")), "FUNC019") == {("Shop", ""): "pass"}
    assert verdicts(resources(api, alarm("AWS/ApiGateway", "ApiName=other")), "FUNC019") == {("Shop", ""): "fail"}
    http = "Shop: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}\n"
    assert verdicts(resources(http, alarm("AWS/ApiGateway", "ApiId=!Ref Shop")), "FUNC019") == {("Shop", ""): "pass"}


CALLS = "Calls: {Type: AWS::SNS::Topic}\n"
SILENT = {
    "no action": (alarm("AWS/Lambda"), "fail"),
    "an empty list": (alarm("AWS/Lambda", more=", AlarmActions: []"), "fail"),
    "a topic": (alarm("AWS/Lambda", more=", AlarmActions: [!Ref Calls]"), "pass"),
    "a topic of another stack": (alarm("AWS/Lambda", more=", AlarmActions: [!ImportValue calls]"), "pass"),
    "switched off": (alarm("AWS/Lambda", more=", AlarmActions: [!Ref Calls], ActionsEnabled: false"), "fail"),
    "a composite alarm": (
        alarm("AWS/Lambda", more=", AlarmName: errors")
        + "Any: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmRule: ALARM(errors), "
        "AlarmActions: [!Ref Calls]}}\n",
        "pass",
    ),
    "a rule on alarm states": (
        alarm("AWS/Lambda")
        + "Hear: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.cloudwatch]}, Targets: []}}\n",
        "pass",
    ),
}


@pytest.mark.parametrize(("parts", "expected"), SILENT.values(), ids=SILENT)
def test_alarms_that_call(parts: str, expected: str) -> None:
    assert verdicts(resources(CALLS, parts), "FUNC020")[("Alarm", "")] == expected


def test_only_metrics_of_the_application_count() -> None:
    assert verdicts(resources(alarm("Shop")), "FUNC024") == {("Alarm", ""): "pass"}
    assert verdicts(resources(alarm("AWS/Lambda")), "FUNC024") == {}
    variable = "{Variables: {POWERTOOLS_METRICS_NAMESPACE: shop}}"
    assert verdicts(resources(function(Environment=variable)), "FUNC024") == {("Book", ""): "pass"}
    assert verdicts(resources(function()), "FUNC024") == {}
