"""Denied suppressions and rules newer than the pin, in the formats that people and pipelines gate by."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports import github, gitlab, junit
from reports import markdown as markdown_report
from reports.text import writer as text
from tests.reports.conftest import OPEN_METHOD
from validator.model import Category, ReportOptions, Review, Severity, Span, Suppression, Verdict

ACCEPTED = replace(
    OPEN_METHOD,
    verdict=Verdict.SUPPRESSED,
    suppression=Suppression("public by design", Span("a.yaml", 7, 3, 7, 9), date(2099, 1, 1), owner="team-a"),
)
NEWER = replace(OPEN_METHOD, newer_than_pin="0.2")
DENYING = ReportOptions(fail_on=Severity.MEDIUM, deny_suppressions=True)
ALLOWING = ReportOptions(fail_on=Severity.MEDIUM)
WHY = "public by design, by team-a, until 2099-01-01 (template)"


def review(*findings: object) -> Review:
    return Review("0", (), findings, (), {}, {}, Path())


@pytest.mark.parametrize(
    ("options", "last"),
    [
        (DENYING, "1 suppression, which this gate denies: the gate is closed."),
        (ALLOWING, "Nothing at or above medium. 1 suppressed."),
    ],
)
def test_the_outcome_tells_denied_suppressions(options: ReportOptions, last: str) -> None:
    assert text.write(review(ACCEPTED), options).splitlines()[-1] == last
    both = text.write(review(ACCEPTED, OPEN_METHOD), DENYING).splitlines()[-1]
    assert both == ("1 failure at or above medium, and 1 suppression, which this gate denies: the gate is closed.")


def test_the_outcome_tells_newer_rules() -> None:
    assert text.write(review(NEWER), ALLOWING).splitlines()[-1] == (
        "Nothing at or above medium of the pinned rules. 1 of rules newer than rules-version."
    )
    assert text.write(review(NEWER, OPEN_METHOD), ALLOWING).splitlines()[-1] == (
        "1 failure at or above medium: the gate is closed. 1 of rules newer than rules-version."
    )


def test_the_outcome_names_the_categories() -> None:
    options = ReportOptions(fail_on=Severity.CRITICAL, fail_on_categories={Category.API_AUTH: Severity.LOW})
    assert text.write(review(OPEN_METHOD), options).splitlines()[-1] == (
        "1 failure at or above critical (api-auth low): the gate is closed."
    )


def kinds(options: ReportOptions, finding: object) -> list[tuple[str, str | None]]:
    """What a JUnit case holds."""
    root = ElementTree.fromstring(junit.writer.write(review(finding), options))
    return [(child.tag, child.get("message")) for case in root.iter("testcase") for child in case]


def test_junit_fails_what_is_denied_and_skips_what_is_newer() -> None:
    assert kinds(DENYING, ACCEPTED) == [("failure", f"suppressed: {WHY}")]
    assert kinds(ALLOWING, ACCEPTED) == [("skipped", f"suppressed: {WHY}")]
    ((kind, message),) = kinds(ALLOWING, NEWER)
    assert kind == "skipped"
    assert message is not None
    assert message.startswith("rule of 0.2, newer than rules-version: does not gate yet: TicketsApi answers")


def test_github_annotates_the_place_of_a_denied_suppression() -> None:
    line = github.writer.write(review(ACCEPTED), DENYING).splitlines()[0]
    assert line == (
        "::error file=a.yaml,line=7,endLine=7,col=3,endColumn=8,title=AUTH001 TicketsApi GET /tickets is suppressed"
        f"::this gate denies suppressions: {WHY}"
    )
    assert "::error" not in github.writer.write(review(ACCEPTED), ALLOWING)
    assert github.writer.write(review(NEWER), ALLOWING).startswith("::notice ")


def test_markdown_lists_denied_suppressions_unfolded_and_folds_newer_rules() -> None:
    denied = markdown_report.writer.write(review(ACCEPTED), DENYING)
    assert "### Suppressions, which this gate denies" in denied
    assert "<summary>1 suppressed</summary>" not in denied
    assert "<summary>1 suppressed</summary>" in markdown_report.writer.write(review(ACCEPTED), ALLOWING)
    newer = markdown_report.writer.write(review(NEWER), ALLOWING)
    assert "### Failures" not in newer
    assert "<summary>1 of rules newer than rules-version: they would fail without the pin</summary>" in newer


def test_gitlab_shows_newer_rules_as_information() -> None:
    assert '"severity": "info"' in gitlab.writer.write(review(NEWER), ALLOWING)
    assert '"severity": "critical"' in gitlab.writer.write(review(OPEN_METHOD), ALLOWING)
