import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measure import Measurement, RunFailedError, measured, median_of

ROOT = Path(__file__).resolve().parents[2]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_findings_are_no_failure(tmp_path: Path) -> None:
    assert measured(python("raise SystemExit(14)"), {}, tmp_path, done=range(16)).seconds > 0


def test_a_status_that_means_not_done_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match=r"ended with status 2: not everything$"):
        measured(python("print('not everything'); raise SystemExit(2)"), {}, tmp_path, done=(0, 1))


def test_a_tool_that_fails_on_a_template_and_goes_on_is_no_measure(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match=r"ended with status 0: end$"):
        measured(python("print('error internal-error: t.yaml'); print('end')"), {}, tmp_path)


def test_a_traceback_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match=r"ended with status 1: ValueError: no template$"):
        measured(python("raise ValueError('no template')"), {}, tmp_path, done=(0, 1))


def test_a_signal_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match=r"ended with status -9: no message$"):
        measured(python("import os; os.kill(os.getpid(), 9)"), {}, tmp_path)


def test_memory_is_that_of_the_command() -> None:
    # In a process of its own: Linux counts the parent's size too, and pytest is not small.
    code = f"""
import sys
from pathlib import Path
from benchmarks.measure import measured

def peak(code):
    return measured([sys.executable, "-c", code], {{}}, Path({str(ROOT)!r})).peak_mib

print(peak("x = bytearray(200 * 1024 * 1024); x[::4096] = b'x' * len(x[::4096])") - peak("pass"))
"""
    done = subprocess.run(python(code), cwd=ROOT, capture_output=True, text=True, check=True)

    assert 150 < float(done.stdout) < 300


def test_environment_and_folder_reach_the_command(tmp_path: Path) -> None:
    code = "import os, sys; sys.exit(os.environ['LEVEL'] + os.path.basename(os.getcwd()) != 'HIGH' + sys.argv[1])"
    assert measured([*python(code), tmp_path.name], {"LEVEL": "HIGH"}, tmp_path)


def test_the_median_leaves_the_warming_run_out() -> None:
    runs = iter([Measurement(99.0, 99.0), Measurement(3.0, 10.0), Measurement(1.0, 30.0), Measurement(2.0, 20.0)])

    assert median_of(lambda: next(runs), 3) == Measurement(2.0, 20.0)
