"""Drives peers through their Python interface: `python -m benchmarks.peers TOOL FILE…`, in a process of its own.

Each file is isolated, so that one that makes the tool raise does not end the run; how many did is printed. Rules and
engines are made once: this is the fastest that the tool is on many templates in one process.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def cfn_lint() -> Callable[[Path], None]:
    """A function that lints one file with shared rules."""
    from cfnlint.config import ConfigMixIn, ManualArgs
    from cfnlint.decode import decode_str
    from cfnlint.runner import Runner, run_template_by_data

    settings = ConfigMixIn(**ManualArgs(regions=["us-east-1"]))
    rules = Runner(settings).rules

    def lint(path: Path) -> None:
        template, problems = decode_str(path.read_text(encoding="utf-8"))
        if template is not None and not problems:
            list(run_template_by_data(template, settings, rules))

    return lint


def checkov() -> Callable[[Path], None]:
    """A function that checks one file with checkov's CloudFormation framework, without forking."""
    os.environ["CHECKOV_PARALLELIZATION_TYPE"] = "none"
    from checkov.cloudformation.runner import Runner
    from checkov.runner_filter import RunnerFilter

    settings = RunnerFilter(framework=["cloudformation"], show_progress_bar=False)

    def check(path: Path) -> None:
        Runner().run(root_folder=None, files=[str(path)], runner_filter=settings)

    return check


def cloudformation_validate() -> Callable[[Path], None]:
    """A function that validates one file with the full engine."""
    from cloudformation_validate import CompositeEngine

    engine = CompositeEngine()

    def validate(path: Path) -> None:
        engine.validate_template(str(path))

    return validate


PEERS = {"cfn-lint": cfn_lint, "checkov": checkov, "cloudformation-validate": cloudformation_validate}


def main(arguments: Sequence[str]) -> None:
    """Check every file with the tool; print how many it checked. Exit status 1 when all made it raise."""
    name, *paths = arguments
    check = PEERS[name]()
    raised = 0
    for path in paths:
        try:
            check(Path(path))
        except Exception:  # noqa: BLE001 - whatever a peer raises is its own affair; the others are measured
            raised += 1
    print(f"{len(paths) - raised} checked, {raised} made {name} raise")
    sys.exit(raised == len(paths))


if __name__ == "__main__":
    main(sys.argv[1:])
