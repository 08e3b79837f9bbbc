from datetime import date

import pytest

from tests.validator.triage.examples import finding, template
from validator.model import Suppression, Verdict
from validator.triage import apply_suppressions, collect_suppressions

HEAD = "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Metadata:\n      tierlens:\n"
TODAY = date(2026, 11, 23)


def collected(suppress: str):
    return collect_suppressions(template(HEAD + suppress))


def remarks(suppress: str) -> list[tuple[str, str, str, int, int]]:
    return [
        (remark.level.value, remark.code, remark.message, remark.span.line, remark.span.column)
        for remark in collected(suppress).diagnostics
    ]


@pytest.mark.parametrize(
    ("suppress", "rules"),
    [
        ("        suppress: [{rule: AUTH001, reason: public by design}]\n", ["AUTH001"]),
        ("        suppress: [{rule: [AUTH001, WAF001], reason: public by design}]\n", ["AUTH001", "WAF001"]),
        ("        suppress: {rule: AUTH001, reason: public by design}\n", ["AUTH001"]),
        ("        suppress: {AUTH001: public by design, WAF001: public by design}\n", ["AUTH001", "WAF001"]),
        ("        suppress: {AUTH001: {reason: public by design}}\n", ["AUTH001"]),
    ],
)
def test_every_form_is_read(suppress, rules):
    found = collected(suppress)
    assert found.diagnostics == ()
    assert [(entry.rule, entry.reason, entry.until, entry.line) for entry in found.entries] == [
        (rule, "public by design", None, None) for rule in rules
    ]
    assert {entry.logical_ids for entry in found.entries} == {frozenset({"Api"})}
    assert {(entry.path, entry.span.line) for entry in found.entries} == {("template.yaml", 6)}


def test_a_target_narrows_and_a_date_ends():
    found = collected("        suppress: [{rule: AUTH001, reason: r, target: GET /health, until: 2026-12-31}]\n")
    findings = [
        finding(target="GET /health"),
        finding(target="GET /healthy"),
        finding("Other", target="GET /health"),
        finding(target="GET /health", rule="AUTH002"),
    ]
    judged, diagnostics = apply_suppressions(findings, found, {"AUTH001", "AUTH002"}, TODAY)
    assert [entry.verdict for entry in judged] == [Verdict.SUPPRESSED, *[Verdict.FAIL] * 3]
    assert judged[0].suppression == Suppression("r", found.entries[0].span, date(2026, 12, 31))
    assert diagnostics == ()


@pytest.mark.parametrize(
    ("suppress", "remark"),
    [
        (
            "        suppress: [{rule: AUTH001}]\n",
            ("suppression-without-reason", "the suppression of AUTH001 gives no reason and has no effect", 6, 20),
        ),
        (
            "        suppress: [{rule: AUTH001, reason: ' '}]\n",
            ("suppression-without-reason", "the suppression of AUTH001 gives no reason and has no effect", 6, 20),
        ),
        (
            "        suppress: {AUTH001: }\n",
            ("suppression-without-reason", "the suppression of AUTH001 gives no reason and has no effect", 6, 20),
        ),
        ("        suppress: [{reason: r}]\n", ("suppression-invalid", "a suppression names no rule", 6, 20)),
        (
            "        suppress: [{rule: AUTH001, reason: r, until: 2026-13-01}]\n",
            ("suppression-invalid", "until is no date", 6, 54),
        ),
        (
            "        suppress: [{rule: AUTH001, reason: r, untill: 2026-12-01}]\n",
            (
                "suppression-invalid",
                "unknown key 'untill' in a suppression: did you mean 'until'?",
                6,
                47,
            ),
        ),
        (
            "        suppress: [{rule: AUTH001, reason: r, target: [GET /]}]\n",
            ("suppression-invalid", "target is no text", 6, 55),
        ),
        (
            "        suppress: [AUTH001]\n",
            ("suppression-invalid", "a suppression is a map with rule and reason", 6, 20),
        ),
        ("        suppress: AUTH001\n", ("suppression-invalid", "Metadata.tierlens.suppress is no list", 6, 19)),
        (
            "        supress: [{rule: AUTH001, reason: r}]\n",
            (
                "suppression-invalid",
                "unknown key 'supress' in Metadata.tierlens: did you mean 'suppress'?",
                6,
                9,
            ),
        ),
    ],
)
def test_what_is_written_wrongly_has_no_effect_and_is_an_error(suppress, remark):
    assert collected(suppress).entries == ()
    assert remarks(suppress) == [("error", *remark)]


def test_a_suppression_for_the_whole_template_is_an_error():
    found = collect_suppressions(
        template(
            "Metadata: {tierlens: {suppress: [{rule: AUTH001, reason: r}]}}\n"
            "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n"
        )
    )
    assert found.entries == ()
    assert [remark.message for remark in found.diagnostics] == ["a suppression for the whole template has no effect"]


def test_a_sam_resource_is_read_as_it_is_written():
    found = collect_suppressions(
        template(
            """\
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Fn:
                Type: AWS::Serverless::Function
                Metadata: {tierlens: {suppress: [{rule: AUTH001, reason: r}]}}
                Properties:
                  Handler: a.b
                  Runtime: python3.12
                  InlineCode: x
            """
        )
    )
    assert [(entry.rule, entry.logical_ids, entry.span.line) for entry in found.entries] == [
        ("AUTH001", frozenset({"Fn", "FnRole"}), 5)
    ]


def test_a_loop_writes_one_suppression_for_all_it_makes():
    found = collect_suppressions(
        template(
            """\
            Transform: AWS::LanguageExtensions
            Resources:
              Fn::ForEach::Apis:
                - Name
                - [One, Two]
                - Api${Name}:
                    Type: AWS::ApiGateway::RestApi
                    Metadata: {tierlens: {suppress: [{rule: AUTH001, reason: r}]}}
            """
        )
    )
    judged, diagnostics = apply_suppressions([finding("ApiOne"), finding("ApiTwo")], found, {"AUTH001"}, TODAY)
    assert [entry.verdict for entry in judged] == [Verdict.SUPPRESSED, Verdict.SUPPRESSED]
    assert diagnostics == ()


def test_an_owner_answers_for_it():
    found = collected("        suppress: [{rule: AUTH001, reason: r, owner: team-a}]\n")
    assert [(entry.rule, entry.owner) for entry in found.entries] == [("AUTH001", "team-a")]
    assert [entry.owner for entry in collected("        suppress: {AUTH001: {reason: r, owner: b}}\n").entries] == [
        "b"
    ]
