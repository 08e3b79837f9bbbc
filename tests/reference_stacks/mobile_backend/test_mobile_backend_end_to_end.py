"""The deployed mobile backend, called over HTTP as an app would call it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.process import ACCOUNT, REGION, Emulator
from tests.reference_stacks.emulator.servers import PostgresServer, run_sql
from tests.reference_stacks.emulator.sign_in import Tokens
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.mobile_backend.conftest import REDIRECT, SignIn

SOON = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds")
PAST = (datetime.now(UTC) - timedelta(days=3)).isoformat(timespec="seconds")
SHOWS = [
    {"show_id": "magic-flute-1", "city": "Vienna", "starts_at": SOON, "title": "The Magic Flute"},
    {"show_id": "fidelio-1", "city": "Vienna", "starts_at": PAST, "title": "Fidelio"},
    {"show_id": "carmen-1", "city": "Paris", "starts_at": SOON, "title": "Carmen"},
]


@pytest.fixture(scope="module")
def stocked(backend: DeployedStack) -> DeployedStack:
    """The back office has put shows in, and the schema of /info was created as the README says."""
    table = backend.client("dynamodb")
    for show in SHOWS:
        item = {name: {"S": value} for name, value in show.items()}
        table.put_item(TableName=backend.outputs["ShowsTableName"], Item=item)
    answer = backend.client("lambda").invoke(FunctionName=backend.outputs["InfoSchemaFunctionName"])
    assert json.load(answer["Payload"]) == {"articles": 2}
    return backend


# ------------------------------------------------------------------------------------- what a member can do


def test_shows_of_a_city_that_are_still_to_come(stocked: DeployedStack, member: Tokens) -> None:
    answer = stocked.call("GET", "/shows?city=Vienna", token=member.access)

    assert (answer.status, answer.json) == (200, [SHOWS[0]])


def test_one_show(stocked: DeployedStack, member: Tokens) -> None:
    answer = stocked.call("GET", "/shows/carmen-1", token=member.access)

    assert (answer.status, answer.json) == (200, SHOWS[2])


def test_a_show_that_is_not_there(stocked: DeployedStack, member: Tokens) -> None:
    answer = stocked.call("GET", "/shows/tosca-1", token=member.access)

    assert (answer.status, answer.json["message"]) == (404, "There is no show tosca-1.")


def test_a_ticket_is_sold_once_and_belongs_to_its_buyer(
    stocked: DeployedStack, member: Tokens, enter: SignIn
) -> None:
    other = enter(stocked, "grace@example.com")
    order = {"show_id": "magic-flute-1", "seat": "B12"}

    sold = stocked.call("POST", "/tickets", token=member.access, body=order)
    again = stocked.call("POST", "/tickets", token=other.access, body=order)
    mine = stocked.call("GET", "/tickets", token=member.access)
    theirs = stocked.call("GET", "/tickets", token=other.access)

    assert sold.status == 201
    assert {**sold.json, "bought_at": None} == {**order, "bought_at": None}
    assert (again.status, again.json["message"]) == (409, "Seat B12 is taken.")
    assert (mine.status, mine.json) == (200, [sold.json])
    assert (theirs.status, theirs.json) == (200, [])


def test_the_member_comes_from_the_token_and_from_nowhere_else(stocked: DeployedStack, member: Tokens) -> None:
    stocked.call("POST", "/tickets", token=member.access, body={"show_id": "magic-flute-1", "seat": "C1"})

    key = {"show_id": {"S": "magic-flute-1"}, "seat": {"S": "C1"}}
    kept = stocked.client("dynamodb").get_item(TableName=stocked.outputs["TicketsTableName"], Key=key)["Item"]

    assert kept["member_id"]["S"] == sign_in.claims_of(member.access)["sub"]


def test_articles_come_from_postgresql(stocked: DeployedStack, member: Tokens) -> None:
    topics = stocked.call("GET", "/info", token=member.access)
    article = stocked.call("GET", "/info/opening-hours", token=member.access)

    assert (topics.status, topics.json) == (
        200,
        [
            {"topic": "getting-here", "title": "How to get here"},
            {"topic": "opening-hours", "title": "Opening hours"},
        ],
    )
    assert (article.status, article.json) == (
        200,
        {
            "topic": "opening-hours",
            "title": "Opening hours",
            "body": "The box office opens at noon and closes when the show begins.",
        },
    )


def test_info_goes_on_after_the_password_was_rotated(
    stocked: DeployedStack, member: Tokens, postgres: PostgresServer, interpreter: Path
) -> None:
    """RDS rotates the password it keeps; a warm function reads the secret anew and its caller notices nothing."""
    assert stocked.call("GET", "/info", token=member.access).status == 200
    rotate_password(stocked, postgres, interpreter)

    assert stocked.call("GET", "/info/getting-here", token=member.access).status == 200


def rotate_password(stack: DeployedStack, postgres: PostgresServer, interpreter: Path) -> None:
    """What RDS does: the role's password and the secret change, and open connections end."""
    secrets = stack.client("secretsmanager")
    arn = secret_of_the_database(stack)
    kept = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    password = "rotated-" + kept["password"]
    run_sql(
        interpreter,
        postgres,
        f"ALTER ROLE information_owner PASSWORD '{password}'",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'information_owner'",
    )
    secrets.put_secret_value(SecretId=arn, SecretString=json.dumps({**kept, "password": password}))


# ------------------------------------------------------------------------------------------- who is refused


def test_nobody_without_a_token(stocked: DeployedStack) -> None:
    for method, path in [("GET", "/tickets"), ("POST", "/tickets"), ("GET", "/shows?city=Vienna"), ("GET", "/info")]:
        answer = stocked.call(method, path)
        assert (answer.status, answer.json) == (401, {"message": "Unauthorized"}), (method, path)


def test_a_token_whose_claims_were_changed(stocked: DeployedStack, member: Tokens) -> None:
    forged = sign_in.with_claims(member.access, sub="11111111-1111-1111-1111-111111111111")

    assert stocked.call("GET", "/tickets", token=member.access).status == 200
    assert stocked.call("GET", "/tickets", token=forged).status == 401


def test_a_token_signed_with_another_key(
    stocked: DeployedStack, member: Tokens, interpreter: Path, tmp_path: Path, emulator: Emulator
) -> None:
    """Beside it, the same claims signed with the pool's own key: what is refused is the key."""
    own = sign_in.issued(interpreter, emulator, member.access)
    foreign = sign_in.signed(
        interpreter, tmp_path / "foreign.pem", sign_in.header_of(member.access), sign_in.claims_of(member.access)
    )

    assert stocked.call("GET", "/tickets", token=own).status == 200
    assert stocked.call("GET", "/tickets", token=foreign).status == 401


def test_an_expired_token(stocked: DeployedStack, member: Tokens, interpreter: Path, emulator: Emulator) -> None:
    running = sign_in.issued(interpreter, emulator, member.access)
    ended = sign_in.expired(interpreter, emulator, member.access)

    assert stocked.call("GET", "/tickets", token=running).status == 200
    assert stocked.call("GET", "/tickets", token=ended).status == 401


def test_a_token_for_another_audience(stocked: DeployedStack, emulator: Emulator, member: Tokens) -> None:
    """Another user pool's member, and this pool's member through a client that was not given the API's scopes."""
    cognito = emulator.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="elsewhere", UsernameAttributes=["email"])["UserPool"]["Id"]
    cognito.create_resource_server(
        UserPoolId=pool,
        Identifier="backend",
        Name="backend",
        Scopes=[{"ScopeName": "tickets.read", "ScopeDescription": "the same word"}],
    )
    elsewhere = new_client(cognito, pool, ["openid", "backend/tickets.read"])
    here = new_client(cognito, stocked.outputs["UserPoolId"], ["openid"])
    sign_in.sign_up(emulator, pool, elsewhere, "ada@example.com", "Correct-horse-7-battery")

    foreign = signed_in(emulator, elsewhere, ("openid", "backend/tickets.read"))
    unscoped = signed_in(emulator, here, ("openid",))

    assert sign_in.claims_of(foreign.access)["scope"] == "openid backend/tickets.read"
    assert stocked.call("GET", "/tickets", token=foreign.access).status == 401
    assert stocked.call("GET", "/tickets", token=unscoped.access).status == 401


def test_an_identity_token_is_no_access_token(stocked: DeployedStack, member: Tokens) -> None:
    assert stocked.call("GET", "/tickets", token=member.identity).status == 401


def test_a_scope_opens_its_methods_only(stocked: DeployedStack, enter: SignIn) -> None:
    reader = enter(stocked, "reader@example.com", ("openid", "backend/tickets.read"))
    order = {"show_id": "magic-flute-1", "seat": "D4"}

    assert stocked.call("GET", "/tickets", token=reader.access).status == 200
    assert stocked.call("POST", "/tickets", token=reader.access, body=order).status == 401
    assert stocked.call("GET", "/shows/carmen-1", token=reader.access).status == 401


def test_a_code_without_its_verifier_gives_no_token(
    stocked: DeployedStack, emulator: Emulator, member: Tokens
) -> None:
    client = stocked.outputs["AppClientId"]
    verifier = "v" * 64
    code = sign_in.authorization_code(
        emulator, client, REDIRECT, ("openid",), "ada@example.com", "Correct-horse-7-battery", verifier
    )

    stolen = sign_in.redeem(emulator, client, REDIRECT, code, "w" * 64)
    rightful = sign_in.redeem(emulator, client, REDIRECT, code, verifier)

    assert (stolen.status, stolen.json["error"]) == (400, "invalid_grant")
    assert rightful.status == 200


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        {},
        {"show_id": "magic-flute-1"},
        {"show_id": "Magic Flute", "seat": "B12"},
        {"show_id": "magic-flute-1", "seat": "B0"},
        {"show_id": "magic-flute-1", "seat": "B12", "member_id": "somebody-else"},
    ],
    ids=["no-json", "empty", "no-seat", "bad-show", "bad-seat", "more-than-asked"],
)
def test_a_body_that_does_not_fit_the_model_stops_at_the_api(
    stocked: DeployedStack, member: Tokens, body: object
) -> None:
    answer = stocked.call("POST", "/tickets", token=member.access, body=body)

    assert (answer.status, answer.json) == (400, {"message": "Invalid request body"})


@pytest.mark.parametrize(
    "path", ["/shows", "/shows?city=", "/shows?city=Vienna&limit=0", "/shows/NOT-AN-ID", "/info/A%20B"]
)
def test_a_request_that_does_not_validate_is_told_what_is_wrong(
    stocked: DeployedStack, member: Tokens, path: str
) -> None:
    answer = stocked.call("GET", path, token=member.access)

    assert (answer.status, answer.json["statusCode"]) == (422, 422)
    assert [sorted(problem) for problem in answer.json["detail"]] == [["loc", "type"]]


# ---------------------------------------------------------------- what each role must not do, with IAM enforced


def refused(call: Callable[..., object], **arguments: object) -> str:
    with pytest.raises(ClientError) as denied:
        call(**arguments)
    return str(denied.value.response["Error"]["Code"])


def test_the_tickets_function_may_not_touch_shows(stocked: DeployedStack) -> None:
    as_tickets = stocked.client("dynamodb", function="TicketsFunction")
    shows, tickets = stocked.outputs["ShowsTableName"], stocked.outputs["TicketsTableName"]

    assert refused(as_tickets.put_item, TableName=shows, Item={"show_id": {"S": "x"}}) == "AccessDeniedException"
    assert refused(as_tickets.scan, TableName=tickets) == "AccessDeniedException"
    key = {"show_id": {"S": "magic-flute-1"}, "seat": {"S": "B12"}}
    assert refused(as_tickets.delete_item, TableName=tickets, Key=key) == "AccessDeniedException"


def test_the_shows_function_may_not_write(stocked: DeployedStack) -> None:
    as_shows = stocked.client("dynamodb", function="ShowsFunction")
    shows = stocked.outputs["ShowsTableName"]
    item = {name: {"S": value} for name, value in SHOWS[0].items()}

    assert as_shows.get_item(TableName=shows, Key={"show_id": {"S": "carmen-1"}})["Item"]["city"] == {"S": "Paris"}
    assert refused(as_shows.put_item, TableName=shows, Item=item) == "AccessDeniedException"


@pytest.mark.parametrize("function", ["InfoFunction", "InfoSchemaFunction"])
def test_the_info_functions_may_read_one_secret_only(stocked: DeployedStack, function: str) -> None:
    other = stocked.client("secretsmanager").create_secret(Name=f"not-for-{function}", SecretString="-")["ARN"]
    as_function = stocked.client("secretsmanager", function=function)
    own = secret_of_the_database(stocked)

    assert "SecretString" in as_function.get_secret_value(SecretId=own)
    assert refused(as_function.get_secret_value, SecretId=other) == "AccessDeniedException"
    assert refused(as_function.put_secret_value, SecretId=own, SecretString="x") == "AccessDeniedException"


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("FlowLogRole", "logs:PutLogEvents", "logs:DeleteLogGroup"),
        ("DatabaseMonitoringRole", None, "rds:DeleteDBInstance"),
        ("ApiGatewayLogRole", None, "apigateway:DELETE"),
    ],
)
def test_the_roles_of_services_may_not_do_more(
    stocked: DeployedStack, role: str, may: str | None, may_not: str
) -> None:
    group = stocked.physical_id("FlowLogGroup")
    resource = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"

    if may is not None:
        assert stocked.allowed(role, may, resource)
    assert not stocked.allowed(role, may_not, resource)


# ------------------------------------------------------------------------------------------------- helpers


def new_client(cognito: object, pool: str, scopes: list[str]) -> str:
    answer = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="another",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=scopes,
        CallbackURLs=[REDIRECT],
        SupportedIdentityProviders=["COGNITO"],
    )
    return str(answer["UserPoolClient"]["ClientId"])


def signed_in(emulator: Emulator, client: str, scopes: tuple[str, ...]) -> Tokens:
    return sign_in.sign_in(emulator, client, REDIRECT, scopes, "ada@example.com", "Correct-horse-7-battery")


def secret_of_the_database(stack: DeployedStack) -> str:
    function = stack.client("lambda").get_function_configuration(FunctionName=stack.physical_id("InfoFunction"))
    return str(function["Environment"]["Variables"]["DATABASE_SECRET_ARN"])
