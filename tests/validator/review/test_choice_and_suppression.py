"""Which rules run, how severe they are, which paths are left out, and what a team accepts."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from tests.validator.conftest import UseRules
from tests.validator.fakes import CLOSED, OPEN_QUEUE, at, check, closed, fake_rule, only, remarks, verdicts
from validator.model import Category, DiagnosticLevel, Severity, Suppression, UsageError, Verdict

TIER = fake_rule("TIER001", closed, category=Category.TIER_SEPARATION, severity=Severity.CRITICAL)
SECOND = fake_rule("AUTH002", closed)


@pytest.fixture(autouse=True)
def _three_rules(use_rules: UseRules) -> None:
    use_rules(CLOSED, SECOND, TIER)


@pytest.mark.parametrize(
    ("select", "ignore", "left"),
    [
        ((), (), ["AUTH001", "AUTH002", "TIER001"]),
        (("AUTH001",), (), ["AUTH001"]),
        (("AUTH",), (), ["AUTH001", "AUTH002"]),
        (("tier-separation",), (), ["TIER001"]),
        ((), ("api-auth",), ["TIER001"]),
        (("api-auth",), ("AUTH002",), ["AUTH001"]),
    ],
)
def test_rules_are_chosen(tmp_path: Path, select: Sequence[str], ignore: Sequence[str], left: list[str]) -> None:
    result = check(tmp_path, {"queue.yaml": OPEN_QUEUE}, select=select, ignore=ignore)

    assert sorted(finding.rule for finding in result.findings) == left
    assert sorted(result.rules) == left


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"select": ("AUTH004",)}, "select: 'AUTH004' matches no rule: did you mean 'AUTH00"),
        ({"ignore": ("tier-seperation",)}, "did you mean 'tier-separation'?"),
        ({"select": ("AUTH001",), "ignore": ("api-auth",)}, "the selection leaves no rule to run"),
    ],
)
def test_a_choice_that_means_nothing_is_refused(tmp_path: Path, request_: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(tmp_path, {"queue.yaml": OPEN_QUEUE}, **request_)

    assert message in refused.value.message


def test_severities_are_a_projects_own(tmp_path: Path) -> None:
    settings = '[severity]\nAUTH001 = "low"\nAUTH002 = "off"\n'

    found = check(tmp_path, {"queue.yaml": OPEN_QUEUE, "tierlens.toml": settings}).findings

    assert [(f.rule, f.severity) for f in found] == [("TIER001", Severity.CRITICAL), ("AUTH001", Severity.LOW)]


def test_the_severity_of_no_rule_is_refused(tmp_path: Path) -> None:
    message = r"tierlens.toml:2:1: severity: 'AUHT' matches no rule: did you mean 'AUTH'\?"
    with pytest.raises(UsageError, match=message):
        check(tmp_path, {"queue.yaml": OPEN_QUEUE, "tierlens.toml": '[severity]\nAUHT = "low"\n'})


def test_switching_off_every_rule_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the settings switch off every rule that is selected"):
        check(
            tmp_path,
            {"queue.yaml": OPEN_QUEUE, "tierlens.toml": '[severity]\nTIER001 = "off"\n'},
            select=("TIER001",),
        )


@pytest.mark.parametrize("pattern", ["examples/**", "examples", "examples/", "*/old.yaml", "examples/*.yaml"])
def test_excluded_paths_are_left_out(tmp_path: Path, pattern: str) -> None:
    files = {"a.yaml": OPEN_QUEUE, "examples/old.yaml": OPEN_QUEUE, "tierlens.toml": f'exclude = ["{pattern}"]\n'}

    assert [template.path for template in check(tmp_path, files).templates] == ["a.yaml"]


def test_excluding_everything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        check(tmp_path, {"a.yaml": OPEN_QUEUE, "tierlens.toml": 'exclude = ["*.yaml"]\n'})

    assert (refused.value.message, refused.value.hint) == (
        "every template that was found is excluded",
        "exclude is *.yaml",
    )


def commented(comment: str) -> str:
    return OPEN_QUEUE.replace("  Queue:\n", f"  Queue:  # tierlens: {comment}\n")


IN_METADATA = """\
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Metadata:
      tierlens:
        suppress:
          - {rule: AUTH001, reason: a public drop box, until: 2026-12-31}
    Properties:
      QueueName: open
"""
IN_COMMENT = commented('ignore[AUTH001] reason="a public drop box" until=2026-12-31')
BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)


@pytest.mark.parametrize(("template", "line"), [(IN_COMMENT, 2), (IN_METADATA, 7)], ids=["comment", "metadata"])
def test_an_accepted_failure_keeps_its_reason(tmp_path: Path, use_rules: UseRules, template: str, line: int) -> None:
    use_rules(CLOSED)

    result = check(tmp_path, {"queue.yaml": template}, today=BEFORE)

    finding = only(result)
    assert finding.verdict is Verdict.SUPPRESSED
    assert isinstance(finding.suppression, Suppression)
    assert (finding.suppression.reason, finding.suppression.until) == ("a public drop box", date(2026, 12, 31))
    assert at(finding.suppression.span)[:2] == ("queue.yaml", line)
    assert result.diagnostics == ()


@pytest.mark.parametrize("template", [IN_COMMENT, IN_METADATA], ids=["comment", "metadata"])
def test_a_lapsed_suppression_is_a_failure_again(tmp_path: Path, use_rules: UseRules, template: str) -> None:
    use_rules(CLOSED)

    result = check(tmp_path, {"queue.yaml": template}, today=AFTER)

    assert verdicts(result) == {"Queue": "fail"}
    assert [(d.level, d.message) for d in result.diagnostics] == [
        (DiagnosticLevel.WARNING, "the suppression of AUTH001 lapsed after 2026-12-31: the finding stands")
    ]


@pytest.mark.parametrize("template", [IN_COMMENT, IN_METADATA], ids=["comment", "metadata"])
def test_no_suppressions_shows_what_is_accepted(tmp_path: Path, use_rules: UseRules, template: str) -> None:
    use_rules(CLOSED)

    result = check(tmp_path, {"queue.yaml": template}, today=BEFORE, suppressions=False)

    assert verdicts(result) == {"Queue": "fail"}
    assert result.diagnostics == ()


def test_other_rules_are_not_accepted_with_it(tmp_path: Path) -> None:
    found = check(tmp_path, {"queue.yaml": IN_COMMENT}, today=BEFORE).findings

    assert {f.rule: f.verdict.value for f in found} == {"AUTH001": "suppressed", "AUTH002": "fail", "TIER001": "fail"}


@pytest.mark.parametrize(
    ("comment", "level", "code", "message"),
    [
        (
            'ignore[AUTH009] reason="none such"',
            DiagnosticLevel.ERROR,
            "suppression-unknown-rule",
            "there is no rule 'AUTH009' to suppress: did you mean 'AUTH00",
        ),
        ("ignore[AUTH001]", DiagnosticLevel.ERROR, "suppression-without-reason", "AUTH001"),
        ('ignore[AUTH001] raison="typo"', DiagnosticLevel.ERROR, "suppression-invalid", "unknown word 'raison'"),
    ],
)
def test_a_suppression_that_is_wrong_is_reported(
    tmp_path: Path, use_rules: UseRules, comment: str, level: DiagnosticLevel, code: str, message: str
) -> None:
    use_rules(CLOSED, SECOND)

    result = check(tmp_path, {"queue.yaml": commented(comment)})

    assert {f.verdict for f in result.findings} == {Verdict.FAIL}
    (remark,) = result.diagnostics
    assert (remark.level, remark.code, at(remark.span)[:2]) == (level, code, ("queue.yaml", 2))
    assert message in remark.message


def test_an_unused_suppression_is_reported_unless_its_rule_did_not_run(tmp_path: Path) -> None:
    shut = commented('ignore[AUTH001] reason="not needed"').replace("QueueName: open", "QueueName: shut")

    (remark,) = check(tmp_path, {"queue.yaml": shut}).diagnostics
    assert (remark.level, remark.code) == (DiagnosticLevel.WARNING, "suppression-unused")
    assert remarks(check(tmp_path, {"queue.yaml": shut}, select=("TIER001",)), "suppression-unused") == []
