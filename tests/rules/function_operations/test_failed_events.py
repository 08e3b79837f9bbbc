"""What becomes of events that a function fails on (FUNC001 to FUNC005)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness import findings, line_of, verdicts
from tests.rules.function_operations.templates import (
    QUEUE,
    SAM,
    TOPIC,
    function,
    mapping,
    resources,
    sam_function,
    subscription,
)

ALIAS = """
Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Book}}
Live:
  Type: AWS::Lambda::Alias
  Properties: {Name: live, FunctionName: !Ref Book, FunctionVersion: !GetAtt Version.Version}
"""


def destination(qualifier: str) -> str:
    return f"""
Config:
  Type: AWS::Lambda::EventInvokeConfig
  Properties:
    FunctionName: !Ref Book
    Qualifier: {qualifier}
    DestinationConfig: {{OnFailure: {{Destination: !GetAtt Orders.Arn}}}}
"""


ASYNC = {
    "topic": (TOPIC + subscription(), "SNS subscription Told"),
    "topic with its own subscription": (
        "News: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt Book.Arn}]}}",
        "SNS topic News",
    ),
    "bucket": (
        "Files:\n  Type: AWS::S3::Bucket\n  Properties: {NotificationConfiguration: {LambdaConfigurations: "
        "[{Event: 's3:ObjectCreated:*', Function: !GetAtt Book.Arn}]}}",
        "S3 bucket Files",
    ),
    "rule on events": (
        "Hear:\n  Type: AWS::Events::Rule\n  Properties: {EventPattern: {source: [shop]}, "
        "Targets: [{Id: a, Arn: !GetAtt Book.Arn}]}",
        "EventBridge rule Hear",
    ),
    "IoT rule": (
        "Thing:\n  Type: AWS::IoT::TopicRule\n  Properties: {TopicRulePayload: {Sql: SELECT, "
        "Actions: [{Lambda: {FunctionArn: !GetAtt Book.Arn}}]}}",
        "IoT rule Thing",
    ),
    "log subscription": (
        "Lines:\n  Type: AWS::Logs::SubscriptionFilter\n  Properties: {LogGroupName: x, FilterPattern: y, "
        "DestinationArn: !GetAtt Book.Arn}",
        "log subscription Lines",
    ),
}


@pytest.mark.parametrize(("source", "shown"), ASYNC.values(), ids=ASYNC)
def test_an_asynchronous_event_is_lost(source: str, shown: str) -> None:
    template = resources(function(), source)
    (found,) = findings(template, "FUNC001")

    assert (found.verdict.value, found.severity.value, found.span.line) == ("fail", "low", line_of(template, "Book:"))
    assert found.message == f"Book is started by {shown}, and an event that it fails on is lost"
    assert found.fix.startswith("Set on Book: DeadLetterConfig: {TargetArn: !GetAtt <Queue>.Arn}")


OTHER_WAYS = {
    "polled": QUEUE + mapping(),
    "scheduled": "Tick:\n  Type: AWS::Events::Rule\n  Properties: {ScheduleExpression: rate(1 day), "
    "Targets: [{Id: a, Arn: !GetAtt Book.Arn}]}",
    "rule switched "
    "off": "Hear:\n  Type: AWS::Events::Rule\n  Properties: {State: DISABLED, EventPattern: {source: [x]}, "
    "Targets: [{Id: a, Arn: !GetAtt Book.Arn}]}",
    "another protocol": TOPIC
    + "Told:\n  Type: AWS::SNS::Subscription\n  Properties: {TopicArn: !Ref News, Protocol: https, "
    "Endpoint: 'https://x'}",
    "mail that "
    "waits": "Mail:\n  Type: AWS::SES::ReceiptRule\n  Properties: {RuleSetName: r, Rule: {Actions: [{LambdaAction: "
    "{FunctionArn: !GetAtt Book.Arn, InvocationType: RequestResponse}}]}}",
}


@pytest.mark.parametrize("source", OTHER_WAYS.values(), ids=OTHER_WAYS)
def test_other_callers_keep_the_event(source: str) -> None:
    assert verdicts(resources(function(), source), "FUNC001") == {}


KEPT = {
    "dead-letter queue": (function(DeadLetterConfig="{TargetArn: !GetAtt Orders.Arn}") + subscription(), "pass"),
    "empty dead-letter target": (function(DeadLetterConfig="{TargetArn: ''}") + subscription(), "fail"),
    "dead letters kept elsewhere": (
        function(DeadLetterConfig="{TargetArn: !ImportValue failed}") + subscription(),
        "pass",
    ),
    "destination": (function() + subscription() + destination("$LATEST"), "pass"),
    "destination of the alias": (function() + ALIAS + subscription("!Ref Live") + destination("live"), "pass"),
    "destination of another version": (
        function() + ALIAS + subscription("!Ref Live") + destination("$LATEST"),
        "fail",
    ),
    "destination past the alias": (function() + ALIAS + subscription() + destination("live"), "fail"),
    "alias written behind the ARN": (
        function() + ALIAS + subscription("!Sub '${Book.Arn}:live'") + destination("live"),
        "pass",
    ),
    "success only": (function() + subscription() + destination("$LATEST").replace("OnFailure", "OnSuccess"), "fail"),
}


@pytest.mark.parametrize(("parts", "expected"), KEPT.values(), ids=KEPT)
def test_what_keeps_failed_events(parts: str, expected: str) -> None:
    (found,) = findings(resources(QUEUE, TOPIC, parts), "FUNC001")

    assert found.verdict.value == expected


def test_a_condition_that_takes_the_dead_letters_away_is_named() -> None:
    head = "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\n"
    target = "!If [IsProd, {TargetArn: !GetAtt Orders.Arn}, !Ref 'AWS::NoValue']"
    template = resources(QUEUE, TOPIC, function(DeadLetterConfig=target), subscription(), head=head)
    (found,) = findings(template, "FUNC001")

    assert (found.verdict.value, dict(found.scenario)) == ("fail", {"IsProd": False})


def test_sam_makes_the_destination() -> None:
    event = "Events: {New: {Type: SNS, Properties: {Topic: !Ref News}}}"
    kept = "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}"
    alias = "AutoPublishAlias: live"

    assert verdicts(resources(TOPIC, sam_function("Book", event), head=SAM), "FUNC001") == {("Book", ""): "fail"}
    assert verdicts(resources(TOPIC, sam_function("Book", event, kept), head=SAM), "FUNC001") == {
        ("Book", ""): "pass"
    }
    template = resources(TOPIC, sam_function("Book", event, kept, alias), head=SAM)
    assert verdicts(template, "FUNC001") == {("Book", "live"): "pass"}


def test_a_queue_that_keeps_failures_needs_none_of_its_own() -> None:
    failed = "Failed: {Type: AWS::SQS::Queue}\n"
    orders = (
        "Orders:\n  Type: AWS::SQS::Queue\n  Properties: {RedrivePolicy: {deadLetterTargetArn: "
        "!GetAtt Failed.Arn, maxReceiveCount: 3}}\n"
    )
    both = mapping() + mapping("!GetAtt Failed.Arn").replace("Feed", "Again")

    assert verdicts(resources(failed, orders, function(), both), "FUNC002") == {("Orders", ""): "pass"}
    assert verdicts(resources(QUEUE, function(), mapping()), "FUNC002") == {("Orders", ""): "fail"}
    assert verdicts(resources(QUEUE, function(), mapping(Enabled="false")), "FUNC002") == {}
    assert verdicts(resources(QUEUE, function()), "FUNC002") == {}


@given(visibility=st.integers(0, 43_200), timeout=st.integers(1, 900), window=st.integers(0, 300))
def test_visibility_against_timeout(visibility: int, timeout: int, window: int) -> None:
    queue = f"Orders: {{Type: AWS::SQS::Queue, Properties: {{VisibilityTimeout: {visibility}}}}}\n"
    feed = mapping(MaximumBatchingWindowInSeconds=str(window))
    (found,) = findings(resources(queue, function(Timeout=str(timeout)), feed), "FUNC003")

    wanted = 6 * timeout + window
    rated = "medium" if visibility < timeout else "low"
    expected = ("pass", "low") if visibility >= wanted else ("fail", rated)
    assert (found.verdict.value, found.severity.value) == expected
    assert (f"VisibilityTimeout: {wanted}" in found.fix) == (found.verdict.value == "fail")


def test_the_defaults_of_queue_and_function_agree() -> None:
    (found,) = findings(resources(QUEUE, function(), mapping()), "FUNC003")
    assert (found.verdict.value, [step.relation for step in found.evidence]) == (
        "pass",
        ["hides a received message for 30 s by default", "may run 3 s by default"],
    )
    (found,) = findings(resources(QUEUE, function(Timeout="31"), mapping()), "FUNC003")
    assert found.message == "Feed: Orders hides messages for only 30 s, Book may run 31 s"
    assert verdicts(resources(function(), mapping("!ImportValue orders")), "FUNC003") == {}


STREAM = "Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}\n"
TABLE = "Items: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}}}\n"
ON_FAILURE = "{OnFailure: {Destination: !GetAtt Orders.Arn}}"
BOUNDS = {
    "nothing": ({}, "fail", "blocks its shard"),
    "no bound by its spelling": ({"MaximumRetryAttempts": "-1"}, "fail", "blocks its shard"),
    "a destination that is never used": ({"DestinationConfig": ON_FAILURE}, "fail", "blocks its shard"),
    "a bound alone": ({"MaximumRetryAttempts": "0"}, "fail", "is lost"),
    "an age alone": ({"MaximumRecordAgeInSeconds": "60"}, "fail", "is lost"),
    "both": ({"MaximumRetryAttempts": "2", "DestinationConfig": ON_FAILURE}, "pass", "what is given up is kept"),
}


@pytest.mark.parametrize(("more", "expected", "said"), BOUNDS.values(), ids=BOUNDS)
@pytest.mark.parametrize(
    "source", ["!GetAtt Clicks.Arn", "!GetAtt Items.StreamArn", "arn:aws:kinesis:eu-west-1:1:stream/x"]
)
def test_streams(source: str, more: dict[str, str], expected: str, said: str) -> None:
    feed = mapping(source, StartingPosition="LATEST", **more)
    (found,) = findings(resources(QUEUE, STREAM, TABLE, function(), feed), "FUNC004")

    assert (found.verdict.value, said in found.message) == (expected, True)


def test_queues_and_topics_of_kafka_are_no_streams() -> None:
    assert verdicts(resources(QUEUE, function(), mapping()), "FUNC004") == {}
    kafka = mapping("!ImportValue cluster", StartingPosition="LATEST", Topics="[orders]")
    assert verdicts(resources(function(), kafka), "FUNC004") == {}


BATCHES = {
    "default": ({}, "fail"),
    "several": ({"BatchSize": "5"}, "fail"),
    "one": ({"BatchSize": "1"}, "pass"),
    "answers": ({"FunctionResponseTypes": "[ReportBatchItemFailures]"}, "pass"),
}


@pytest.mark.parametrize(("more", "expected"), BATCHES.values(), ids=BATCHES)
def test_batches(more: dict[str, str], expected: str) -> None:
    template = resources(QUEUE, function(), mapping(**more))
    assert verdicts(template, "FUNC005") == {("Feed", "queue Orders"): expected}


def test_a_sam_event_is_told_by_its_queue() -> None:
    event = "Events: {New: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}"
    (found,) = findings(resources(QUEUE, sam_function("Book", event), head=SAM), "FUNC005")

    assert found.message == "Book: it takes batches of 10 from Orders, and one failed message brings all back"
    assert (found.resource_type, found.target) == ("AWS::Serverless::Function", "queue Orders")
