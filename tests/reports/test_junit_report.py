from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from reports.junit import writer
from tests.reports.conftest import (
    BASELINED,
    MERGED,
    NETWORK,
    OPEN_METHOD,
    PROVEN,
    REFUTED,
    SUPPRESSED_HEALTH,
    TICKETS,
    UNKNOWN_DATABASE,
    WILDCARD,
    only,
)
from validator.model import Change, Diagnostic, DiagnosticLevel, Finding, ReportOptions, ReportWriter, Review


def root_of(review: Review) -> Element:
    return ElementTree.fromstring(writer.write(review, ReportOptions()))


def case_of(review: Review, finding: Finding) -> Element:
    (case,) = root_of(only(replace(review, engines=()), finding)).iter("testcase")
    return case


def test_is_a_report_writer() -> None:
    assert isinstance(writer, ReportWriter)
    assert writer.name == "junit"


def test_a_suite_for_each_template_with_true_counts(gate: Review) -> None:
    root = root_of(gate)

    assert root.attrib == {"name": "tierlens", "tests": "13", "failures": "4", "errors": "2", "skipped": "6"}
    assert [tuple(suite.attrib.values()) for suite in root] == [
        (TICKETS, "6", "3", "0", "2"),
        (NETWORK, "5", "1", "0", "4"),
        ("broken.yaml", "1", "0", "1", "0"),
        ("tierlens", "1", "0", "1", "0"),
    ]
    for suite in root:
        kinds = Counter(child.tag for case in suite for child in case)
        assert (len(suite), kinds["failure"], kinds["error"], kinds["skipped"]) == tuple(
            int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")
        )


def test_a_failure(gate: Review) -> None:
    case = case_of(gate, MERGED)

    assert case.attrib == {
        "classname": TICKETS,
        "name": "AUTH001 TicketsApi GET /shows when IsProd is false (not with the default parameters) "
        "in stack Shop/Api, construct Shop/Api/Resource, environment prod",
        "time": "0",
    }
    (failure,) = case
    assert (failure.tag, failure.attrib) == (
        "failure",
        {"type": "high", "message": "TicketsApi answers GET /shows to anyone."},
    )
    assert (failure.text or "").splitlines() == [
        f"{TICKETS}:15:9",
        "TicketsApi answers GET /shows to anyone.",
        f"1. the Internet can call TicketsApi, whose endpoint is regional  {TICKETS}:6:3",
        f"2. TicketsApi has no Auth.DefaultAuthorizer  {TICKETS}:8:5",
        f"3. Create is called by GET /tickets without an authorizer  {TICKETS}:15:9",
        "also: checkov CKV_AWS_59",
        f"why: {OPEN_METHOD.why}",
        *f"fix: {OPEN_METHOD.fix}".splitlines(),
    ]


@pytest.mark.parametrize(
    ("finding", "message"),
    [
        (UNKNOWN_DATABASE, "unknown: parameter SubnetIds has no value: give --parameter SubnetIds=…"),
        (SUPPRESSED_HEALTH, "suppressed: the load balancer's health check, until 2027-03-31 (template)"),
        (BASELINED, "suppressed: before the gate, by web team, since 2026-01-02 (baseline)"),
        (REFUTED, "refuted: Create uses no store of a VPC: it needs none"),
        (
            replace(WILDCARD, change=Change.UNCHANGED),
            "stood before the change: Create may do dynamodb:* on every table.",
        ),
    ],
)
def test_skipped_says_which_kind_of_skipped(gate: Review, finding: Finding, message: str) -> None:
    (skipped,) = case_of(gate, finding)
    assert (skipped.tag, skipped.attrib) == ("skipped", {"message": message})


def test_a_pass_is_an_empty_case(gate: Review) -> None:
    assert list(case_of(gate, PROVEN)) == []


def test_a_failure_of_the_change_fails(gate: Review) -> None:
    assert [child.tag for child in case_of(gate, replace(WILDCARD, change=Change.NEW))] == ["failure"]


def test_what_was_not_checked_is_an_error(gate: Review) -> None:
    errors = {suite.get("name"): error for suite in root_of(gate) for error in suite.iter("error")}

    assert errors["broken.yaml"].attrib == {"type": "unreadable", "message": "the mapping is not closed"}
    assert errors["tierlens"].attrib == {
        "type": "engine-failed",
        "message": "checkov 3.3.30 did not check everything: the worker died twice",
    }


def test_a_run_that_failed_without_a_finding_is_no_empty_report(gate: Review) -> None:
    lost = Diagnostic(DiagnosticLevel.ERROR, "samconfig-missing", "it gives no values")
    root = root_of(only(replace(gate, engines=()), diagnostics=(lost,)))
    assert root.get("errors") == "1"


def test_cases_of_one_name_are_told_apart(gate: Review) -> None:
    names = [case.get("name") for case in root_of(only(gate, PROVEN, PROVEN)).iter("testcase")]
    assert names == ["WAF001 TicketsApi stage v1", "WAF001 TicketsApi stage v1 #2", "engine checkov"]


def test_the_template_is_the_suite_also_when_the_place_is_elsewhere(gate: Review) -> None:
    case = case_of(replace(gate, engines=()), replace(WILDCARD, template=NETWORK))
    assert case.get("classname") == NETWORK
