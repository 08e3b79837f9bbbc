"""The unit tests that each reference stack brings along, each stack in a pytest of its own (see conftest.py)."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.reference_stacks.emulator.environment import STACKS

WITH_TESTS = sorted({test.parents[1].name for test in STACKS.glob("*/tests/test_*.py")})


@pytest.mark.parametrize("stack", WITH_TESTS)
def test_the_stack_s_own_tests_pass(interpreter: Path, stack: str) -> None:
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONDONTWRITEBYTECODE": "1"}

    run = subprocess.run(
        # Nothing of this project's configuration: whoever copied the stack does not have it.
        [interpreter, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider", "--rootdir", ".", "tests"],
        cwd=STACKS / stack,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=environment,
    )

    assert run.returncode == 0, f"{stack}: exit status {run.returncode}\n{run.stdout[-6000:]}"


def test_every_stack_brings_tests() -> None:
    stacks = {template.relative_to(STACKS).parts[0] for template in STACKS.glob("**/template.yaml")}

    assert sorted(stacks - set(WITH_TESTS)) == []
