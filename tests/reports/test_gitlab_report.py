import json
from dataclasses import replace

import pytest

from reports.gitlab import writer
from tests.reports.conftest import (
    MERGED,
    OPEN_METHOD,
    PROVEN,
    REFUTED,
    SUPPRESSED_HEALTH,
    TICKETS,
    UNKNOWN_DATABASE,
    WILDCARD,
    only,
)
from validator.model import Finding, ReportOptions, ReportWriter, Review, Severity, Span

PLAIN = ReportOptions()


def issues(review: Review, options: ReportOptions = PLAIN) -> list[dict]:
    report = json.loads(writer.write(review, options))
    assert isinstance(report, list)
    return report


def one(review: Review, finding: Finding) -> dict:
    (issue,) = issues(only(replace(review, engines=()), finding))
    return issue


def test_is_a_report_writer() -> None:
    assert isinstance(writer, ReportWriter)
    assert writer.name == "gitlab"


def test_every_issue_has_what_gitlab_asks_for(gate: Review) -> None:
    for issue in issues(gate):
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["description"]
        assert issue["check_name"]
    assert len({issue["fingerprint"] for issue in issues(gate)}) == len(issues(gate))


def test_an_issue(gate: Review) -> None:
    issue = one(gate, MERGED)
    assert issue == {
        "description": "TicketsApi answers GET /shows to anyone. — when IsProd is false (not with the default "
        "parameters) — stack Shop/Api, construct Shop/Api/Resource, environment prod",
        "check_name": "AUTH001",
        "fingerprint": issue["fingerprint"],
        "severity": "critical",
        "location": {"path": TICKETS, "lines": {"begin": 15, "end": 15}},
    }


@pytest.mark.parametrize(
    ("severity", "shown"),
    [
        (Severity.CRITICAL, "blocker"),
        (Severity.HIGH, "critical"),
        (Severity.MEDIUM, "major"),
        (Severity.LOW, "minor"),
    ],
)
def test_severities(gate: Review, severity: Severity, shown: str) -> None:
    assert one(gate, replace(WILDCARD, severity=severity))["severity"] == shown


def test_an_unknown_is_told_but_no_fault(gate: Review) -> None:
    issue = one(gate, UNKNOWN_DATABASE)
    assert issue["severity"] == "info"
    assert issue["description"] == (
        "unknown: Database is private only if all subnets of Group are. — parameter SubnetIds has no value, "
        "give --parameter SubnetIds=…"
    )
    assert issues(only(replace(gate, engines=()), UNKNOWN_DATABASE), ReportOptions(quiet=True)) == []


def test_what_is_no_fault_is_no_issue(gate: Review) -> None:
    assert issues(only(replace(gate, engines=()), PROVEN, REFUTED, SUPPRESSED_HEALTH)) == []


def test_what_was_not_checked_comes_first(gate: Review) -> None:
    unreadable, engine, *_ = issues(gate)
    assert (unreadable["severity"], unreadable["check_name"], unreadable["location"]["path"]) == (
        "blocker",
        "unreadable",
        "broken.yaml",
    )
    assert (engine["severity"], engine["description"]) == (
        "blocker",
        "checkov 3.3.30 did not check everything: the worker died twice",
    )


def test_fingerprints_differ_by_template_stack_and_environment(gate: Review) -> None:
    base = replace(OPEN_METHOD, template="a.yaml")
    variants = (
        base,
        replace(base, template="b.yaml"),
        replace(base, stack="Two"),
        replace(base, environments=("prod",)),
        base,
    )
    found = [issue["fingerprint"] for issue in issues(only(replace(gate, engines=()), *variants))]
    assert len(set(found)) == 5
    assert one(gate, replace(base, span=Span("a.yaml", 70, 1, 70, 2)))["fingerprint"] == found[0]


@pytest.mark.parametrize(
    ("span", "location"),
    [
        (Span("./a.yaml", 3, 1, 5, 4), {"path": "a.yaml", "lines": {"begin": 3, "end": 5}}),
        (Span("a.yaml", 3, 1, 5, 1), {"path": "a.yaml", "lines": {"begin": 3, "end": 4}}),
        (Span("a.yaml", 3, 1, 3, 1), {"path": "a.yaml", "lines": {"begin": 3, "end": 3}}),
    ],
)
def test_places(gate: Review, span: Span, location: dict) -> None:
    assert one(gate, replace(WILDCARD, span=span))["location"] == location
