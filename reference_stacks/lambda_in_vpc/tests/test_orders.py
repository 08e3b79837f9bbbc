"""The function of /orders: what it asks of the database, what it answers, what it refuses."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orders
import pytest

ORDER_ID = UUID("5d9c2a54-6d1a-4c52-9b8e-0d8a4f7a1c11")
ROW = [ORDER_ID, "ada-1", "magic-flute-0412", "B12", 4500, datetime(2026, 4, 12, 18, 30, tzinfo=UTC)]
AS_JSON = {
    "order_id": str(ORDER_ID),
    "customer_id": "ada-1",
    "show_id": "magic-flute-0412",
    "seat": "B12",
    "amount_cents": 4500,
    "ordered_at": "2026-04-12T18:30:00Z",
}


class Database:
    """Stands in for the database: answers the same rows and keeps what it was asked."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.rows = rows
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def query(self, statement: str, **values: Any) -> list[list[Any]]:
        self.asked.append((statement, values))
        return self.rows


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    standing_in = Database([ROW])
    monkeypatch.setattr(orders, "query", standing_in.query)
    return standing_in


def test_orders_of_a_customer(database: Database, event: Any, context: Any) -> None:
    answer = orders.handler(event("list_orders"), context)

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, [AS_JSON])
    assert [values for _, values in database.asked] == [{"customer_id": "ada-1", "limit": 10}]


def test_one_order(database: Database, event: Any, context: Any) -> None:
    answer = orders.handler(event("get_order"), context)

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, AS_JSON)
    assert [values for _, values in database.asked] == [{"order_id": ORDER_ID}]


def test_an_order_that_is_not_there(database: Database, event: Any, context: Any) -> None:
    database.rows = []

    answer = orders.handler(event("get_order"), context)

    assert (answer["statusCode"], json.loads(answer["body"])["message"]) == (404, f"There is no order {ORDER_ID}.")


@pytest.mark.parametrize(
    "query",
    [
        None,
        {"customer_id": "Ada; DROP"},
        {"customer_id": "ada-1", "limit": "0"},
        {"customer_id": "ada-1", "limit": "x"},
    ],
    ids=["no-customer", "bad-customer", "limit-too-small", "limit-no-number"],
)
def test_a_request_that_does_not_validate_asks_nothing_of_the_database(
    database: Database, event: Any, context: Any, query: dict[str, str] | None
) -> None:
    asked = event("list_orders")
    asked["queryStringParameters"] = query
    asked["multiValueQueryStringParameters"] = {name: [value] for name, value in query.items()} if query else None

    answer = orders.handler(asked, context)

    assert (answer["statusCode"], database.asked) == (422, [])


def test_an_identifier_that_is_none(database: Database, event: Any, context: Any) -> None:
    asked = event("get_order")
    asked["path"] = "/orders/12"

    assert (orders.handler(asked, context)["statusCode"], database.asked) == (422, [])
