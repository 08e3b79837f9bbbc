"""Ways to run the reference stacks' functions worse than they come (FUNC001 …)."""

from tests.mutations.edits import add, drop, put, remove
from tests.mutations.mutation import HarmlessEdit, breaks, harmless, undecides

_TOPIC = "Sold: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}"
_SUBSCRIBED = """
Told:
  Type: AWS::SNS::Subscription
  Properties: {TopicArn: !Ref Sold, Protocol: lambda, Endpoint: !GetAtt ListShowsFunction.Arn}
"""
_PLAIN_QUEUE = """
Told:
  Type: AWS::Lambda::EventSourceMapping
  Properties: {EventSourceArn: "arn:aws:sqs:eu-west-1:111122223333:sold", FunctionName: !Ref ListShowsFunction%s}
"""

_CALLS = (
    breaks("FUNC001", "web_app", "ListShowsFunction", "a topic starts it", add(_TOPIC), add(_SUBSCRIBED)),
    breaks(
        "FUNC005",
        "web_app",
        "Told",
        "whole batches of a queue",
        add(_PLAIN_QUEUE % ""),
    ),
    breaks(
        "FUNC006",
        "web_app",
        "BuyTicketFunction",
        "a minute behind a REST API",
        put("BuyTicketFunction", "Timeout", "60"),
    ),
    undecides(
        "FUNC006",
        "web_app",
        "BuyTicketFunction",
        "another stack decides the timeout",
        put("BuyTicketFunction", "Timeout", "!ImportValue seconds"),
    ),
)

_SECRETS = (
    breaks(
        "FUNC007",
        "web_app",
        "BuyTicketFunction",
        "a token",
        put("BuyTicketFunction", "Environment Variables PAYMENT_TOKEN", "9f8a7b6c5d4e"),
        target="variable PAYMENT_TOKEN",
    ),
    breaks(
        "FUNC007",
        "single_page_app",
        "ShowsFunction",
        "a password in a URL",
        put("ShowsFunction", "Environment Variables CACHE_URL", "redis://shop:hunter2@cache:6379"),
        target="variable CACHE_URL",
    ),
)

_WATCHED = (
    breaks(
        "FUNC009",
        "web_app",
        "ListShowsFunction",
        "a group without retention",
        drop("ListShowsLogGroup", "RetentionInDays"),
    ),
    breaks(
        "FUNC010",
        "web_app",
        "ListShowsFunction",
        "debug output in operation",
        put("ListShowsFunction", "Environment Variables LOG_LEVEL", "DEBUG"),
        target="level",
    ),
    breaks(
        "FUNC011",
        "web_app",
        "ListShowsFunction",
        "the trace ends at the function",
        put("ListShowsFunction", "Tracing", "PassThrough"),
    ),
    breaks(
        "FUNC015",
        "web_app",
        "ListShowsFunction",
        "all the memory there is",
        put("ListShowsFunction", "MemorySize", "10240"),
    ),
    breaks("FUNC019", "web_app", "ListShowsFunction", "its alarm is gone", remove("ListShowsErrorsAlarm")),
    breaks(
        "FUNC019",
        "web_app",
        "ListShowsFunction",
        "its alarm watches another function",
        put("ListShowsErrorsAlarm", "Dimensions 0 Value", "!Ref GetShowFunction"),
    ),
    breaks(
        "FUNC020",
        "web_app",
        "ListShowsErrorsAlarm",
        "it calls nobody",
        drop("ListShowsErrorsAlarm", "AlarmActions"),
    ),
    breaks(
        "FUNC020",
        "web_app",
        "ListShowsErrorsAlarm",
        "its actions are off",
        put("ListShowsErrorsAlarm", "ActionsEnabled", "false"),
    ),
)

MUTATIONS = (*_CALLS, *_SECRETS, *_WATCHED)

HARMLESS: tuple[HarmlessEdit, ...] = (
    harmless("web_app", "the longest timeout that its API waits for", put("BuyTicketFunction", "Timeout", "29")),
    harmless(
        "web_app",
        "a variable that only sounds like a secret",
        put("BuyTicketFunction", "Environment Variables MAX_TOKENS", "'3'"),
    ),
)
