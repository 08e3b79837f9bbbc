"""PostgreSQL and Redis from Debian's packages, on loopback, for the length of one test session."""

import ctypes
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.reference_stacks.emulator.process import free_port

SECONDS_TO_START: Final = 30
DEBIAN_S_PLACE: Final = Path("/usr/lib/postgresql")
# prctl(2): PR_SET_PDEATHSIG.
_SIGNAL_OF_THE_PARENT_S_DEATH: Final = 1


class ServerMissingError(Exception):
    """A server's programs are not on this machine; the text has the command that installs them."""


@dataclass(frozen=True)
class Certificates:
    """PEM files: the authority, and a server's certificate for ``localhost`` and 127.0.0.1 with its key."""

    authority: Path
    server: Path
    key: Path


@dataclass(frozen=True)
class PostgresServer:
    """A PostgreSQL that takes encrypted connections on 127.0.0.1; ``user`` is its superuser."""

    host: str
    port: int
    user: str
    password: str
    authority: Path
    log: Path


@dataclass(frozen=True)
class RedisServer:
    """A Redis on 127.0.0.1: ``port`` in the clear, ``tls_port`` with TLS; the user ``tests`` may do all."""

    host: str
    port: int
    tls_port: int
    password: str
    authority: Path


def start_postgres(folder: Path, certificates: Certificates) -> tuple[PostgresServer, subprocess.Popen[bytes]]:
    """A new cluster in the folder, owned by an unprivileged user where the tests run as root."""
    programs = _postgres_programs()
    password, port = secrets.token_urlsafe(16), free_port()
    data, log, passwords = folder / "data", folder / "postgres.log", folder / "password"
    passwords.write_text(password, encoding="utf-8")
    for source, name in ((certificates.server, "server.crt"), (certificates.key, "server.key")):
        shutil.copyfile(source, folder / name)
    (folder / "server.key").chmod(0o600)
    user = _unprivileged_user()
    if user is not None:
        folder.chmod(0o755)
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user)
    initdb = [programs / "initdb", "--pgdata", data, "--username", "tests", "--pwfile", passwords]
    options = ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    subprocess.run([*initdb, *options], check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "ssl": "on",
        "ssl_cert_file": str(folder / "server.crt"),
        "ssl_key_file": str(folder / "server.key"),
        "fsync": "off",
        "max_connections": "50",
    }
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            stdout=output,
            stderr=output,
            user=user,
            cwd=folder,
            preexec_fn=_end_with_the_tests,
        )
    _wait_for(process, log, "ready to accept connections")
    return PostgresServer("127.0.0.1", port, "tests", password, certificates.authority, log), process


def start_redis(folder: Path, certificates: Certificates) -> tuple[RedisServer, subprocess.Popen[bytes]]:
    """A Redis that keeps nothing."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServerMissingError("Redis is not on this machine: apt-get install redis-server")
    password, port, tls_port = secrets.token_urlsafe(16), free_port(), free_port()
    log, settings = folder / "redis.log", folder / "redis.conf"
    settings.write_text(
        f"bind 127.0.0.1\nport {port}\ntls-port {tls_port}\ntls-auth-clients no\n"
        f"tls-cert-file {certificates.server}\ntls-key-file {certificates.key}\n"
        f"tls-ca-cert-file {certificates.authority}\n"
        f'save ""\nappendonly no\ndir {folder}\n'
        f"user tests on >{password} ~* &* +@all\nuser default on nopass ~* &* +@all\n",
        encoding="utf-8",
    )
    settings.chmod(0o600)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, str(settings)], stdout=output, stderr=output, cwd=folder, preexec_fn=_end_with_the_tests
        )
    _wait_for(process, log, "Ready to accept connections")
    return RedisServer("127.0.0.1", port, tls_port, password, certificates.authority), process


def run_sql(python: Path, server: PostgresServer, *statements: str) -> None:
    """Statements as PostgreSQL's superuser, each on its own; the client is in the emulator's environment."""
    subprocess.run(
        [python, "-c", _SQL],
        input=json.dumps(
            {
                "connection": {"host": server.host, "port": server.port, "user": server.user},
                "password": server.password,
                "statements": statements,
            }
        ),
        text=True,
        check=True,
    )


_SQL: Final = """
import json, sys, pg8000.native
given = json.load(sys.stdin)
connection = pg8000.native.Connection(**given["connection"], password=given["password"], database="postgres")
for statement in given["statements"]:
    connection.run(statement)
connection.close()
"""


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a server without waiting for its clients."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_with_the_tests() -> None:
    """In the server's process, before it starts: Linux is to end it when the tests are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SIGNAL_OF_THE_PARENT_S_DEATH, signal.SIGINT)


def _postgres_programs() -> Path:
    found = [Path(initdb) for initdb in (shutil.which("initdb"),) if initdb]
    found += sorted(DEBIAN_S_PLACE.glob("*/bin/initdb"), reverse=True)
    for initdb in found:
        folder = initdb.resolve().parent
        if (folder / "postgres").is_file():
            return folder
    raise ServerMissingError("PostgreSQL is not on this machine: apt-get install postgresql")


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; its Debian package brings a user."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise ServerMissingError(
            "PostgreSQL does not run as root and there is no user postgres: apt-get install postgresql"
        ) from error


def _wait_for(process: subprocess.Popen[bytes], log: Path, sign: str) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        if sign.lower() in log.read_text(encoding="utf-8", errors="replace").lower():
            return
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(
        f"{process.args!r} did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )
