"""The exit status of a review."""

from validator.model import Finding, Review, Severity, Verdict

PASSED = 0
FOUND = 1
NOT_DONE = 2


def exit_status(review: Review, fail_on: Severity, fail_on_unknown: bool = False) -> int:
    """0 when nothing stops the change, 1 when a finding does, 2 when something was not checked.

    A failure counts from the severity ``fail_on`` upwards; with ``fail_on_unknown``, so does an unknown of
    such a rule. 2 is the strongest: findings of half a review must not look like all there are.
    """
    if review.incomplete:
        return NOT_DONE
    counted = (Verdict.FAIL, Verdict.UNKNOWN) if fail_on_unknown else (Verdict.FAIL,)
    return FOUND if any(_stops(finding, fail_on, counted) for finding in review.findings) else PASSED


def _stops(finding: Finding, fail_on: Severity, counted: tuple[Verdict, ...]) -> bool:
    return finding.verdict in counted and fail_on <= finding.severity
