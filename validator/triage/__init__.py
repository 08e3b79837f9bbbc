"""What becomes of findings: which rules run, what a team accepts, what stops a change."""

from validator.triage.gate import FOUND, PASSED, closing, exit_status
from validator.triage.noise import triage_findings
from validator.triage.refutation import Refutations, refutations_of
from validator.triage.selection import NO_RULES, Selection, require_known_names
from validator.triage.suppression_entries import SuppressionEntry
from validator.triage.suppressions import Suppressions, apply_suppressions, collect_suppressions

__all__ = [
    "FOUND",
    "NO_RULES",
    "PASSED",
    "Refutations",
    "Selection",
    "SuppressionEntry",
    "Suppressions",
    "apply_suppressions",
    "closing",
    "collect_suppressions",
    "exit_status",
    "refutations_of",
    "require_known_names",
    "triage_findings",
]
