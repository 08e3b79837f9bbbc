"""The site of the single-page application in a real browser: signs in at the third party, lists shows, buys a ticket.

The site's files are the stack's own, served by its distribution with its headers. The third party is a stub at its
edge: it sends everybody back with a code, and gives a token for the code to whom proves by PKCE that it is theirs.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.reference_stacks.conftest import unavailable
from tests.reference_stacks.emulator.servers import Certificates
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.front_end.chromium import MISSING, Browser, program
from tests.reference_stacks.front_end.edge import Door, Edge, Reply, Request, distribution, rest_api
from tests.reference_stacks.single_page_app.conftest import AUDIENCE, SCOPES, TEMPLATE, Issuer

SITE = "tickets.example.com"
HOME = f"https://{SITE}/"
CLIENT = "the-site"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
FLUTE = {
    "show_id": "magic-flute-1",
    "city": "Vienna",
    "starts_at": "2099-04-12T18:30:00+00:00",
    # What a back office has typed is text to the page, never HTML.
    "title": "The <b>Magic</b> Flute",
}


@dataclass
class ThirdParty:
    """The front door of the issuer: its sign-in page, which asks for nothing, and its token endpoint."""

    issuer: Issuer
    challenges: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        address = urlsplit(request.path)
        if (request.method, address.path) == ("GET", "/authorize"):
            return self.authorize({name: values[0] for name, values in parse_qs(address.query).items()})
        if (request.method, address.path) == ("POST", "/oauth/token"):
            return self.token({name: values[0] for name, values in parse_qs(request.body.decode()).items()})
        return Reply(404)

    def authorize(self, asked: dict[str, str]) -> Reply:
        assert (asked["response_type"], asked["client_id"], asked["redirect_uri"]) == ("code", CLIENT, HOME)
        assert (asked["audience"], asked["scope"]) == (AUDIENCE, SCOPES)
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.challenges[code] = asked["code_challenge"]
        return Reply(302, [("Location", f"{HOME}?{urlencode({'code': code, 'state': asked['state']})}")])

    def token(self, asked: dict[str, str]) -> Reply:
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        headers = [("Access-Control-Allow-Origin", HOME.rstrip("/")), ("Content-Type", "application/json")]
        if self.challenges.pop(asked["code"], None) != proof:
            return Reply(400, headers, b'{"error": "invalid_grant"}')
        tokens = {"access_token": self.issuer.token(), "token_type": "Bearer", "expires_in": 600}
        return Reply(200, headers, json.dumps(tokens).encode())


@pytest.fixture(scope="module")
def published(stack: DeployedStack, issuer: Issuer) -> DeployedStack:
    """A show is on, and the site is uploaded as the README says, with the third party's addresses in its settings."""
    item = {name: {"S": value} for name, value in FLUTE.items()}
    stack.client("dynamodb").put_item(TableName=stack.outputs["ShowsTableName"], Item=item)
    config = {
        "authorizeUrl": f"{issuer.url}/authorize",
        "tokenUrl": f"{issuer.url}/oauth/token",
        "clientId": CLIENT,
        "audience": AUDIENCE,
        "scope": SCOPES,
    }
    for file in sorted((TEMPLATE.parent / "site").iterdir()):
        content = json.dumps(config).encode() if file.name == "config.json" else file.read_bytes()
        stack.client("s3").put_object(
            Bucket=stack.outputs["SiteBucketName"], Key=file.name, Body=content, ContentType=TYPES[file.suffix]
        )
    return stack


@pytest.fixture(scope="module")
def edge(published: DeployedStack, issuer: Issuer, certificates: Certificates) -> Iterator[Edge]:
    running = Edge({SITE: site(published), "localhost": ThirdParty(issuer)}, certificates.server, certificates.key)
    yield running
    running.stop()


def site(stack: DeployedStack) -> Door:
    """The distribution; what it would fetch from its second origin, API Gateway, comes from there."""
    files, api = distribution(stack), rest_api(stack, "SpaApi")

    def through(request: Request) -> Reply:
        return api(request) if request.path.startswith("/api/") else files(request)

    return through


@pytest.fixture
def browser(edge: Edge, tmp_path: Path) -> Iterator[Browser]:
    executable = program()
    if executable is None:
        unavailable(MISSING)
    opened = Browser(executable, tmp_path / "profile", edge.port)
    yield opened
    opened.close()


def enter(browser: Browser) -> None:
    browser.open(HOME)
    browser.click("#sign-in")
    browser.wait_for(f"location.href === '{HOME}' && document.querySelector('#search')?.checkVisibility()")


def look_for(browser: Browser, city: str) -> None:
    browser.type_into("#search input[name=city]", city)
    browser.click("#search button")


def test_a_member_signs_in_sees_shows_and_buys_a_ticket(
    browser: Browser, published: DeployedStack, tmp_path: Path
) -> None:
    enter(browser)
    look_for(browser, "Vienna")
    title = browser.wait_for("document.querySelector('#shows [data-title]')?.textContent")
    browser.type_into("#shows input[name=seat]", "B12")
    browser.click("#shows button")
    said = browser.wait_for("document.querySelector('#message').textContent")
    browser.screenshot(tmp_path / "bought.png")

    assert (title, said) == (FLUTE["title"], f"Seat B12 of {FLUTE['title']} is yours.")
    assert browser.value("document.querySelector('#tickets').innerText") == "magic-flute-1, seat B12"
    assert [each for each in browser.complaints if "/favicon.ico" not in each] == []
    key = {"show_id": {"S": "magic-flute-1"}, "seat": {"S": "B12"}}
    table = published.outputs["TicketsTableName"]
    assert "Item" in published.client("dynamodb").get_item(TableName=table, Key=key)


def test_a_seat_that_is_taken_is_said(browser: Browser, published: DeployedStack) -> None:
    sold = {"show_id": "magic-flute-1", "seat": "C7", "member_id": "auth0|grace", "bought_at": "2026-04-01T10:00:00Z"}
    item = {name: {"S": value} for name, value in sold.items()}
    published.client("dynamodb").put_item(TableName=published.outputs["TicketsTableName"], Item=item)

    enter(browser)
    look_for(browser, "Vienna")
    browser.type_into("#shows input[name=seat]", "C7")
    browser.click("#shows button")

    assert browser.wait_for("document.querySelector('#message').textContent") == "Seat C7 is taken."


def test_a_city_without_shows(browser: Browser) -> None:
    enter(browser)
    look_for(browser, "Salzburg")

    assert browser.wait_for("document.querySelector('#message').textContent") == "Nothing is on in Salzburg."


def test_the_token_does_not_outlive_the_page(browser: Browser, edge: Edge) -> None:
    enter(browser)
    # The page asks for one's tickets by itself; that answer is here before the requests are counted anew.
    loaded = "performance.getEntriesByType('resource').some(each => each.name.endsWith('/api/tickets'))"
    browser.wait_for(loaded)
    edge.asked.clear()
    browser.open(HOME)
    browser.wait_for("document.querySelector('#sign-in')?.checkVisibility()")

    assert browser.value("sessionStorage.length + localStorage.length") == 0
    assert [asked for asked in edge.asked if asked.path.startswith("/api/")] == []


def test_a_code_that_this_page_did_not_ask_for_signs_nobody_in(browser: Browser, edge: Edge) -> None:
    edge.asked.clear()
    browser.open(f"{HOME}?code=somebody-elses&state=guessed")
    said = browser.wait_for("document.querySelector('#message').textContent")

    assert said == "The sign-in was not completed; please try again."
    assert [asked.path for asked in edge.asked if asked.host == "localhost"] == []
