"""Which findings close the gate: one answer for the exit status and for the words of every report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from validator.model.finding import Change, Finding
from validator.model.verdict import Category, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which severity on a failure closes the gate."""

    default: Severity = Severity.MEDIUM
    categories: Mapping[Category, Severity | None] = field(default_factory=lambda: MappingProxyType({}))
    """What differs from the default; None: failures of the category never close the gate."""
    unknown: bool = False
    """Whether an unknown verdict counts as a failure does."""
    deny_suppressions: bool = False
    """Whether each suppression closes the gate, whatever it accepts."""

    def least(self, category: Category) -> Severity | None:
        """The lowest severity that counts in the category; None when none does."""
        return self.categories.get(category, self.default)

    def reached(self, finding: Finding) -> bool:
        """Whether the finding is severe enough for its category."""
        least = self.least(finding.category)
        return least is not None and least <= finding.severity

    def stops(self, finding: Finding) -> bool:
        """Whether the finding closes the gate.

        What stood before a compared change does not, nor does a rule that is newer than the pinned rule set.
        """
        if finding.change is not None and finding.change is not Change.NEW:
            return False
        if finding.verdict is Verdict.SUPPRESSED:
            return self.deny_suppressions
        counted = finding.verdict is Verdict.FAIL or (self.unknown and finding.verdict is Verdict.UNKNOWN)
        return counted and not finding.newer_than_pin and self.reached(finding)

    def __str__(self) -> str:
        """``medium``, or ``medium (api-auth low)`` where categories differ."""
        others = [
            f"{category.value} {'never' if least is None else least.value}"
            for category, least in self.categories.items()
            if least is not self.default
        ]
        return f"{self.default.value} ({', '.join(others)})" if others else self.default.value
