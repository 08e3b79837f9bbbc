"""The stack of functions inside a VPC, deployed once for each test module, and what its tests ask of it."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.reference_stacks.conftest import Deploy
from tests.reference_stacks.emulator.environment import STACKS
from tests.reference_stacks.emulator.process import REGION
from tests.reference_stacks.emulator.servers import PostgresServer
from tests.reference_stacks.emulator.stack import Answer, DeployedStack

ROTATION = ("createSecret", "setSecret", "testSecret", "finishSecret")

Invoke = Callable[..., Any]
Rotate = Callable[[], str]
SignedCall = Callable[..., Answer]


@pytest.fixture(scope="module")
def stack(postgres: PostgresServer, deploy: Deploy) -> DeployedStack:
    """The stack, with the authority of the tests' PostgreSQL in the place of RDS's, as its README says."""
    template = STACKS / "lambda_in_vpc" / "template.yaml"
    return deploy(template, files={"src/rds-ca.pem": postgres.authority.read_bytes()})


@pytest.fixture(scope="module")
def invoke(stack: DeployedStack) -> Invoke:
    """Calls a function by its logical ID; gives its answer, or raises `AssertionError` with its error."""

    def invoked(function: str, event: dict[str, Any] | None = None) -> Any:
        answer = stack.client("lambda").invoke(
            FunctionName=stack.physical_id(function), Payload=json.dumps(event or {})
        )
        payload = json.load(answer["Payload"])
        assert "FunctionError" not in answer, payload
        return payload

    return invoked


@pytest.fixture(scope="module")
def rotate(stack: DeployedStack, invoke: Invoke) -> Rotate:
    """Does what Secrets Manager does, which the emulator does not: calls the rotation function for each step."""

    def rotated() -> str:
        version = str(uuid.uuid4())
        secret = stack.outputs["ReaderSecretArn"]
        # Secrets Manager makes the version before the first step; the emulator makes one only with a value.
        stack.client("secretsmanager").put_secret_value(
            SecretId=secret,
            ClientRequestToken=version,
            SecretString=json.dumps({"username": "orders_reader", "password": uuid.uuid4().hex}),
            VersionStages=["AWSPENDING"],
        )
        for step in ROTATION:
            invoke("RotationFunction", {"SecretId": secret, "ClientRequestToken": version, "Step": step})
        return version

    return rotated


@pytest.fixture(scope="module")
def signed_call(stack: DeployedStack) -> SignedCall:
    """A request that is signed as IAM asks for it, with the credentials of a workload or of the account's root."""

    def called(path: str, credentials: dict[str, str] | None = None) -> Answer:
        who = credentials or {"AccessKeyId": "test", "SecretAccessKey": "test"}
        request = AWSRequest("GET", stack.api_url + path)
        signer = Credentials(who["AccessKeyId"], who["SecretAccessKey"], who.get("SessionToken"))
        SigV4Auth(signer, "execute-api", REGION).add_auth(request)
        return stack.call("GET", path, headers=dict(request.headers))

    return called
