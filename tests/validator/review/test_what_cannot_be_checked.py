"""A file or a rule that fails hides no other, and the run never looks complete."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.validator.conftest import UseRules
from tests.validator.fakes import CLOSED, OPEN_QUEUE, at, check, fake_rule, raises, remarks, verdicts
from validator.graph import Architecture, Resource
from validator.model import DiagnosticLevel, Review, Severity, TemplateSummary, UsageError
from validator.review import units
from validator.rulekit import Judgement, Rule
from validator.triage import exit_status
from validator.workload import Stack, StackPlan

TWO = "Resources:\n  First: {Type: AWS::SQS::Queue}\n  Second: {Type: AWS::SQS::Queue}\n"


def status(result: Review) -> int:
    return exit_status(result, Severity.CRITICAL)


def test_a_rule_that_raises_hides_no_other(tmp_path: Path, use_rules: UseRules) -> None:
    use_rules(fake_rule("AUTH002", raises), CLOSED)

    result = check(tmp_path, {"queues.yaml": TWO})

    assert [(f.rule, f.resource, f.verdict.value) for f in result.findings] == [
        ("AUTH001", "First", "unknown"),
        ("AUTH001", "Second", "unknown"),
        ("AUTH002", "First", "pass"),
    ]
    (remark,) = result.diagnostics
    assert (remark.level, remark.code) == (DiagnosticLevel.ERROR, "rule-failed")
    assert remark.message == "rule AUTH002 failed on Second: KeyError: 'Missing'"
    assert at(remark.span) == ("queues.yaml", 3, 3)
    assert status(result) == 2


def test_a_rule_that_cannot_choose_its_subjects_is_named(tmp_path: Path, use_rules: UseRules) -> None:
    def never(rule: Rule, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        yield rule.passes(subject, "never")

    broken = fake_rule("AUTH002", never)

    def subjects(_graph: Architecture) -> list[Resource]:
        raise ValueError("no")

    broken.subjects = subjects  # type: ignore[method-assign]  # a rule that is broken on purpose
    use_rules(broken, CLOSED)

    result = check(tmp_path, {"queue.yaml": OPEN_QUEUE})

    assert verdicts(result) == {"Queue": "fail"}
    assert [d.message for d in result.diagnostics] == ["rule AUTH002 failed: ValueError: no"]
    assert status(result) == 2


def test_an_unreadable_template_stands_beside_a_good_one(tmp_path: Path, use_rules: UseRules) -> None:
    use_rules(CLOSED)
    broken = "Resources:\n  Queue: {Type: AWS::SQS::Queue\n"

    result = check(tmp_path, {"broken.yaml": broken, "good.yaml": OPEN_QUEUE})

    assert verdicts(result) == {"Queue": "fail"}
    assert result.templates == (
        TemplateSummary("broken.yaml", "", 0, False),
        TemplateSummary("good.yaml", "cloudformation", 1, True),
    )
    (remark,) = result.diagnostics
    assert remark.level is DiagnosticLevel.ERROR
    assert remark.span is not None
    assert remark.span.path == "broken.yaml"
    assert result.sources == {"broken.yaml": broken, "good.yaml": OPEN_QUEUE}
    assert status(result) == 2


def test_a_fault_of_tierlens_is_one_templates_trouble(
    tmp_path: Path, use_rules: UseRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rules(CLOSED)
    expected = units.load_root

    def load(plan: StackPlan, *rest: object) -> Stack:
        if plan.file.display_path == "a.yaml":
            raise RecursionError("too deep")
        return expected(plan, *rest)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(units, "load_root", load)

    result = check(tmp_path, {"a.yaml": OPEN_QUEUE, "b.yaml": OPEN_QUEUE})

    assert [finding.span.path for finding in result.findings] == ["b.yaml"]
    assert [(d.code, d.message) for d in result.diagnostics] == [
        ("internal-error", "a.yaml: tierlens failed on this template: RecursionError: too deep")
    ]
    assert status(result) == 2


def test_nothing_found_is_an_error(tmp_path: Path, use_rules: UseRules) -> None:
    use_rules(CLOSED)
    with pytest.raises(UsageError, match="no CloudFormation or SAM template found"):
        check(tmp_path, {"notes.yaml": "a: 1\n"})


def test_what_discovery_skips_is_a_notice(tmp_path: Path, use_rules: UseRules) -> None:
    use_rules(CLOSED)

    result = check(tmp_path, {"queue.yaml": OPEN_QUEUE, "notes.yaml": "a: 1\n"})

    assert [(d.level, d.message) for d in remarks(result, "skipped")] == [
        (DiagnosticLevel.NOTICE, "notes.yaml is skipped: it has no section Resources")
    ]
    assert not result.incomplete


def test_progress_goes_from_nothing_to_all(tmp_path: Path, use_rules: UseRules) -> None:
    use_rules(CLOSED)
    seen: list[tuple[int, int]] = []

    check(
        tmp_path,
        {"a.yaml": OPEN_QUEUE, "b.yaml": OPEN_QUEUE},
        progress=lambda done, total: seen.append((done, total)),
    )

    assert seen == [(0, 2), (1, 2), (2, 2)]
