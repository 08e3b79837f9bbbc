"""The way to the database: credentials from Secrets Manager, TLS with the server's certificate checked."""

import os
import ssl
from pathlib import Path
from typing import Any

import pg8000.native
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities import parameters

logger = Logger(child=True)

CERTIFICATES = Path(__file__).with_name("rds-ca.pem")
CREDENTIALS_MAX_AGE_SECONDS = 300
# PostgreSQL's code for a password that is wrong: it was rotated since it was read.
INVALID_PASSWORD = "28P01"

_connection: pg8000.native.Connection | None = None


class DatabaseSetupError(RuntimeError):
    """The package or its settings do not let the function reach its database."""


def query(statement: str, **values: Any) -> list[list[Any]]:
    """Rows of one statement, over a connection that is kept between calls and made anew once if it broke."""
    global _connection
    try:
        return _run(statement, values)
    except (pg8000.native.InterfaceError, OSError):
        logger.warning("The connection to the database broke; connecting anew.")
        _connection = None
        return _run(statement, values)


def _run(statement: str, values: dict[str, Any]) -> list[list[Any]]:
    global _connection
    if _connection is None:
        _connection = connect()
    return _connection.run(statement, **values) or []


def connect() -> pg8000.native.Connection:
    """A connection with the secret's credentials; reads the secret anew when its password was rotated."""
    try:
        return sign_in(_credentials(fresh=False))
    except pg8000.native.DatabaseError as error:
        if not (error.args and isinstance(error.args[0], dict) and error.args[0].get("C") == INVALID_PASSWORD):
            raise
        return sign_in(_credentials(fresh=True))


def sign_in(credentials: dict[str, str]) -> pg8000.native.Connection:
    """A connection with these credentials."""
    connection = pg8000.native.Connection(
        credentials["username"],
        password=credentials["password"],
        host=os.environ["DATABASE_HOST"],
        port=int(os.environ["DATABASE_PORT"]),
        database=os.environ["DATABASE_NAME"],
        ssl_context=_server_certificates(),
        timeout=5,
        application_name=os.environ.get("POWERTOOLS_SERVICE_NAME"),
    )
    connection.run("SET statement_timeout = '5s'")
    return connection


def _credentials(*, fresh: bool) -> dict[str, str]:
    value: Any = parameters.get_secret(
        os.environ["DATABASE_SECRET_ARN"],
        transform="json",
        max_age=CREDENTIALS_MAX_AGE_SECONDS,
        force_fetch=fresh,
    )
    return {"username": value["username"], "password": value["password"]}


def _server_certificates() -> ssl.SSLContext:
    if not CERTIFICATES.is_file():
        raise DatabaseSetupError(
            f"{CERTIFICATES.name} is missing from the package; the README's deploy section says where to get it."
        )
    return ssl.create_default_context(cafile=str(CERTIFICATES))
