"""The services' functions against a stubbed AWS: what they ask it, and what they tell."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from botocore.stub import ANY, Stubber

MEMBER = "11111111-1111-1111-1111-111111111111"
FLUTE = {
    "show_id": "magic-flute-0412",
    "city": "Vienna",
    "starts_at": "2099-04-12T19:30:00Z",
    "title": "Magic Flute",
    "price_cents": 4900,
}
TICKET = "magic-flute-0412.B12"


def attributes(item: dict[str, Any]) -> dict[str, Any]:
    return {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in item.items()}


def body(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


@contextmanager
def stubbed(*clients: Any) -> Iterator[list[Stubber]]:
    with ExitStack() as stack:
        stubs = [stack.enter_context(Stubber(client)) for client in clients]
        yield stubs
        for stub in stubs:
            stub.assert_no_pending_responses()


@pytest.fixture
def told() -> list[tuple[str, dict[str, Any]]]:
    """What a module publishes, collected instead of sent (see `hear`)."""
    return []


def hear(monkeypatch: pytest.MonkeyPatch, app: Any, told: list[tuple[str, dict[str, Any]]]) -> None:
    monkeypatch.setattr(app, "publish", lambda kind, detail: told.append((kind, detail)))


# ---- shows


@pytest.mark.parametrize("path", ["/", "/shows", "/shows/"])
def test_coming_shows_by_the_service_s_address_and_by_the_domain_s(load, event, context, monkeypatch, path) -> None:
    app = load("shows", "read")
    monkeypatch.setattr(app, "now", lambda: "2026-11-23T12:00:00Z")
    with stubbed(app.shows_table.meta.client) as [dynamodb]:
        dynamodb.add_response(
            "query",
            {"Items": [attributes(FLUTE)]},
            {
                "TableName": "shows",
                "IndexName": "by-city",
                "KeyConditionExpression": Key("city").eq("Vienna") & Key("starts_at").gte("2026-11-23T12:00:00Z"),
                "Limit": 50,
            },
        )
        answer = app.handler(event("shows", "list_shows", path=path), context)

    assert (answer["statusCode"], body(answer)) == (200, [FLUTE])


@pytest.mark.parametrize("path", ["/magic-flute-0412", "/shows/magic-flute-0412"])
def test_no_such_show(load, event, context, path) -> None:
    app = load("shows", "read")
    with stubbed(app.shows_table.meta.client) as [dynamodb]:
        dynamodb.add_response("get_item", {}, {"TableName": "shows", "Key": {"show_id": "magic-flute-0412"}})
        answer = app.handler(event("shows", "get_show", path=path), context)

    assert (answer["statusCode"], body(answer)["message"]) == (404, "There is no show magic-flute-0412.")


def test_an_announced_show_is_stored_and_told(load, event, context) -> None:
    app = load("shows", "announce")
    with stubbed(app.shows_table.meta.client, app.events) as [dynamodb, events]:
        dynamodb.add_response("put_item", {}, {"TableName": "shows", "Item": FLUTE})
        entry = {
            "EventBusName": "showtime-events",
            "Source": "showtime.unit-tests",
            "DetailType": "ShowAnnounced",
            "Detail": json.dumps(FLUTE),
        }
        events.add_response("put_events", {"FailedEntryCount": 0, "Entries": []}, {"Entries": [entry]})
        answer = app.handler(event("shows", "announce_show"), context)

    assert (answer["statusCode"], body(answer)) == (201, FLUTE)


def test_a_bus_that_refuses_is_an_error_so_that_the_back_office_sends_again(load, event, context) -> None:
    app = load("shows", "announce")
    with stubbed(app.shows_table.meta.client, app.events) as [dynamodb, events]:
        dynamodb.add_response("put_item", {})
        events.add_response("put_events", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]})
        with pytest.raises(RuntimeError, match=r"^The event bus refused ShowAnnounced: ThrottlingException\.$"):
            app.handler(event("shows", "announce_show"), context)


@pytest.mark.parametrize("change", [{"price_cents": -1}, {"starts_at": "tomorrow"}, {"extra": 1}, {"show_id": "A B"}])
def test_an_announcement_that_does_not_validate_goes_nowhere(load, event, context, change) -> None:
    app = load("shows", "announce")
    with stubbed(app.shows_table.meta.client, app.events):
        answer = app.handler(event("shows", "announce_show", body=json.dumps(FLUTE | change)), context)

    assert answer["statusCode"] == 422


# ---- tickets


def on_sale(dynamodb: Stubber, **changes: object) -> None:
    item = {"show_id": "magic-flute-0412", "starts_at": "2099-04-12T19:30:00Z", "price_cents": 4900} | changes
    asked = {"TableName": "shows-on-sale", "Key": {"show_id": "magic-flute-0412"}}
    dynamodb.add_response("get_item", {"Item": attributes(item)}, asked)


def test_a_seat_is_reserved_for_the_member_of_the_token_and_told(load, event, context, monkeypatch, told) -> None:
    app = load("tickets", "reserve")
    hear(monkeypatch, app, told)
    with stubbed(app.dynamodb.meta.client) as [dynamodb]:
        on_sale(dynamodb)
        dynamodb.add_response(
            "put_item",
            {},
            {
                "TableName": "tickets",
                "Item": ANY,
                "ConditionExpression": "attribute_not_exists(seat) OR (member_id = :member AND #status = :reserved)",
                "ExpressionAttributeNames": {"#status": "status"},
                "ExpressionAttributeValues": {":member": MEMBER, ":reserved": "reserved"},
            },
        )
        answer = app.handler(event("tickets", "reserve_ticket"), context)

    ticket = body(answer)
    assert answer["statusCode"] == 201
    assert ticket | {"reserved_at": "then"} == {
        "ticket_id": TICKET,
        "show_id": "magic-flute-0412",
        "seat": "B12",
        "price_cents": 4900,
        "status": "reserved",
        "reserved_at": "then",
    }
    assert told == [("TicketReserved", ticket | {"member_id": MEMBER})]


@pytest.mark.parametrize("starts_at", [None, "2020-01-01T00:00:00Z"])
def test_no_seat_of_a_show_that_is_unknown_or_over(load, event, context, monkeypatch, told, starts_at) -> None:
    app = load("tickets", "reserve")
    hear(monkeypatch, app, told)
    with stubbed(app.dynamodb.meta.client) as [dynamodb]:
        if starts_at:
            on_sale(dynamodb, starts_at=starts_at)
        else:
            dynamodb.add_response("get_item", {})
        answer = app.handler(event("tickets", "reserve_ticket"), context)

    assert (answer["statusCode"], body(answer)["message"]) == (404, "There is no show magic-flute-0412 to come.")
    assert told == []


def test_a_taken_seat_is_told_to_nobody(load, event, context, monkeypatch, told) -> None:
    app = load("tickets", "reserve")
    hear(monkeypatch, app, told)
    with stubbed(app.dynamodb.meta.client) as [dynamodb]:
        on_sale(dynamodb)
        dynamodb.add_client_error("put_item", "ConditionalCheckFailedException")
        answer = app.handler(event("tickets", "reserve_ticket"), context)

    assert (answer["statusCode"], body(answer)["message"], told) == (409, "Seat B12 is taken.", [])


def test_tickets_of_the_member(load, event, context) -> None:
    app = load("tickets", "list")
    ticket = {
        "ticket_id": TICKET,
        "show_id": "magic-flute-0412",
        "seat": "B12",
        "price_cents": 4900,
        "status": "paid",
        "reserved_at": "2026-11-23T12:00:00.000000Z",
    }
    with stubbed(app.tickets_table.meta.client) as [dynamodb]:
        asked = {
            "TableName": "tickets",
            "IndexName": "by-member",
            "KeyConditionExpression": Key("member_id").eq(MEMBER),
            "ScanIndexForward": False,
            "Limit": 50,
        }
        dynamodb.add_response("query", {"Items": [attributes(ticket | {"member_id": MEMBER})]}, asked)
        answer = app.handler(event("tickets", "list_tickets"), context)

    assert (answer["statusCode"], body(answer)) == (200, [ticket])


def test_tickets_learn_which_shows_are_on_sale(load, event, context) -> None:
    app = load("tickets", "inbox")
    with stubbed(app.dynamodb.meta.client) as [dynamodb]:
        item = {name: FLUTE[name] for name in ("show_id", "starts_at", "price_cents")}
        dynamodb.add_response("put_item", {}, {"TableName": "shows-on-sale", "Item": item})
        answer = app.handler(event("tickets", "show_announced"), context)

    assert answer == {"batchItemFailures": []}


def test_tickets_learn_what_is_paid(load, event, context) -> None:
    app = load("tickets", "inbox")
    with stubbed(app.dynamodb.meta.client) as [dynamodb]:
        asked = {
            "TableName": "tickets",
            "Key": {"show_id": "magic-flute-0412", "seat": "B12"},
            "UpdateExpression": "SET #status = :paid",
            "ConditionExpression": "member_id = :member",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {":paid": "paid", ":member": MEMBER},
        }
        dynamodb.add_response("update_item", {}, asked)
        answer = app.handler(event("tickets", "ticket_paid"), context)

    assert answer == {"batchItemFailures": []}


# ---- payments


def test_a_payment_is_taken_once_and_told(load, event, context, monkeypatch, told) -> None:
    app = load("payments", "pay")
    hear(monkeypatch, app, told)
    receipt = {"ticket_id": TICKET, "amount_cents": 4900, "paid_at": "2026-11-23T12:00:00Z"}
    with stubbed(app.payments_table.meta.client) as [dynamodb]:
        asked = {
            "TableName": "payments",
            "Key": {"member_id": MEMBER, "ticket_id": TICKET},
            "UpdateExpression": "SET #status = :paid, paid_at = if_not_exists(paid_at, :now)",
            "ConditionExpression": "amount_cents = :amount",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": ANY,
            "ReturnValues": "ALL_NEW",
        }
        kept = receipt | {"member_id": MEMBER, "status": "paid"}
        dynamodb.add_response("update_item", {"Attributes": attributes(kept)}, asked)
        answer = app.handler(event("payments", "pay", path=f"/payments/{TICKET}"), context)

    assert (answer["statusCode"], body(answer)) == (200, receipt)
    assert told == [("TicketPaid", {"ticket_id": TICKET, "member_id": MEMBER, "paid_at": "2026-11-23T12:00:00Z"})]


def test_a_wrong_amount_is_told_to_nobody(load, event, context, monkeypatch, told) -> None:
    app = load("payments", "pay")
    hear(monkeypatch, app, told)
    with stubbed(app.payments_table.meta.client) as [dynamodb]:
        dynamodb.add_client_error("update_item", "ConditionalCheckFailedException")
        answer = app.handler(event("payments", "pay"), context)

    assert (answer["statusCode"], told) == (409, [])
    assert body(answer)["message"] == f"No payment of 4900 cents is due for {TICKET}."


def test_payments_of_the_member(load, event, context) -> None:
    app = load("payments", "list")
    due = {"ticket_id": TICKET, "amount_cents": 4900, "status": "due"}
    with stubbed(app.payments_table.meta.client) as [dynamodb]:
        dynamodb.add_response("query", {"Items": [attributes(due | {"member_id": MEMBER})]})
        answer = app.handler(event("payments", "list_payments"), context)

    assert (answer["statusCode"], body(answer)) == (200, [due | {"paid_at": None}])


@pytest.mark.parametrize("before", [False, True])
def test_what_is_due_is_noted_once(load, event, context, before) -> None:
    app = load("payments", "inbox")
    with stubbed(app.payments_table.meta.client) as [dynamodb]:
        if before:
            dynamodb.add_client_error("put_item", "ConditionalCheckFailedException")
        else:
            item = {"member_id": MEMBER, "ticket_id": TICKET, "amount_cents": 4900, "status": "due"}
            condition = "attribute_not_exists(ticket_id)"
            asked = {"TableName": "payments", "Item": item, "ConditionExpression": condition}
            dynamodb.add_response("put_item", {}, asked)
        answer = app.handler(event("payments", "ticket_reserved"), context)

    assert answer == {"batchItemFailures": []}


# ---- what holds for several


@pytest.mark.parametrize(
    ("service", "function", "name"),
    [
        ("tickets", "reserve", "reserve_ticket"),
        ("tickets", "list", "list_tickets"),
        ("payments", "pay", "pay"),
        ("payments", "list", "list_payments"),
    ],
)
def test_without_a_checked_token_there_is_no_member(load, event, context, service, function, name) -> None:
    app = load(service, function)
    sample = event(service, name)
    del sample["requestContext"]["authorizer"]
    answer = app.handler(sample, context)

    assert (answer["statusCode"], body(answer)["message"]) == (401, "No signed-in member.")


@pytest.mark.parametrize(("service", "name"), [("tickets", "show_announced"), ("payments", "ticket_reserved")])
def test_one_event_that_fails_comes_again_and_the_others_do_not(load, event, context, service, name) -> None:
    app = load(service, "inbox")
    table = app.shows_on_sale_table if service == "tickets" else app.payments_table
    good, bad = event(service, name)["Records"][0], event(service, name)["Records"][0]
    bad = bad | {"messageId": "bad", "body": json.dumps({"detail-type": "Elsewhere", "detail": {}})}
    with stubbed(table.meta.client) as [dynamodb]:
        dynamodb.add_response("put_item", {})
        answer = app.handler({"Records": [bad, good]}, context)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
