from pathlib import Path

import pytest

from tests.validator.triage.examples import finding
from validator.model import Diagnostic, DiagnosticLevel, Finding, Review, Severity, Verdict
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
