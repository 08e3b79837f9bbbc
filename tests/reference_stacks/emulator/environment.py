"""The Python environment that the emulator and the functions run in, apart from that of the tests.

The emulator pins a botocore that cannot stand beside checkov's, and functions run under the emulator's own
interpreter: so everything that a function imports belongs here. It is made once and kept in the user's cache, under
a name that follows from what is asked for.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
STACKS: Final = ROOT / "reference_stacks"

# The launcher uses what the emulator does not publish: one exact version, changed together with the launcher.
EMULATOR: Final = ("ministack==1.5.33", "aws-sam-translator>=1.100,<2", "cryptography>=43", "boto3>=1.40")
SERVERS: Final = ("pg8000>=1.31,<2", "redis>=5,<9")
UNIT_TESTS: Final = ("pytest>=8.2,<10",)

OUT_OF_REACH: Final = ("No matching distribution found", "Could not find a version", "Max retries exceeded")


class EnvironmentUnavailableError(Exception):
    """The environment cannot be made on this machine; the text says what to do."""


def requirements() -> tuple[str, ...]:
    """What the environment holds: the emulator, its servers' clients, what the functions of all stacks ask for."""
    return tuple(sorted({*EMULATOR, *SERVERS, *UNIT_TESTS, *_of_functions()}))


def _of_functions() -> Iterable[str]:
    for file in sorted(STACKS.glob("*/**/requirements*.txt")):
        if ".aws-sam" in file.parts or "node_modules" in file.parts:
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            requirement = line.split("#")[0].strip()
            if requirement and not requirement.startswith("-"):
                yield requirement


def interpreter() -> Path:
    """The environment's interpreter; makes the environment when it is not there.

    Raises ``EnvironmentUnavailableError`` where no package index can be reached, and ``RuntimeError`` with pip's own
    words where the packages do not go together.
    """
    wanted = requirements()
    digest = hashlib.sha256("\n".join((sys.version, *wanted)).encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tierlens-tests"
    cache.mkdir(parents=True, exist_ok=True)
    place = cache / f"emulator-{digest}"
    python = place / "bin" / "python"
    complete = place / "complete"
    # Test workers start at the same moment: one makes the environment, the others wait for it.
    with (cache / f"emulator-{digest}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.is_file():
            shutil.rmtree(place, ignore_errors=True)
            _make(place, wanted)
            complete.touch()
    return python


def _make(place: Path, wanted: tuple[str, ...]) -> None:
    # A path of modules for the tests is none for pip.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, env=environment)
    installed = subprocess.run(
        [place / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=environment,
    )
    if installed.returncode == 0:
        return
    if any(sign in installed.stdout for sign in OUT_OF_REACH):
        raise EnvironmentUnavailableError(
            "no package index gives what the local AWS needs; with one in reach, the tests make the environment: "
            + installed.stdout.strip().splitlines()[-1]
        )
    raise RuntimeError(f"pip cannot make the emulator's environment:\n{installed.stdout[-3000:]}")
