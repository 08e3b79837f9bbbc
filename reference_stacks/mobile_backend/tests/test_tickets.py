"""/tickets: a seat is sold once, and a member sees their own tickets."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from conftest import MEMBER, Context

Event = Callable[..., dict[str, Any]]


class Table:
    """Stands in for the table: keeps what is put, under the condition the function sets."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self.items = list(items)
        self.asked: dict[str, Any] = {}
        self.fails_with = ""

    def put_item(self, Item: dict[str, Any], ConditionExpression: str) -> None:
        assert ConditionExpression == "attribute_not_exists(seat)"
        if self.fails_with:
            raise ClientError({"Error": {"Code": self.fails_with, "Message": "-"}}, "PutItem")
        if any((each["show_id"], each["seat"]) == (Item["show_id"], Item["seat"]) for each in self.items):
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException", "Message": "-"}}, "PutItem")
        self.items.append(Item)

    def query(self, **asked: Any) -> dict[str, Any]:
        self.asked = asked
        return {"Items": self.items}


@pytest.fixture
def tickets(load: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, Table]:
    module, table = load("tickets"), Table()
    monkeypatch.setattr(module, "tickets_table", table)
    return module, table


def answer(module: ModuleType, event: dict[str, Any], context: Context) -> tuple[int, Any]:
    response = module.handler(event, context)
    return response["statusCode"], json.loads(response["body"])


def test_a_seat_is_sold_to_the_member_of_the_token(
    tickets: tuple[ModuleType, Table], event: Event, context: Context
) -> None:
    module, table = tickets

    status, body = answer(module, event("buy_ticket"), context)

    assert (status, body["show_id"], body["seat"]) == (201, "magic-flute-0412", "B12")
    assert table.items == [{**body, "member_id": MEMBER}]


def test_a_seat_that_is_taken_is_a_conflict(
    tickets: tuple[ModuleType, Table], event: Event, context: Context
) -> None:
    module, table = tickets
    answer(module, event("buy_ticket"), context)

    status, body = answer(module, event("buy_ticket"), context)

    assert (status, body["message"], len(table.items)) == (409, "Seat B12 is taken.", 1)


def test_a_failure_of_the_table_is_not_told_as_a_taken_seat(
    tickets: tuple[ModuleType, Table], event: Event, context: Context
) -> None:
    module, table = tickets
    table.fails_with = "ProvisionedThroughputExceededException"

    with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
        module.handler(event("buy_ticket"), context)


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "no json",
        "[]",
        '{"show_id": "magic-flute-0412"}',
        '{"show_id": "Magic Flute", "seat": "B12"}',
        '{"show_id": "magic-flute-0412", "seat": "B0"}',
        '{"show_id": "magic-flute-0412", "seat": "B12", "member_id": "x"}',
    ],
)
def test_an_order_that_does_not_fit_is_refused(
    tickets: tuple[ModuleType, Table], event: Event, context: Context, body: str | None
) -> None:
    module, table = tickets

    status, _ = answer(module, event("buy_ticket", body=body), context)

    assert (status, table.items) == (422, [])


def test_without_claims_nobody_is_signed_in(
    tickets: tuple[ModuleType, Table], event: Event, context: Context
) -> None:
    module, table = tickets
    unsigned = event("buy_ticket")
    unsigned["requestContext"].pop("authorizer")

    status, body = answer(module, unsigned, context)

    assert (status, body["message"], table.items) == (401, "No signed-in member.", [])


def test_a_list_is_asked_for_by_member_newest_first(
    tickets: tuple[ModuleType, Table], event: Event, context: Context
) -> None:
    module, table = tickets
    table.items = [{"show_id": "s", "seat": "A1", "bought_at": "2026-01-01T00:00:00.000+00:00", "member_id": MEMBER}]

    status, body = answer(module, event("list_tickets"), context)

    assert (status, body) == (200, [{"show_id": "s", "seat": "A1", "bought_at": "2026-01-01T00:00:00.000+00:00"}])
    assert table.asked == {
        "IndexName": "by-member",
        "KeyConditionExpression": Key("member_id").eq(MEMBER),
        "ScanIndexForward": False,
        "Limit": 50,
    }


@pytest.mark.parametrize(("limit", "status"), [("1", 200), ("100", 200), ("0", 422), ("101", 422), ("many", 422)])
def test_the_limit_has_bounds(
    tickets: tuple[ModuleType, Table], event: Event, context: Context, limit: str, status: int
) -> None:
    module, _ = tickets
    asked = event(
        "list_tickets", queryStringParameters={"limit": limit}, multiValueQueryStringParameters={"limit": [limit]}
    )

    assert module.handler(asked, context)["statusCode"] == status
