"""Whatever a template's strings hold, each format is read back whole, with as many entries as there are findings."""

import csv
import io
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.csv_report import COLUMNS
from reports.csv_report import writer as csv_writer
from reports.github import writer as github
from reports.gitlab import writer as gitlab
from reports.json_report import writer as json_writer
from reports.junit import writer as junit
from reports.markdown import writer as markdown
from reports.markdown.room import LIMIT
from reports.sarif import writer as sarif
from reports.text import writer as text_writer
from tests.reports.conftest import MERGED, REFUTED, SUPPRESSED_HEALTH, WILDCARD
from tests.reports.test_hostile_strings import HOSTILE
from tests.reports.test_markdown_report import OURS, Page
from tests.reports.test_sarif_report import schema
from validator.model import (
    AlsoReported,
    Category,
    Change,
    Diagnostic,
    DiagnosticLevel,
    EngineRun,
    EngineStatus,
    Evidence,
    Missing,
    Refutation,
    ReportOptions,
    ReportWriter,
    Review,
    RuleText,
    Settling,
    Severity,
    Span,
    StackSummary,
    Suppression,
    TemplateSummary,
    Verdict,
)

BASE = "https://github.com/o/r/blob/abc"
PLAIN = ReportOptions(link_base=BASE)
ALL = ReportOptions(verbose=2, link_base=BASE)
MORE = [
    *HOSTILE,
    "]]>",
    "=cmd|' /C calc'!A0",
    "%SRCROOT%",
    "::error::x",
    "@all",
    "```",
    "\x85\u2028\ufffe\uffff",
    "-->",
]


def hostile(text: str) -> Review:
    """A run in which every string that a template, a path or an engine gives is ``text``."""
    span = Span(text, 1, 1, 1, 4)
    step = Evidence(text, text, span)
    failure = replace(
        MERGED,
        rule=text,
        source=text,
        resource=text,
        resource_type=text,
        target=text,
        message=text,
        why=text,
        fix=f"{text}\n{text}",
        span=span,
        evidence=(step, Evidence(text, text)),
        scenario={text: True},
        missing=(Missing(text, text, text),),
        template=text,
        stack=text,
        environments=(text,),
        construct=text,
        also=(AlsoReported(text, text, text, span),),
        practices=(text,),
        lens=(text,),
        change=Change.NEW,
    )
    findings = (
        failure,
        replace(failure, change=Change.UNCHANGED),
        replace(failure, verdict=Verdict.UNKNOWN),
        replace(failure, verdict=Verdict.SUPPRESSED, suppression=Suppression(text, span, owner=text)),
        replace(failure, verdict=Verdict.REFUTED, refutation=Refutation(text, (step,))),
        replace(failure, verdict=Verdict.PASS),
    )
    rule = RuleText(text, text, Category.API_AUTH, Severity.HIGH, text, text, (text,), (text, f"https://{text}"))
    return Review(
        version=text,
        templates=(TemplateSummary(text, text, 1, True),),
        findings=findings,
        diagnostics=(Diagnostic(DiagnosticLevel.ERROR, text, text, span, text),),
        rules={text: replace(rule, source=text)},
        sources={text: text},
        root=Path(),
        engines=(EngineRun(text, text, EngineStatus.RAN), EngineRun(text, text, EngineStatus.FAILED, text)),
        stacks=(StackSummary(text, text, text, text, text),),
        environments=(text, "other"),
        settling=(Settling(text, text, text, 3),),
        fixed=(replace(WILDCARD, resource=text),),
    )


def check_json(review: Review) -> None:
    report = json.loads(json_writer.write(review, PLAIN))
    assert (len(report["findings"]), len(report["fixed"])) == (6, 1)


def check_sarif(review: Review) -> None:
    for options, number in ((PLAIN, 4), (ALL, 7), (replace(PLAIN, quiet=True), 2)):
        log = json.loads(sarif.write(review, options))
        schema().validate(log)
        (run,) = log["runs"]
        assert len(run["results"]) == number
        assert all(result["message"]["text"] for result in run["results"])


def check_junit(review: Review) -> None:
    root = ElementTree.fromstring(junit.write(review, PLAIN).encode())
    assert len(list(root.iter("testcase"))) == int(root.get("tests", "")) == 8
    assert [int(root.get(name, "")) for name in ("failures", "errors", "skipped")] == [1, 2, 4]
    assert {element.tag for element in root.iter()} == {
        *("testsuites", "testsuite", "testcase", "failure", "error", "skipped")
    }


def check_gitlab(review: Review) -> None:
    issues = json.loads(gitlab.write(review, PLAIN))
    assert len(issues) == len({issue["fingerprint"] for issue in issues}) == 5
    assert all(issue["description"] and issue["check_name"] and issue["location"]["path"] for issue in issues)


def check_github(review: Review) -> None:
    lines = github.write(review, PLAIN).removesuffix("\n").split("\n")
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::error", "::error", "::notice", "tierlens:"]
    assert all("::" in line and "\r" not in line for line in lines[:-1])


def check_markdown(review: Review) -> None:
    text = markdown.write(review, PLAIN)
    page = Page(text)
    assert len(text.encode()) < LIMIT
    assert set(page.elements) <= OURS
    assert page.elements.count("h2") == 1
    assert page.elements.count("h3") == 2
    assert page.elements.count("details") == 6
    assert all(link.startswith(f"{BASE}/") for link in page.links)


def check_csv(review: Review) -> None:
    header, *rows = csv.reader(io.StringIO(csv_writer.write(review, PLAIN), newline=""), strict=True)
    assert tuple(header) == COLUMNS
    assert [len(row) for row in rows] == [len(COLUMNS)] * 7
    assert not any(cell.lstrip()[:1] in ("=", "+", "-", "@") for row in rows for cell in row if cell.strip())


def check_text(review: Review) -> None:
    for options in (PLAIN, ALL, replace(PLAIN, quiet=True)):
        last = text_writer.write(review, options).splitlines()[-1]
        assert last.startswith("Compared: 1 new, 1 fixed, 1 unchanged. Not everything could be checked (1 error ")


CHECKS = {
    "json": check_json,
    "sarif": check_sarif,
    "junit": check_junit,
    "gitlab": check_gitlab,
    "github": check_github,
    "markdown": check_markdown,
    "csv": check_csv,
    "text": check_text,
}
WRITERS: Mapping[str, ReportWriter] = {
    "json": json_writer,
    "sarif": sarif,
    "junit": junit,
    "gitlab": gitlab,
    "github": github,
    "markdown": markdown,
    "csv": csv_writer,
    "text": text_writer,
}


@pytest.mark.parametrize("text", MORE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("name", CHECKS)
def test_known_attacks(name: str, text: str) -> None:
    CHECKS[name](hostile(text))


@pytest.mark.parametrize("name", CHECKS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=30) | st.text("`|*_[]()<>#@&;:/\\\n -=+~!$%'\"0a", max_size=30))
def test_any_string(name: str, text: str) -> None:
    CHECKS[name](hostile(text))


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("text", MORE, ids=lambda text: ascii(text[:12]))
def test_nothing_is_left_for_a_terminal_to_obey(name: str, text: str) -> None:
    report = WRITERS[name].write(hostile(text), PLAIN)
    assert report.encode()
    assert report.endswith("\n")
    odd = {c for c in report if not c.isprintable() and c != "\n" and unicodedata.category(c) != "Zs"}
    # An emoji of ours carries a variation selector; XML has no way to write other marks than as they are.
    assert odd - {"\ufe0f"} == set()


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_review_gives_the_same_text(name: str, gate: Review, compared: Review) -> None:
    for review in (gate, compared):
        engines = tuple(reversed(review.engines))
        shuffled = replace(review, rules=dict(reversed(review.rules.items())), engines=engines)
        assert WRITERS[name].write(review, PLAIN) == WRITERS[name].write(shuffled, PLAIN)


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_run_is_written_too(name: str) -> None:
    empty = Review("1", (), (), (), {}, {}, Path())
    assert WRITERS[name].write(empty, PLAIN).endswith("\n")


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_has_the_name_it_is_asked_for_by(name: str) -> None:
    assert WRITERS[name].name == name
    assert isinstance(WRITERS[name], ReportWriter)


def test_half_made_findings_are_written(gate: Review) -> None:
    bare = replace(REFUTED, refutation=None), replace(SUPPRESSED_HEALTH, suppression=None)
    for writer in WRITERS.values():
        assert "CKV_AWS_117" in writer.write(replace(gate, findings=bare), ALL) or writer in (github, gitlab)
