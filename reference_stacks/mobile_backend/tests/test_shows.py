"""/shows: what is still to come in a city, and one show."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from boto3.dynamodb.conditions import And
from conftest import Context

Event = Callable[..., dict[str, Any]]
FLUTE = {
    "show_id": "magic-flute-0412",
    "city": "Vienna",
    "starts_at": "2031-04-12T19:00:00+00:00",
    "title": "The Magic Flute",
}


class Table:
    """Stands in for the table: answers with what it was given and remembers what it was asked."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self.items = items
        self.asked: dict[str, Any] = {}

    def query(self, **asked: Any) -> dict[str, Any]:
        self.asked = asked
        return {"Items": list(self.items)}

    def get_item(self, Key: dict[str, str]) -> dict[str, Any]:
        found = [item for item in self.items if item["show_id"] == Key["show_id"]]
        return {"Item": found[0]} if found else {}


@pytest.fixture
def shows(load: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, Table]:
    module, table = load("shows"), Table({**FLUTE, "internal_note": "not for the public"})
    monkeypatch.setattr(module, "shows_table", table)
    return module, table


def test_a_list_asks_for_what_is_to_come_in_the_city(
    shows: tuple[ModuleType, Table], event: Event, context: Context
) -> None:
    module, table = shows

    response = module.handler(event("list_shows"), context)

    assert (response["statusCode"], json.loads(response["body"])) == (200, [FLUTE])
    assert (table.asked["IndexName"], table.asked["Limit"]) == ("by-city", 50)
    condition = table.asked["KeyConditionExpression"]
    assert isinstance(condition, And)
    city, start = condition.get_expression()["values"]
    assert (city.get_expression()["operator"], city.get_expression()["values"][1]) == ("=", "Vienna")
    since = datetime.fromisoformat(start.get_expression()["values"][1])
    assert start.get_expression()["operator"] == ">="
    assert abs((datetime.now(UTC) - since).total_seconds()) < 60


@pytest.mark.parametrize("city", [None, "", "x" * 65])
def test_a_list_needs_a_city(
    shows: tuple[ModuleType, Table], event: Event, context: Context, city: str | None
) -> None:
    module, table = shows
    single, multiple = ({"city": city}, {"city": [city]}) if city is not None else (None, None)

    response = module.handler(
        event("list_shows", queryStringParameters=single, multiValueQueryStringParameters=multiple), context
    )

    assert (response["statusCode"], table.asked) == (422, {})


def test_one_show_without_what_is_not_public(shows: tuple[ModuleType, Table], event: Event, context: Context) -> None:
    module, _ = shows

    response = module.handler(event("get_show"), context)

    assert (response["statusCode"], json.loads(response["body"])) == (200, FLUTE)


def test_a_show_that_is_not_there(shows: tuple[ModuleType, Table], event: Event, context: Context) -> None:
    module, _ = shows
    asked = event("get_show", path="/shows/tosca-1", pathParameters={"show_id": "tosca-1"})

    response = module.handler(asked, context)

    assert (response["statusCode"], json.loads(response["body"])["message"]) == (404, "There is no show tosca-1.")
