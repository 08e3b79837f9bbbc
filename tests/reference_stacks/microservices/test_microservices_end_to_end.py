"""The deployed services, called over HTTP through the domain; what happens in one becomes known in the others."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.process import REGION, Emulator
from tests.reference_stacks.emulator.sign_in import Tokens
from tests.reference_stacks.emulator.stack import Answer, http
from tests.reference_stacks.microservices.conftest import DOMAIN, Services, SignIn

SECONDS_FOR_AN_EVENT = 20
FLUTE = {
    "show_id": "magic-flute-1",
    "city": "Vienna",
    "starts_at": (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "title": "The Magic Flute",
    "price_cents": 4900,
}

Call = Callable[..., Answer]


@pytest.fixture(scope="module")
def call(services: Services, emulator: Emulator) -> Call:
    """Calls a path of the domain, as a member's app does."""

    def called(method: str, path: str, *, token: str | None = None, body: object = None) -> Answer:
        headers = {"Host": DOMAIN, "Accept": "application/json", "Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        return http(method, emulator.url + path, data=data, headers=headers)

    return called


def announced(services: Services, show: Mapping[str, object]) -> Answer:
    """What the back office does: a request signed with a role's credentials."""
    url = services["shows"].api_url + "/"
    data = json.dumps(dict(show)).encode()
    request = AWSRequest("POST", url, data=data, headers={"Content-Type": "application/json"})
    SigV4Auth(Credentials("test", "test"), "execute-api", REGION).add_auth(request)
    return http("POST", url, data=data, headers=dict(request.headers))


def within(seconds: float, look: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """Events take their time: looks until what is wanted is there, or the time is over."""
    until = time.monotonic() + seconds
    while not wanted(found := look()) and time.monotonic() < until:
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def on_sale(services: Services) -> Services:
    """The show was announced, and the service of tickets has heard of it."""
    answer = announced(services, FLUTE)
    assert (answer.status, answer.json) == (201, FLUTE)
    tickets = services["tickets"]
    items = within(
        SECONDS_FOR_AN_EVENT,
        lambda: tickets.client("dynamodb").scan(TableName=tickets.outputs["ShowsOnSaleTableName"])["Items"],
        bool,
    )
    assert items == [
        {
            "show_id": {"S": "magic-flute-1"},
            "starts_at": {"S": FLUTE["starts_at"]},
            "price_cents": {"N": "4900"},
        }
    ]
    return services


def payments_of(call: Call, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call("GET", "/payments", token=token).json
    return found


# ------------------------------------------------------------------------------ a ticket's way through the services


def test_an_announced_show_can_be_read(on_sale: Services, call: Call, member: Tokens) -> None:
    listed = call("GET", "/shows?city=Vienna", token=member.access)
    one = call("GET", "/shows/magic-flute-1", token=member.access)
    none = call("GET", "/shows/tosca-1", token=member.access)

    assert (listed.status, listed.json) == (200, [FLUTE])
    assert (one.status, one.json) == (200, FLUTE)
    assert (none.status, none.json["message"]) == (404, "There is no show tosca-1.")


def test_a_ticket_is_reserved_then_due_then_paid(on_sale: Services, call: Call, enter: SignIn) -> None:
    grace = enter("grace@example.com").access
    order = {"show_id": "magic-flute-1", "seat": "B12"}
    due = {"ticket_id": "magic-flute-1.B12", "amount_cents": 4900, "status": "due", "paid_at": None}

    reserved = call("POST", "/tickets", token=grace, body=order)
    owed = within(SECONDS_FOR_AN_EVENT, lambda: payments_of(call, grace), bool)
    too_little = call("PUT", "/payments/magic-flute-1.B12", token=grace, body={"amount_cents": 4800})
    paid = call("PUT", "/payments/magic-flute-1.B12", token=grace, body={"amount_cents": 4900})
    [ticket] = within(
        SECONDS_FOR_AN_EVENT,
        lambda: call("GET", "/tickets", token=grace).json,
        lambda tickets: tickets[0]["status"] == "paid",
    )
    again = call("PUT", "/payments/magic-flute-1.B12", token=grace, body={"amount_cents": 4900})

    assert (reserved.status, reserved.json["status"], reserved.json["price_cents"]) == (201, "reserved", 4900)
    assert owed == [due]
    assert too_little.status == 409
    assert too_little.json["message"] == "No payment of 4800 cents is due for magic-flute-1.B12."
    assert paid.status == 200
    assert ticket == reserved.json | {"status": "paid"}
    assert (again.status, again.json) == (200, paid.json)


def test_a_seat_belongs_to_the_first_who_asks(on_sale: Services, call: Call, member: Tokens, enter: SignIn) -> None:
    late = enter("late@example.com").access
    order = {"show_id": "magic-flute-1", "seat": "C1"}

    first = call("POST", "/tickets", token=member.access, body=order)
    repeated = call("POST", "/tickets", token=member.access, body=order)
    second = call("POST", "/tickets", token=late, body=order)

    assert (first.status, repeated.status) == (201, 201)
    assert (second.status, second.json["message"]) == (409, "Seat C1 is taken.")
    assert call("GET", "/tickets", token=late).json == []


def test_nobody_pays_for_another_s_ticket(on_sale: Services, call: Call, member: Tokens, enter: SignIn) -> None:
    call("POST", "/tickets", token=member.access, body={"show_id": "magic-flute-1", "seat": "D1"})
    within(
        SECONDS_FOR_AN_EVENT,
        lambda: [payment["ticket_id"] for payment in payments_of(call, member.access)],
        lambda tickets: "magic-flute-1.D1" in tickets,
    )
    other = enter("other@example.com").access
    answer = call("PUT", "/payments/magic-flute-1.D1", token=other, body={"amount_cents": 4900})

    assert (answer.status, payments_of(call, other)) == (409, [])


def test_no_ticket_for_a_show_that_was_never_announced(on_sale: Services, call: Call, member: Tokens) -> None:
    answer = call("POST", "/tickets", token=member.access, body={"show_id": "tosca-1", "seat": "A1"})

    assert (answer.status, answer.json["message"]) == (404, "There is no show tosca-1 to come.")


def test_an_event_that_nobody_can_use_ends_in_the_dead_letter_queue(on_sale: Services) -> None:
    """A queue gives a message five times; here at once, instead of after the visibility timeout each."""
    payments = on_sale["payments"]
    queue = payments.physical_id("Inbox")
    sqs = payments.client("sqs")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "0"})
    events = on_sale["platform"].client("events")
    entry = {
        "EventBusName": on_sale["platform"].outputs["EventBusName"],
        "Source": "showtime.tickets",
        "DetailType": "TicketReserved",
        "Detail": json.dumps({"ticket_id": "without-a-member.A1"}),
    }
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0

    dead = payments.physical_id("InboxDeadLetters")
    messages = within(2 * SECONDS_FOR_AN_EVENT, lambda: sqs.receive_message(QueueUrl=dead).get("Messages", []), bool)

    assert [json.loads(message["Body"])["detail"] for message in messages] == [{"ticket_id": "without-a-member.A1"}]


# ------------------------------------------------------------------------------------------------ who is refused


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/shows?city=Vienna"), ("GET", "/tickets"), ("POST", "/tickets"), ("GET", "/payments")],
)
def test_nobody_without_a_token(services: Services, call: Call, method: str, path: str) -> None:
    answer = call(method, path)

    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})


def test_a_token_is_taken_by_all_services_and_a_spoilt_one_by_none(
    services: Services, call: Call, member: Tokens, interpreter: Path, emulator: Emulator
) -> None:
    forged = sign_in.with_claims(member.access, sub="11111111-1111-1111-1111-111111111111")
    ended = sign_in.expired(interpreter, emulator, member.access)
    statuses = {
        path: [call("GET", path, token=token).status for token in (member.access, forged, ended, member.identity)]
        for path in ("/shows?city=Vienna", "/tickets", "/payments")
    }

    assert statuses == {path: [200, 401, 401, 401] for path in statuses}


def test_a_member_cannot_announce_a_show(services: Services, call: Call, member: Tokens) -> None:
    answer = call("POST", "/shows", token=member.access, body=FLUTE)

    assert answer.status == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/tickets", {"show_id": "magic-flute-1"}),
        ("POST", "/tickets", {"show_id": "magic-flute-1", "seat": "B12", "member_id": "somebody-else"}),
        ("PUT", "/payments/magic-flute-1.B12", {"amount_cents": -1}),
    ],
)
def test_a_body_that_does_not_fit_the_model_stops_at_the_api(
    services: Services, call: Call, member: Tokens, method: str, path: str, body: object
) -> None:
    answer = call(method, path, token=member.access, body=body)

    assert (answer.status, answer.json) == (400, {"message": "Invalid request body"})


# ------------------------------------------------------------- what each role must not do, with IAM enforced


@pytest.fixture(scope="module")
def used(on_sale: Services, call: Call, member: Tokens) -> Services:
    """Every function has run: a function's credentials live from its first call on."""
    call("GET", "/shows?city=Vienna", token=member.access)
    call("POST", "/tickets", token=member.access, body={"show_id": "magic-flute-1", "seat": "E1"})
    call("GET", "/tickets", token=member.access)
    due = within(
        SECONDS_FOR_AN_EVENT,
        lambda: [payment["ticket_id"] for payment in payments_of(call, member.access)],
        lambda tickets: "magic-flute-1.E1" in tickets,
    )
    assert "magic-flute-1.E1" in due
    call("PUT", "/payments/magic-flute-1.E1", token=member.access, body={"amount_cents": 4900})
    return on_sale


@pytest.mark.parametrize(
    ("service", "function", "store"),
    [
        ("shows", "ReadShowsFunction", ("shows", "ShowsTableName")),
        ("shows", "AnnounceShowFunction", ("tickets", "ShowsOnSaleTableName")),
        ("tickets", "ReserveTicketFunction", ("payments", "PaymentsTableName")),
        ("tickets", "ReserveTicketFunction", ("tickets", "ShowsOnSaleTableName")),
        ("tickets", "ListTicketsFunction", ("tickets", "TicketsTableName")),
        ("tickets", "InboxFunction", ("shows", "ShowsTableName")),
        ("payments", "PayFunction", ("tickets", "TicketsTableName")),
        ("payments", "ListPaymentsFunction", ("payments", "PaymentsTableName")),
        ("payments", "InboxFunction", ("tickets", "TicketsTableName")),
    ],
)
def test_no_function_writes_where_it_must_not(
    used: Services, service: str, function: str, store: tuple[str, str]
) -> None:
    as_function = used[service].client("dynamodb", function=function)
    table = used[store[0]].outputs[store[1]]

    with pytest.raises(ClientError) as denied:
        as_function.put_item(TableName=table, Item={"show_id": {"S": "x"}, "seat": {"S": "A1"}})
    assert denied.value.response["Error"]["Code"] == "AccessDeniedException"


@pytest.mark.parametrize("function", ["ReadShowsFunction", "AnnounceShowFunction"])
def test_a_function_publishes_to_the_services_bus_or_nowhere(used: Services, function: str) -> None:
    as_function = used["shows"].client("events", function=function)
    entry = {"Source": "showtime.shows", "DetailType": "ShowAnnounced", "Detail": "{}"}
    bus = used["platform"].outputs["EventBusName"]

    with pytest.raises(ClientError) as denied:
        as_function.put_events(Entries=[entry])
    assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
    if function == "ReadShowsFunction":
        with pytest.raises(ClientError) as denied:
            as_function.put_events(Entries=[entry | {"EventBusName": bus}])
        assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
