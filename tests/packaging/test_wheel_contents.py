"""The wheel, built from a copy of the checkout: every file of the packages, and nothing beside them.

The slowest test of this folder (some seconds): it builds as people do, with the backend in an environment of its
own. It cannot be built in the tests' environment, where checkov holds `packaging` below what setuptools needs.
"""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, checked_out_files
from validator.version import VERSION

PACKAGES = ("validator", "rules", "reports", "reference_stacks")
WITHOUT_INDEX = "No matching distribution found for setuptools"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for path in checked_out_files():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, source / path)
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(target), str(source)],
        cwd=target,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if WITHOUT_INDEX in built.stdout:
        pytest.skip("no package index can be reached: the build backend cannot be installed")
    assert built.returncode == 0, built.stdout[-2000:]
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
