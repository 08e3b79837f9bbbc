"""The mobile backend, deployed once for each test module, and somebody who signed up and in."""

from collections.abc import Callable

import pytest

from tests.reference_stacks.conftest import Deploy
from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.environment import STACKS
from tests.reference_stacks.emulator.process import Emulator
from tests.reference_stacks.emulator.servers import PostgresServer
from tests.reference_stacks.emulator.sign_in import Tokens
from tests.reference_stacks.emulator.stack import DeployedStack

REDIRECT = "showtime://signed-in"
SCOPES = ("openid", "backend/tickets.read", "backend/tickets.buy", "backend/shows.read", "backend/info.read")
PASSWORD = "Correct-horse-7-battery"

SignIn = Callable[..., Tokens]


@pytest.fixture(scope="module")
def deploy_backend(postgres: PostgresServer, deploy: Deploy) -> Callable[..., DeployedStack]:
    """Deploys the stack with the authority of the tests' PostgreSQL in the place of RDS's, as the README says."""

    def deployed(parameters: dict[str, str] | None = None, **more: str) -> DeployedStack:
        authority = postgres.authority.read_bytes()
        template = STACKS / "mobile_backend" / "template.yaml"
        return deploy(template, parameters, files={"src/info/rds-ca.pem": authority}, **more)

    return deployed


@pytest.fixture(scope="module")
def backend(deploy_backend: Callable[..., DeployedStack]) -> DeployedStack:
    return deploy_backend()


@pytest.fixture(scope="module")
def enter(emulator: Emulator) -> SignIn:
    """Signs up and signs in at a stack's user pool."""

    def entered(stack: DeployedStack, email: str, scopes: tuple[str, ...] = SCOPES) -> Tokens:
        pool, client = stack.outputs["UserPoolId"], stack.outputs["AppClientId"]
        known = emulator.client("cognito-idp").list_users(UserPoolId=pool, Filter=f'email = "{email}"')["Users"]
        if not known:
            sign_in.sign_up(emulator, pool, client, email, PASSWORD)
        return sign_in.sign_in(emulator, client, REDIRECT, scopes, email, PASSWORD)

    return entered


@pytest.fixture(scope="module")
def member(backend: DeployedStack, enter: SignIn) -> Tokens:
    return enter(backend, "ada@example.com")
