"""A template is hostile input: none of its strings may act on a terminal, forge a line or break a format."""

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.json_report import writer as json_writer
from reports.schema import v1
from reports.text import writer as text_writer
from reports.text.plain import width_of
from tests.reports.conftest import TICKETS, UNKNOWN_DATABASE, WILDCARD, only
from validator.model import (
    Diagnostic,
    DiagnosticLevel,
    Evidence,
    Finding,
    Missing,
    ReportOptions,
    Review,
    Span,
    Suppression,
    Verdict,
)

HOSTILE = [
    "</script><script>alert(1)</script>",
    "\x1b[2J\x1b]0;owned\x07\x9b31m",
    "ok\nfail  critical  AUTH001  Forged\r\nNothing at or above low.",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "[bold red]markup[/bold red] [/] :smile: [link=https://example.com]x[/link]",
    "\ud800 lone \udfff",
    "x" * 10_000,
    "予約" * 5_000,
    "",
    " \t ",
    "a\x00b",
    "\u0301\u0301",
]


def hostile_review(review: Review, text: str) -> Review:
    """Every string that a template can supply is ``text``."""
    span = Span(text or "t", 1, 1, 1, 4)
    finding = replace(
        WILDCARD,
        resource=text,
        resource_type=text,
        target=text,
        message=text,
        why=text,
        fix=text,
        span=span,
        evidence=(Evidence(text, text, span),),
        scenario={text: True},
        missing=(Missing(text, text, text),),
    )
    unknown = replace(finding, verdict=Verdict.UNKNOWN)
    suppressed = replace(finding, verdict=Verdict.SUPPRESSED, suppression=Suppression(text, span))
    passed = replace(finding, verdict=Verdict.PASS)
    findings = (finding, unknown, suppressed, passed)
    remark = Diagnostic(DiagnosticLevel.WARNING, "duplicate-key", text, span, text)
    return replace(only(review, *findings, diagnostics=(remark,)), sources={span.path: f"{text}: {text}"})


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("options", [ReportOptions(verbose=2), ReportOptions(quiet=True)], ids=["full", "quiet"])
def test_text_report_is_harmless(review: Review, text: str, options: ReportOptions) -> None:
    report = text_writer.write(hostile_review(review, text), options)
    assert report.encode()
    assert all(line.isprintable() or all(map(harmless, line)) for line in report.split("\n"))
    assert not any(line.startswith("fail  critical  AUTH001") for line in report.split("\n"))
    assert report.count("at or above low") == 1 or "Nothing at or above low." in text
    assert len(report) < 60_000


def harmless(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"


def test_escape_sequences_and_marks_are_shown_not_obeyed(review: Review) -> None:
    finding = replace(WILDCARD, resource="A\x1b[31m\u202eB", message="one\ntwo [bold]three[/bold]")
    report = text_writer.write(only(review, finding), ReportOptions())
    assert "fail  critical  IAM001  A\\x1b[31m\\u202eB\n  one\\ntwo [bold]three[/bold]\n" in report


def test_a_log_of_github_actions_holds_no_command(review: Review) -> None:
    finding = replace(WILDCARD, message="::stop-commands::x", fix="::add-mask::y\n::add-mask::z", why="##[add-mask]w")
    for options in (ReportOptions(), ReportOptions(quiet=True), ReportOptions(color=True)):
        report = text_writer.write(only(review, finding), options)
        assert not any(line.lstrip().startswith("::") for line in report.split("\n"))
        assert "##[" not in report
    assert "\n  : :stop-commands::x\n" in text_writer.write(only(review, finding), ReportOptions())


def test_coloured_report_holds_our_own_sequences_only(review: Review) -> None:
    finding = replace(WILDCARD, resource="\x1b[5mA", target="\x1b]8;;https://example.com\x1b\\")
    report = text_writer.write(only(review, finding), ReportOptions(color=True))
    assert "\x1b[5m" not in report
    assert "\x1b]" not in report


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_json_report_is_valid_and_harmless(review: Review, text: str) -> None:
    report = json_writer.write(hostile_review(review, text), ReportOptions())
    report.encode()
    assert all(character == "\n" or harmless(character) for character in report)
    finding = json.loads(report)["findings"][0]
    assert finding["message"] == v1.without_lone_surrogates(text)


def test_lone_surrogates_become_replacement_characters(review: Review) -> None:
    finding = replace(WILDCARD, message="a\ud800b", scenario={"C\udfff": True})
    (shown,) = json.loads(json_writer.write(only(review, finding), ReportOptions()))["findings"]
    assert (shown["message"], shown["scenario"]) == ("a\ufffdb", {"C\ufffd": True})


def test_other_scripts_and_emoji_stay_as_they_are(review: Review) -> None:
    message = "予約 é Ж \U0001f512 \u05d0"
    finding = replace(WILDCARD, message=message)
    assert f'"message": "{message}"' in json_writer.write(only(review, finding), ReportOptions())
    assert f"  {message}\n" in text_writer.write(only(review, finding), ReportOptions())


NAMES = st.text(st.characters(), max_size=40)


def subject(template: Finding, name: str, phrase: str) -> Finding:
    return replace(template, resource=name, message=phrase, evidence=(Evidence(name, phrase, template.span),))


@settings(max_examples=60)
@given(name=NAMES, phrase=NAMES, source=st.text(max_size=300), width=st.integers(60, 200))
def test_any_text_at_any_width(name: str, phrase: str, source: str, width: int) -> None:
    findings = (subject(WILDCARD, name, phrase), subject(UNKNOWN_DATABASE, name, phrase))
    review = Review(
        version="0",
        templates=(),
        findings=findings,
        diagnostics=(),
        rules={},
        sources={TICKETS: "\n" * 12 + source},
        root=Path(),
    )
    report = text_writer.write(review, ReportOptions(width=width))
    *lines, _outcome = report.rstrip("\n").split("\n")
    assert all(width_of(line) <= width for line in lines)
    assert json.loads(json_writer.write(review, ReportOptions()))["summary"]["totals"]["fail"] == 1
