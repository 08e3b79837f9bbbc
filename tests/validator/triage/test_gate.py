from pathlib import Path

import pytest

from tests.validator.triage.examples import finding
from validator.model import (
    Category,
    Change,
    Diagnostic,
    DiagnosticLevel,
    Finding,
    Review,
    Severity,
    Thresholds,
    Verdict,
)
from validator.triage import exit_status


def review(*findings: Finding, level: DiagnosticLevel | None = None) -> Review:
    diagnostics = () if level is None else (Diagnostic(level, "code", "message"),)
    return Review("1", (), findings, diagnostics, {}, {}, Path())


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("fail_on", list(Severity))
@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("fail_on_unknown", [False, True])
def test_what_counts(severity, fail_on, verdict, fail_on_unknown):
    counted = verdict is Verdict.FAIL or (verdict is Verdict.UNKNOWN and fail_on_unknown)
    expected = 1 if counted and severity.rank >= fail_on.rank else 0
    assert exit_status(review(finding(verdict=verdict, severity=severity)), fail_on, fail_on_unknown) == expected


def test_nothing_found_is_zero():
    assert exit_status(review(), Severity.LOW, True) == 0


@pytest.mark.parametrize(
    ("level", "clean", "found"),
    [(DiagnosticLevel.ERROR, 2, 2), (DiagnosticLevel.WARNING, 0, 1), (DiagnosticLevel.NOTICE, 0, 1)],
)
def test_an_incomplete_review_is_stronger_than_findings(level, clean, found):
    assert exit_status(review(level=level), Severity.MEDIUM) == clean
    assert exit_status(review(finding(severity=Severity.CRITICAL), level=level), Severity.MEDIUM) == found


@pytest.mark.parametrize(
    ("category", "severity", "status"),
    [
        (Category.API_AUTH, Severity.LOW, 1),
        (Category.PRIVATE_DATA, Severity.MEDIUM, 0),
        (Category.PRIVATE_DATA, Severity.HIGH, 1),
        (Category.TEMPLATE_VALIDITY, Severity.CRITICAL, 0),
    ],
)
def test_a_category_may_have_its_own_threshold(category, severity, status):
    thresholds = Thresholds(Severity.HIGH, {Category.API_AUTH: Severity.LOW, Category.TEMPLATE_VALIDITY: None})
    assert exit_status(review(finding(category=category, severity=severity)), thresholds) == status
    assert str(thresholds) == "high (api-auth low, template-validity never)"


@pytest.mark.parametrize(("change", "status"), [(None, 1), (Change.NEW, 1), (Change.UNCHANGED, 0), (Change.FIXED, 0)])
def test_a_denied_suppression_closes_the_gate_whatever_it_accepts(change, status):
    accepted = finding(verdict=Verdict.SUPPRESSED, severity=Severity.LOW, change=change)
    never = {accepted.category: None}
    assert exit_status(review(accepted), Thresholds(Severity.CRITICAL, never, deny_suppressions=True)) == status
    assert exit_status(review(accepted), Thresholds(Severity.LOW, unknown=True)) == 0


def test_a_rule_newer_than_the_pin_does_not_gate():
    newer = finding(severity=Severity.CRITICAL, newer_than_pin="0.2")
    assert exit_status(review(newer), Severity.LOW) == 0
    assert exit_status(review(newer, finding()), Severity.LOW) == 1
    undecided = finding(verdict=Verdict.UNKNOWN, newer_than_pin="0.2")
    assert exit_status(review(undecided), Severity.LOW, True) == 0
