"""Severities, paths and the pinned rule set in a whole run."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.validator.conftest import UseRules
from tests.validator.fakes import CLOSED, OPEN_QUEUE, check, closed, fake_rule, remarks
from validator.model import AlsoReported, Category, Review, Severity, UsageError, Verdict
from validator.registry import RulePack
from validator.review import rule_choice
from validator.review.policy_part import Pin, pin_of
from validator.rulekit import Rule
from validator.settings import Settings
from validator.triage import exit_status

TIER = fake_rule("TIER001", closed, category=Category.TIER_SEPARATION, severity=Severity.CRITICAL)
FILES = {"legacy/a.yaml": OPEN_QUEUE, "b.yaml": OPEN_QUEUE}


def newer(rule_id: str, since: str) -> Rule:
    """A rule of ours that a later release brought."""
    rule = fake_rule(rule_id, closed)
    type(rule).meta = replace(rule.meta, since=since)
    return rule


def found(result: Review) -> list[tuple[str, str, str]]:
    """Template, rule and severity of each finding."""
    return sorted((one.template, one.rule, one.severity.value) for one in result.findings)


@pytest.fixture(autouse=True)
def _two_rules(use_rules: UseRules) -> None:
    use_rules(CLOSED, TIER)


def test_a_category_is_re_rated_and_a_rule_of_it_again(tmp_path: Path) -> None:
    settings = '[severity]\ntier-separation = "low"\nAUTH = "medium"\ntierlens = "critical"\n'
    result = check(tmp_path, {"b.yaml": OPEN_QUEUE, "tierlens.toml": settings})
    assert found(result) == [("b.yaml", "AUTH001", "medium"), ("b.yaml", "TIER001", "low")]


def test_a_category_that_is_off_does_not_run(tmp_path: Path) -> None:
    result = check(tmp_path, {"b.yaml": OPEN_QUEUE, "tierlens.toml": '[severity]\ntier-separation = "off"\n'})
    assert (found(result), sorted(result.rules)) == ([("b.yaml", "AUTH001", "high")], ["AUTH001"])


def test_a_path_has_its_own_rules(tmp_path: Path) -> None:
    settings = '[paths."legacy/**"]\nignore = ["AUTH001"]\nseverity = { TIER = "low" }\n'
    result = check(tmp_path, {**FILES, "tierlens.toml": settings})

    assert found(result) == [
        ("b.yaml", "AUTH001", "high"),
        ("b.yaml", "TIER001", "critical"),
        ("legacy/a.yaml", "TIER001", "low"),
    ]
    (notice,) = remarks(result, "off-by-path")
    assert notice.message == "paths.'legacy/**' switches off AUTH001 there: 1 verdict (1 fail)"
    assert str(notice.span) == "tierlens.toml:1:2"


def test_what_is_off_by_path_makes_no_suppression_unused_and_no_baseline_stale(tmp_path: Path) -> None:
    files = {
        "legacy/a.yaml": OPEN_QUEUE.replace("Queue:\n", 'Queue:  # tierlens: ignore[AUTH001] reason="known"\n', 1)
    }
    baseline = (
        '{"baseline_version": 1, "entries": [{"rule": "AUTH001", "template": "legacy/a.yaml", "resource": "Queue", '
        '"fingerprint": "00", "status": "fail", "severity": "high", "reason": "r"}]}'
    )
    settings = 'baseline = "base.json"\n'
    off = settings + '[paths."legacy/**"]\nignore = ["api-auth"]\n'

    on_ = check(tmp_path, {**files, "base.json": baseline, "tierlens.toml": settings})
    off_ = check(tmp_path, {"tierlens.toml": off})

    assert [len(remarks(one, "baseline-stale")) for one in (on_, off_)] == [1, 0]
    assert [len(remarks(one, "suppression-unused")) for one in (on_, off_)] == [0, 0]
    assert found(off_) == [("legacy/a.yaml", "TIER001", "critical")]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            '[severity]\napi-aut = "low"\n',
            "tierlens.toml:2:1: severity: 'api-aut' matches no rule: did you mean 'api-auth'?",
        ),
        (
            '[paths.legacy]\nignore = ["TIER01"]\n',
            "tierlens.toml:2:1: paths.'legacy': 'TIER01' matches no rule: did you mean 'TIER001'?",
        ),
        (
            '[paths.legacy.severity]\nWAF999 = "off"\n',
            "tierlens.toml:2:1: paths.'legacy': 'WAF999' matches no rule",
        ),
    ],
)
def test_names_that_mean_nothing_are_refused_with_their_place(tmp_path: Path, settings: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(tmp_path, {"b.yaml": OPEN_QUEUE, "tierlens.toml": settings})
    assert refused.value.message.startswith(message)


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rules of ours, one of release 0.2, and one of another pack with a release 3.0 of its own."""
    packs = (
        RulePack("ours", (CLOSED, newer("AUTH002", "0.2")), is_ours=True),
        RulePack("theirs", (newer("ORG001", "3.0"),)),
    )
    monkeypatch.setattr(rule_choice, "load_rule_packs", lambda: packs)


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(
    ("settings", "held", "status"),
    [
        ("", {}, 1),
        ('rules-version = "0.2"\n', {}, 1),
        ('rules-version = "0.1"\n', {"AUTH002": "0.2"}, 1),
        ('rules-version = "0.1"\nselect = ["AUTH002"]\n', {"AUTH002": "0.2"}, 0),
        ('rules-version = "0.1"\nselect = ["ORG001"]\n', {}, 1),
    ],
)
def test_newer_rules_are_shown_and_do_not_gate(
    tmp_path: Path, settings: str, held: dict[str, str], status: int
) -> None:
    select = ("AUTH002",) if "AUTH002" in settings else ("ORG001",) if "ORG001" in settings else ()
    result = check(tmp_path, {"b.yaml": OPEN_QUEUE, "tierlens.toml": settings}, select=select)

    assert {one.rule: one.newer_than_pin for one in result.findings if one.newer_than_pin} == held
    assert {one.verdict for one in result.findings} == {Verdict.FAIL}
    assert exit_status(result, Severity.MEDIUM) == status
    assert [one.message for one in remarks(result, "rules-version")] == (
        ["rules-version 0.1: 1 failure and 0 unknown of newer rules do not close the gate: AUTH002 (0.2)"]
        if held
        else []
    )


def test_a_pin_of_the_future_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        pin_of(Settings(rules_version="9.9"), {"AUTH001": "0.1", "AUTH002": "0.2"})
    assert refused.value.message == "rules-version 9.9 is newer than this tierlens, whose rules are those of 0.2"


def test_what_another_engine_reports_too_still_gates(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, {"b.yaml": OPEN_QUEUE}, select=("AUTH001",)).findings
    shared = replace(finding, also=(AlsoReported("checkov", "CKV_AWS_1", "the same"),))
    held, _ = Pin("0.1", {"AUTH001": "0.2"}).hold([finding, shared])
    assert [one.newer_than_pin for one in held] == ["0.2", ""]
