"""The sentence that people read and the exit status that machines read say the same."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reports.text import writer
from tests.reports.conftest import DIAGNOSTICS, OPEN_METHOD
from validator.model import Change, Diagnostic, Finding, ReportOptions, Review, Severity, Verdict
from validator.triage import exit_status

FINDINGS = st.builds(
    lambda verdict, severity, change: replace(OPEN_METHOD, verdict=verdict, severity=severity, change=change),
    st.sampled_from(Verdict),
    st.sampled_from(Severity),
    st.sampled_from([None, *Change]),
)


@given(
    findings=st.lists(FINDINGS, max_size=4),
    fail_on=st.sampled_from(Severity),
    fail_on_unknown=st.booleans(),
    diagnostics=st.sampled_from([(), DIAGNOSTICS[:1], DIAGNOSTICS]),
)
def test_last_line_agrees_with_the_exit_status(
    findings: list[Finding],
    fail_on: Severity,
    fail_on_unknown: bool,
    diagnostics: tuple[Diagnostic, ...],
) -> None:
    review = Review("0", (), tuple(findings), diagnostics, {}, {}, Path())
    options = ReportOptions(fail_on=fail_on, fail_on_unknown=fail_on_unknown)
    last = writer.write(review, options).splitlines()[-1]
    status = exit_status(review, fail_on, fail_on_unknown)
    assert ("Not everything could be checked" in last) == (status == 2)
    assert "the gate is closed" in last or status != 1
    assert "the gate is closed" not in last or status in (1, 2)
