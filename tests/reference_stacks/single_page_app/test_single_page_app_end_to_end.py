"""The single-page application at work: a third party's tokens, a cache before the shows, a site behind CloudFront."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.single_page_app.conftest import TEMPLATE, Cached, Issuer, View

SHOWS = (
    {
        "show_id": "magic-flute-1",
        "city": "Vienna",
        "starts_at": "2099-04-12T18:30:00+00:00",
        "title": "The Magic Flute",
    },
    {
        "show_id": "don-giovanni-1",
        "city": "Vienna",
        "starts_at": "2001-04-12T18:30:00+00:00",
        "title": "Don Giovanni",
    },
    {"show_id": "carmen-1", "city": "Paris", "starts_at": "2099-05-01T19:00:00+00:00", "title": "Carmen"},
)
ARTICLE = {"title": "Opening hours", "body": "The box office opens at noon."}
METHODS = (("GET", "/shows?city=Vienna"), ("GET", "/shows/carmen-1"), ("GET", "/tickets"), ("GET", "/info"))


def put_show(stack: DeployedStack, show: dict[str, str]) -> None:
    item = {name: {"S": value} for name, value in show.items()}
    stack.client("dynamodb").put_item(TableName=stack.outputs["ShowsTableName"], Item=item)


def delete_show(stack: DeployedStack, show_id: str) -> None:
    stack.client("dynamodb").delete_item(TableName=stack.outputs["ShowsTableName"], Key={"show_id": {"S": show_id}})


@pytest.fixture(scope="module")
def stocked(stack: DeployedStack) -> DeployedStack:
    """The stack with shows."""
    for show in SHOWS:
        put_show(stack, show)
    return stack


@pytest.fixture(scope="module")
def with_articles(stocked: DeployedStack) -> DeployedStack:
    """The stack with an article as well.

    The emulator speaks HTTP, so the bucket's own policy would refuse its functions, as
    `test_the_bucket_of_articles_refuses_what_comes_without_tls` shows before the policy goes here.
    """
    s3, bucket = stocked.client("s3"), stocked.outputs["InfoBucketName"]
    s3.delete_bucket_policy(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="info/opening-hours.json", Body=json.dumps(ARTICLE).encode())
    return stocked


# ------------------------------------------------------------------------------------- what a member can do


def test_a_miss_reads_the_table_and_a_hit_does_not(stocked: DeployedStack, member: str, cached: Cached) -> None:
    cached(["FLUSHALL"])

    first = stocked.call("GET", "/shows?city=Vienna", token=member)
    delete_show(stocked, "magic-flute-1")
    second = stocked.call("GET", "/shows?city=Vienna", token=member)
    [keys, expires] = cached(["KEYS", "*"], ["TTL", "shows:1:city:50:Vienna"])
    cached(["FLUSHALL"])
    third = stocked.call("GET", "/shows?city=Vienna", token=member)
    put_show(stocked, SHOWS[0])

    assert (first.status, first.json, first.headers["X-Shows-Cache"]) == (200, [SHOWS[0]], "miss")
    assert (second.status, second.json, second.headers["X-Shows-Cache"]) == (200, [SHOWS[0]], "hit")
    assert keys == ["shows:1:city:50:Vienna"]
    assert 0 < expires <= 60
    assert (third.json, third.headers["X-Shows-Cache"]) == ([], "miss")


def test_one_show_and_one_that_is_not_there(stocked: DeployedStack, member: str, cached: Cached) -> None:
    cached(["FLUSHALL"])

    answers = [stocked.call("GET", "/shows/carmen-1", token=member) for _ in range(2)]
    missing = [stocked.call("GET", "/shows/tosca-1", token=member) for _ in range(2)]

    assert [(answer.status, answer.json, answer.headers["X-Shows-Cache"]) for answer in answers] == [
        (200, SHOWS[2], "miss"),
        (200, SHOWS[2], "hit"),
    ]
    assert [(answer.status, answer.json["message"]) for answer in missing] == [(404, "There is no show tosca-1.")] * 2
    assert cached(["GET", "shows:1:show:tosca-1"]) == ["null"]


def test_a_cache_that_refuses_costs_nothing_but_time(stocked: DeployedStack, member: str, cached: Cached) -> None:
    secret = stocked.client("secretsmanager").get_secret_value(SecretId=stocked.physical_id("CacheSecret"))
    token = json.loads(secret["SecretString"])["token"]
    cached(["ACL", "SETUSER", "default", "resetpass", ">another"], ["CLIENT", "KILL", "TYPE", "normal"])

    down = stocked.call("GET", "/shows/carmen-1", token=member)
    cached(["ACL", "SETUSER", "default", "resetpass", f">{token}"], ["FLUSHALL"])
    up = [stocked.call("GET", "/shows/carmen-1", token=member) for _ in range(2)]

    assert (down.status, down.json, down.headers["X-Shows-Cache"]) == (200, SHOWS[2], "down")
    assert [answer.headers["X-Shows-Cache"] for answer in up] == ["miss", "hit"]


def test_a_ticket_is_sold_once_and_belongs_to_its_buyer(stocked: DeployedStack, member: str, issuer: Issuer) -> None:
    other = issuer.token(sub="auth0|grace")
    order = {"show_id": "magic-flute-1", "seat": "B12"}

    sold = stocked.call("POST", "/tickets", token=member, body=order)
    again = stocked.call("POST", "/tickets", token=other, body=order)
    mine = stocked.call("GET", "/tickets", token=member)
    theirs = stocked.call("GET", "/tickets", token=other)

    assert (sold.status, {name: sold.json[name] for name in order}) == (201, order)
    assert (again.status, again.json["message"]) == (409, "Seat B12 is taken.")
    assert (mine.status, mine.json) == (200, [sold.json])
    assert (theirs.status, theirs.json) == (200, [])
    key = {"show_id": {"S": "magic-flute-1"}, "seat": {"S": "B12"}}
    kept = stocked.client("dynamodb").get_item(TableName=stocked.outputs["TicketsTableName"], Key=key)["Item"]
    assert kept["member_id"] == {"S": "auth0|ada"}


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        {},
        {"show_id": "magic-flute-1"},
        {"show_id": "Magic Flute", "seat": "B12"},
        {"show_id": "a", "seat": 1},
    ],
    ids=["no-json", "empty", "no-seat", "bad-show", "bad-seat"],
)
def test_a_body_that_does_not_fit_the_model_stops_at_the_api(
    stocked: DeployedStack, member: str, body: object
) -> None:
    answer = stocked.call("POST", "/tickets", token=member, body=body)

    assert (answer.status, answer.json) == (400, {"message": "Invalid request body"})


def test_the_bucket_of_articles_refuses_what_comes_without_tls(stocked: DeployedStack, member: str) -> None:
    answer = stocked.call("GET", "/info", token=member)

    assert answer.status == 502
    assert "with an explicit deny in a resource-based policy" in answer.body


def test_articles_come_from_s3(with_articles: DeployedStack, member: str) -> None:
    topics = with_articles.call("GET", "/info", token=member)
    article = with_articles.call("GET", "/info/opening-hours", token=member)
    missing = with_articles.call("GET", "/info/parking", token=member)

    assert (topics.status, topics.json) == (200, [{"topic": "opening-hours"}])
    assert (article.status, article.json) == (200, {"topic": "opening-hours", **ARTICLE})
    assert (missing.status, missing.json["message"]) == (404, "There is nothing about parking.")


# ------------------------------------------------------------------------------------------- who is refused


def test_nobody_without_a_token(stocked: DeployedStack) -> None:
    for method, path in (*METHODS, ("POST", "/tickets")):
        answer = stocked.call(method, path)
        assert (answer.status, answer.json) == (401, {"message": "Unauthorized"}), (method, path)


def test_a_token_that_is_in_order(stocked: DeployedStack, issuer: Issuer) -> None:
    assert stocked.call("GET", "/tickets", token=issuer.token()).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 3600},
        {"nbf": int(time.time()) + 3600},
        {"aud": "https://elsewhere.example.com/api"},
        {"aud": None},
        {"iss": "https://issuer.example.org/"},
        {"sub": None},
        {"exp": None},
        {"named": "nobody-has-this"},
    ],
    ids=[
        "expired",
        "too-early",
        "wrong-audience",
        "no-audience",
        "wrong-issuer",
        "no-subject",
        "no-end",
        "unknown-key",
    ],
)
def test_a_token_that_the_issuer_made_for_something_else(
    stocked: DeployedStack, issuer: Issuer, changes: dict[str, Any]
) -> None:
    """`test_a_token_that_is_in_order` is the near miss: the same token without the change is let in."""
    assert stocked.call("GET", "/tickets", token=issuer.token(**changes)).status == 401


def test_a_token_that_was_tampered_with(stocked: DeployedStack, member: str) -> None:
    forged = sign_in.with_claims(member, sub="auth0|somebody-else")

    assert stocked.call("GET", "/tickets", token=member).status == 200
    assert stocked.call("GET", "/tickets", token=forged).status == 401


def test_a_token_of_somebody_else_s_key_that_names_the_issuer_s(
    stocked: DeployedStack, issuer: Issuer, interpreter: Path
) -> None:
    sign_in.signed(interpreter, issuer.folder / "foreign.pem", {}, {})

    assert stocked.call("GET", "/tickets", token=issuer.token(signed_by="foreign", named="first")).status == 401


def test_a_scope_opens_its_methods_only(stocked: DeployedStack, issuer: Issuer) -> None:
    reader = issuer.token(scope="tickets.read")
    order = {"show_id": "magic-flute-1", "seat": "D4"}

    assert stocked.call("GET", "/tickets", token=reader).status == 200
    assert stocked.call("POST", "/tickets", token=reader, body=order).status == 403
    assert stocked.call("GET", "/shows/carmen-1", token=reader).status == 403
    assert stocked.call("GET", "/tickets", token=issuer.token(scope="")).status == 403


def test_the_issuer_is_asked_for_its_keys_once(stocked: DeployedStack, issuer: Issuer) -> None:
    # A new token, so that API Gateway's cache does not answer and the authorizer has the keys when counting begins.
    assert stocked.call("GET", "/tickets", token=issuer.token(jti="warm")).status == 200
    before = issuer.fetched

    for number in range(3):
        assert stocked.call("GET", "/tickets", token=issuer.token(jti=f"once-{number}")).status == 200

    assert issuer.fetched == before


def test_more_than_the_burst_is_throttled(
    stocked: DeployedStack, issuer: Issuer, deploy: Callable[..., DeployedStack]
) -> None:
    tight = deploy(
        TEMPLATE,
        {
            "TokenIssuer": f"{issuer.url}/",
            "JwksUrl": f"{issuer.url}/.well-known/jwks.json",
            "RequestsPerSecond": "1",
            "RequestBurst": "3",
            "ManageApiGatewayLogRole": "false",
        },
        name="tight-app",
    )
    token = issuer.token()
    assert tight.call("GET", "/tickets", token=token).status == 200

    # All at once: on a slow machine calls one after the other would wait until the rate lets them in.
    with ThreadPoolExecutor(24) as callers:
        statuses = list(callers.map(lambda _: tight.call("GET", "/tickets", token=token).status, range(24)))

    assert set(statuses) <= {200, 429}
    assert statuses.count(429) >= 12


# ----------------------------------------------------------------------------------------- the site's front door


@pytest.fixture(scope="module")
def site(stocked: DeployedStack) -> DeployedStack:
    stocked.client("s3").put_object(
        Bucket=stocked.outputs["SiteBucketName"], Key="index.html", Body=b"<!doctype html>", ContentType="text/html"
    )
    return stocked


def test_the_site_is_served_with_security_headers(site: DeployedStack, view: View, issuer: Issuer) -> None:
    answer = view("GET", "/")

    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert (answer.status, answer.body) == (200, "<!doctype html>")
    assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains; preload"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert f"connect-src 'self' {issuer.url}/;" in headers["content-security-policy"]


def test_without_tls_the_site_is_elsewhere_and_the_api_nowhere(site: DeployedStack, view: View) -> None:
    page = view("GET", "/", scheme="http")
    call = view("GET", "/api/tickets", scheme="http")

    assert (page.status, page.headers["Location"].split(":")[0]) == (301, "https")
    assert call.status == 403


def test_the_site_s_bucket_answers_the_distribution_only(site: DeployedStack) -> None:
    bucket = site.outputs["SiteBucketName"]
    stranger = site.client("s3", function="InfoFunction")

    assert refused(stranger.get_object, Bucket=bucket, Key="index.html") == "AccessDenied"


# ---------------------------------------------------------------- what each role must not do, with IAM enforced


def refused(call: Callable[..., object], **arguments: object) -> str:
    with pytest.raises(ClientError) as denied:
        call(**arguments)
    return str(denied.value.response["Error"]["Code"])


@pytest.fixture(scope="module")
def called(with_articles: DeployedStack, member: str) -> DeployedStack:
    """Every function has run once: a function's credentials live from its first call on."""
    for method, path in METHODS:
        assert with_articles.call(method, path, token=member).status == 200
    return with_articles


def test_the_authorizer_may_touch_no_store(called: DeployedStack) -> None:
    table, bucket = called.outputs["TicketsTableName"], called.outputs["InfoBucketName"]
    database = called.client("dynamodb", function="AuthorizerFunction")
    objects = called.client("s3", function="AuthorizerFunction")

    assert refused(database.scan, TableName=table) == "AccessDeniedException"
    assert refused(objects.list_objects_v2, Bucket=bucket) == "AccessDenied"


def test_the_tickets_function_may_not_touch_shows(called: DeployedStack) -> None:
    as_tickets = called.client("dynamodb", function="TicketsFunction")
    shows, tickets = called.outputs["ShowsTableName"], called.outputs["TicketsTableName"]
    key = {"show_id": {"S": "magic-flute-1"}, "seat": {"S": "B12"}}

    assert refused(as_tickets.put_item, TableName=shows, Item={"show_id": {"S": "x"}}) == "AccessDeniedException"
    assert refused(as_tickets.delete_item, TableName=tickets, Key=key) == "AccessDeniedException"


def test_the_shows_function_may_not_write_nor_read_other_secrets(called: DeployedStack) -> None:
    as_shows = called.client("dynamodb", function="ShowsFunction")
    secrets = called.client("secretsmanager", function="ShowsFunction")
    item = {name: {"S": value} for name, value in SHOWS[2].items()}

    assert as_shows.get_item(TableName=called.outputs["ShowsTableName"], Key={"show_id": {"S": "carmen-1"}})["Item"]
    assert (
        refused(as_shows.put_item, TableName=called.outputs["ShowsTableName"], Item=item) == "AccessDeniedException"
    )
    assert secrets.get_secret_value(SecretId=called.physical_id("CacheSecret"))["SecretString"]
    origin = called.physical_id("OriginSecret")
    assert refused(secrets.get_secret_value, SecretId=origin) == "AccessDeniedException"


def test_the_info_function_may_not_write(called: DeployedStack) -> None:
    objects, bucket = called.client("s3", function="InfoFunction"), called.outputs["InfoBucketName"]

    assert refused(objects.put_object, Bucket=bucket, Key="info/x.json", Body=b"{}") == "AccessDenied"
    assert refused(objects.delete_object, Bucket=bucket, Key="info/opening-hours.json") == "AccessDenied"
