import sys
from pathlib import Path

import pytest

from benchmarks.measure import Measurement, RunFailedError, measured, median_of


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_findings_are_no_failure(tmp_path: Path) -> None:
    assert measured(python("raise SystemExit(14)"), {}, tmp_path).seconds > 0


def test_a_traceback_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match=r"ended with status 1: ValueError: no template$"):
        measured(python("raise ValueError('no template')"), {}, tmp_path)


def test_a_signal_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RunFailedError, match=r"ended with status -9: no message$"):
        measured(python("import os; os.kill(os.getpid(), 9)"), {}, tmp_path)


def test_memory_is_that_of_the_command(tmp_path: Path) -> None:
    small = measured(python("pass"), {}, tmp_path)
    large = measured(python("x = bytearray(200 * 1024 * 1024); x[::4096] = b'x' * len(x[::4096])"), {}, tmp_path)

    assert large.peak_mib - small.peak_mib > 150


def test_environment_and_folder_reach_the_command(tmp_path: Path) -> None:
    code = "import os, sys; sys.exit(os.environ['LEVEL'] + os.path.basename(os.getcwd()) != 'HIGH' + sys.argv[1])"
    assert measured([*python(code), tmp_path.name], {"LEVEL": "HIGH"}, tmp_path)


def test_the_median_leaves_the_warming_run_out() -> None:
    runs = iter([Measurement(99.0, 99.0), Measurement(3.0, 10.0), Measurement(1.0, 30.0), Measurement(2.0, 20.0)])

    assert median_of(lambda: next(runs), 3) == Measurement(2.0, 20.0)
