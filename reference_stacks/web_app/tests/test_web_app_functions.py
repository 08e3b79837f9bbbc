"""The four functions against a stubbed DynamoDB: what they ask it, and what they tell the page."""

import json
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from botocore.stub import ANY, Stubber

MEMBER = "11111111-1111-1111-1111-111111111111"
FLUTE = {"show_id": "magic-flute-0412", "city": "Vienna", "starts_at": "2099-04-12T19:30:00Z", "title": "Magic Flute"}


def attributes(item: dict[str, str]) -> dict[str, Any]:
    return {name: {"S": value} for name, value in item.items()}


def body(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


def test_coming_shows_of_a_city(load, event, context, monkeypatch) -> None:
    app = load("list_shows")
    monkeypatch.setattr(app, "now", lambda: "2026-11-23T12:00:00Z")
    with Stubber(app.shows_table.meta.client) as dynamodb:
        dynamodb.add_response(
            "query",
            {"Items": [attributes({**FLUTE, "internal_note": "not for the page"})]},
            {
                "TableName": "shows",
                "IndexName": "by-city",
                "KeyConditionExpression": Key("city").eq("Vienna") & Key("starts_at").gte("2026-11-23T12:00:00Z"),
                "Limit": 50,
            },
        )
        answer = app.handler(event("list_shows"), context)

    assert (answer["statusCode"], body(answer)) == (200, [FLUTE])
    assert answer["multiValueHeaders"]["Access-Control-Allow-Origin"] == ["https://tickets.example.com"]


@pytest.mark.parametrize("query", [None, {"city": [""]}, {"city": ["Vienna"], "limit": ["101"]}])
def test_shows_are_not_listed_without_a_city_or_beyond_the_limit(load, event, context, query) -> None:
    app = load("list_shows")
    with Stubber(app.shows_table.meta.client):
        single = {name: values[0] for name, values in query.items()} if query else None
        answer = app.handler(
            event("list_shows", queryStringParameters=single, multiValueQueryStringParameters=query), context
        )

    assert answer["statusCode"] == 422


def test_one_show(load, event, context) -> None:
    app = load("get_show")
    with Stubber(app.shows_table.meta.client) as dynamodb:
        asked = {"TableName": "shows", "Key": {"show_id": "magic-flute-0412"}}
        dynamodb.add_response("get_item", {"Item": attributes({**FLUTE, "description": "In two acts."})}, asked)
        answer = app.handler(event("get_show"), context)

    assert (answer["statusCode"], body(answer)) == (200, {**FLUTE, "description": "In two acts."})


def test_no_such_show(load, event, context) -> None:
    app = load("get_show")
    with Stubber(app.shows_table.meta.client) as dynamodb:
        dynamodb.add_response("get_item", {})
        answer = app.handler(event("get_show"), context)

    assert (answer["statusCode"], body(answer)["message"]) == (404, "There is no show magic-flute-0412.")


def test_a_ticket_is_sold_to_the_member_of_the_token(load, event, context) -> None:
    app = load("buy_ticket")
    with Stubber(app.dynamodb) as dynamodb:
        dynamodb.add_response(
            "transact_write_items",
            {},
            {
                "TransactItems": [
                    {
                        "ConditionCheck": {
                            "TableName": "shows",
                            "Key": {"show_id": {"S": "magic-flute-0412"}},
                            "ConditionExpression": "starts_at > :now",
                            "ExpressionAttributeValues": ANY,
                        }
                    },
                    {
                        "Put": {
                            "TableName": "tickets",
                            "Item": ANY,
                            "ConditionExpression": "attribute_not_exists(seat)",
                        }
                    },
                ]
            },
        )
        sent: list[dict[str, Any]] = []
        app.dynamodb.meta.events.register(
            "before-parameter-build.dynamodb.TransactWriteItems", lambda params, **_: sent.append(params)
        )
        answer = app.handler(event("buy_ticket"), context)

    ticket = body(answer)
    assert (answer["statusCode"], ticket["show_id"], ticket["seat"]) == (201, "magic-flute-0412", "B12")
    assert sent[0]["TransactItems"][1]["Put"]["Item"] == attributes({**ticket, "member_id": MEMBER})


@pytest.mark.parametrize(
    ("codes", "status", "message"),
    [
        (["ConditionalCheckFailed", "None"], 404, "There is no show magic-flute-0412 to come."),
        (["ConditionalCheckFailed", "ConditionalCheckFailed"], 404, "There is no show magic-flute-0412 to come."),
        (["None", "ConditionalCheckFailed"], 409, "Seat B12 is taken."),
        (["None", "TransactionConflict"], 409, "Somebody is buying seat B12 right now; try again."),
    ],
)
def test_why_a_ticket_is_not_sold(load, event, context, codes, status, message) -> None:
    app = load("buy_ticket")
    with Stubber(app.dynamodb) as dynamodb:
        dynamodb.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields={"CancellationReasons": [{"Code": code} for code in codes]},
        )
        answer = app.handler(event("buy_ticket"), context)

    assert (answer["statusCode"], body(answer)["message"]) == (status, message)


def test_an_error_that_is_not_the_members_stays_an_error(load, event, context) -> None:
    app = load("buy_ticket")
    with Stubber(app.dynamodb) as dynamodb:
        dynamodb.add_client_error("transact_write_items", "AccessDeniedException")
        with pytest.raises(app.ClientError, match="AccessDenied"):
            app.handler(event("buy_ticket"), context)


@pytest.mark.parametrize(
    "order",
    [
        {"show_id": "magic-flute-0412"},
        {"show_id": "magic-flute-0412", "seat": "12B"},
        {"show_id": "Magic Flute", "seat": "B12"},
        {"show_id": "magic-flute-0412", "seat": "B12", "member_id": "somebody-else"},
    ],
)
def test_an_order_that_does_not_validate_reaches_no_table(load, event, context, order) -> None:
    app = load("buy_ticket")
    with Stubber(app.dynamodb):
        answer = app.handler(event("buy_ticket", body=json.dumps(order)), context)

    assert answer["statusCode"] == 422


@pytest.mark.parametrize("name", ["buy_ticket", "list_tickets"])
def test_without_a_checked_token_there_is_no_member(load, event, context, name) -> None:
    app = load(name)
    sample = event(name)
    del sample["requestContext"]["authorizer"]
    answer = app.handler(sample, context)

    assert (answer["statusCode"], body(answer)["message"]) == (401, "No signed-in member.")


def test_tickets_of_the_member(load, event, context) -> None:
    app = load("list_tickets")
    ticket = {"show_id": "magic-flute-0412", "seat": "B12", "bought_at": "2026-11-23T12:00:00.000000Z"}
    with Stubber(app.tickets_table.meta.client) as dynamodb:
        dynamodb.add_response(
            "query",
            {"Items": [attributes({**ticket, "member_id": MEMBER})]},
            {
                "TableName": "tickets",
                "IndexName": "by-member",
                "KeyConditionExpression": Key("member_id").eq(MEMBER),
                "ScanIndexForward": False,
                "Limit": 50,
            },
        )
        answer = app.handler(event("list_tickets"), context)

    assert (answer["statusCode"], body(answer)) == (200, [ticket])
