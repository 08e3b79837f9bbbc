"""Several reports of one fault become one finding; nothing that fails is lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.model import (
    AlsoReported,
    Category,
    Evidence,
    Finding,
    Refutation,
    Severity,
    Span,
    Suppression,
    Verdict,
)
from validator.triage.same_property import merge_same_property

_ORDER = {Verdict.FAIL: 3, Verdict.UNKNOWN: 2, Verdict.SUPPRESSED: 1, Verdict.REFUTED: 0, Verdict.PASS: 0}


def span(line: int) -> Span:
    return Span("template.yaml", line, 3, line, 9)


def finding(
    source: str,
    rule: str,
    verdict: Verdict = Verdict.FAIL,
    *,
    resource: str = "Get",
    line: int = 5,
    severity: Severity = Severity.LOW,
    target: str = "",
    message: str = "",
    evidence: tuple[Evidence, ...] = (),
    stack: str = "",
    practices: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        rule=rule,
        category=Category.API_AUTH,
        verdict=verdict,
        severity=severity,
        resource=resource,
        resource_type="AWS::ApiGateway::Method",
        message=message or f"{rule} of {resource}",
        why="why",
        fix="fix",
        span=span(line),
        target=target,
        source=source,
        template="template.yaml",
        evidence=evidence,
        stack=stack,
        practices=practices,
    )


OWN = finding("tierlens", "AUTH001", severity=Severity.MEDIUM, target="GET /", line=4)
THEIRS = finding("checkov", "CKV_AWS_59", severity=Severity.HIGH)
ALSO = AlsoReported("checkov", "CKV_AWS_59", "CKV_AWS_59 of Get", span(5))


def test_our_finding_leads_and_keeps_its_severity() -> None:
    assert merge_same_property([THEIRS, OWN]) == (replace(OWN, also=(ALSO,)),)


def test_another_resource_or_template_or_property_is_another_fault() -> None:
    for other in (
        replace(THEIRS, resource="Post"),
        replace(THEIRS, template="other.yaml"),
        replace(THEIRS, rule="CKV_AWS_76"),
    ):
        assert merge_same_property([OWN, other]) == (OWN, other)


def test_of_several_of_ours_the_one_at_the_place_takes_it_in_then_the_worst() -> None:
    worst = replace(OWN, rule="IAM003", target="statement 1", span=span(20), severity=Severity.CRITICAL)
    other = replace(OWN, rule="IAM003", target="statement 2", span=span(30))
    for line, lead in ((30, other), (31, worst)):
        theirs = replace(THEIRS, rule="CKV_AWS_111", span=span(line), severity=Severity.MEDIUM)
        also = (AlsoReported("checkov", "CKV_AWS_111", theirs.message, span(line)),)
        merged = [replace(own, also=also) if own is lead else own for own in (worst, other)]
        assert merge_same_property([worst, other, theirs]) == tuple(merged)


def test_a_lesser_fault_near_it_does_not_take_it_in() -> None:
    lesser = replace(OWN, rule="IAM003", severity=Severity.LOW)
    theirs = replace(THEIRS, rule="CKV_AWS_111", severity=Severity.MEDIUM)
    assert merge_same_property([lesser, theirs]) == (lesser, theirs)


def test_checks_that_are_only_near_each_other_are_not_one_without_ours() -> None:
    exfiltration, writes = finding("checkov", "CKV_AWS_108"), finding("checkov", "CKV_AWS_111")
    assert merge_same_property([exfiltration, writes]) == (exfiltration, writes)


def test_our_proof_refutes_what_our_rule_decides() -> None:
    step = Evidence("Api", "is a private API")
    proof = replace(OWN, verdict=Verdict.PASS, message="Get is guarded", evidence=(step,))
    refuted = replace(THEIRS, verdict=Verdict.REFUTED, refutation=Refutation("Get is guarded (AUTH001)", (step,)))
    assert merge_same_property([proof, THEIRS]) == (proof, refuted)


def test_our_proof_does_not_refute_what_our_rule_does_not_decide() -> None:
    proof = replace(OWN, rule="IAM003", verdict=Verdict.PASS)
    theirs = replace(THEIRS, rule="CKV_AWS_111")
    assert merge_same_property([proof, theirs]) == (proof, theirs)


def test_one_failing_stack_keeps_a_report_from_being_refuted() -> None:
    held = replace(OWN, verdict=Verdict.PASS, stack="Shop/Private")
    broken = replace(OWN, stack="Shop/Public")
    assert merge_same_property([held, broken, THEIRS]) == (held, replace(broken, also=(ALSO,)))


def test_what_we_leave_open_an_engine_does_not_settle() -> None:
    undecided = replace(OWN, verdict=Verdict.UNKNOWN)
    assert merge_same_property([undecided, THEIRS]) == (replace(undecided, also=(ALSO,)),)


def test_an_unknown_of_a_rule_that_does_not_decide_leaves_the_failure() -> None:
    undecided = replace(OWN, rule="PROT005", verdict=Verdict.UNKNOWN)
    theirs = replace(THEIRS, rule="CKV_AWS_28")
    assert merge_same_property([undecided, theirs]) == (undecided, theirs)


def test_who_accepts_our_finding_accepts_the_fault() -> None:
    accepted = replace(OWN, verdict=Verdict.SUPPRESSED, suppression=Suppression("known", None))
    assert merge_same_property([accepted, THEIRS]) == (replace(accepted, also=(ALSO,)),)
    more = replace(OWN, target="POST /")
    assert merge_same_property([accepted, more, THEIRS]) == (accepted, replace(more, also=(ALSO,)))


def test_an_engines_own_suppression_accepts_that_engines_report_only() -> None:
    theirs = replace(THEIRS, verdict=Verdict.SUPPRESSED, suppression=Suppression("theirs", None))
    assert merge_same_property([OWN, theirs]) == (OWN, theirs)


def test_a_pass_of_an_engine_beside_our_failure_is_left_out_where_we_decide() -> None:
    theirs = replace(THEIRS, verdict=Verdict.PASS)
    assert merge_same_property([OWN, theirs]) == (OWN,)
    other_own, other = replace(OWN, rule="IAM003"), replace(theirs, rule="CKV_AWS_111")
    assert merge_same_property([other_own, other]) == (other_own, other)


def test_the_target_of_a_topic_counts() -> None:
    mfa = replace(OWN, rule="AUTH009", target="MFA")
    guests = replace(OWN, rule="AUTH009", target="guests")
    theirs = replace(THEIRS, rule="CKV_AWS_366")
    also = AlsoReported("checkov", "CKV_AWS_366", theirs.message, theirs.span)
    assert merge_same_property([mfa, theirs]) == (mfa, theirs)
    assert merge_same_property([mfa, guests, theirs]) == (mfa, replace(guests, also=(also,)))


def test_our_own_rules_on_one_statement_are_one_finding() -> None:
    tier = finding("tierlens", "TIER005", severity=Severity.LOW, target="statement 1", practices=("SEC2.a1",))
    iam = finding("tierlens", "IAM010", severity=Severity.HIGH, target="policy statement 1", practices=("SEC1.a1",))
    elsewhere = replace(iam, span=span(9))
    also = AlsoReported("tierlens", "IAM010", iam.message, iam.span)
    merged = replace(tier, severity=Severity.HIGH, practices=("SEC2.a1", "SEC1.a1"), also=(also,))
    assert merge_same_property([iam, tier, elsewhere]) == (merged, elsewhere)


def test_among_engines_the_worst_leads_then_the_most_exact() -> None:
    runtime = finding("checkov", "CKV_AWS_363", severity=Severity.MEDIUM)
    warned = finding("cfn-lint", "W2531", severity=Severity.LOW, target="Properties.Runtime")
    blocked = finding("cfn-lint", "E2533", severity=Severity.HIGH, target="Properties.Runtime")
    (one,) = merge_same_property([runtime, warned, blocked])
    assert one.rule == "E2533"
    assert [also.rule for also in one.also] == ["CKV_AWS_363", "W2531"]


def test_the_four_switches_of_a_block_are_one_fault() -> None:
    rules = ("CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56")
    four = [finding("checkov", rule, resource="Uploads", severity=Severity.MEDIUM) for rule in rules]
    (one,) = merge_same_property(four)
    assert (one.rule, [also.rule for also in one.also]) == ("CKV_AWS_53", list(rules[1:]))
    proof = finding("tierlens", "TIER005", Verdict.PASS, resource="Uploads", target="public access block")
    assert [item.rule for item in merge_same_property([proof, *four])] == ["TIER005", "CKV_AWS_53"]


def test_a_port_is_only_merged_with_itself() -> None:
    ssh = finding("checkov", "CKV_AWS_24")
    other = finding("cloudformation-validate", "W2508", message="open access to sensitive port 3306 (range 0-9999)")
    same = replace(other, message="open access to sensitive port 22 (range 22-22)")
    assert merge_same_property([ssh, other]) == (ssh, other)
    assert len(merge_same_property([ssh, other, same])) == 2


@pytest.mark.parametrize(("first", "second"), [("W2001", "W2001"), ("E3003", "F3003")])
def test_rules_that_two_engines_share_are_one_at_one_place(first: str, second: str) -> None:
    lint = finding("cfn-lint", first, target="Properties", line=7)
    same = finding("cloudformation-validate", second, target="Properties.Name", line=8)
    elsewhere = finding("cloudformation-validate", second, target="Metadata", line=30)
    also = AlsoReported("cloudformation-validate", second, same.message, same.span)
    assert merge_same_property([lint, same, elsewhere]) == (replace(lint, also=(also,)), elsewhere)


def test_one_report_takes_in_one_twin() -> None:
    lint = finding("cfn-lint", "W2010", target="", line=7)
    twins = [finding("cloudformation-validate", "W2010", target=f"Metadata.{name}", line=9) for name in "ab"]
    assert [len(item.also) for item in merge_same_property([lint, *twins])] == [1, 0]


_RULES = (
    ("tierlens", "AUTH001", "GET /"),
    ("tierlens", "IAM003", "statement 1"),
    ("tierlens", "PROT005", ""),
    ("tierlens", "TIER005", "public access block"),
    ("checkov", "CKV_AWS_59", ""),
    ("checkov", "CKV_AWS_111", ""),
    ("checkov", "CKV_AWS_28", ""),
    ("checkov", "CKV_AWS_53", ""),
    ("checkov", "CKV_AWS_363", ""),
    ("cfn-lint", "W2531", "Properties.Runtime"),
    ("cloudformation-validate", "W2531", "Properties.Runtime"),
)
_FINDINGS = st.lists(
    st.builds(
        lambda rule, verdict, resource, line, severity: finding(
            rule[0], rule[1], verdict, resource=resource, line=line, severity=severity, target=rule[2]
        ),
        st.sampled_from(_RULES),
        st.sampled_from([Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS]),
        st.sampled_from(["Get", "Post"]),
        st.integers(1, 9),
        st.sampled_from(Severity),
    ),
    max_size=12,
)


@given(_FINDINGS)
def test_no_failure_is_lost(found: list[Finding]) -> None:
    """A failing report is left, taken in, or refuted by a rule of ours that decides and holds."""
    merged = merge_same_property(found)
    spoken = {(item.source, item.rule, item.resource) for item in merged}
    spoken |= {(also.source, also.rule, item.resource) for item in merged for also in item.also}
    failing = [item for item in found if item.verdict is Verdict.FAIL]
    assert {(item.source, item.rule, item.resource) for item in failing} <= spoken
    for item in merged:
        if item.verdict is Verdict.REFUTED:
            own = {one.verdict for one in found if (one.rule, one.resource) == ("AUTH001", item.resource)}
            assert (item.rule, own) == ("CKV_AWS_59", {Verdict.PASS})


@given(_FINDINGS)
def test_our_failures_stand(found: list[Finding]) -> None:
    def failures(items: object) -> list[tuple[str, str, int]]:
        assert isinstance(items, list | tuple)
        return [
            (item.rule, item.resource, item.span.line)
            for item in items
            if item.source == "tierlens" and item.verdict is Verdict.FAIL
        ]

    assert failures(merge_same_property(found)) == failures(found)


@given(_FINDINGS)
def test_merging_twice_is_merging_once(found: list[Finding]) -> None:
    once = merge_same_property(found)
    assert [item.rule for item in merge_same_property(once)] == [item.rule for item in once]
