"""The way to the database: a broken connection, a password that was rotated, a package without certificates."""

from typing import Any

import database
import pg8000.native
import pytest


class Connection:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def run(self, statement: str, **values: Any) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def no_connection_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_connection", None)


def test_a_connection_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = [Connection([[1]], [[2]])]
    monkeypatch.setattr(database, "connect", opened.pop)

    assert [database.query("SELECT 1"), database.query("SELECT 2")] == [[[1]], [[2]]]


@pytest.mark.parametrize(
    "broken", [pg8000.native.InterfaceError("network error"), OSError("reset")], ids=["driver", "os"]
)
def test_a_connection_that_broke_is_made_anew(monkeypatch: pytest.MonkeyPatch, broken: Exception) -> None:
    opened = [Connection([[1]]), Connection(broken)]
    monkeypatch.setattr(database, "connect", opened.pop)

    assert database.query("SELECT 1") == [[1]]


def test_it_is_made_anew_once_only(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = [Connection([[1]]), Connection(OSError("again")), Connection(OSError("reset"))]
    monkeypatch.setattr(database, "connect", opened.pop)

    with pytest.raises(OSError, match="again"):
        database.query("SELECT 1")


@pytest.mark.parametrize(("code", "reads"), [("28P01", ["fresh=False", "fresh=True"]), ("3D000", ["fresh=False"])])
def test_the_secret_is_read_anew_only_when_its_password_is_wrong(
    monkeypatch: pytest.MonkeyPatch, code: str, reads: list[str]
) -> None:
    read: list[str] = []

    def credentials(*, fresh: bool) -> dict[str, str]:
        read.append(f"fresh={fresh}")
        return {"username": "orders_reader", "password": "new" if fresh else "old"}

    def sign_in(given: dict[str, str]) -> str:
        if given["password"] == "old":
            raise pg8000.native.DatabaseError({"C": code})
        return "connection"

    monkeypatch.setattr(database, "_credentials", credentials)
    monkeypatch.setattr(database, "sign_in", sign_in)

    if len(reads) == 2:
        assert database.connect() == "connection"
    else:
        with pytest.raises(pg8000.native.DatabaseError):
            database.connect()
    assert read == reads


def test_a_package_without_certificates_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(database, "CERTIFICATES", tmp_path / "rds-ca.pem")

    with pytest.raises(database.DatabaseSetupError, match=r"rds-ca\.pem is missing from the package"):
        database.sign_in({"username": "orders_reader", "password": "x"})
