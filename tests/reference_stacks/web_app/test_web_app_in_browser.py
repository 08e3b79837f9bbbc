"""The built and published site in a real browser: it signs in at the hosted page, lists shows and buys a ticket.

The page is the one that an architect publishes: built with the stack's outputs, served by the distribution with its
headers, calling API and sign-in across origins. Where AWS's names would lead, a server on loopback leads to the
emulator.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.reference_stacks.conftest import unavailable
from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.process import REGION, Emulator
from tests.reference_stacks.emulator.servers import Certificates
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.front_end.chromium import MISSING, Browser, program
from tests.reference_stacks.front_end.edge import Edge, distribution, emulated, rest_api
from tests.reference_stacks.web_app.conftest import PASSWORD, REDIRECT, SITE, STACK


@pytest.fixture(scope="module")
def published(stocked: DeployedStack, emulator: Emulator) -> DeployedStack:
    """`publish.py` has run, as the README says, with the emulator as its AWS."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, str(STACK / "site" / "publish.py"), "--cities", "Vienna,Paris", "--region", REGION]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "index.html"
    return stocked


@pytest.fixture(scope="module")
def edge(published: DeployedStack, emulator: Emulator, certificates: Certificates) -> Iterator[Edge]:
    doors = {
        SITE: distribution(published),
        name_of(published.outputs["ApiUrl"]): rest_api(published, "WebApi"),
        name_of(published.outputs["SignInUrl"]): emulated(emulator.port),
    }
    running = Edge(doors, certificates.server, certificates.key)
    yield running
    running.stop()


@pytest.fixture
def browser(edge: Edge, tmp_path: Path) -> Iterator[Browser]:
    executable = program()
    if executable is None:
        unavailable(MISSING)
    opened = Browser(executable, tmp_path / "profile", edge.port)
    yield opened
    opened.close()


@pytest.fixture
def somebody(published: DeployedStack, emulator: Emulator) -> str:
    """The e-mail address of a member who has signed up just now."""
    email = f"{secrets.token_hex(8)}@example.com"
    sign_in.sign_up(emulator, published.outputs["UserPoolId"], published.outputs["AppClientId"], email, PASSWORD)
    return email


def name_of(url: str) -> str:
    name = urlsplit(url).hostname
    assert name is not None
    return name


def enter(browser: Browser, email: str) -> None:
    """From the page without a member to the page with one, by way of the hosted sign-in."""
    browser.open(REDIRECT)
    browser.click("#sign-in")
    browser.type_into("input[name=username]", email)
    browser.type_into("input[name=password]", PASSWORD)
    browser.click("button[type=submit], input[type=submit]")
    browser.wait_for("location.origin === 'https://tickets.example.com' && document.querySelector('.card') !== null")


def text(browser: Browser, selector: str) -> str:
    found: str = browser.value(f"document.querySelector('{selector}').innerText")
    return found


def buy(browser: Browser, seat: str) -> str:
    """Types a seat, presses the button, and gives what the page says then."""
    browser.value("document.querySelector('#message').textContent = ''")
    browser.type_into("#show-list input[name=seat]", seat)
    browser.click("#show-list button")
    said: str = browser.wait_for("document.querySelector('#message').textContent")
    return said


def test_without_a_sign_in_the_page_shows_nothing_of_the_api(browser: Browser, edge: Edge) -> None:
    edge.asked.clear()
    browser.open(REDIRECT)
    browser.wait_for("!document.querySelector('#welcome').hidden")

    assert browser.value("document.querySelector('#shows').checkVisibility()") is False
    assert {asked.host for asked in edge.asked} == {SITE}


def test_a_member_signs_in_sees_shows_and_buys_a_ticket(
    browser: Browser, edge: Edge, somebody: str, published: DeployedStack, tmp_path: Path
) -> None:
    enter(browser, somebody)
    shows = browser.value("[...document.querySelectorAll('#show-list h3')].map(title => title.textContent)")
    said = buy(browser, "B12")
    browser.wait_for("document.querySelector('#ticket-list li') !== null")
    browser.screenshot(tmp_path / "bought.png")

    assert shows == ["The Magic Flute"]
    assert said == "Seat B12 of The Magic Flute is yours."
    assert text(browser, "#ticket-list") == "Seat B12 magic-flute-1"
    assert browser.value("location.href") == REDIRECT, "neither code nor token stays in the address"
    # The sign-in page is the emulator's; its icon is nobody's business here.
    assert [each for each in browser.complaints if "/favicon.ico" not in each] == []
    key = {"show_id": {"S": "magic-flute-1"}, "seat": {"S": "B12"}}
    table = published.outputs["TicketsTableName"]
    assert "Item" in published.client("dynamodb").get_item(TableName=table, Key=key)


def test_a_seat_that_is_taken_and_a_city_without_shows(browser: Browser, somebody: str) -> None:
    enter(browser, somebody)
    buy(browser, "C7")
    again = buy(browser, "C7")
    browser.value(
        "(() => { const city = document.querySelector('#city'); city.value = 'Paris';"
        " city.dispatchEvent(new Event('change')); })()"
    )
    browser.wait_for("document.querySelector('#show-list h3').textContent === 'Carmen'")

    assert again == "Seat C7 is taken."
    assert text(browser, "#message") == ""


def test_the_form_asks_for_a_seat_before_it_asks_the_api(browser: Browser, edge: Edge, somebody: str) -> None:
    enter(browser, somebody)
    edge.asked.clear()
    browser.type_into("#show-list input[name=seat]", "front row")
    browser.click("#show-list button")

    assert browser.value("document.querySelector('#show-list input').validity.patternMismatch") is True
    assert edge.asked == []


def test_a_code_that_this_page_did_not_ask_for_signs_nobody_in(browser: Browser) -> None:
    browser.open(f"{REDIRECT}?code=somebody-elses&state=guessed")
    said = browser.wait_for("document.querySelector('#message').textContent")

    assert said == "This sign-in was not started here. Please sign in again."
    assert browser.value("sessionStorage.length") == 0


def test_signing_out_forgets_the_token(browser: Browser, somebody: str) -> None:
    enter(browser, somebody)
    assert browser.value("sessionStorage.getItem('session') !== null") is True
    browser.click("#sign-out")
    browser.wait_for(
        "location.origin !== 'https://tickets.example.com' || !document.querySelector('#welcome').hidden"
    )
    browser.open(REDIRECT)
    browser.wait_for("document.querySelector('#welcome')?.checkVisibility()")

    assert browser.value("sessionStorage.length") == 0
