"""The emulator's process: started on loopback, asked through boto3, emptied between stacks."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

LAUNCHER: Final = Path(__file__).with_name("launcher")
REGION: Final = "us-east-1"
ACCOUNT: Final = "000000000000"
SECONDS_TO_START: Final = 60
PATIENT: Final = Config(
    retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=120, s3={"addressing_style": "path"}
)


class Emulator:
    """One running emulator with IAM enforced. Its clients act as the account's root unless told otherwise."""

    def __init__(self, python: Path, folder: Path, endpoints: Path, authority: Path) -> None:
        self.state = folder / "state"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "emulator.log"
        for place in (self.state, folder / "temporary"):
            place.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [python, str(LAUNCHER)],
                cwd=folder,
                env=self._environment(python, folder, endpoints, authority),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def _environment(self, python: Path, folder: Path, endpoints: Path, authority: Path) -> dict[str, str]:
        # Functions inherit this environment: nothing of the developer's own belongs in it.
        return {
            "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(folder),
            "TMPDIR": str(folder / "temporary"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "STATE_DIR": str(self.state),
            "S3_DATA_DIR": str(folder / "s3"),
            "LAMBDA_EXECUTOR": "local",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "DOCKER_HOST": f"unix://{folder / 'no-docker.sock'}",
            "TIERLENS_TEST_ENDPOINTS": str(endpoints),
            "SSL_CERT_FILE": str(authority),
        }

    def _wait(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/ready", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        text = self.log_text()
        self.stop()
        raise RuntimeError(f"the emulator did not start:\n{text[-3000:]}")

    @property
    def process_id(self) -> int:
        return self._process.pid

    def log_text(self) -> str:
        """All that the emulator and the functions have written."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def client(self, service: str, credentials: Mapping[str, str] | None = None) -> Any:
        """A boto3 client; ``credentials`` as STS gives them make it act as somebody else than root."""
        who = credentials or {"AccessKeyId": "test", "SecretAccessKey": "test"}
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=who["AccessKeyId"],
            aws_secret_access_key=who["SecretAccessKey"],
            aws_session_token=who.get("SessionToken"),
            config=PATIENT,
        )

    def reset(self) -> None:
        """An empty account."""
        request = urllib.request.Request(f"{self.url}/_ministack/reset", method="POST", data=b"")
        with urllib.request.urlopen(request, timeout=30):
            pass

    def stop(self) -> None:
        """Ends the process and with it its functions."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def free_port() -> int:
    """A port on loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def listening_addresses(process_id: int) -> set[str]:
    """The IPv4 and IPv6 addresses that a process listens on, as Linux tells (hexadecimal ones for IPv6)."""
    sockets = set()
    for descriptor in Path(f"/proc/{process_id}/fd").iterdir():
        target = os.readlink(descriptor) if descriptor.is_symlink() else ""
        if target.startswith("socket:["):
            sockets.add(target[8:-1])
    addresses = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process_id}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:
                address = fields[1].split(":")[0]
                addresses.add(socket.inet_ntoa(bytes.fromhex(address)[::-1]) if table == "tcp" else address)
    return addresses


def make_certificates(python: Path, folder: Path) -> None:
    """Fills the folder with ``authority.pem``, ``server.pem`` and ``server.key``."""
    subprocess.run([python, str(Path(__file__).with_name("certificates.py")), str(folder)], check=True)


def write_endpoint(file: Path, server: str, details: Mapping[str, object]) -> None:
    """Tells the emulator's handlers where a server is."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    file.write_text(json.dumps({**known, server: details}), encoding="utf-8")


def remove(folder: Path) -> None:
    """Takes a temporary folder away, with what other users' processes left in it."""
    shutil.rmtree(folder, ignore_errors=True)
