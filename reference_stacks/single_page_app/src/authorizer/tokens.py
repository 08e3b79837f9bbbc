"""What makes a token good: a signature by the issuer's key, the issuer, the audience, and the time."""

from dataclasses import dataclass
from typing import Any

import jwt
from keys import KeySet, UnknownKeyError

# Signatures by a private key only: with HS256 whoever knows the public key could sign.
ALGORITHMS = ("RS256", "ES256")
CLOCK_LEEWAY_SECONDS = 10


class TokenRefusedError(ValueError):
    """The token proves nothing; the text says why and holds nothing of the token."""


@dataclass(frozen=True)
class Caller:
    """Who the token speaks for, and what the issuer has let them do here."""

    subject: str
    scopes: frozenset[str]


def check(token: str, keys: KeySet, *, issuer: str, audience: str) -> Caller:
    """The caller that a token speaks for, after RFC 7519 and RFC 8725.

    Raises:
        TokenRefusedError: the token is not one that this issuer has made for this audience, or not at this time.
        KeysUnavailableError: the issuer's keys cannot be had, so nothing is known.
    """
    try:
        header = jwt.get_unverified_header(token)
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise TokenRefusedError("It is not signed with an algorithm of this API.")
        if not isinstance(key_id, str):
            raise TokenRefusedError("It does not name its key.")
        key = keys.key(key_id)
        if key.algorithm_name != algorithm:
            raise TokenRefusedError("Its key is of another algorithm.")
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            leeway=CLOCK_LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except UnknownKeyError as error:
        raise TokenRefusedError("The issuer has no key of its identifier.") from error
    except jwt.PyJWTError as error:
        raise TokenRefusedError(f"{type(error).__name__}: {error}") from error
    subject, scopes = claims["sub"], claims.get("scope", "")
    if not isinstance(subject, str) or not subject or not isinstance(scopes, str):
        raise TokenRefusedError("Its subject or scope is no text.")
    return Caller(subject, frozenset(scopes.split()))
