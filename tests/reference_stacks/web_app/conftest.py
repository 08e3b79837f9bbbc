"""The web application, deployed once for each test module, with shows on, and somebody who signed up and in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.reference_stacks.conftest import Deploy
from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.environment import STACKS
from tests.reference_stacks.emulator.process import Emulator
from tests.reference_stacks.emulator.sign_in import Tokens
from tests.reference_stacks.emulator.stack import DeployedStack

STACK = STACKS / "web_app"
SITE = "tickets.example.com"
REDIRECT = f"https://{SITE}/"
SCOPES = ("openid", "web/shows.read", "web/tickets.read", "web/tickets.buy")
PASSWORD = "Correct-horse-7-battery"
IN_THREE_DAYS = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
SHOWS = [
    {"show_id": "magic-flute-1", "city": "Vienna", "starts_at": IN_THREE_DAYS, "title": "The Magic Flute"},
    {"show_id": "fidelio-1", "city": "Vienna", "starts_at": "2020-01-01T19:30:00Z", "title": "Fidelio"},
    {"show_id": "carmen-1", "city": "Paris", "starts_at": IN_THREE_DAYS, "title": "Carmen"},
]

SignIn = Callable[[str], Tokens]


@pytest.fixture(scope="module")
def app(emulator: Emulator, deploy: Deploy) -> DeployedStack:
    """The stack; the zone of its domain is there before, as people have theirs."""
    zone = emulator.client("route53").create_hosted_zone(Name="example.com", CallerReference="tests")
    return deploy(STACK / "template.yaml", {"HostedZoneId": zone["HostedZone"]["Id"].rsplit("/", 1)[-1]})


@pytest.fixture(scope="module")
def stocked(app: DeployedStack) -> DeployedStack:
    """The back office has put shows in."""
    for show in SHOWS:
        item = {name: {"S": value} for name, value in show.items()}
        app.client("dynamodb").put_item(TableName=app.outputs["ShowsTableName"], Item=item)
    return app


@pytest.fixture(scope="module")
def enter(emulator: Emulator, app: DeployedStack) -> SignIn:
    """Signs up and signs in at the stack's user pool."""

    def entered(email: str) -> Tokens:
        sign_in.sign_up(emulator, app.outputs["UserPoolId"], app.outputs["AppClientId"], email, PASSWORD)
        return sign_in.sign_in(emulator, app.outputs["AppClientId"], REDIRECT, SCOPES, email, PASSWORD)

    return entered


@pytest.fixture(scope="module")
def member(enter: SignIn) -> Tokens:
    return enter("ada@example.com")
