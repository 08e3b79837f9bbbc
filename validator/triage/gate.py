"""The exit status of a review."""

from validator.model import Finding, Review, Severity, Thresholds

PASSED = 0
FOUND = 1
NOT_DONE = 2


def exit_status(review: Review, fail_on: Severity | Thresholds, fail_on_unknown: bool = False) -> int:
    """0 when nothing stops the change, 1 when a finding does, 2 when something was not checked.

    A single severity ``fail_on`` is a threshold for all categories; with ``fail_on_unknown``, an unknown counts as
    a failure does. 2 is the strongest: findings of half a review must not look like all there are.
    """
    if review.incomplete:
        return NOT_DONE
    thresholds = fail_on if isinstance(fail_on, Thresholds) else Thresholds(fail_on, unknown=fail_on_unknown)
    return FOUND if closing(review, thresholds) else PASSED


def closing(review: Review, thresholds: Thresholds) -> list[Finding]:
    """The findings that close the gate, in the order of the review."""
    return [finding for finding in review.findings if thresholds.stops(finding)]
