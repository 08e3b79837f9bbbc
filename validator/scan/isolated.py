"""One repository in a process of its own: it may hang, crash or be killed, and the scan goes on."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from validator.scan.repository import Job, Outcome, failed, scanned
from validator.scan.rows import Status
from validator.version import VERSION

_BOOTSTRAP: Final = (
    "import json,sys;sys.path[:]=json.loads(sys.argv[1]);"
    "from validator.scan.isolated import serve;serve(sys.argv[2],sys.argv[3])"
)


class Processes:
    """The processes that run now, so that an interrupted scan leaves none behind."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._ended = False

    def add(self, process: "subprocess.Popen[bytes]") -> None:
        """Take one in; it is ended at once when all were."""
        with self._lock:
            self._running.add(process)
            if self._ended:
                _end(process)

    def remove(self, process: "subprocess.Popen[bytes]") -> None:
        """Take out one that has ended."""
        with self._lock:
            self._running.discard(process)

    def end(self) -> None:
        """End them all, and those to come."""
        with self._lock:
            self._ended = True
            for process in self._running:
                _end(process)


def outcome_of(job: Job, processes: Processes | None = None) -> Outcome:
    """Scan the repository in a new process; whatever happens to that process becomes the status. Never raises."""
    before = time.monotonic()
    try:
        outcome = _outcome_of(job, processes or Processes())
    except (OSError, ValueError) as error:
        outcome = failed(Status.CRASHED, f"the scan could not be started: {error}", VERSION)
    return {**outcome, "seconds": round(time.monotonic() - before, 3)}


def _outcome_of(job: Job, processes: Processes) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="tierlens-scan-") as folder:
        question, answer = Path(folder, "job.json"), Path(folder, "outcome.json")
        question.write_text(json.dumps(job), encoding="utf-8")
        command = [sys.executable, "-I", "-c", _BOOTSTRAP, json.dumps(_search_path()), str(question), str(answer)]
        with Path(folder, "errors").open("w+b") as errors:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=folder,
                # A group of its own: engines start processes, and they have to end with it.
                start_new_session=True,
            )
            processes.add(process)
            try:
                status = process.wait(timeout=job["timeout"])
            except subprocess.TimeoutExpired:
                seconds = f"{job['timeout']:g}"
                return failed(Status.TIMEOUT, f"not done after {seconds} seconds", VERSION)
            finally:
                processes.remove(process)
                _end(process)
            if status == 0 and answer.is_file():
                outcome: Outcome = json.loads(answer.read_text(encoding="utf-8"))
                return outcome
            size = errors.seek(0, os.SEEK_END)
            errors.seek(max(0, size - 2000))
            said = errors.read().decode("utf-8", "replace").strip().splitlines()
    ended = f"signal {-status}" if status < 0 else f"status {status}"
    return failed(Status.CRASHED, f"the process ended with {ended}" + (f": {said[-1]}" if said else ""), VERSION)


def _search_path() -> list[str]:
    """The interpreter's search path without the working folder: nothing of a repository may be imported."""
    own = str(Path(__file__).resolve().parents[2])
    left_out = {os.getcwd()} - {own}
    return [own, *(path for path in sys.path if os.path.isabs(path) and path not in left_out and path != own)]


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of the process and of those that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()


def serve(question: str, answer: str) -> None:
    """The process's own side: read the job, scan, leave the outcome."""
    job: Job = json.loads(Path(question).read_text(encoding="utf-8"))
    Path(answer).write_text(json.dumps(scanned(job)), encoding="utf-8")
