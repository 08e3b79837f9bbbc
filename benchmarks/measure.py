"""One command as a process of its own: how long it took and how much memory it held at its peak."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

TIME_LIMIT_SECONDS = 1800
CRASH_MARKS = ("Traceback (most recent call last)", "internal-error", "rule-failed")
_KIB = 1024
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one run, or the median of several, took."""

    seconds: float
    peak_mib: float


class RunFailedError(RuntimeError):
    """The command crashed or did not end: its time says nothing."""


def measured(
    command: Sequence[str], environment: dict[str, str], folder: Path, *, done: Collection[int] = (0,)
) -> Measurement:
    """Run a command once; nothing of what it says is shown.

    ``done`` are the exit statuses that mean that the work was done: linters exit non-zero when they find
    something. Raises RunFailedError for any other status, for a trace of a crash in the output (a tool that
    gives up early would look fast), and for no end in sight.
    """
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        status, peak_mib = _wait(process, start + TIME_LIMIT_SECONDS)
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read().decode("utf-8", errors="replace")
    if status not in done or any(mark in text for mark in CRASH_MARKS):
        last = text.strip().splitlines()[-1:] or ["no message"]
        raise RunFailedError(f"{Path(command[0]).name} ended with status {status}: {last[0]}")
    return Measurement(seconds, peak_mib)


def _wait(process: subprocess.Popen[bytes], deadline: float) -> tuple[int, float]:
    """The exit status, and the peak memory of the process or, if larger, of one of its children, in MiB.

    Linux counts the parent's size at the fork as well: this module and its callers stay small on purpose.
    """
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            unit = 1 if sys.platform == "darwin" else _KIB
            return process.returncode, usage.ru_maxrss * unit / _MIB
        if time.perf_counter() > deadline:
            process.kill()
            process.wait()
            raise RunFailedError(f"{process.args!r} was stopped after {TIME_LIMIT_SECONDS} s")
        time.sleep(0.002)


def median_of(run: Callable[[], Measurement], times: int) -> Measurement:
    """The medians over several runs, after one that warms the file cache."""
    if times > 1:
        run()
    runs = [run() for _ in range(times)]
    return Measurement(
        statistics.median(one.seconds for one in runs), statistics.median(one.peak_mib for one in runs)
    )
