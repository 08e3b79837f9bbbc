"""The deployed web application's API, called over HTTP as the page calls it."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.process import Emulator
from tests.reference_stacks.emulator.sign_in import Tokens
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.web_app.conftest import PASSWORD, REDIRECT, SHOWS, SignIn

ORIGIN = {"Origin": "https://tickets.example.com"}


def allowed_origin(headers: Any) -> str | None:
    return next((value for name, value in headers.items() if name.lower() == "access-control-allow-origin"), None)


def test_shows_of_a_city_that_are_still_to_come(stocked: DeployedStack, member: Tokens) -> None:
    answer = stocked.call("GET", "/shows?city=Vienna", token=member.access, headers=ORIGIN)

    assert (answer.status, answer.json) == (200, [SHOWS[0]])
    assert allowed_origin(answer.headers) == "https://tickets.example.com"


def test_one_show_and_one_that_is_not_there(stocked: DeployedStack, member: Tokens) -> None:
    found = stocked.call("GET", "/shows/carmen-1", token=member.access)
    missing = stocked.call("GET", "/shows/tosca-1", token=member.access)

    assert (found.status, found.json) == (200, SHOWS[2] | {"description": ""})
    assert (missing.status, missing.json["message"]) == (404, "There is no show tosca-1.")


def test_a_ticket_is_sold_once_and_belongs_to_its_buyer(
    stocked: DeployedStack, member: Tokens, enter: SignIn
) -> None:
    other = enter("hedy@example.com")
    order = {"show_id": "magic-flute-1", "seat": "B12"}

    sold = stocked.call("POST", "/tickets", token=member.access, body=order)
    again = stocked.call("POST", "/tickets", token=other.access, body=order)
    mine = stocked.call("GET", "/tickets", token=member.access)
    theirs = stocked.call("GET", "/tickets", token=other.access)

    assert (sold.status, sold.json | {"bought_at": None}) == (201, order | {"bought_at": None})
    assert (again.status, again.json["message"]) == (409, "Seat B12 is taken.")
    assert (mine.status, mine.json) == (200, [sold.json])
    assert (theirs.status, theirs.json) == (200, [])


@pytest.mark.parametrize("show_id", ["fidelio-1", "tosca-1"], ids=["over", "unknown"])
def test_no_ticket_for_a_show_that_is_not_to_come(stocked: DeployedStack, member: Tokens, show_id: str) -> None:
    answer = stocked.call("POST", "/tickets", token=member.access, body={"show_id": show_id, "seat": "A1"})
    table = stocked.outputs["TicketsTableName"]
    kept = stocked.client("dynamodb").get_item(TableName=table, Key={"show_id": {"S": show_id}, "seat": {"S": "A1"}})

    assert (answer.status, answer.json["message"]) == (404, f"There is no show {show_id} to come.")
    assert "Item" not in kept


# ------------------------------------------------------------------------------------------------ who is refused


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/shows?city=Vienna"), ("GET", "/shows/carmen-1"), ("GET", "/tickets"), ("POST", "/tickets")],
)
def test_nobody_without_a_token_and_the_page_can_read_why(stocked: DeployedStack, method: str, path: str) -> None:
    answer = stocked.call(method, path, headers=ORIGIN)

    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert allowed_origin(answer.headers) == "https://tickets.example.com"


def test_a_tampered_and_an_expired_token(
    stocked: DeployedStack, member: Tokens, interpreter: Path, emulator: Emulator
) -> None:
    """Beside them, the same token issued anew by the pool: what is refused is not the way of making it."""
    issued = sign_in.issued(interpreter, emulator, member.access)
    forged = sign_in.with_claims(member.access, sub="11111111-1111-1111-1111-111111111111")
    ended = sign_in.expired(interpreter, emulator, member.access)

    statuses = [stocked.call("GET", "/tickets", token=token).status for token in (issued, forged, ended)]
    assert statuses == [200, 401, 401]


def test_a_token_without_the_method_s_scope(stocked: DeployedStack, member: Tokens, emulator: Emulator) -> None:
    reader = sign_in.sign_in(
        emulator,
        stocked.outputs["AppClientId"],
        REDIRECT,
        ("openid", "web/shows.read"),
        "ada@example.com",
        PASSWORD,
    )
    order = {"show_id": "magic-flute-1", "seat": "D4"}

    assert stocked.call("GET", "/shows/carmen-1", token=reader.access).status == 200
    assert stocked.call("POST", "/tickets", token=reader.access, body=order).status == 401
    assert stocked.call("GET", "/tickets", token=member.identity).status == 401


def test_a_token_of_another_user_pool_with_the_same_scopes(stocked: DeployedStack, emulator: Emulator) -> None:
    cognito = emulator.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="elsewhere", UsernameAttributes=["email"])["UserPool"]["Id"]
    cognito.create_resource_server(
        UserPoolId=pool,
        Identifier="web",
        Name="web",
        Scopes=[{"ScopeName": "tickets.read", "ScopeDescription": "the same word"}],
    )
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="another",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "web/tickets.read"],
        CallbackURLs=[REDIRECT],
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]["ClientId"]
    sign_in.sign_up(emulator, pool, client, "eve@example.com", PASSWORD)
    foreign = sign_in.sign_in(emulator, client, REDIRECT, ("openid", "web/tickets.read"), "eve@example.com", PASSWORD)

    assert sign_in.claims_of(foreign.access)["scope"] == "openid web/tickets.read"
    assert stocked.call("GET", "/tickets", token=foreign.access).status == 401


def test_the_preflight_admits_the_site_and_needs_no_token(stocked: DeployedStack) -> None:
    asked = ORIGIN | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = stocked.call("OPTIONS", "/tickets", headers=asked)
    headers = {name.lower(): value for name, value in answer.headers.items()}

    assert answer.status == 200
    assert headers["access-control-allow-origin"] == "https://tickets.example.com"
    assert headers["access-control-allow-headers"] == "authorization,content-type"
    assert headers["access-control-allow-methods"] == "GET,POST,OPTIONS"
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "body",
    ["no json", {}, {"show_id": "magic-flute-1", "seat": "B0"}, {"show_id": "x", "seat": "A1", "member_id": "y"}],
    ids=["no-json", "empty", "bad-seat", "more-than-asked"],
)
def test_a_body_that_does_not_fit_the_model_stops_at_the_api(
    stocked: DeployedStack, member: Tokens, body: object
) -> None:
    answer = stocked.call("POST", "/tickets", token=member.access, body=body)

    assert (answer.status, answer.json) == (400, {"message": "Invalid request body"})


@pytest.mark.parametrize("path", ["/shows", "/shows?city=Vienna&limit=0", "/shows/NOT-AN-ID"])
def test_a_request_that_does_not_validate(stocked: DeployedStack, member: Tokens, path: str) -> None:
    assert stocked.call("GET", path, token=member.access).status == 422


# --------------------------------------------------------------- what each role must not do, with IAM enforced


@pytest.fixture(scope="module")
def called(stocked: DeployedStack, member: Tokens) -> DeployedStack:
    """Every function has run: a function's credentials live from its first call on."""
    for path in ("/shows?city=Vienna", "/shows/carmen-1", "/tickets"):
        assert stocked.call("GET", path, token=member.access).status == 200
    assert (
        stocked.call("POST", "/tickets", token=member.access, body={"show_id": "carmen-1", "seat": "Z9"}).status
        == 201
    )
    return stocked


@pytest.mark.parametrize(
    ("function", "operation", "table"),
    [
        ("ListShowsFunction", "scan", "ShowsTableName"),
        ("ListShowsFunction", "get_item", "ShowsTableName"),
        ("GetShowFunction", "put_item", "ShowsTableName"),
        ("GetShowFunction", "get_item", "TicketsTableName"),
        ("BuyTicketFunction", "put_item", "ShowsTableName"),
        ("BuyTicketFunction", "delete_item", "TicketsTableName"),
        ("ListTicketsFunction", "put_item", "TicketsTableName"),
        ("ListTicketsFunction", "scan", "TicketsTableName"),
    ],
)
def test_no_function_may_do_another_s_job(called: DeployedStack, function: str, operation: str, table: str) -> None:
    as_function = called.client("dynamodb", function=function)
    key = {"show_id": {"S": "carmen-1"}} | ({"seat": {"S": "Z9"}} if table == "TicketsTableName" else {})
    arguments = {"scan": {}, "put_item": {"Item": key}}.get(operation, {"Key": key})

    with pytest.raises(ClientError) as denied:
        getattr(as_function, operation)(TableName=called.outputs[table], **arguments)
    assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
