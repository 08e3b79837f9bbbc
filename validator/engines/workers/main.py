"""The program of an engine's process: read a template, answer with what the engine says, until the input ends.

Started as ``python -I -c`` by ``validator.engines.process``. Standard output is for messages only, so what an
engine prints goes nowhere.
"""

import gc
import importlib
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, Protocol, cast

from validator.engines.frames import read_frame, write_frame
from validator.engines.workers.guard import Guard


class EngineWorker(Protocol):
    """What the module of an engine offers: ``start`` imports it, ``check`` judges one template."""

    def start(self, options: dict[str, object]) -> dict[str, object]:
        """Import the engine; the answer has its ``version``."""

    def check(self, request: dict[str, object]) -> dict[str, object]:
        """Judge one template."""


MODULES = {
    "cfn-lint": "validator.engines.workers.cfn_lint",
    "checkov": "validator.engines.workers.checkov",
    "cloudformation-validate": "validator.engines.workers.cloudformation_validate",
}


def main(engine: str) -> None:
    """Serve one engine on standard input and output."""
    # An interrupt belongs to the command: it ends its workers by itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, _own_output()
    # cfn-lint reads the command line, checkov looks for a folder to write to: there is neither.
    sys.argv[:] = [engine]
    tempfile.tempdir = os.devnull
    guard = Guard()
    guard.install()
    options = read_frame(requests)
    if not isinstance(options, dict):
        return
    root = str(options.get("root") or "")
    # What an import makes stays: collecting it again and again costs a tenth of the start.
    gc.disable()
    started = _attempt(lambda: _start(engine, options))
    gc.freeze()
    gc.enable()
    write_frame(answers, started)
    if "error" in started:
        return
    guard.close_files(root)
    worker = cast(EngineWorker, importlib.import_module(MODULES[engine]))
    while isinstance(request := read_frame(requests), dict):
        write_frame(answers, _attempt(partial(worker.check, request)))


def _start(engine: str, options: dict[str, object]) -> dict[str, object]:
    worker = cast(EngineWorker, importlib.import_module(MODULES[engine]))
    return worker.start(options)


def _attempt(action: Callable[[], dict[str, object]]) -> dict[str, object]:
    try:
        return action()
    except MemoryError:
        return {"error": "it needs more memory than there is", "passing": True}
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever an engine raises is its answer
        text = " ".join(str(error).split())
        return {"error": f"{type(error).__name__}: {text[:400]}" if text else type(error).__name__}


def _own_output() -> BinaryIO:
    """The stream for answers; file descriptor 1 itself is pointed at nothing."""
    own = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.close(nothing)
    return own
