"""What a browser meets in the place of the Internet: the distribution, and the third party's sign-in, on loopback.

The emulator's distribution cannot call the emulator's API (it would look for AWS's own name), so the path that the
template's cache behavior sends to the API goes there from here. The third party asks nobody for a password: it takes
the authorization request of a public client with PKCE and gives a token for its verifier.
"""

import base64
import hashlib
import json
import secrets
import ssl
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.reference_stacks.emulator.servers import Certificates
from tests.reference_stacks.emulator.stack import Answer, DeployedStack, http

DROPPED = {"connection", "transfer-encoding", "content-length", "host", "accept-encoding"}


class _Server(ThreadingHTTPServer):
    def handle_error(self, *arguments: object) -> None:
        """Says nothing: a browser looks around by itself and drops connections."""


class FrontDoor:
    """The running server; `asked` has the method, the path and the status of each request to the site's name."""

    def __init__(self, stack: DeployedStack, token: Callable[[], str], certificates: Certificates) -> None:
        self.asked: list[tuple[str, str, int]] = []
        self._stack, self._token = stack, token
        self._challenges: dict[str, str] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server, certificates.key)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def site(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """The distribution's two behaviors: `/api/*` and the rest."""
        sent = {name: value for name, value in headers.items() if name.lower() not in DROPPED}
        if path.startswith("/api/"):
            answer = http(method, self._stack.api_url + path.removeprefix("/api"), data=body, headers=sent)
        else:
            sent |= {"Host": self._stack.outputs["DistributionDomainName"], "X-Forwarded-Proto": "https"}
            answer = http(method, self._stack.emulator.url + path, data=body, headers=sent)
        self.asked.append((method, path, answer.status))
        return answer

    def sign_in(self, method: str, path: str, body: bytes | None) -> Answer:
        """The third party's two addresses."""
        if method == "GET" and path.startswith("/authorize?"):
            asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
            code = secrets.token_urlsafe(8)
            self._challenges[code] = asked["code_challenge"]
            back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            return Answer(302, {"Location": back}, "")
        given = {name: values[0] for name, values in parse_qs((body or b"").decode()).items()}
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        headers = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}
        if self._challenges.pop(given.get("code", ""), None) != challenge:
            return Answer(400, headers, json.dumps({"error": "invalid_grant"}))
        return Answer(200, headers, json.dumps({"access_token": self._token(), "expires_in": 600}))


def _handler(door: FrontDoor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            if self.headers.get("Host", "").startswith("localhost"):
                found = door.sign_in(self.command, self.path, body)
            else:
                found = door.site(self.command, self.path, dict(self.headers), body)
            content = found.body.encode()
            self.send_response_only(found.status)
            for name, value in found.headers.items():
                if name.lower() not in DROPPED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *arguments: object) -> None:
            """Says nothing: `asked` has it all."""

    return Handler
