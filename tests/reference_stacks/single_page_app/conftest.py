"""The single-page application, deployed once for each test module, and the third party whose tokens it takes."""

import json
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.reference_stacks.conftest import Deploy
from tests.reference_stacks.emulator import sign_in
from tests.reference_stacks.emulator.environment import STACKS
from tests.reference_stacks.emulator.servers import Certificates, RedisServer
from tests.reference_stacks.emulator.stack import Answer, DeployedStack, http

AUDIENCE = "https://tickets.example.com/api"
SCOPES = "shows.read tickets.read tickets.buy info.read"
TEMPLATE = STACKS / "single_page_app" / "template.yaml"

_PUBLIC_KEY = """
import json, sys, jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
key = load_pem_private_key(open(sys.argv[1], "rb").read(), password=None)
print(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
"""

_REDIS = """
import json, sys, redis
given = json.load(sys.stdin)
with redis.Redis(username="tests", decode_responses=True, **given["server"]) as cache:
    print(json.dumps([cache.execute_command(*command) for command in given["commands"]]))
"""

Cached = Callable[..., list[Any]]
View = Callable[..., Answer]


@dataclass
class Issuer:
    """A third party that publishes its keys over HTTPS on loopback and counts who asks for them."""

    python: Path
    folder: Path
    url: str = ""
    keys: dict[str, Path] = field(default_factory=dict)
    fetched: int = 0

    def publish(self, key_id: str) -> None:
        """Adds a new key to those that are published."""
        file = self.folder / f"{key_id}.pem"
        sign_in.signed(self.python, file, {}, {})
        self.keys[key_id] = file

    def document(self) -> bytes:
        self.fetched += 1
        published = []
        for key_id, file in self.keys.items():
            run = [str(self.python), "-c", _PUBLIC_KEY, str(file)]
            public = subprocess.run(run, stdout=subprocess.PIPE, text=True, check=True)
            published.append({**json.loads(public.stdout), "kid": key_id, "use": "sig", "alg": "RS256"})
        return json.dumps({"keys": published}).encode()

    def token(self, *, signed_by: str = "first", named: str | None = None, **changes: Any) -> str:
        """A token over RS256; `signed_by` names a key, published or not, `named` what the header says."""
        now = int(time.time())
        claims = {
            "iss": f"{self.url}/",
            "aud": AUDIENCE,
            "sub": "auth0|ada",
            "iat": now,
            "exp": now + 600,
            "scope": SCOPES,
            **changes,
        }
        header = {"alg": "RS256", "typ": "JWT", "kid": named or signed_by}
        given = {name: value for name, value in claims.items() if value is not None}
        return sign_in.signed(self.python, self.folder / f"{signed_by}.pem", header, given)


@pytest.fixture(scope="module")
def issuer(
    interpreter: Path, certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Issuer]:
    party = Issuer(interpreter, tmp_path_factory.mktemp("issuer"))
    party.publish("first")

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = party.document() if self.path == "/.well-known/jwks.json" else b""
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server, certificates.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    party.url = f"https://localhost:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield party
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def cached(interpreter: Path, redis: RedisServer) -> Cached:
    """Sends commands to the cache as its administrator."""

    def sent(*commands: list[str]) -> list[Any]:
        server = {"host": redis.host, "port": redis.port, "password": redis.password}
        run = subprocess.run(
            [interpreter, "-c", _REDIS],
            input=json.dumps({"server": server, "commands": commands}),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        answers: list[Any] = json.loads(run.stdout)
        return answers

    return sent


@pytest.fixture(scope="module")
def stack(issuer: Issuer, redis: RedisServer, deploy: Deploy) -> DeployedStack:
    """The stack for this issuer; its cache asks for the token that the template takes from the stack's secret."""
    deployed: DeployedStack = deploy(
        TEMPLATE,
        {
            "TokenIssuer": f"{issuer.url}/",
            "TokenAudience": AUDIENCE,
            "JwksUrl": f"{issuer.url}/.well-known/jwks.json",
        },
    )
    return deployed


@pytest.fixture(scope="module")
def member(issuer: Issuer) -> str:
    """The token of somebody who may call every method."""
    return issuer.token()


@pytest.fixture(scope="module")
def view(stack: DeployedStack) -> View:
    """A request as a browser sends it to the distribution, over TLS unless told otherwise."""

    def viewed(method: str, path: str, *, scheme: str = "https", **headers: str) -> Answer:
        sent = {"Host": stack.outputs["DistributionDomainName"], "X-Forwarded-Proto": scheme, **headers}
        return http(method, stack.emulator.url + path, headers=sent)

    return viewed
