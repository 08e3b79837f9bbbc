"""The sentence that people read and the exit status that machines read say the same."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reports.text import writer
from tests.reports.conftest import DIAGNOSTICS, OPEN_METHOD
from validator.model import Category, Change, Diagnostic, Finding, ReportOptions, Review, Severity, Verdict
from validator.triage import exit_status

FINDINGS = st.builds(
    lambda verdict, severity, change, category, newer: replace(
        OPEN_METHOD, verdict=verdict, severity=severity, change=change, category=category, newer_than_pin=newer
    ),
    st.sampled_from(Verdict),
    st.sampled_from(Severity),
    st.sampled_from([None, *Change]),
    st.sampled_from([Category.API_AUTH, Category.PRIVATE_DATA]),
    st.sampled_from(["", "0.2"]),
)


@given(
    findings=st.lists(FINDINGS, max_size=4),
    fail_on=st.sampled_from(Severity),
    fail_on_unknown=st.booleans(),
    api_auth=st.sampled_from([None, *Severity]),
    deny_suppressions=st.booleans(),
    quiet=st.booleans(),
    diagnostics=st.sampled_from([(), DIAGNOSTICS[:1], DIAGNOSTICS]),
)
def test_last_line_agrees_with_the_exit_status(
    findings: list[Finding],
    fail_on: Severity,
    fail_on_unknown: bool,
    api_auth: Severity | None,
    deny_suppressions: bool,
    quiet: bool,
    diagnostics: tuple[Diagnostic, ...],
) -> None:
    review = Review("0", (), tuple(findings), diagnostics, {}, {}, Path())
    options = ReportOptions(
        fail_on=fail_on,
        fail_on_unknown=fail_on_unknown,
        fail_on_categories={Category.API_AUTH: api_auth},
        deny_suppressions=deny_suppressions,
        quiet=quiet,
    )
    last = writer.write(review, options).splitlines()[-1]
    status = exit_status(review, options.thresholds)
    assert ("Not everything could be checked" in last) == (status == 2)
    assert "the gate is closed" in last or status != 1
    assert "the gate is closed" not in last or status in (1, 2)
