"""Where practices stand: a wrong *shown* is the worst thing that can happen here."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validator.lens.runs import ALL_RULES, TODAY, answer, finding, practice, question, reviewed, run
from validator.lens import (
    AnswerValue,
    Decidable,
    Effort,
    NoteKind,
    QuestionState,
    Reason,
    Risk,
    RiskRange,
    Standing,
    assess,
    coverage_table,
    load_lens,
)
from validator.lens.notes import STALE_AFTER
from validator.model import Diagnostic, DiagnosticLevel, EngineStatus, Finding, Severity, TemplateSummary, Verdict

FAIL, PASS, UNKNOWN, SUPPRESSED, REFUTED = (
    Verdict.FAIL,
    Verdict.PASS,
    Verdict.UNKNOWN,
    Verdict.SUPPRESSED,
    Verdict.REFUTED,
)
YES, NO, NOT_APPLICABLE = AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_APPLICABLE
ERROR = Diagnostic(DiagnosticLevel.ERROR, "rule-failed", "a rule failed")
MACRO = Diagnostic(DiagnosticLevel.WARNING, "macro", "a macro is not expanded")


@pytest.mark.parametrize(
    ("verdicts", "standing", "reason"),
    [
        ([PASS], Standing.SHOWN, Reason.PROVEN),
        ([PASS, REFUTED], Standing.SHOWN, Reason.PROVEN),
        ([PASS, FAIL], Standing.NOT_SHOWN, Reason.CONTRADICTED),
        ([PASS, UNKNOWN], Standing.OPEN, Reason.UNKNOWN),
        ([PASS, SUPPRESSED], Standing.OPEN, Reason.ACCEPTED),
        ([UNKNOWN, FAIL], Standing.NOT_SHOWN, Reason.CONTRADICTED),
        ([REFUTED], Standing.OPEN, Reason.NOTHING_TO_JUDGE),
    ],
)
def test_a_template_practice_is_decided_by_its_findings(
    verdicts: list[Verdict], standing: Standing, reason: Reason
) -> None:
    findings = [finding("AUTH001", "SEC1.a1", verdict, ordinal=n) for n, verdict in enumerate(verdicts)]
    found = practice(reviewed(*findings), "SEC1.a1")
    assert (found.standing, found.reason) == (standing, reason)


def test_a_rule_that_covers_a_small_part_shows_nothing_alone() -> None:
    pool = finding("AUTH009", "SEC1.a1", resource_type="AWS::Cognito::UserPool")
    found = practice(reviewed(pool, finding("WAF001", "SEC1.a3")), "SEC1.a1")
    assert (found.standing, found.reason, len(found.supporting)) == (Standing.OPEN, Reason.NOTHING_TO_JUDGE, 1)


def test_a_rule_that_did_not_run_keeps_the_practice_open() -> None:
    rules = tuple(name for name in ALL_RULES if name != "AUTH004")
    found = practice(reviewed(finding("AUTH001", "SEC1.a1"), rules=rules), "SEC1.a1")
    assert (found.standing, found.reason) == (Standing.OPEN, Reason.INCOMPLETE)


@pytest.mark.parametrize(
    ("checkov", "standing", "reason"),
    [
        (EngineStatus.RAN, Standing.SHOWN, Reason.PROVEN),
        (EngineStatus.OFF, Standing.OPEN, Reason.INCOMPLETE),
    ],
)
def test_an_engine_that_judges_an_essential_part_has_to_run(
    checkov: EngineStatus, standing: Standing, reason: Reason
) -> None:
    found = practice(reviewed(finding("FUNC009", "COST1.a2"), checkov=checkov), "COST1.a2")
    assert (found.standing, found.reason) == (standing, reason)


@pytest.mark.parametrize("verdict", [FAIL, Verdict.UNKNOWN])
def test_a_secret_in_the_environment_leaves_long_lived_keys_open(verdict: Verdict) -> None:
    own_role = finding("IAM005", "SEC2.a4", resource_type="AWS::Lambda::Function")
    secret = finding("FUNC007", ("SEC3.a4", "SEC2.a4"), verdict, resource_type="AWS::Lambda::Function")
    assert practice(reviewed(own_role), "SEC2.a4").standing is Standing.SHOWN
    assert practice(reviewed(own_role, secret), "SEC2.a4").standing is Standing.OPEN


def test_a_key_of_aws_in_the_environment_contradicts_temporary_credentials() -> None:
    own_role = finding("IAM005", "SEC2.a4", resource_type="AWS::Lambda::Function")
    key = finding("CKV_AWS_45", (), FAIL, resource_type="AWS::Lambda::Function", source="checkov")
    assert practice(reviewed(own_role, key), "SEC2.a4").contradicting == (key,)


def test_a_site_without_a_web_acl_does_not_contradict_the_protection_of_apis() -> None:
    api = finding("WAF001", "SEC1.a3")
    site = finding("WAF004", "SEC1.a3", FAIL, resource_type="AWS::Amplify::App")
    pool = finding("WAF004", "SEC1.a3", FAIL, resource_type="AWS::Cognito::UserPool")
    assert practice(reviewed(api, site), "SEC1.a3").standing is Standing.OPEN
    assert practice(reviewed(api, pool), "SEC1.a3").standing is Standing.NOT_SHOWN


def test_an_incomplete_run_shows_nothing_and_still_contradicts() -> None:
    review = reviewed(finding("AUTH001", "SEC1.a1"), finding("IAM010", "SEC2.a1", FAIL), diagnostics=(ERROR,))
    assert practice(review, "SEC1.a1").reason is Reason.INCOMPLETE
    assert practice(review, "SEC2.a1").standing is Standing.NOT_SHOWN


def test_the_pass_of_another_engine_shows_nothing() -> None:
    found = practice(reviewed(finding("AUTH001", "SEC1.a1", source="checkov")), "SEC1.a1")
    assert (found.standing, found.reason) == (Standing.OPEN, Reason.NOTHING_TO_JUDGE)


def test_a_gap_keeps_the_practice_for_people() -> None:
    found = practice(reviewed(finding("TIER002", "SEC2.a2")), "SEC2.a2")
    assert (found.standing, found.reason) == (Standing.OPEN, Reason.NEEDS_CONFIRMATION)


def test_advice_is_a_concern_and_no_contradiction() -> None:
    passed = finding("AUTH001", "SEC1.a1")
    advice = finding("AUTH009", "SEC1.a1", FAIL, severity=Severity.LOW, resource_type="AWS::Cognito::UserPool")
    found = practice(reviewed(passed, advice), "SEC1.a1")
    assert (found.standing, found.concerns) == (Standing.SHOWN, (advice,))


def test_advice_of_a_rule_that_decides_leaves_it_open() -> None:
    advice = finding("AUTH004", "SEC1.a1", FAIL, severity=Severity.LOW)
    found = practice(reviewed(finding("AUTH001", "SEC1.a1"), advice), "SEC1.a1")
    assert (found.standing, found.reason) == (Standing.OPEN, Reason.CONCERN)


@pytest.mark.parametrize("verdict", [UNKNOWN, SUPPRESSED])
def test_what_could_be_a_concern_only_keeps_nothing_open(verdict: Verdict) -> None:
    passed = finding("WAF001", "SEC1.a3")
    idle = finding("WAF007", "SEC1.a3", verdict, severity=Severity.LOW)
    assert practice(reviewed(passed, idle), "SEC1.a3").standing is Standing.SHOWN
    matters = finding("WAF005", "SEC1.a3", verdict)
    assert practice(reviewed(passed, matters), "SEC1.a3").standing is Standing.OPEN


def test_a_partial_practice_is_contradicted_but_never_shown_by_templates() -> None:
    shown = practice(reviewed(finding("IAM001", "SEC2.a3")), "SEC2.a3")
    assert (shown.standing, shown.reason) == (Standing.OPEN, Reason.NEEDS_CONFIRMATION)
    broken = practice(reviewed(finding("IAM001", "SEC2.a3", FAIL)), "SEC2.a3")
    assert (broken.standing, broken.reason) == (Standing.NOT_SHOWN, Reason.CONTRADICTED)


def test_findings_are_hints_only_where_people_answer() -> None:
    found = practice(reviewed(finding("X1", "SEC3.a3", FAIL)), "SEC3.a3")
    assert (found.standing, len(found.concerns), found.contradicting) == (Standing.OPEN, 1, ())


def test_a_rule_of_two_practices_counts_where_its_resource_belongs() -> None:
    both = ("SEC2.a1", "SEC2.a3")
    review = reviewed(
        finding("IAM007", both, FAIL, resource="Role", resource_type="AWS::IAM::Role"),
        finding("IAM007", both, FAIL, resource="Policy", resource_type="AWS::S3::BucketPolicy"),
    )
    assert [f.resource for f in practice(review, "SEC2.a3").contradicting] == ["Role"]
    assert [f.resource for f in practice(review, "SEC2.a1").contradicting] == ["Policy"]


def test_a_bare_question_and_an_unknown_practice_stand_nowhere_else() -> None:
    bare, foreign = finding("TIER009", "SEC2", FAIL), finding("ACME1", "XXX9.a1", FAIL)
    review = reviewed(bare, foreign, finding("ACME2", (), FAIL))
    assert question(review, "SEC2").findings == (bare,)
    assert [f.rule for f in review.unmapped] == ["ACME1", "ACME2"]
    assert all(not p.contradicting for p in review.practices)


# ------------------------------------------------------------------------------------------- applicability


def test_without_an_api_the_question_of_apis_does_not_apply() -> None:
    review = reviewed(finding("IAM010", "SEC2.a1", resource_type="AWS::SQS::QueuePolicy"))
    found = question(review, "SEC1")
    assert (found.state, found.risk) == (QuestionState.NOT_APPLICABLE, RiskRange(Risk.NONE, Risk.NONE))
    assert {p.reason for p in found.practices} == {Reason.NO_SUBJECT}
    assert practice(review, "REL1.a2").standing is Standing.NOT_APPLICABLE


@pytest.mark.parametrize(
    "present",
    [
        finding("AUTH001", "SEC1.a1", UNKNOWN, resource_type="AWS::Serverless::Function"),
        finding("IAM001", "SEC2.a3", resource_type="AWS::AppSync::GraphQLApi"),
        finding("AUTH003", "SEC1.a1", SUPPRESSED, resource_type="AWS::Lambda::Url"),
    ],
    ids=["an operation", "a resource", "a function URL"],
)
def test_an_api_of_any_kind_makes_it_apply(present: Finding) -> None:
    assert question(reviewed(present), "SEC1").state is not QuestionState.NOT_APPLICABLE


@pytest.mark.parametrize("given", [{"diagnostics": (MACRO,)}, {"readable": False}, {"rules": ("IAM010",)}])
def test_what_was_not_read_proves_no_absence(given: dict[str, object]) -> None:
    review = reviewed(finding("IAM010", "SEC2.a1", resource_type="AWS::SQS::QueuePolicy"), **given)
    assert question(review, "SEC1").state is QuestionState.UNANSWERED


def test_quotas_apply_to_rest_apis_only() -> None:
    http = finding("AUTH001", "SEC1.a1", resource_type="AWS::ApiGatewayV2::Api")
    implicit = finding("AUTH001", "SEC1.a1", resource_type="AWS::Serverless::Function")
    assert practice(reviewed(http), "REL1.a2").standing is Standing.NOT_APPLICABLE
    assert practice(reviewed(implicit), "REL1.a2").standing is Standing.OPEN
    assert practice(reviewed(finding("WAF001", "SEC1.a3")), "REL1.a2").standing is Standing.OPEN


# ------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("verdict", "said", "standing", "reason", "contradicted"),
    [
        (PASS, YES, Standing.SHOWN, Reason.PROVEN, None),
        (PASS, NO, Standing.NOT_SHOWN, Reason.DENIED, "said-no"),
        (PASS, NOT_APPLICABLE, Standing.SHOWN, Reason.PROVEN, "said-not-applicable"),
        (FAIL, YES, Standing.NOT_SHOWN, Reason.CONTRADICTED, "said-yes"),
        (FAIL, NO, Standing.NOT_SHOWN, Reason.CONTRADICTED, None),
        (FAIL, NOT_APPLICABLE, Standing.NOT_SHOWN, Reason.CONTRADICTED, "said-not-applicable"),
        (UNKNOWN, YES, Standing.SHOWN, Reason.CONFIRMED, None),
        (UNKNOWN, NO, Standing.NOT_SHOWN, Reason.DENIED, None),
        (SUPPRESSED, NOT_APPLICABLE, Standing.NOT_APPLICABLE, Reason.EXCLUDED, None),
    ],
)
def test_people_decide_what_is_open_and_the_worse_wins(
    verdict: Verdict, said: AnswerValue, standing: Standing, reason: Reason, contradicted: str | None
) -> None:
    found = finding("AUTH001", "SEC1.a1", verdict)
    review = reviewed(found, answers=(answer("SEC1.a1", said),))
    result = practice(review, "SEC1.a1")
    kind = None if result.contradiction is None else result.contradiction.kind.value
    assert (result.standing, result.reason, kind) == (standing, reason, contradicted)
    assert [c.findings for c in review.contradictions] == ([(found,)] if contradicted else [])


def test_a_question_that_people_exclude_keeps_what_is_contradicted() -> None:
    said = answer("SEC2", NOT_APPLICABLE)
    review = reviewed(finding("IAM010", "SEC2.a1", FAIL), answers=(said,))
    result = question(review, "SEC2")
    assert [p.standing.value for p in result.practices] == [
        "not-shown",
        "not-applicable",
        "not-applicable",
        "not-applicable",
    ]
    assert (result.answer, result.risk) == (said, RiskRange(Risk.HIGH, Risk.HIGH))


def test_remarks_on_answers() -> None:
    old = answer("SEC3.a1", YES, when=answer("x", YES).when - STALE_AFTER * 2, line=2)  # type: ignore[operator]
    bare = answer("SEC3.a3", YES, by="", when=None, line=6)
    idle = answer("SEC1.a1", YES, line=9)
    review = reviewed(finding("AUTH001", "SEC1.a1"), answers=(idle, bare, old))
    assert [(note.kind, note.answer.subject) for note in review.notes] == [
        (NoteKind.STALE, "SEC3.a1"),
        (NoteKind.UNDATED, "SEC3.a3"),
        (NoteKind.UNSIGNED, "SEC3.a3"),
        (NoteKind.NOT_NEEDED, "SEC1.a1"),
    ]


# ------------------------------------------------------------------------------------------- risk and plan


@pytest.mark.parametrize(
    ("answers", "state", "best", "worst"),
    [
        ({}, QuestionState.UNANSWERED, Risk.NONE, Risk.HIGH),
        ({"a1": YES, "a4": YES}, QuestionState.PARTLY, Risk.NONE, Risk.MEDIUM),
        ({"a1": YES, "a4": NO}, QuestionState.DECIDED, Risk.HIGH, Risk.HIGH),
        ({"a2": NO}, QuestionState.PARTLY, Risk.MEDIUM, Risk.HIGH),
        ({"a1": YES, "a4": YES, "a3": NO}, QuestionState.DECIDED, Risk.MEDIUM, Risk.MEDIUM),
        (dict.fromkeys(("a1", "a4", "a2", "a3", "a5"), YES), QuestionState.DECIDED, Risk.NONE, Risk.NONE),
        (
            dict.fromkeys(("a1", "a4", "a2", "a3", "a5"), NOT_APPLICABLE),
            QuestionState.NOT_APPLICABLE,
            Risk.NONE,
            Risk.NONE,
        ),
    ],
)
def test_the_risk_is_a_range_from_best_to_worst(
    answers: dict[str, AnswerValue], state: QuestionState, best: Risk, worst: Risk
) -> None:
    review = reviewed(answers=tuple(answer(f"SEC3.{name}", said) for name, said in answers.items()))
    found = question(review, "SEC3")
    assert (found.state, found.risk) == (state, RiskRange(best, worst))


@given(st.dictionaries(st.sampled_from(sorted(load_lens().practices)), st.sampled_from(AnswerValue)))
def test_more_answers_never_widen_the_range(answers: dict[str, AnswerValue]) -> None:
    # With an API there, all applies: an answer to what does not apply would open it anew.
    api = finding("WAF001", "SEC1.a3", Verdict.UNKNOWN)
    said = tuple(answer(name, value) for name, value in answers.items())
    fewer, all_of_them = reviewed(api, answers=said[:-1]), reviewed(api, answers=said)
    for before, after in zip(fewer.questions, all_of_them.questions, strict=True):
        assert before.risk.best.rank <= before.risk.worst.rank
        if after.state is not QuestionState.NOT_APPLICABLE and before.state is not QuestionState.NOT_APPLICABLE:
            assert before.risk.best.rank <= after.risk.best.rank <= after.risk.worst.rank <= before.risk.worst.rank


def test_pillars_count_questions_by_level() -> None:
    review = reviewed(finding("AUTH001", "SEC1.a1", FAIL), finding("IAM010", "SEC2.a1", FAIL))
    security = next(pillar for pillar in review.pillars if pillar.pillar.id == "security")
    assert security.counts.best == {Risk.NONE: 1, Risk.MEDIUM: 1, Risk.HIGH: 1}
    assert security.counts.worst == {Risk.NONE: 0, Risk.MEDIUM: 0, Risk.HIGH: 3}
    assert security.counts.unanswered == 1


def test_the_plan_begins_with_the_highest_risk_then_severity_then_effort() -> None:
    many = [finding("IAM001", "SEC2.a3", FAIL, resource=f"Role{n}", severity=Severity.MEDIUM) for n in range(20)]
    review = reviewed(
        *many,
        finding("AUTH001", "SEC1.a1", FAIL, severity=Severity.MEDIUM),
        finding("AUTH002", "SEC1.a1", FAIL, severity=Severity.CRITICAL, resource="Other"),
        finding("IAM010", "SEC2.a1", FAIL, severity=Severity.LOW, resource_type="AWS::SQS::QueuePolicy"),
        finding("WAF001", "SEC1.a3", FAIL, severity=Severity.MEDIUM),
        answers=(answer("SEC3.a1", NO),),
    )
    assert [(i.position, i.practice.id, i.risk, i.effort) for i in review.plan] == [
        (1, "SEC1.a3", Risk.HIGH, Effort.SMALL),
        (2, "SEC3.a1", Risk.HIGH, Effort.UNKNOWN),
        (3, "SEC1.a1", Risk.MEDIUM, Effort.SMALL),
        (4, "SEC2.a3", Risk.MEDIUM, Effort.LARGE),
    ]
    assert [(step.rule, step.fix) for step in review.plan[2].steps] == [
        ("AUTH002", "mend Other"),
        ("AUTH001", "mend Thing"),
    ]


# ------------------------------------------------------------------------------------------- the table


def test_only_practices_that_templates_decide_are_decided_by_rules() -> None:
    lens = load_lens().practices
    decided = {name for name, practice in lens.items() if practice.decidable is Decidable.TEMPLATE}
    assert set(coverage_table().practices) == decided


def test_the_table_names_what_there_is() -> None:
    from rules import pack

    table, lens = coverage_table(), load_lens().practices
    practices_of = {rule.meta.id: rule.meta.lens for rule in pack()}
    practices_of |= {rule: names for (_, rule), names in table.engine_rules.items()}
    for concern in table.concerns:
        assert concern.practice in practices_of[concern.rule], concern
    for rule, name in table.applies:
        assert name in practices_of[rule], rule
    for name, coverage in table.practices.items():
        assert {rule for rule in coverage.decided_by if name not in practices_of[rule]} == set(), name
    for presence in table.presence.values():
        assert presence.rules <= practices_of.keys()
    assert {name for names in table.engine_rules.values() for name in names} <= lens.keys()


def test_every_practice_that_templates_bear_on_is_served() -> None:
    from rules import pack

    served = {name for rule in pack() for name in rule.meta.lens}
    served |= {name for names in coverage_table().engine_rules.values() for name in names}
    wanted = {p.id for p in load_lens().practices.values() if p.decidable is not Decidable.INTERVIEW}
    assert wanted - served == set()


def test_a_practice_that_own_rules_judge_is_decided_by_some_of_them() -> None:
    from rules import pack

    table = coverage_table()
    always = {(concern.rule, concern.practice) for concern in table.concerns if concern.severity is None}
    judged = {name for rule in pack() for name in rule.meta.practices if (rule.meta.id, name) not in always}
    silent = {name for name, coverage in table.practices.items() if name in judged and not coverage.decided_by}
    assert silent == set(), "say in validator/lens/data/coverage.yaml which of their rules decide them"


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("API009", "REL1.a2"),
        ("FUNC010", "COST1.a2"),
        ("FUNC084", "OPS2.a1"),
        ("PROT003", "SEC2.a1"),
        ("PROT009", "REL2.a3"),
    ],
)
def test_what_bears_on_a_practice_from_the_side_contradicts_nothing(rule: str, name: str) -> None:
    aside = finding(rule, name, FAIL, severity=Severity.LOW)
    found = practice(reviewed(aside, finding("WAF001", "SEC1.a3")), name)
    assert (found.standing, found.contradicting, found.concerns) == (Standing.OPEN, (), (aside,))


def test_mapped_rules_of_other_engines_are_installed() -> None:
    from validator.engines import all_engine_rules

    known = {(rule.engine, rule.id) for rule in all_engine_rules()}
    assert coverage_table().engine_rules.keys() - known == set()


@pytest.mark.parametrize(
    ("paths", "title"),
    [
        (("shop/template.yaml",), "shop/template.yaml"),
        (("shop/a/c/t.yaml", "shop/b/c/t.yaml"), "shop"),
        (("/srv/shop/a/t.yaml", "/srv/shop/b/t.yaml"), "/srv/shop"),
        (("/a/t.yaml", "/b/t.yaml"), "work"),
        (("a.yaml", "b/c.yaml"), "work"),
        ((), "work"),
    ],
)
def test_a_workload_is_named_by_the_folder_of_its_templates(paths: tuple[str, ...], title: str) -> None:
    templates = tuple(TemplateSummary(path, "sam", 1, readable=True) for path in paths)
    review = replace(run(), templates=templates, root=Path("work"))
    assert assess(review, today=TODAY).title == title
