"""What becomes of findings: which rules run, what a team accepts, what stops a change."""

from validator.triage.gate import exit_status
from validator.triage.selection import Selection, require_known_ids, require_known_names
from validator.triage.suppression_entries import SuppressionEntry
from validator.triage.suppressions import Suppressions, apply_suppressions, collect_suppressions

__all__ = [
    "Selection",
    "SuppressionEntry",
    "Suppressions",
    "apply_suppressions",
    "collect_suppressions",
    "exit_status",
    "require_known_ids",
    "require_known_names",
]
