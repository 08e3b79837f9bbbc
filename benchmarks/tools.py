"""The tools that are compared: how each is started, and whether it is there at all."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_BIN = Path(sys.executable).parent

Command = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as people start it, and as it is started on many templates at once.

    ``many`` differs from ``one`` where the command would not survive a folder of real templates.
    """

    name: str
    distribution: str
    one: Command
    many: Command
    program: str | None = None
    """The script that has to stand beside the interpreter; None when a module is enough."""
    module: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    done_one: frozenset[int] = frozenset({0})
    """Exit statuses of a run over one sound template that mean that it was checked."""
    done_many: frozenset[int] = frozenset({0})
    """The same over a folder of real templates, some of which nobody can read."""

    def missing(self) -> str:
        """Why the tool cannot be measured here; empty when it can."""
        if self.program is not None and not (_BIN / self.program).is_file():
            return f"{self.program} is not installed beside {Path(sys.executable).name}"
        if self.module is not None and importlib.util.find_spec(self.module) is None:
            return f"the module {self.module} is not installed"
        return ""

    def version(self) -> str:
        """The installed version, or a question mark."""
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            return "?"


def _script(name: str, *options: str) -> Command:
    return lambda paths: [str(_BIN / name), *options, *paths]


def _driver(name: str) -> Command:
    return lambda paths: [sys.executable, "-m", "benchmarks.peers", name, *paths]


_CHECKOV = _script(
    "checkov", "--framework", "cloudformation", "--compact", "--quiet", "--skip-download", "--soft-fail", "-f"
)

TOOLS = (
    Tool(
        name="tierlens",
        distribution="tierlens",
        program="tierlens",
        one=_script("tierlens", "check", "--no-cache", "--quiet", "--engine", "tierlens"),
        many=_script("tierlens", "check", "--no-cache", "--quiet", "--engine", "tierlens"),
        done_one=frozenset({0, 1}),
        done_many=frozenset({0, 1, 2}),
    ),
    Tool(
        # The gate as people run it: our rules, cfn-lint and checkov in one command.
        name="tierlens gate",
        distribution="tierlens",
        program="tierlens",
        one=_script("tierlens", "check", "--no-cache", "--quiet"),
        many=_script("tierlens", "check", "--no-cache", "--quiet"),
        done_one=frozenset({0, 1}),
        done_many=frozenset({0, 1, 2}),
    ),
    Tool(
        name="cfn-lint",
        distribution="cfn-lint",
        program="cfn-lint",
        module="cfnlint",
        one=_script("cfn-lint", "--format", "quiet", "--"),
        # One template that makes it raise ends its command, so the folder goes through its Python interface.
        many=_driver("cfn-lint"),
        # A bit each for errors, warnings and notices; 1 is a failure of its own.
        done_one=frozenset(range(0, 16, 2)),
    ),
    Tool(
        name="checkov",
        distribution="checkov",
        program="checkov",
        one=_CHECKOV,
        # Its command crashes on the folder of real templates, so that goes through its Python interface.
        many=_driver("checkov"),
        environment={"LOG_LEVEL": "ERROR"},
    ),
    Tool(
        name="cloudformation-validate",
        distribution="cloudformation-validate",
        module="cloudformation_validate",
        # It has no command of its own in Python.
        one=_driver("cloudformation-validate"),
        many=_driver("cloudformation-validate"),
    ),
)
"""All tools; the first is the one that the others are compared with."""
