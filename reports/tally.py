"""Counts of verdicts, as every format shows them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from validator.model import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings have each verdict."""

    passed: int
    failed: int
    unknown: int
    suppressed: int
    refuted: int


def tally(findings: Iterable[Finding]) -> Tally:
    """Counts the verdicts of ``findings``."""
    counts = Counter(finding.verdict for finding in findings)
    return Tally(
        passed=counts[Verdict.PASS],
        failed=counts[Verdict.FAIL],
        unknown=counts[Verdict.UNKNOWN],
        suppressed=counts[Verdict.SUPPRESSED],
        refuted=counts[Verdict.REFUTED],
    )
