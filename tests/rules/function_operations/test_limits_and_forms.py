"""Near misses of limits: visibility, batches, integration timeouts; in SAM, plain and with conditions."""

import pytest

from tests.harness import findings, verdicts
from tests.rules.function_operations.templates import SAM, function, mapping, resources, sam_function


def queue(visibility: str = "") -> str:
    properties = f", Properties: {{VisibilityTimeout: {visibility}}}" if visibility else ""
    return f"Orders: {{Type: AWS::SQS::Queue{properties}}}\n"


@pytest.mark.parametrize(
    ("visibility", "timeout", "window", "expected"),
    [
        ("", "", "", ("pass", "low")),  # 30 s and 3 s, by default
        ("", "5", "", ("pass", "low")),
        ("", "6", "", ("fail", "low")),
        ("", "31", "", ("fail", "medium")),
        ("30", "30", "", ("fail", "low")),
        ("180", "30", "", ("pass", "low")),
        ("180", "30", "10", ("fail", "low")),
        ("190", "30", "10", ("pass", "low")),
        ("29", "30", "", ("fail", "medium")),
    ],
)
def test_how_long_a_message_is_hidden(visibility: str, timeout: str, window: str, expected: tuple[str, str]) -> None:
    consumer = function("Book", **({"Timeout": timeout} if timeout else {}))
    feed = mapping(**({"MaximumBatchingWindowInSeconds": window} if window else {}))

    (found,) = findings(resources(queue(visibility), consumer, feed), "FUNC003")

    assert (found.verdict.value, found.severity.value) == expected


API = """
Way:
  Type: AWS::Serverless::%s
  Properties: {%s}
"""


@pytest.mark.parametrize(
    ("kind", "event", "timeout", "expected"),
    [
        ("Api", "Api", "29", ("pass", "medium")),
        ("Api", "Api", "30", ("fail", "low")),
        ("Api", "Api", "60", ("fail", "medium")),
        ("HttpApi", "HttpApi", "30", ("pass", "medium")),
        ("HttpApi", "HttpApi", "60", ("fail", "medium")),
    ],
)
def test_how_long_an_api_waits(kind: str, event: str, timeout: str, expected: tuple[str, str]) -> None:
    api = API % (kind, "StageName: v1" if kind == "Api" else "")
    name = "RestApiId" if kind == "Api" else "ApiId"
    events = f"Events: {{Get: {{Type: {event}, Properties: {{Path: /x, Method: get, {name}: !Ref Way}}}}}}"
    template = resources(api, sam_function("Book", f"Timeout: {timeout}", events), head=SAM)

    (found,) = findings(template, "FUNC006")

    assert (found.verdict.value, found.severity.value) == expected


CONDITION = "Parameters: {Stage: {Type: String, Default: dev}}\nConditions: {Prod: !Equals [!Ref Stage, prod]}\n"


@pytest.mark.parametrize(("stage", "verdict"), [("prod", "pass"), ("dev", "fail")])
def test_a_condition_chooses_the_timeout(stage: str, verdict: str) -> None:
    consumer = function("Book", Timeout="!If [Prod, 5, 60]")
    template = resources(queue(), consumer, mapping(), head=CONDITION)

    assert set(verdicts(template, "FUNC003", Stage=stage).values()) == {verdict}


@pytest.mark.parametrize(
    ("dead_letters", "verdict"),
    [
        ("{deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111122223333:dead', maxReceiveCount: 5}", "pass"),
        ("", "fail"),
        ("!Ref Policy", "unknown"),
    ],
)
def test_a_queue_keeps_what_fails(dead_letters: str, verdict: str) -> None:
    properties = f", Properties: {{RedrivePolicy: {dead_letters}}}" if dead_letters else ""
    source = f"Orders: {{Type: AWS::SQS::Queue{properties}}}\n"
    template = resources(source, function(), mapping(), head="Parameters: {Policy: {Type: String}}\n")

    assert verdicts(template, "FUNC002") == {("Orders", ""): verdict}
