"""The whole triage of a run: what the graph refutes, then what several engines say of one property."""

from collections.abc import Iterable
from dataclasses import replace

from validator.model import Finding, Verdict
from validator.triage.refutation import Refutations
from validator.triage.same_property import merge_same_property


def triage_findings(findings: Iterable[Finding], refutations: Refutations) -> tuple[Finding, ...]:
    """Findings of all engines with those refuted that the graph disproves, and one for each property.

    Suppressions are to be applied before: who accepts a failure accepts it under each of its ids.
    """
    return merge_same_property(_refuted(finding, refutations) for finding in findings)


def _refuted(finding: Finding, refutations: Refutations) -> Finding:
    if finding.verdict is not Verdict.FAIL:
        return finding
    proof = refutations.of(finding)
    return finding if proof is None else replace(finding, verdict=Verdict.REFUTED, refutation=proof)
