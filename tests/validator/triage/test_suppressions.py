from datetime import date

import pytest

from tests.validator.triage.examples import finding
from validator.model import Diagnostic, DiagnosticLevel, Evidence, Span, Verdict
from validator.triage import SuppressionEntry, Suppressions, apply_suppressions

SPAN = Span("template.yaml", 4, 9, 4, 60)
RULES = {"AUTH001", "AUTH002", "WAF001"}
TODAY = date(2026, 11, 23)


def entry(rule: str = "AUTH001", path: str = "template.yaml", until: date | None = None) -> SuppressionEntry:
    return SuppressionEntry(rule, "a reason", SPAN, path, frozenset({"Api"}), until)


def of(*entries: SuppressionEntry, templates: tuple[str, ...] = ("template.yaml",)) -> Suppressions:
    return Suppressions(entries, (), frozenset(templates))


@pytest.mark.parametrize(
    ("verdict", "after"),
    [
        (Verdict.FAIL, Verdict.SUPPRESSED),
        (Verdict.UNKNOWN, Verdict.SUPPRESSED),
        (Verdict.PASS, Verdict.PASS),
    ],
)
def test_only_what_may_be_accepted_is_suppressed(verdict, after):
    judged, _ = apply_suppressions([finding(verdict=verdict)], of(entry()), RULES, TODAY)
    assert judged[0].verdict is after


def test_the_order_is_kept_and_the_fingerprint_does_not_change():
    findings = [finding("B"), finding("Api"), finding("C")]
    judged, _ = apply_suppressions(findings, of(entry()), RULES, TODAY)
    assert [item.fingerprint for item in judged] == [item.fingerprint for item in findings]


def test_the_last_day_counts_and_the_day_after_does_not():
    until = of(entry(until=TODAY))
    judged, diagnostics = apply_suppressions([finding()], until, RULES, TODAY)
    assert (judged[0].verdict, diagnostics) == (Verdict.SUPPRESSED, ())
    judged, diagnostics = apply_suppressions([finding()], until, RULES, date(2026, 11, 24))
    assert judged == (finding(),)
    assert diagnostics == (
        Diagnostic(
            DiagnosticLevel.WARNING,
            "suppression-lapsed",
            "the suppression of AUTH001 lapsed after 2026-11-23: the finding stands",
            SPAN,
            "mend the finding, or decide anew with a later date",
        ),
    )


def test_a_valid_one_beside_a_lapsed_one_still_suppresses():
    both = of(entry(until=date(2026, 1, 1)), entry())
    judged, diagnostics = apply_suppressions([finding()], both, RULES, TODAY)
    assert judged[0].verdict is Verdict.SUPPRESSED
    assert [remark.code for remark in diagnostics] == ["suppression-lapsed"]


def test_an_unused_one_is_reported_unless_its_rule_did_not_run():
    _, diagnostics = apply_suppressions([finding("Other")], of(entry()), RULES, TODAY)
    assert diagnostics == (
        Diagnostic(
            DiagnosticLevel.WARNING,
            "suppression-unused",
            "the suppression of AUTH001 covers no finding",
            SPAN,
            "remove it",
        ),
    )
    assert apply_suppressions([], of(entry()), RULES, TODAY, ran_rule_ids={"WAF001"}) == ((), ())


@pytest.mark.parametrize(
    ("rule", "suffix"),
    [("AUTH01", ": did you mean 'AUTH001'?"), ("auth001", ": did you mean 'AUTH001'?"), ("ZZ", "")],
)
def test_a_rule_that_does_not_exist_is_an_error(rule, suffix):
    judged, diagnostics = apply_suppressions([finding()], of(entry(rule)), RULES, TODAY)
    assert judged == (finding(),)
    assert [(remark.level, remark.code, remark.message, remark.span) for remark in diagnostics] == [
        (
            DiagnosticLevel.ERROR,
            "suppression-unknown-rule",
            f"there is no rule '{rule}' to suppress{suffix}",
            SPAN,
        )
    ]


def test_one_template_does_not_speak_for_another():
    both = of(entry(), templates=("template.yaml", "b.yaml"))
    judged, _ = apply_suppressions([finding(), finding(path="b.yaml")], both, RULES, TODAY)
    assert [item.verdict for item in judged] == [Verdict.SUPPRESSED, Verdict.FAIL]


def test_a_finding_in_a_file_beside_belongs_to_the_template_its_evidence_names():
    both = of(entry(), templates=("template.yaml", "b.yaml"))
    step = Evidence("Api", "is defined by", Span("template.yaml", 2, 1, 2, 2))
    other = Evidence("Api", "is defined by", Span("b.yaml", 2, 1, 2, 2))
    findings = [
        finding(path="openapi.yaml", evidence=(step,)),
        finding(path="openapi.yaml", evidence=(other,)),
        finding(path="openapi.yaml", evidence=(step, other)),
        finding(path="openapi.yaml"),
    ]
    judged, _ = apply_suppressions(findings, both, RULES, TODAY)
    assert [item.verdict for item in judged] == [Verdict.SUPPRESSED, *[Verdict.FAIL] * 3]
    judged, _ = apply_suppressions(findings[3:], of(entry()), RULES, TODAY)
    assert judged[0].verdict is Verdict.SUPPRESSED


def test_the_suppressions_of_templates_are_joined():
    joined = of(entry()) | of(entry(path="b.yaml"), templates=("b.yaml",))
    assert joined.templates == {"template.yaml", "b.yaml"}
    assert [item.path for item in joined.entries] == ["template.yaml", "b.yaml"]
