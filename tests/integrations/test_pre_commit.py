"""The hooks as the real pre-commit installs and runs them, in a git repository made here."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
CLOSED = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
OPEN = (
    CLOSED.replace("AWS::SNS::Topic", "AWS::Lambda::Url") + "    Properties: {AuthType: NONE, TargetFunctionArn: f}\n"
)

pytest.importorskip("pre_commit", reason="pre-commit is not installed: pip install '.[dev]'")


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    done = run(folder, "git", *identity, *arguments)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds this checkout as it is now, changes that are not committed included."""
    folder = tmp_path_factory.mktemp("tierlens")
    listed = run(CHECKOUT, "git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if listed.returncode:
        pytest.skip("this checkout is no git repository")
    for name in filter(None, listed.stdout.split("\0")):
        source = CHECKOUT / name
        wanted = name.split("/")[0] in ("validator", "rules", "reports", "reference_stacks") or "/" not in name
        if wanted and source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / name)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--force", ".")
    git(folder, "commit", "--quiet", "--message", "the hooks")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit-home")


def pre_commit(folder: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pre-commit builds the hook's environment from the repository; what tierlens needs comes from this one."""
    building = arguments == ("install-hooks",)
    here = "" if building else sysconfig.get_paths()["purelib"]
    return run(
        folder,
        sys.executable,
        "-m",
        "pre_commit",
        *arguments,
        PRE_COMMIT_HOME=str(home),
        PIP_NO_DEPS="1",
        PIP_NO_BUILD_ISOLATION="0",
        PIP_NO_INDEX="1",
        VIRTUALENV_SETUPTOOLS="bundle",
        PYTHONPATH=here,
        TIERLENS_ENGINE="tierlens",
    )


@pytest.fixture
def project(tmp_path: Path, hooks: Path, home: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    revision = run(hooks, "git", "rev-parse", "HEAD").stdout.strip()
    configuration = {
        "repos": [
            {
                "repo": str(hooks),
                "rev": revision,
                "hooks": [{"id": "tierlens"}, {"id": "tierlens-workload", "stages": ["manual"]}],
            }
        ]
    }
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(configuration))
    (tmp_path / "tierlens.toml").write_text('select = ["AUTH003"]\n')
    (tmp_path / "template.yaml").write_text(CLOSED)
    (tmp_path / "values.yaml").write_text("image: nginx\n")
    (tmp_path / "package.json").write_text("{}\n")
    git(tmp_path, "add", ".")
    done = pre_commit(tmp_path, home, "install-hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path


def test_the_manifest_is_valid():
    done = run(CHECKOUT, sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
    assert (done.returncode, done.stdout) == (0, "")


def test_other_files_are_left_out_and_templates_checked(project: Path, home: Path):
    done = pre_commit(project, home, "run", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    (project / "template.yaml").write_text(OPEN)
    git(project, "add", ".")
    done = pre_commit(project, home, "run", "--verbose")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "AUTH003" in done.stdout


def test_a_commit_without_templates_passes(project: Path, home: Path):
    git(project, "commit", "--quiet", "--no-verify", "--message", "first")
    (project / "values.yaml").write_text("image: httpd\n")
    git(project, "add", ".")
    done = pre_commit(project, home, "run")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workload_hook_sees_what_did_not_change(project: Path, home: Path):
    (project / "other.yaml").write_text(OPEN)
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--no-verify", "--message", "first")
    (project / "template.yaml").write_text(f"{CLOSED}# a remark\n")
    git(project, "add", ".")
    assert pre_commit(project, home, "run", "tierlens").returncode == 0
    done = pre_commit(project, home, "run", "tierlens-workload", "--hook-stage", "manual")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "other.yaml" in done.stdout
