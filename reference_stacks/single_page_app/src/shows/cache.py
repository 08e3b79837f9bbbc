"""Copies of answers in ElastiCache. The table is the truth: a cache that fails costs time and nothing else."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities import parameters
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = Logger(child=True)

CREDENTIALS_MAX_AGE_SECONDS = 300
TIMEOUT_SECONDS = 0.5

_client: "redis.Redis | None" = None


@dataclass(frozen=True)
class Answer:
    """A text, and whether the cache had it: `hit`, `miss`, or `down`."""

    text: str
    cache: str


def answer(key: str, read: Callable[[], str]) -> Answer:
    """What the cache holds under the key, else what `read` gives, which is then kept for CACHE_SECONDS."""
    try:
        kept: Any = _connection().get(key)
    except redis.RedisError as error:
        _forget(error)
        return Answer(read(), "down")
    if kept is not None:
        return Answer(kept, "hit")
    text = read()
    try:
        _connection().set(key, text, ex=int(os.environ["CACHE_SECONDS"]))
    except redis.RedisError as error:
        _forget(error)
    return Answer(text, "miss")


def _connection() -> "redis.Redis":
    global _client
    if _client is None:
        secret: Any = parameters.get_secret(
            os.environ["CACHE_SECRET_ARN"], transform="json", max_age=CREDENTIALS_MAX_AGE_SECONDS
        )
        _client = redis.Redis(
            host=os.environ["CACHE_HOST"],
            port=int(os.environ["CACHE_PORT"]),
            password=secret["token"],
            ssl=True,
            ssl_check_hostname=True,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),
            decode_responses=True,
        )
    return _client


def _forget(error: redis.RedisError) -> None:
    """Without this a token that was changed would never be read anew."""
    global _client
    _client = None
    logger.warning(
        "The cache does not answer; reading the table.", extra={"error": f"{type(error).__name__}: {error}"}
    )
