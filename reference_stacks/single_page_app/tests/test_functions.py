"""The functions of /shows, /tickets and /info: what they ask of their stores, what they answer, what they refuse."""

import io
import json
from types import ModuleType
from typing import Any

import pytest
from boto3.dynamodb.conditions import ConditionExpressionBuilder
from botocore.exceptions import ClientError
from cache import Answer

SHOW = {
    "show_id": "magic-flute-0412",
    "city": "Vienna",
    "starts_at": "2099-04-12T18:30:00+00:00",
    "title": "The Magic Flute",
}
ARTICLE = {"title": "Opening hours", "body": "The box office opens at noon."}


class Table:
    """Stands in for a table: gives items and keeps what it was asked."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self.items = list(items)
        self.asked: list[dict[str, Any]] = []
        self.refuses: str | None = None

    def query(self, **call: Any) -> dict[str, Any]:
        self.asked.append(call)
        return {"Items": self.items}

    def get_item(self, **call: Any) -> dict[str, Any]:
        self.asked.append(call)
        return {"Item": self.items[0]} if self.items else {}

    def put_item(self, **call: Any) -> None:
        self.asked.append(call)
        if self.refuses is not None:
            raise ClientError({"Error": {"Code": self.refuses, "Message": "-"}}, "PutItem")


def said(answer: dict[str, Any]) -> tuple[int, Any]:
    return answer["statusCode"], json.loads(answer["body"])


def values(condition: Any) -> list[Any]:
    built = ConditionExpressionBuilder().build_expression(condition, is_key_condition=True)
    return list(built.attribute_value_placeholders.values())


@pytest.fixture
def no_cache(shows: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every answer is a miss; the keys that were asked for are kept."""
    keys: list[str] = []

    def answer(key: str, read: Any) -> Answer:
        keys.append(key)
        return Answer(read(), "miss")

    monkeypatch.setattr(shows, "answer", answer)
    return keys


def test_shows_of_a_city_that_are_still_to_come(
    shows: ModuleType, monkeypatch: pytest.MonkeyPatch, no_cache: list[str], event: Any, context: Any
) -> None:
    table = Table({**SHOW, "internal": "not for callers"})
    monkeypatch.setattr(shows, "shows_table", table)

    answer = shows.handler(event("list_shows"), context)

    assert said(answer) == (200, [SHOW])
    assert answer["multiValueHeaders"]["X-Shows-Cache"] == ["miss"]
    assert no_cache == ["shows:1:city:10:Vienna"]
    [asked] = table.asked
    assert (asked["IndexName"], asked["Limit"]) == ("by-city", 10)
    assert values(asked["KeyConditionExpression"])[0] == "Vienna"


def test_one_show(
    shows: ModuleType, monkeypatch: pytest.MonkeyPatch, no_cache: list[str], event: Any, context: Any
) -> None:
    table = Table(SHOW)
    monkeypatch.setattr(shows, "shows_table", table)

    assert said(shows.handler(event("get_show"), context)) == (200, SHOW)
    assert (no_cache, table.asked) == (["shows:1:show:magic-flute-0412"], [{"Key": {"show_id": "magic-flute-0412"}}])


def test_a_show_that_is_not_there_is_remembered_as_well(
    shows: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any
) -> None:
    monkeypatch.setattr(shows, "answer", lambda key, read: Answer("null", "hit"))

    status, body = said(shows.handler(event("get_show"), context))

    assert (status, body["message"]) == (404, "There is no show magic-flute-0412.")


@pytest.mark.parametrize(
    ("city", "status"),
    [("Vienna", 200), ("São Paulo", 200), ("L'Aquila", 200), ("", 422), ("a:b", 422), ("*", 422), ("x" * 65, 422)],
)
def test_what_may_be_a_city(
    shows: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    no_cache: list[str],
    event: Any,
    context: Any,
    city: str,
    status: int,
) -> None:
    monkeypatch.setattr(shows, "shows_table", Table())
    asked = event("list_shows")
    asked["multiValueQueryStringParameters"] = {"city": [city]}
    asked["queryStringParameters"] = {"city": city}

    assert shows.handler(asked, context)["statusCode"] == status


def test_a_ticket_is_sold_to_whom_the_authorizer_named(
    tickets: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any
) -> None:
    table = Table()
    monkeypatch.setattr(tickets, "tickets_table", table)

    status, sold = said(tickets.handler(event("buy_ticket"), context))

    assert (status, sold["show_id"], sold["seat"]) == (201, "magic-flute-0412", "B12")
    assert table.asked == [
        {
            "Item": {**sold, "member_id": "auth0|11111111"},
            "ConditionExpression": "attribute_not_exists(seat)",
        }
    ]


def test_a_seat_that_is_taken(tickets: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any) -> None:
    table = Table()
    table.refuses = "ConditionalCheckFailedException"
    monkeypatch.setattr(tickets, "tickets_table", table)

    status, body = said(tickets.handler(event("buy_ticket"), context))

    assert (status, body["message"]) == (409, "Seat B12 is taken.")


def test_a_table_that_fails_is_no_seat_that_is_taken(
    tickets: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any
) -> None:
    table = Table()
    table.refuses = "ProvisionedThroughputExceededException"
    monkeypatch.setattr(tickets, "tickets_table", table)

    with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
        tickets.handler(event("buy_ticket"), context)


def test_tickets_of_the_member(
    tickets: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any
) -> None:
    ticket = {"show_id": "magic-flute-0412", "seat": "B12", "bought_at": "2026-04-01T10:00:00.000+00:00"}
    table = Table({**ticket, "member_id": "auth0|11111111"})
    monkeypatch.setattr(tickets, "tickets_table", table)

    assert said(tickets.handler(event("list_tickets"), context)) == (200, [ticket])
    [asked] = table.asked
    assert (asked["IndexName"], values(asked["KeyConditionExpression"])) == ("by-member", ["auth0|11111111"])


@pytest.mark.parametrize("name", ["buy_ticket", "list_tickets"])
def test_nobody_is_served_whom_the_authorizer_did_not_name(
    tickets: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any, name: str
) -> None:
    table = Table()
    monkeypatch.setattr(tickets, "tickets_table", table)
    asked = event(name)
    del asked["requestContext"]["authorizer"]

    assert (tickets.handler(asked, context)["statusCode"], table.asked) == (401, [])


@pytest.mark.parametrize(
    "order",
    [{}, {"show_id": "magic-flute-0412"}, {"show_id": "Magic", "seat": "B12"}, {"show_id": "a", "seat": "B0"}],
    ids=["empty", "no-seat", "bad-show", "bad-seat"],
)
def test_an_order_that_does_not_validate(
    tickets: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any, order: dict[str, str]
) -> None:
    table = Table()
    monkeypatch.setattr(tickets, "tickets_table", table)

    answer = tickets.handler({**event("buy_ticket"), "body": json.dumps(order)}, context)

    assert (answer["statusCode"], table.asked) == (422, [])


class Objects:
    """Stands in for S3: articles by key."""

    class exceptions:
        class NoSuchKey(Exception):
            pass

    def __init__(self, **articles: dict[str, str]) -> None:
        self.articles = {f"info/{topic.replace('_', '-')}.json": article for topic, article in articles.items()}

    def list_objects_v2(self, **call: Any) -> dict[str, Any]:
        assert call == {"Bucket": "articles", "Prefix": "info/", "MaxKeys": 200}
        return {"Contents": [{"Key": key} for key in ("info/", *self.articles)]}

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        assert Bucket == "articles"
        if Key not in self.articles:
            raise self.exceptions.NoSuchKey
        return {"Body": io.BytesIO(json.dumps(self.articles[Key]).encode())}


def test_topics_and_articles(info: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any) -> None:
    monkeypatch.setattr(info, "s3", Objects(opening_hours=ARTICLE))

    assert said(info.handler(event("list_topics"), context)) == (200, [{"topic": "opening-hours"}])
    assert said(info.handler(event("get_article"), context)) == (200, {"topic": "opening-hours", **ARTICLE})


def test_an_article_that_is_not_there(
    info: ModuleType, monkeypatch: pytest.MonkeyPatch, event: Any, context: Any
) -> None:
    monkeypatch.setattr(info, "s3", Objects())

    status, body = said(info.handler(event("get_article"), context))

    assert (status, body["message"]) == (404, "There is nothing about opening-hours.")
