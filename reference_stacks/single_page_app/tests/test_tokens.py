"""Which tokens are good, and why each other one is not."""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from conftest import AUDIENCE, ISSUER
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from issuer import EC_KEY, KEYS, OTHER_RSA_KEY, RSA_KEY, jwk, token
from keys import KeySet
from tokens import Caller, TokenRefusedError, check


def checked(given: str, document: dict[str, Any] = KEYS) -> Caller:
    return check(given, KeySet("jwks", fetch=lambda _: document), issuer=ISSUER, audience=AUDIENCE)


def unsigned(**header: Any) -> str:
    payload = token().split(".")[1]
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{encoded}.{payload}."


def altered(good: str) -> str:
    header, payload, signature = good.split(".")
    claims = {**json.loads(base64.urlsafe_b64decode(payload + "==")), "sub": "somebody-else"}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


CALLER = Caller("auth0|11111111", frozenset({"shows.read", "tickets.buy"}))


@pytest.mark.parametrize(
    "good",
    [
        token(),
        token(EC_KEY, "ES256", "ec-1"),
        token(aud=["https://elsewhere.example.com", AUDIENCE]),
        token(exp=int(time.time()) - 2),
    ],
    ids=["rsa", "elliptic-curve", "one-of-two-audiences", "ended-within-the-leeway"],
)
def test_a_good_token(good: str) -> None:
    assert checked(good) == CALLER


def test_a_token_without_scopes() -> None:
    assert checked(token(scope=None)) == Caller("auth0|11111111", frozenset())


PUBLIC_PEM = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def signed_with_the_public_key() -> str:
    """What an attacker makes who hopes that the key's bytes are taken for a shared secret."""
    import hashlib
    import hmac

    header = base64.urlsafe_b64encode(b'{"alg": "HS256", "kid": "rsa-1"}').rstrip(b"=")
    body = header + b"." + token().split(".")[1].encode()
    signature = base64.urlsafe_b64encode(hmac.new(PUBLIC_PEM, body, hashlib.sha256).digest()).rstrip(b"=")
    return (body + b"." + signature).decode()


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("garbage", "DecodeError"),
        ("a.b.c", "DecodeError"),
        (altered(token()), "InvalidSignatureError"),
        (token(OTHER_RSA_KEY), "InvalidSignatureError"),
        (token(key_id="rsa-2"), "no key of its identifier"),
        (token(key_id=None), "does not name its key"),
        (unsigned(alg="none", kid="rsa-1"), "not signed with an algorithm of this API"),
        (signed_with_the_public_key(), "not signed with an algorithm of this API"),
        (token(algorithm="RS512"), "not signed with an algorithm of this API"),
        (token(key_id="ec-1"), "key is of another algorithm"),
        (token(iss="https://issuer.example.com"), "InvalidIssuerError"),
        (token(iss=None), "MissingRequiredClaimError"),
        (token(aud="https://elsewhere.example.com/api"), "InvalidAudienceError"),
        (token(aud=None), "MissingRequiredClaimError"),
        (token(exp=int(time.time()) - 60), "ExpiredSignatureError"),
        (token(exp=None), "MissingRequiredClaimError"),
        (token(nbf=int(time.time()) + 60), "ImmatureSignatureError"),
        (token(sub=None), "MissingRequiredClaimError"),
        (token(sub=""), "subject or scope is no text"),
        (token(scope=["shows.read"]), "subject or scope is no text"),
    ],
    ids=[
        "garbage",
        "three-parts",
        "altered",
        "another-key",
        "unknown-key",
        "no-key-named",
        "unsigned",
        "public-key-as-secret",
        "another-algorithm",
        "key-of-another-kind",
        "another-issuer",
        "no-issuer",
        "another-audience",
        "no-audience",
        "ended",
        "without-end",
        "too-early",
        "no-subject",
        "empty-subject",
        "scope-no-text",
    ],
)
def test_a_token_that_is_refused(bad: str, why: str) -> None:
    with pytest.raises(TokenRefusedError, match=why) as refused:
        checked(bad)

    assert bad not in str(refused.value)


def test_a_key_for_encryption_signs_nothing() -> None:
    document = {"keys": [jwk(RSA_KEY, "rsa-1", use="enc"), jwk(EC_KEY, "ec-1")]}

    with pytest.raises(TokenRefusedError, match="no key of its identifier"):
        checked(token(), document)


def test_the_tests_tokens_are_what_they_claim() -> None:
    assert jwt.get_unverified_header(token()) == {"alg": "RS256", "kid": "rsa-1", "typ": "JWT"}
