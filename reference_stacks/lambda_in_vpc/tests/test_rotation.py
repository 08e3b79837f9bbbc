"""The rotation of the reader's password, step by step, with Secrets Manager and PostgreSQL stood in for."""

import json
from typing import Any

import pg8000.native
import pytest
import rotation

SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:reader-AbCdEf"
OLD, NEW = "0" * 32, "1" * 32


class NotFoundError(Exception):
    pass


class SecretsManager:
    """The calls that a rotation makes, over versions kept in memory."""

    class exceptions:
        ResourceNotFoundException = NotFoundError

    def __init__(self) -> None:
        self.stages = {OLD: ["AWSCURRENT"], NEW: ["AWSPENDING"]}
        self.values = {OLD: {"username": "orders_reader", "password": "before"}}

    def describe_secret(self, SecretId: str) -> dict[str, Any]:
        assert SecretId == SECRET
        return {"VersionIdsToStages": self.stages}

    def get_secret_value(self, SecretId: str, VersionStage: str, VersionId: str | None = None) -> dict[str, str]:
        for version, stages in self.stages.items():
            if VersionStage in stages and version in (VersionId or version) and version in self.values:
                return {"SecretString": json.dumps(self.values[version])}
        raise NotFoundError

    def put_secret_value(
        self, SecretId: str, ClientRequestToken: str, SecretString: str, VersionStages: list[str]
    ) -> None:
        self.values[ClientRequestToken] = json.loads(SecretString)
        self.stages[ClientRequestToken] = VersionStages

    def update_secret_version_stage(
        self, SecretId: str, VersionStage: str, MoveToVersionId: str, RemoveFromVersionId: str
    ) -> None:
        self.stages[RemoveFromVersionId].remove(VersionStage)
        self.stages[MoveToVersionId].append(VersionStage)


class Connection:
    def __init__(self, user_exists: bool) -> None:
        self.user_exists = user_exists
        self.statements: list[str] = []
        self.closed = False

    def run(self, statement: str, **values: Any) -> list[list[Any]]:
        if statement.startswith("SELECT"):
            assert values == {"name": "orders_reader"}
            return [[]] if self.user_exists else []
        self.statements.append(statement)
        return []

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def secrets_manager(monkeypatch: pytest.MonkeyPatch) -> SecretsManager:
    standing_in = SecretsManager()
    monkeypatch.setattr(rotation, "secrets_manager", standing_in)
    return standing_in


def step(name: str, context: Any, version: str = NEW) -> None:
    rotation.handler({"SecretId": SECRET, "ClientRequestToken": version, "Step": name}, context)


def test_a_new_password_is_made_once(secrets_manager: SecretsManager, context: Any) -> None:
    step("createSecret", context)
    made = dict(secrets_manager.values[NEW])
    step("createSecret", context)

    assert made["username"] == "orders_reader"
    assert len(made["password"]) == 40
    assert set(made["password"]) <= set(rotation.ALPHABET)
    assert secrets_manager.values[NEW] == made
    assert secrets_manager.values[OLD]["password"] == "before"


@pytest.mark.parametrize(("user_exists", "verb"), [(False, "CREATE"), (True, "ALTER")])
def test_the_owner_sets_it(
    monkeypatch: pytest.MonkeyPatch, secrets_manager: SecretsManager, context: Any, user_exists: bool, verb: str
) -> None:
    connection = Connection(user_exists)
    monkeypatch.setattr(rotation, "connect", lambda: connection)
    secrets_manager.values[NEW] = {"username": "orders_reader", "password": "it's new"}

    step("setSecret", context)

    assert connection.statements == [
        f"{verb} ROLE {pg8000.native.identifier('orders_reader')} LOGIN PASSWORD 'it''s new'"
    ]
    assert connection.closed


def test_it_is_tried_before_it_counts(
    monkeypatch: pytest.MonkeyPatch, secrets_manager: SecretsManager, context: Any
) -> None:
    tried: list[dict[str, str]] = []
    connection = Connection(user_exists=True)
    monkeypatch.setattr(rotation, "sign_in", lambda credentials: tried.append(credentials) or connection)
    secrets_manager.values[NEW] = {"username": "orders_reader", "password": "new"}

    step("testSecret", context)

    assert (tried, connection.closed) == ([{"username": "orders_reader", "password": "new"}], True)


def test_the_pending_version_becomes_the_current_one(secrets_manager: SecretsManager, context: Any) -> None:
    step("finishSecret", context)
    step("finishSecret", context)

    assert secrets_manager.stages == {OLD: [], NEW: ["AWSPENDING", "AWSCURRENT"]}


def test_a_version_that_the_secret_does_not_have(secrets_manager: SecretsManager, context: Any) -> None:
    with pytest.raises(rotation.RotationError, match="The secret has no version 2222 to rotate to"):
        step("createSecret", context, version="2222")


def test_a_version_that_was_left_behind(secrets_manager: SecretsManager, context: Any) -> None:
    secrets_manager.stages[NEW] = ["AWSPREVIOUS"]

    with pytest.raises(rotation.RotationError, match=f"Version {NEW} of the secret is not pending: AWSPREVIOUS"):
        step("createSecret", context)
    assert NEW not in secrets_manager.values


def test_a_step_that_is_none(secrets_manager: SecretsManager, context: Any) -> None:
    with pytest.raises(rotation.RotationError, match="dropSecret is no step of a rotation: createSecret, setSecret"):
        step("dropSecret", context)
