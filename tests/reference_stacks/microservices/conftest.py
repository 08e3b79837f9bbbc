"""The services, deployed one after the other as the README says, and somebody who signed up and in."""

from collections.abc import Callable

import pytest

from tests.reference_stacks.conftest import Deploy
from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.environment import STACKS
from tests.reference_stacks.emulator.process import Emulator
from tests.reference_stacks.emulator.sign_in import Tokens
from tests.reference_stacks.emulator.stack import DeployedStack

ORDER = ("platform", "shows", "tickets", "payments", "domain")
DOMAIN = "api.example.com"
REDIRECT = "https://app.example.com/signed-in"
SCOPES = (
    "openid",
    "showtime/shows.read",
    "showtime/tickets.read",
    "showtime/tickets.buy",
    "showtime/payments.read",
    "showtime/payments.pay",
)
PASSWORD = "Correct-horse-7-battery"

Services = dict[str, DeployedStack]
SignIn = Callable[[str], Tokens]


@pytest.fixture(scope="module")
def services(emulator: Emulator, deploy: Deploy) -> Services:
    """All five stacks by the name of their folder. The zone of the domain is there before, as people have theirs."""
    zone = emulator.client("route53", None).create_hosted_zone(Name="example.com", CallerReference="tests")
    parameters = {"domain": {"HostedZoneId": zone["HostedZone"]["Id"].rsplit("/", 1)[-1]}}
    return {
        service: deploy(
            STACKS / "microservices" / service / "template.yaml", parameters.get(service), name=f"showtime-{service}"
        )
        for service in ORDER
    }


@pytest.fixture(scope="module")
def enter(emulator: Emulator, services: Services) -> SignIn:
    """Signs up and signs in at the platform's user pool."""

    def entered(email: str) -> Tokens:
        outputs = services["platform"].outputs
        sign_in.sign_up(emulator, outputs["UserPoolId"], outputs["AppClientId"], email, PASSWORD)
        return sign_in.sign_in(emulator, outputs["AppClientId"], REDIRECT, SCOPES, email, PASSWORD)

    return entered


@pytest.fixture(scope="module")
def member(enter: SignIn) -> Tokens:
    return enter("ada@example.com")
