"""The edge of the Internet for one browser: a TLS server on loopback that knows some names and refuses all others.

It stands where DNS and the front doors of CloudFront, API Gateway and an identity provider stand, and hands each
request to the emulator, or to what a test puts there. What comes back goes on as it is: a distribution's headers,
CORS, redirects.
"""

import http.client
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from tests.reference_stacks.emulator.stack import DeployedStack

SECONDS_TO_ANSWER: Final = 30
HOP_BY_HOP: Final = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


@dataclass(frozen=True)
class Reply:
    """An answer as it goes to the browser."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    content: bytes = b""


@dataclass(frozen=True)
class Request:
    """A request as the browser sent it; the path has its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Asked:
    """A request that was answered, without its query."""

    host: str
    method: str
    path: str
    status: int


Door = Callable[[Request], Reply]


def emulated(port: int, *, prefix: str = "", host: str | None = None) -> Door:
    """A door to the emulator: what goes before the path, and the name asked for instead of the browser's."""

    def through(request: Request) -> Reply:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        headers |= {"Host": host or request.headers["Host"], "X-Forwarded-Proto": "https"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)
        try:
            connection.request(request.method, prefix + request.path, request.body or None, headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    return through


def distribution(stack: DeployedStack, logical_id: str = "Distribution") -> Door:
    """The door of a stack's distribution, which alone reads the site's bucket."""
    described = stack.client("cloudfront").get_distribution(Id=stack.physical_id(logical_id))
    return emulated(stack.emulator.port, host=described["Distribution"]["DomainName"])


def rest_api(stack: DeployedStack, logical_id: str) -> Door:
    """The door of one REST API, where a browser would ask `execute-api`; the stage is in the path."""
    return emulated(stack.emulator.port, prefix=f"/_aws/execute-api/{stack.physical_id(logical_id)}")


class _Server(ThreadingHTTPServer):
    def handle_error(self, *arguments: object) -> None:
        """Says nothing: a browser looks around by itself, without TLS too, and drops connections."""


class Edge:
    """The running server; ``doors`` are found by the name asked for."""

    def __init__(self, doors: Mapping[str, Door], certificate: Path, key: Path) -> None:
        self.asked: list[Asked] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self, doors))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(edge: Edge, doors: Mapping[str, Door]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = SECONDS_TO_ANSWER

        def forward(self) -> None:
            host = self.headers.get("Host", "").split(":")[0]
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            door = doors.get(host)
            if door is None:
                self.answer(Reply(502, (), b"this name is not known here"))
                return
            reply = door(Request(self.command, self.path, dict(self.headers.items()), body))
            edge.asked.append(Asked(host, self.command, self.path.split("?")[0], reply.status))
            self.answer(reply)

        def answer(self, reply: Reply) -> None:
            self.send_response_only(reply.status)
            for name, value in reply.headers:
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.content)

        do_GET = do_HEAD = do_POST = do_OPTIONS = forward

        def log_message(self, *arguments: object) -> None:
            """Says nothing: `asked` has it all."""

    return Handler
