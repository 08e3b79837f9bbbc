"""Findings paired over two states."""

from dataclasses import replace

from validator.difference.findings import Names, compared_findings
from validator.model import Category, Change, Finding, Severity, Span, Verdict

NAMES = Names({"a.yaml": "a.yaml", "old.yaml": "new.yaml"}, lambda stack: stack, lambda condition: condition)


def finding(verdict: Verdict = Verdict.FAIL, **changed: object) -> Finding:
    made = Finding(
        rule="AUTH001",
        category=Category.API_AUTH,
        verdict=verdict,
        severity=Severity.HIGH,
        resource="Api",
        resource_type="AWS::ApiGateway::RestApi",
        message="open",
        why="",
        fix="",
        span=Span("a.yaml", 3, 1, 3, 4),
        target="GET /",
        template="a.yaml",
    )
    return replace(made, **changed)


def outcome(base: list[Finding], head: list[Finding]) -> tuple[list[str], int]:
    found = compared_findings(base, head, NAMES)
    return [one.change.value for one in found.findings if one.change], len(found.fixed)


def test_verdicts_before_and_after():
    rows = {
        (Verdict.FAIL, Verdict.FAIL): (["unchanged"], 0),
        (Verdict.PASS, Verdict.FAIL): (["new"], 0),
        (Verdict.SUPPRESSED, Verdict.FAIL): (["new"], 0),
        (Verdict.REFUTED, Verdict.FAIL): (["new"], 0),
        (Verdict.UNKNOWN, Verdict.FAIL): (["new"], 0),
        (Verdict.PASS, Verdict.UNKNOWN): (["new"], 0),
        (Verdict.UNKNOWN, Verdict.UNKNOWN): (["unchanged"], 0),
        (Verdict.FAIL, Verdict.UNKNOWN): (["unchanged"], 0),
        (Verdict.FAIL, Verdict.PASS): (["new"], 1),
        (Verdict.FAIL, Verdict.REFUTED): (["new"], 1),
        (Verdict.FAIL, Verdict.SUPPRESSED): (["unchanged"], 0),
        (Verdict.UNKNOWN, Verdict.PASS): (["new"], 1),
    }

    assert {case: outcome([finding(case[0])], [finding(case[1])]) for case in rows} == rows


def test_message_severity_and_line_do_not_count():
    moved = finding(message="open now", severity=Severity.LOW, span=Span("a.yaml", 90, 2, 90, 5))

    assert outcome([finding()], [moved]) == (["unchanged"], 0)


def test_one_of_two_equal_findings_removed_is_one_fixed():
    twins = [finding(), finding(ordinal=1, message="open as well")]

    assert outcome(twins, [finding(message="open as well")]) == (["unchanged"], 1)
    assert outcome([finding()], twins) == (["unchanged", "new"], 0)
    assert outcome(twins, []) == ([], 2)


def test_a_renamed_file_is_the_same_and_another_file_is_not():
    old = finding(template="old.yaml")

    assert outcome([old], [finding(template="new.yaml")]) == (["unchanged"], 0)
    assert outcome([finding()], [finding(), finding(template="copy.yaml")]) == (["unchanged", "new"], 0)


def test_a_resource_that_moved_to_another_template_keeps_its_finding():
    assert outcome([finding()], [finding(template="b.yaml")]) == (["unchanged"], 0)


def test_more_conditions_or_environments_are_new_and_nothing_is_fixed():
    narrow = finding(scenario={"IsProd": False})

    assert outcome([narrow], [finding()]) == (["new"], 0)
    assert outcome([finding()], [narrow]) == (["unchanged"], 0)
    assert outcome([narrow], [finding(scenario={"IsProd": True})]) == (["new"], 0)
    dev, both = finding(environments=("dev",)), finding(environments=("dev", "prod"))
    assert outcome([dev], [both]) == (["new"], 0)
    assert outcome([both], [dev]) == (["unchanged"], 0)


def test_a_finding_told_once_for_each_case_is_no_news():
    cases = [finding(scenario={"IsProd": value}, ordinal=number) for number, value in enumerate((True, False))]

    assert outcome([finding()], cases) == (["unchanged", "unchanged"], 0)


def test_findings_of_engines_take_part():
    theirs = finding(source="checkov", rule="CKV_AWS_59")

    assert outcome([theirs], [theirs, finding()]) == (["unchanged", "new"], 0)
    assert [one.change for one in compared_findings([], [theirs], NAMES).findings] == [Change.NEW]
