"""What a report writer is: the contract behind the entry points of ``tierlens.reports``."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from validator.model.review import Review
from validator.model.verdict import Severity


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a report is shown. Options never change verdicts, only what of them is written."""

    color: bool = False
    """Terminal colours are wanted; without it the text holds no escape sequence."""
    width: int = 100
    """Columns of the terminal."""
    verbose: int = 0
    """1 adds what was proven, 2 its evidence."""
    quiet: bool = False
    """Failures and the outcome only; wins over ``verbose``."""
    fail_on: Severity = Severity.LOW
    """The lowest severity that closes the gate."""
    fail_on_unknown: bool = False
    """An unknown verdict of that severity closes the gate too."""


@runtime_checkable
class ReportWriter(Protocol):
    """Turns a review into the text of one format. Stateless: one instance serves every run."""

    @property
    def name(self) -> str:
        """The format as it is asked for: ``--format NAME``."""
        ...

    def write(self, review: Review, options: ReportOptions) -> str:
        """The whole report, ending in a line break. Reads and writes nothing outside its arguments."""
        ...
