"""/info: answers from the database, over a connection that outlives its password and its server's restarts."""

import json
import ssl
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pg8000.native
import pytest
from aws_lambda_powertools.utilities import parameters
from conftest import ROOT, Context

Event = Callable[..., dict[str, Any]]
WRONG_PASSWORD = pg8000.native.DatabaseError({"S": "FATAL", "C": "28P01", "M": "password authentication failed"})
NO_DATABASE = pg8000.native.DatabaseError({"S": "FATAL", "C": "3D000", "M": "database does not exist"})


class Server:
    """Stands in for PostgreSQL: knows one password, and breaks connections when told to."""

    def __init__(self, password: str) -> None:
        self.password = password
        self.rows: list[list[Any]] = []
        self.statements: list[tuple[str, dict[str, Any]]] = []
        self.opened: list[dict[str, Any]] = []
        self.breaks = 0
        self.refuses: Exception | None = None

    def let_in(self, user: str, **settings: Any) -> "Server":
        if self.refuses is not None:
            raise self.refuses
        if settings["password"] != self.password:
            raise WRONG_PASSWORD
        self.opened.append({"user": user, **settings})
        return self

    def run(self, statement: str, **values: Any) -> list[list[Any]]:
        if self.breaks and statement.startswith("SELECT"):
            self.breaks -= 1
            raise pg8000.native.InterfaceError("network error")
        self.statements.append((statement, values))
        return self.rows

    def close(self) -> None:
        self.statements.append(("close", {}))


def opens(server: Server) -> Callable[..., Server]:
    """What makes a connection: a class's own maker, since the function's annotations need a class."""
    return lambda _, user, **settings: server.let_in(user, **settings)


class Secret:
    """Stands in for Secrets Manager with its cache: the kept value until a fresh one is asked for."""

    def __init__(self, kept: str, fresh: str) -> None:
        self.kept, self.fresh = kept, fresh

    def get(self, name: str, *, transform: str, max_age: int, force_fetch: bool) -> dict[str, str]:
        assert (transform, max_age) == ("json", 300)
        if force_fetch:
            self.kept = self.fresh
        return {"username": "information_owner", "password": self.kept}


@pytest.fixture
def server() -> Server:
    return Server(password="current")


@pytest.fixture
def database(load: Callable[..., ModuleType], server: Server, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("info", "database")
    monkeypatch.setattr(module, "_server_certificates", ssl.create_default_context)
    monkeypatch.setattr(pg8000.native, "Connection", type("Connection", (), {"__new__": opens(server)}))
    monkeypatch.setattr(parameters, "get_secret", Secret("current", "current").get)
    return module


def test_a_connection_is_kept_between_calls(database: ModuleType, server: Server) -> None:
    database.query("SELECT 1")
    database.query("SELECT 2")

    assert len(server.opened) == 1
    assert [statement for statement, _ in server.statements] == [
        "SET default_transaction_read_only = on",
        "SET statement_timeout = '5s'",
        "SELECT 1",
        "SELECT 2",
    ]


def test_a_connection_is_encrypted_and_goes_where_the_settings_say(database: ModuleType, server: Server) -> None:
    database.query("SELECT 1")

    opened = server.opened[0]
    assert (opened["user"], opened["host"], opened["port"], opened["database"]) == (
        "information_owner",
        "database.example.com",
        5432,
        "information",
    )
    assert opened["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert opened["ssl_context"].check_hostname is True


def test_a_broken_connection_is_made_anew_once(database: ModuleType, server: Server) -> None:
    server.rows = [["a"]]
    server.breaks = 1

    assert database.query("SELECT 1") == [["a"]]
    assert len(server.opened) == 2


def test_a_server_that_stays_away_is_an_error(database: ModuleType, server: Server) -> None:
    server.breaks = 2

    with pytest.raises(pg8000.native.InterfaceError):
        database.query("SELECT 1")


def test_a_rotated_password_is_read_anew(
    database: ModuleType, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameters, "get_secret", Secret("before", "current").get)

    database.query("SELECT 1")

    assert [opened["password"] for opened in server.opened] == ["current"]


def test_another_refusal_is_not_taken_for_a_rotated_password(
    database: ModuleType, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = Secret("current", "other")
    monkeypatch.setattr(parameters, "get_secret", secret.get)
    server.refuses = NO_DATABASE

    with pytest.raises(pg8000.native.DatabaseError, match="3D000"):
        database.query("SELECT 1")
    assert secret.kept == "current"


def test_a_package_without_the_certificates_says_where_they_are(
    load: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = load("info", "database")
    monkeypatch.setattr(module, "CERTIFICATES", tmp_path / "rds-ca.pem")

    with pytest.raises(module.DatabaseSetupError, match=r"rds-ca\.pem is missing from the package; the README's"):
        module._server_certificates()


@pytest.fixture
def info(load: Callable[..., ModuleType], database: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("info")
    monkeypatch.setattr(module, "query", database.query)
    return module


def test_the_topics(info: ModuleType, server: Server, event: Event, context: Context) -> None:
    server.rows = [["getting-here", "How to get here"]]

    response = info.handler(event("list_topics"), context)

    assert (response["statusCode"], json.loads(response["body"])) == (
        200,
        [{"topic": "getting-here", "title": "How to get here"}],
    )


def test_an_article_is_asked_for_with_a_parameter(
    info: ModuleType, server: Server, event: Event, context: Context
) -> None:
    server.rows = [["opening-hours", "Opening hours", "From noon."]]

    response = info.handler(event("get_article"), context)

    assert json.loads(response["body"]) == {"topic": "opening-hours", "title": "Opening hours", "body": "From noon."}
    assert server.statements[-1] == (
        "SELECT topic, title, body FROM articles WHERE topic = :topic",
        {"topic": "opening-hours"},
    )


@pytest.mark.parametrize("topic", ["A", "a b", "a'; DROP TABLE articles; --", "x" * 65])
def test_a_topic_that_cannot_be_one_never_reaches_the_database(
    info: ModuleType, server: Server, event: Event, context: Context, topic: str
) -> None:
    response = info.handler(event("get_article", path=f"/info/{topic}", pathParameters={"topic": topic}), context)

    assert response["statusCode"] in (404, 422)
    assert server.statements == []


def test_an_article_that_is_not_there(info: ModuleType, event: Event, context: Context) -> None:
    response = info.handler(event("get_article"), context)

    assert (response["statusCode"], json.loads(response["body"])["message"]) == (
        404,
        "There is nothing about opening-hours.",
    )


def test_the_schema_is_run_as_one_script_and_counted(
    load: Callable[..., ModuleType],
    database: ModuleType,
    server: Server,
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = load("info", "schema")
    monkeypatch.setattr(module, "connect", database.connect)
    server.rows = [[2]]

    assert module.handler({}, context) == {"articles": 2}
    assert [statement for statement, _ in server.statements] == [
        "SET statement_timeout = '5s'",
        (ROOT / "src" / "info" / "schema.sql").read_text(encoding="utf-8"),
        "SELECT count(*) FROM articles",
        "close",
    ]
