"""The issuer's keys: kept, fetched anew, and what happens while the issuer is out of reach."""

from typing import Any

import keys
import pytest
from issuer import EC_KEY, RSA_KEY, jwk
from keys import KeySet, KeysUnavailableError, UnknownKeyError

ONE, TWO = {"keys": [jwk(RSA_KEY, "1")]}, {"keys": [jwk(RSA_KEY, "1"), jwk(EC_KEY, "2")]}


class Issuer:
    """Publishes a document, or fails; a clock goes with it."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.now = 1000.0
        self.fetched = 0

    def fetch(self, url: str) -> dict[str, Any]:
        assert url == "jwks"
        self.fetched += 1
        if isinstance(self.document, Exception):
            raise self.document
        return self.document

    def keys(self) -> KeySet:
        return KeySet("jwks", max_age=3600, pause=60, grace=86400, fetch=self.fetch, clock=lambda: self.now)


def test_keys_are_fetched_once_while_they_are_young() -> None:
    issuer = Issuer(ONE)
    kept = issuer.keys()

    assert [kept.key("1").key_id, kept.key("1").key_id] == ["1", "1"]
    issuer.now += 3599
    kept.key("1")

    assert issuer.fetched == 1


def test_old_keys_are_fetched_anew_and_one_that_was_withdrawn_counts_no_more() -> None:
    issuer = Issuer(TWO)
    kept = issuer.keys()
    kept.key("2")
    issuer.document = ONE
    issuer.now += 3600

    with pytest.raises(UnknownKeyError, match="The issuer has no key '2'"):
        kept.key("2")
    assert issuer.fetched == 2


def test_a_new_key_is_found_but_inventing_keys_does_not_make_us_ask_again_and_again() -> None:
    issuer = Issuer(ONE)
    kept = issuer.keys()
    kept.key("1")
    issuer.document = TWO
    issuer.now += 61
    assert kept.key("2").key_id == "2"

    for invented in range(20):
        with pytest.raises(UnknownKeyError):
            kept.key(f"invented-{invented}")
    assert issuer.fetched == 2

    issuer.now += 60
    with pytest.raises(UnknownKeyError):
        kept.key("invented")
    assert issuer.fetched == 3


def test_an_issuer_out_of_reach_at_the_beginning() -> None:
    issuer = Issuer(KeysUnavailableError("down"))
    kept = issuer.keys()

    with pytest.raises(KeysUnavailableError, match="down"):
        kept.key("1")
    issuer.document = ONE

    assert kept.key("1").key_id == "1"


def test_keys_outlive_an_issuer_out_of_reach_for_a_day_and_no_longer() -> None:
    issuer = Issuer(ONE)
    kept = issuer.keys()
    kept.key("1")
    issuer.document = KeysUnavailableError("down")

    issuer.now += 86399
    assert kept.key("1").key_id == "1"
    issuer.now += 1
    with pytest.raises(KeysUnavailableError, match="could not be read for too long"):
        kept.key("1")


def test_a_document_without_a_usable_key() -> None:
    with pytest.raises(KeysUnavailableError, match="no usable key"):
        Issuer({"keys": []}).keys().key("1")


@pytest.mark.parametrize(
    ("content", "why"), [(b"[]", "is no key set"), (b"<html>", "cannot be read")], ids=["list", "no-json"]
)
def test_what_stands_at_the_url_is_no_key_set(tmp_path: Any, content: bytes, why: str) -> None:
    (tmp_path / "jwks.json").write_bytes(content)

    with pytest.raises(KeysUnavailableError, match=why):
        keys.fetch((tmp_path / "jwks.json").as_uri())


def test_nothing_answers_at_the_url() -> None:
    with pytest.raises(KeysUnavailableError, match=r"The keys at http://127\.0\.0\.1:9/ cannot be read"):
        keys.fetch("http://127.0.0.1:9/")
