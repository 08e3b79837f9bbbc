"""Rotation of the reader's password, in the four steps in which Secrets Manager calls a rotation function.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import json
import secrets
import string
from collections.abc import Callable
from typing import Any

import boto3
import pg8000.native
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from database import connect, sign_in

logger = Logger()
secrets_manager = boto3.client("secretsmanager")

ALPHABET = string.ascii_letters + string.digits
PASSWORD_LENGTH = 40


class RotationError(RuntimeError):
    """The step cannot be done; Secrets Manager keeps the current password and tries again."""


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    secret_id, version, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    secret = secrets_manager.describe_secret(SecretId=secret_id)
    stages = secret.get("VersionIdsToStages", {}).get(version)
    if stages is None:
        raise RotationError(f"The secret has no version {version} to rotate to.")
    if "AWSCURRENT" in stages:
        logger.info("The version is current already", extra={"step": step})
        return
    if "AWSPENDING" not in stages:
        raise RotationError(f"Version {version} of the secret is not pending: {', '.join(stages) or 'no stage'}.")
    if step not in STEPS:
        raise RotationError(f"{step} is no step of a rotation: {', '.join(STEPS)}.")
    STEPS[step](secret_id, version)
    logger.info("Step done", extra={"step": step})


def create_secret(secret_id: str, version: str) -> None:
    """A pending version with a new password, unless an earlier try has left one."""
    current = _read(secret_id, VersionStage="AWSCURRENT")
    try:
        _read(secret_id, VersionId=version, VersionStage="AWSPENDING")
    except secrets_manager.exceptions.ResourceNotFoundException:
        password = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
        secrets_manager.put_secret_value(
            SecretId=secret_id,
            ClientRequestToken=version,
            SecretString=json.dumps({**current, "password": password}),
            VersionStages=["AWSPENDING"],
        )


def set_secret(secret_id: str, version: str) -> None:
    """The pending password set in the database by its owner; the first time the user is made."""
    pending = _read(secret_id, VersionId=version, VersionStage="AWSPENDING")
    user = pg8000.native.identifier(pending["username"])
    password = pg8000.native.literal(pending["password"])
    connection = connect()
    try:
        exists = connection.run("SELECT FROM pg_roles WHERE rolname = :name", name=pending["username"])
        verb = "ALTER" if exists else "CREATE"
        connection.run(f"{verb} ROLE {user} LOGIN PASSWORD {password}")
    finally:
        connection.close()


def test_secret(secret_id: str, version: str) -> None:
    """The pending password must open a connection."""
    connection = sign_in(_read(secret_id, VersionId=version, VersionStage="AWSPENDING"))
    connection.close()


def finish_secret(secret_id: str, version: str) -> None:
    """The pending version becomes the current one."""
    versions = secrets_manager.describe_secret(SecretId=secret_id)["VersionIdsToStages"]
    current = next((name for name, stages in versions.items() if "AWSCURRENT" in stages), None)
    secrets_manager.update_secret_version_stage(
        SecretId=secret_id,
        VersionStage="AWSCURRENT",
        MoveToVersionId=version,
        **({"RemoveFromVersionId": current} if current else {}),
    )


STEPS: dict[str, Callable[[str, str], None]] = {
    "createSecret": create_secret,
    "setSecret": set_secret,
    "testSecret": test_secret,
    "finishSecret": finish_secret,
}


def _read(secret_id: str, **version: str) -> dict[str, str]:
    value: dict[str, str] = json.loads(
        secrets_manager.get_secret_value(SecretId=secret_id, **version)["SecretString"]
    )
    return value
