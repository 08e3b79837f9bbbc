from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validator.triage.examples import finding
from validator.model import Finding, SettingsError, Severity, Suppression, SuppressionKind, Verdict
from validator.triage.baseline import Baseline, BaselineEntry, apply_baseline, entry_of
from validator.triage.baseline_file import baseline_text, read_baseline

TODAY = date(2026, 11, 23)
DEFAULTS = {"template": "template.yaml"}


def accepted(made: Finding, **changes: object) -> BaselineEntry:
    return replace(entry_of(made, "known since 2024", "team-a", date(2026, 1, 2), None), **changes)


def of(resource: str = "Api", **changes: object) -> Finding:
    return finding(resource, **{**DEFAULTS, **changes})


def apply(findings: list[Finding], *entries: BaselineEntry, templates: tuple[str, ...] = ("template.yaml",)):
    return apply_baseline(findings, Baseline(entries), TODAY, templates, lambda entry: entry.rule == "AUTH001")


def test_an_accepted_failure_is_suppressed_with_reason_owner_and_day():
    (judged,), remarks = apply([of()], accepted(of(), until=date(2026, 11, 23)))
    assert judged.verdict is Verdict.SUPPRESSED
    assert judged.suppression == Suppression(
        "known since 2024",
        None,
        date(2026, 11, 23),
        SuppressionKind.BASELINE,
        owner="team-a",
        since=date(2026, 1, 2),
    )
    assert remarks == ()


def test_a_lapsed_entry_leaves_the_failure_and_says_so():
    (judged,), (remark,) = apply([of()], accepted(of(), until=date(2026, 11, 22)))
    assert judged.verdict is Verdict.FAIL
    assert remark.code == "baseline-lapsed"
    assert remark.message == (
        "the baseline entry for AUTH001 on Api in template.yaml lapsed after 2026-11-22: the finding stands"
    )


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        ({"verdict": Verdict.UNKNOWN}, {}, "it was unknown and is a failure now"),
        ({"severity": Severity.MEDIUM}, {}, "its severity is high now, and was medium"),
        ({"scenario": {"IsDev": True}}, {}, "it holds under more conditions now"),
        ({"environments": ("dev",)}, {"environments": ("dev", "prod")}, "it holds in more environments now"),
    ],
)
def test_what_has_grown_is_not_what_was_accepted(then: dict, now: dict, why: str):
    (judged,), (remark,) = apply([of(**now)], accepted(of(**then)))
    assert judged.verdict is Verdict.FAIL
    assert (remark.code, remark.message) == (
        "baseline-outgrown",
        f"the baseline does not cover AUTH001 on Api in template.yaml: {why}",
    )


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({}, {"verdict": Verdict.UNKNOWN}),
        ({}, {"severity": Severity.LOW}),
        ({"scenario": {"IsDev": True}}, {"scenario": {"IsDev": True, "IsEu": False}}),
        ({"environments": ("dev", "prod")}, {"environments": ("dev",)}),
    ],
)
def test_what_has_shrunk_is_still_accepted(then: dict, now: dict):
    (judged,), remarks = apply([of(**now)], accepted(of(**then)))
    assert (judged.verdict, remarks) == (Verdict.SUPPRESSED, ())


def test_a_fixed_finding_makes_its_entry_stale():
    judged, (remark,) = apply([of("Other")], accepted(of(target="GET /a")))
    assert [one.verdict for one in judged] == [Verdict.FAIL]
    assert remark.code == "baseline-stale"
    assert remark.message == (
        "the baseline entry for AUTH001 on Api GET /a in template.yaml covers no finding: it is fixed"
    )


def test_a_pass_does_not_keep_an_entry_alive():
    _, (remark,) = apply([of(verdict=Verdict.PASS)], accepted(of()))
    assert remark.code == "baseline-stale"


def test_entries_of_templates_and_rules_that_did_not_run_are_left_alone():
    entries = (accepted(of(template="b.yaml")), accepted(of(rule="WAF001")))
    assert apply([], *entries) == ((), ())


def test_one_entry_covers_one_of_two_alike():
    judged, remarks = apply([of(), of(ordinal=1)], accepted(of()))
    assert [one.verdict for one in judged] == [Verdict.SUPPRESSED, Verdict.FAIL]
    assert remarks == ()


def test_a_renamed_file_keeps_its_entries():
    (judged,), remarks = apply([of(template="new.yaml")], accepted(of()), templates=("new.yaml",))
    assert (judged.verdict, remarks) == (Verdict.SUPPRESSED, ())


def test_the_same_fault_in_another_template_is_not_accepted():
    judged, _ = apply([of(template="b.yaml")], accepted(of()), templates=("template.yaml", "b.yaml"))
    assert [one.verdict for one in judged] == [Verdict.FAIL]


def test_a_renamed_file_is_not_guessed_between_two():
    two = [of(template="b.yaml"), of(template="c.yaml")]
    judged, _ = apply(two, accepted(of()), templates=("b.yaml", "c.yaml"))
    assert [one.verdict for one in judged] == [Verdict.FAIL, Verdict.FAIL]


def test_another_instance_of_a_nested_stack_is_not_accepted():
    judged, _ = apply([of(stack="Shop/Second")], accepted(of(stack="Shop/First")))
    assert [one.verdict for one in judged] == [Verdict.FAIL]


def test_each_environment_has_its_own_entry():
    two = [of(environments=("dev",)), of(environments=("prod",), message="worse")]
    judged, remarks = apply(two, accepted(two[0]), accepted(two[1]))
    assert [one.verdict for one in judged] == [Verdict.SUPPRESSED, Verdict.SUPPRESSED]
    assert remarks == ()


NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=8).map(lambda t: f"x{t}x")


@given(
    st.lists(st.tuples(NAMES, NAMES, st.sampled_from(Severity), st.booleans(), st.dates()), max_size=4, unique=True)
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, made: list):
    entries = tuple(
        BaselineEntry(
            "AUTH001", "a.yaml", resource, "0" * 32, Verdict.FAIL, severity, "why", target=target,
            scenario={"IsProd": flag}, environments=("prod",) if flag else (), until=day, since=day,
        )
        for resource, target, severity, flag, day in made
        if day.year > 999
    )  # fmt: skip
    path = tmp_path_factory.mktemp("baseline") / "tierlens-baseline.json"
    path.write_text(baseline_text(Baseline(entries)), encoding="utf-8")
    read = read_baseline(path, "b.json").entries
    key = repr
    assert sorted((replace(entry, span=None) for entry in read), key=key) == sorted(entries, key=key)
    assert baseline_text(Baseline(read)) == baseline_text(Baseline(entries))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "b.json:1:1: this is no baseline of tierlens: it needs baseline_version and the list entries"),
        ('{"baseline_version": 2, "entries": []}', "baseline_version is 2, and this tierlens reads 1"),
        ('{"baseline_version": 1, "entries": [1]}', "b.json:1:37: an entry has to be a map"),
        ('{"baseline_version": 1, "entries": [{"rul": "A"}]}', "b.json:1:38: unknown key 'rul' in an entry"),
        ('{"baseline_version": 1, "entries": [{}]}', "an entry needs the text 'reason'"),
        ('{"baseline_version": 1, "entries": [{"until": "soon"}]}', "'until' is no date: write YYYY-MM-DD"),
        ('{"baseline_version": 1, "entries": [{"status": "pass"}]}', "'status' has to be one of fail, unknown"),
        ('{"baseline_version": 1, "entries": [{"scenario": {"A": 1}}]}', "'scenario' has to map conditions"),
        ('{"baseline_version": 1, "entries": [{"environments": "dev"}]}', "'environments' has to be a list"),
        ("{", "the baseline cannot be read: "),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, said: str):
    path = tmp_path / "b.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_baseline(path, "b.json")
    assert said in f"{caught.value.span}: {caught.value.message}"


def test_a_missing_file_is_refused_with_what_to_do(tmp_path: Path):
    with pytest.raises(SettingsError) as caught:
        read_baseline(tmp_path / "none.json", "none.json")
    assert caught.value.message == "the baseline cannot be read: none.json cannot be read: No such file or directory"
    assert caught.value.hint == "write it with tierlens baseline write, or name another with --baseline"
