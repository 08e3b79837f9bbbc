"""One engine's process: started, asked, killed when it takes too long, started again when it died."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from validator.engines.frames import read_frame, write_frame
from validator.engines.names import KINDS, START_SECONDS

_BOOTSTRAP = (
    "import json,sys;sys.path[:]=json.loads(sys.argv[1]);"
    "from validator.engines.workers.main import main;main(sys.argv[2])"
)
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ")
"""Of the environment only what a program needs to start: no credentials, no settings of an engine."""


class EngineDiedError(Exception):
    """The process ended, or was ended because it took too long; the message completes "checkov …"."""


class EngineProcess:
    """The process of one engine. ``options`` is what its module's ``start`` takes."""

    def __init__(self, engine: str, options: Mapping[str, object]) -> None:
        self.engine = engine
        self._options = dict(options)
        self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOTSTRAP, json.dumps(_search_path()), self.engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # An interrupt at the terminal reaches the command alone; it ends its workers.
            start_new_session=True,
        )
        # If it ended at once, that is told when its first answer is waited for.
        with suppress(OSError):
            write_frame(cast(BinaryIO, process.stdin), self._options)
        return process

    def started(self) -> dict[str, object]:
        """Wait until the engine is imported: its answer, with ``version`` or ``error``."""
        return self._answer(START_SECONDS)

    def ask(self, request: Mapping[str, object], seconds: float | None = None) -> dict[str, object]:
        """The engine's answer on one template.

        Raises EngineDiedError when the process ends or takes longer than the engine's limit; it is then dead.
        """
        try:
            write_frame(cast(BinaryIO, self._process.stdin), request)
        except OSError:
            raise EngineDiedError(self._end()) from None
        return self._answer(KINDS[self.engine].timeout_seconds if seconds is None else seconds)

    def restart(self) -> None:
        """A new process in the place of the dead one."""
        self.kill()
        self._process = self._spawn()

    def close(self) -> None:
        """Let the process end by itself: nothing more is asked."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        self.kill()

    def kill(self) -> None:
        """End the process now."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _answer(self, seconds: float) -> dict[str, object]:
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            answer = read_frame(cast(BinaryIO, self._process.stdout))
        except (OSError, ValueError):
            self._process.kill()
            raise EngineDiedError("gave an answer that is none") from None
        finally:
            timer.cancel()
        if isinstance(answer, dict):
            return answer
        raise EngineDiedError(f"took longer than {seconds:g} seconds" if late.is_set() else self._end())

    def _end(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"


def _search_path() -> list[str]:
    """The interpreter's search path without the folders of the work at hand: none of it may be imported."""
    own = str(Path(__file__).resolve().parents[2])
    program = getattr(sys.modules.get("__main__"), "__file__", None)
    left_out = {os.getcwd(), os.path.dirname(os.path.abspath(program)) if program else ""} - {own}
    found = [path for path in sys.path if os.path.isabs(path) and path not in left_out]
    return found if own in found else [*found, own]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "HOME": os.devnull,
        "LC_ALL": "C.UTF-8",
        "LOG_LEVEL": "ERROR",
        "CHECKOV_PARALLELIZATION_TYPE": "none",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": "us-east-1",
        "OPENBLAS_NUM_THREADS": "1",
    }
