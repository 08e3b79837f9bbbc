"""What the checkers say about the templates of a stack: tierlens itself, cfn-lint and checkov."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.reference_stacks.emulator.environment import ROOT

COMMAND = "from validator.cli.main import main; main()"


def templates(stack: Path) -> list[Path]:
    return sorted(stack.glob("**/template.yaml"))


def tierlens(*arguments: str) -> str:
    """What a command of tierlens writes; raises AssertionError when it could not do its work."""
    run = subprocess.run([sys.executable, "-c", COMMAND, *arguments], cwd=ROOT, capture_output=True, check=False)
    assert run.returncode in {0, 1}, run.stderr.decode()
    return run.stdout.decode()


def undecided_and_failed(place: Path) -> list[tuple[str, str, str, str]]:
    """Status, rule, resource and message of every finding of `tierlens check` that is no pass; all rules on."""
    report = json.loads(tierlens("check", str(place), "--root", str(ROOT), "--format", "json"))
    assert report["templates"], "nothing was checked"
    return [
        (finding["status"], finding["rule"], finding["resource"], finding["message"])
        for finding in report["findings"]
        if finding["status"] != "pass"
    ]


def cfn_lint(template: Path) -> list[str]:
    """What cfn-lint says, as it prints it."""
    from cfnlint.api import lint_file

    return [str(match) for match in lint_file(template)]


def checkov(template: Path) -> tuple[list[str], list[str]]:
    """Failed checks with their resource, and suppressed ones that have no reason."""
    os.environ["CHECKOV_PARALLELIZATION_TYPE"] = "none"
    from checkov.cloudformation.runner import Runner
    from checkov.runner_filter import RunnerFilter

    only = RunnerFilter(framework=["cloudformation"], show_progress_bar=False)
    report: Any = Runner().run(root_folder=None, files=[str(template)], runner_filter=only)
    assert report.passed_checks, f"checkov read nothing in {template}"
    unexplained = [each for each in report.skipped_checks if not each.check_result.get("suppress_comment")]
    return _named(report.failed_checks), _named(unexplained)


def _named(records: list[Any]) -> list[str]:
    return [f"{record.check_id} {record.resource}" for record in records]
