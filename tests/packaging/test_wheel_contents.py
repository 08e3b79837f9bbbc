"""The wheel, built from a copy of the checkout: every file of the packages, and nothing beside them.

The slowest test of this folder (a few seconds): it runs the real build backend once.
"""

import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, checked_out_files
from validator.version import VERSION

PACKAGES = ("validator", "rules", "reports", "reference_stacks")
BACKEND_FROM = 77
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    if int(version("setuptools").split(".")[0]) < BACKEND_FROM:
        pytest.skip(f"setuptools {BACKEND_FROM} or later builds the wheel: pip install -e '.[dev]'")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for path in checked_out_files():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, source / path)
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(target)], cwd=source, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr[-2000:]
    return zipfile.ZipFile(next(target.glob("*.whl")))


def test_every_file_of_the_packages_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    wanted = {path for path in checked_out_files() if Path(path).parts[0] in PACKAGES}
    assert {"reference_stacks/mobile_backend/template.yaml", "validator/py.typed"} <= wanted

    assert wanted - set(wheel.namelist()) == set()


def test_nothing_else_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    information = f"tierlens-{VERSION}.dist-info"

    assert {name.split("/")[0] for name in wheel.namelist()} == {*PACKAGES, information}
    assert [name for name in wheel.namelist() if name.endswith((".pyc", ".whl"))] == []


def test_the_metadata_has_the_licence_the_command_and_the_entry_points(wheel: zipfile.ZipFile) -> None:
    information = f"tierlens-{VERSION}.dist-info"
    entry_points = wheel.read(f"{information}/entry_points.txt").decode()

    assert f"{information}/licenses/LICENSE" in wheel.namelist()
    assert "tierlens = validator.cli.main:main" in entry_points.splitlines()
    assert "[tierlens.rules]\nbuiltin = rules:pack\n" in entry_points
    assert "License-Expression: Apache-2.0" in wheel.read(f"{information}/METADATA").decode().splitlines()


def test_files_are_data_as_they_are_in_the_checkout(wheel: zipfile.ZipFile) -> None:
    path = "reference_stacks/mobile_backend/template.yaml"
    assert wheel.read(path) == (ROOT / path).read_bytes()
