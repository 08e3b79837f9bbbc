"""People of a Cognito user pool in the emulator: they sign up, sign in as an app does, and forge tokens.

The sign-in is the hosted one, by the code flow with PKCE: only its tokens carry the scopes of a resource server.
"""

import base64
import hashlib
import json
import secrets
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.reference_stacks.emulator.process import Emulator
from tests.reference_stacks.emulator.stack import Answer, http

SIGNER: Final = Path(__file__).with_name("sign_token.py")


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint gives; the API takes ``access``."""

    access: str
    identity: str


def sign_up(emulator: Emulator, pool_id: str, client_id: str, email: str, password: str) -> None:
    """A person signs up; the code that AWS sends by mail is stood in for by an administrator's confirmation."""
    cognito = emulator.client("cognito-idp")
    cognito.sign_up(
        ClientId=client_id,
        Username=email,
        Password=password,
        UserAttributes=[{"Name": "email", "Value": email}],
    )
    cognito.admin_confirm_sign_up(UserPoolId=pool_id, Username=email)


def sign_in(
    emulator: Emulator, client_id: str, redirect: str, scopes: Sequence[str], email: str, password: str
) -> Tokens:
    """The hosted sign-in from the authorization request to the tokens."""
    verifier = secrets.token_urlsafe(48)
    code = authorization_code(emulator, client_id, redirect, scopes, email, password, verifier)
    answer = redeem(emulator, client_id, redirect, code, verifier)
    assert answer.status == 200, answer.body
    return Tokens(access=answer.json["access_token"], identity=answer.json.get("id_token", ""))


def authorization_code(
    emulator: Emulator,
    client_id: str,
    redirect: str,
    scopes: Sequence[str],
    email: str,
    password: str,
    verifier: str,
) -> str:
    """The code that the browser brings back to the app."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect,
        "scope": " ".join(scopes),
        "state": secrets.token_urlsafe(8),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page = http("GET", f"{emulator.url}/oauth2/authorize?{urlencode(asked)}")
    assert page.status == 200, (page.status, page.headers, page.body)
    form = urlencode({**asked, "username": email, "password": password}).encode()
    answer = http(
        "POST",
        f"{emulator.url}/login",
        data=form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    address = next((value for name, value in answer.headers.items() if name.lower() == "location"), "")
    assert address.startswith(redirect), (answer.status, address, answer.body)
    brought = parse_qs(urlsplit(address).query)
    assert brought["state"] == [asked["state"]]
    return brought["code"][0]


def redeem(emulator: Emulator, client_id: str, redirect: str, code: str, verifier: str) -> Answer:
    """The token endpoint's answer to a code and its PKCE verifier."""
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "redirect_uri": redirect,
        "code": code,
        "code_verifier": verifier,
    }
    return http(
        "POST",
        f"{emulator.url}/oauth2/token",
        data=urlencode(form).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a token, unchecked."""
    return _decoded(token.split(".")[1])


def header_of(token: str) -> dict[str, Any]:
    """The header of a token, unchecked."""
    return _decoded(token.split(".", maxsplit=1)[0])


def _decoded(part: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return content


def with_claims(token: str, **changes: object) -> str:
    """The token with other claims under its old signature: what a forger without the key can do."""
    header, _, signature = token.split(".")
    payload = base64.urlsafe_b64encode(json.dumps({**claims_of(token), **changes}).encode()).rstrip(b"=").decode()
    return f"{header}.{payload}.{signature}"


def issued(python: Path, emulator: Emulator, token: str, **changes: object) -> str:
    """The token as the user pool itself would have issued it with other claims, signed with the pool's key."""
    claims = claims_of(token)
    pool = str(claims["iss"]).rsplit("/", 1)[-1]
    key = emulator.state / "cognito-pool-keys" / f"{pool}-{claims['token_use']}.pem"
    assert key.is_file(), f"the emulator keeps the keys of user pools elsewhere: no {key.name}"
    return signed(python, key, header_of(token), {**claims_of(token), **changes})


def expired(python: Path, emulator: Emulator, token: str) -> str:
    """The token as it would be an hour after it ended."""
    now = int(time.time())
    return issued(python, emulator, token, iat=now - 7200, auth_time=now - 7200, exp=now - 3600)


def signed(python: Path, key: Path, header: Mapping[str, object], claims: Mapping[str, object]) -> str:
    """A JWT over RS256 with any key, made when the file is not there.

    Signed in the emulator's environment, which has the cryptography for it.
    """
    run = subprocess.run(
        [python, str(SIGNER), str(key)],
        input=json.dumps({"header": dict(header), "claims": dict(claims)}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return run.stdout.strip()
