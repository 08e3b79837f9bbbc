"""An issuer for tests: keys of its own, the document that publishes them, and tokens."""

import json
import time
from typing import Any

import jwt
from conftest import AUDIENCE, ISSUER
from cryptography.hazmat.primitives.asymmetric import ec, rsa

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def jwk(key: Any, key_id: str, **more: str) -> dict[str, Any]:
    """The public half of a key, as a JWKS shows it."""
    algorithm = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": key_id, "use": "sig", **more}


KEYS = {"keys": [jwk(RSA_KEY, "rsa-1"), jwk(EC_KEY, "ec-1")]}


def token(key: Any = RSA_KEY, algorithm: str = "RS256", key_id: str | None = "rsa-1", **changes: Any) -> str:
    """A token of the issuer; a change to None takes the claim away."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "auth0|11111111",
        "iat": now,
        "exp": now + 600,
        "scope": "shows.read tickets.buy",
        **changes,
    }
    headers = {} if key_id is None else {"kid": key_id}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, key, algorithm=algorithm, headers=headers)
