"""What a report writer is: the contract behind the entry points of ``tierlens.reports``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from validator.model.review import Review
from validator.model.threshold import Thresholds
from validator.model.verdict import Category, Severity


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
    fail_on_categories: Mapping[Category, Severity | None] = field(default_factory=lambda: MappingProxyType({}))
    """Categories with another lowest severity; None: they never close the gate."""
    deny_suppressions: bool = False
    """Each suppression closes the gate."""
    link_base: str = ""
    """The address before the paths of links (``https://github.com/o/r/blob/SHA``); empty: no links."""

    @property
    def thresholds(self) -> Thresholds:
        """What closes the gate."""
        return Thresholds(self.fail_on, self.fail_on_categories, self.fail_on_unknown, self.deny_suppressions)


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
