"""The issuer's public keys: fetched from its JWKS URL, kept for a while, fetched anew when one is not among them."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from aws_lambda_powertools import Logger
from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWKSetError

logger = Logger(child=True)

FETCH_TIMEOUT_SECONDS = 3
LARGEST_ANSWER = 256 * 1024


class KeysUnavailableError(RuntimeError):
    """The issuer's keys cannot be had, so no token can be judged."""


class UnknownKeyError(LookupError):
    """The issuer has no key of that identifier."""


def fetch(url: str) -> dict[str, Any]:
    """The JWKS document at the URL.

    Raises:
        KeysUnavailableError: nothing came back, or no JSON object.
    """
    try:
        with urlopen(Request(url, headers={"Accept": "application/json"}), timeout=FETCH_TIMEOUT_SECONDS) as answer:
            document = json.loads(answer.read(LARGEST_ANSWER))
    except (URLError, OSError, ValueError) as error:
        raise KeysUnavailableError(f"The keys at {url} cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise KeysUnavailableError(f"What stands at {url} is no key set.")
    return document


class KeySet:
    """The keys of one issuer.

    A key set is kept for `max_age` seconds. A key that is not in it makes the set be fetched anew, since issuers
    rotate their keys, but not more often than every `pause` seconds, since anyone can invent identifiers. While
    the issuer cannot be reached, keys that were fetched before go on counting for `grace` seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        max_age: float = 3600,
        pause: float = 60,
        grace: float = 86400,
        fetch: Callable[[str], dict[str, Any]] = fetch,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._max_age, self._pause, self._grace = max_age, pause, grace
        self._fetch, self._clock = fetch, clock
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None

    def key(self, key_id: str) -> PyJWK:
        """The key of that identifier.

        Raises:
            UnknownKeyError: the issuer has no such key.
            KeysUnavailableError: the issuer's keys cannot be had.
        """
        if not self._younger_than(self._max_age) or key_id not in self._keys:
            self._refresh()
        if not self._younger_than(self._grace):
            raise KeysUnavailableError(f"The keys at {self._url} could not be read for too long.")
        try:
            return self._keys[key_id]
        except KeyError:
            raise UnknownKeyError(f"The issuer has no key {key_id!r}.") from None

    def _younger_than(self, seconds: float) -> bool:
        return self._fetched_at is not None and self._clock() - self._fetched_at < seconds

    def _refresh(self) -> None:
        now = self._clock()
        if self._keys and self._tried_at is not None and now - self._tried_at < self._pause:
            return
        self._tried_at = now
        try:
            self._keys = _signing_keys(self._fetch(self._url))
        except KeysUnavailableError:
            if not self._keys:
                raise
            logger.exception("The issuer's keys cannot be fetched; going on with those of before.")
            return
        self._fetched_at = now


def _signing_keys(document: dict[str, Any]) -> dict[str, PyJWK]:
    try:
        keys = PyJWKSet.from_dict(document).keys
    except PyJWKSetError as error:
        raise KeysUnavailableError(f"The issuer's key set holds no usable key: {error}") from error
    return {key.key_id: key for key in keys if key.key_id and key.public_key_use in (None, "sig")}
