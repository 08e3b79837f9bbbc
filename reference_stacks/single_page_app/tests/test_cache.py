"""The cache before the shows: a miss, a hit, and a cache that is down."""

from typing import Any

import cache
import pytest
import redis
from cache import Answer


class Server:
    """What the cache's client does, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, int]] = {}
        self.fails_to: set[str] = set()

    def get(self, key: str) -> str | None:
        self._fail("get")
        return self.kept[key][0] if key in self.kept else None

    def set(self, key: str, text: str, ex: int) -> None:
        self._fail("set")
        self.kept[key] = (text, ex)

    def _fail(self, call: str) -> None:
        if call in self.fails_to:
            raise redis.ConnectionError("down")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    standing_in = Server()
    monkeypatch.setattr(cache, "_client", standing_in)
    return standing_in


def test_a_miss_reads_and_keeps_then_a_hit_does_not_read(server: Server) -> None:
    reads: list[str] = []

    def read() -> str:
        reads.append("read")
        return "text"

    assert [cache.answer("key", read), cache.answer("key", read)] == [Answer("text", "miss"), Answer("text", "hit")]
    assert (reads, server.kept) == (["read"], {"key": ("text", 60)})


def test_what_is_kept_may_be_empty(server: Server) -> None:
    server.kept["key"] = ("", 60)

    assert cache.answer("key", lambda: "other") == Answer("", "hit")


def test_a_cache_that_is_down_costs_a_read_and_its_token_is_read_anew(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.fails_to.add("get")

    assert cache.answer("key", lambda: "text") == Answer("text", "down")
    assert cache._client is None


def test_a_cache_that_keeps_nothing_is_no_error(server: Server) -> None:
    server.fails_to.add("set")

    assert cache.answer("key", lambda: "text") == Answer("text", "miss")
    assert cache._client is None


def test_the_connection_is_encrypted_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(cache, "_client", None)
    monkeypatch.setattr(cache.parameters, "get_secret", lambda *_, **__: {"token": "secret"})
    monkeypatch.setattr(cache.redis, "Redis", lambda **settings: given.update(settings) or Server())

    cache.answer("key", lambda: "text")

    assert (given["host"], given["port"], given["password"]) == ("cache.example.com", 6379, "secret")
    assert (given["ssl"], given["ssl_check_hostname"]) == (True, True)
