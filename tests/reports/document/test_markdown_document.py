"""The review as Markdown."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.document.markdown import writer
from reports.document.mermaid import mermaid
from reports.document.texts import document_texts
from reports.markdown.room import LIMIT
from tests.reports.document.samples import LINKED, PLAIN, hostile_review, stack_review
from tests.reports.test_hostile_formats import BASE, MORE
from tests.reports.test_markdown_report import Page
from tests.validator.lens.runs import finding, reviewed
from validator.lens import LensReviewWriter
from validator.model import Lane, Picture, PictureEdge, PictureNode, Span, Verdict

ELEMENTS = {
    "h1",
    "h2",
    "h3",
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "code",
    "pre",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
} | {*("td", "a", "blockquote", "sub")}
SPAN = Span("template.yaml", 1, 1, 1, 4)


def check(text: str) -> None:
    written = writer.write(hostile_review(text), LINKED)
    page = Page(written)
    assert len(written.encode()) <= LIMIT
    assert set(page.elements) <= ELEMENTS
    assert page.elements.count("h1") == 1
    assert page.elements.count("h2") == 12
    assert page.elements.count("table") == 3
    assert all(link.startswith(f"{BASE}/") for link in page.links)
    assert page.attributes <= {"href", "class", "start"}


@pytest.mark.parametrize("text", MORE, ids=lambda text: ascii(text[:12]))
def test_known_attacks(text: str) -> None:
    check(text)


@settings(max_examples=20, deadline=None)
@given(text=st.text(st.characters(), max_size=20) | st.text("`|*_[]()<>#@&;:/\\\n -=+~!$%'\"0a", max_size=30))
def test_any_string(text: str) -> None:
    check(text)


def test_chapters_come_in_order() -> None:
    assert isinstance(writer, LensReviewWriter)
    text = writer.write(stack_review("web_app"), PLAIN)
    headings = re.findall(r"^## (.*)$", text, flags=re.MULTILINE)
    assert headings == [
        *("Summary", "Improvement plan", "Architecture"),
        *("Operational excellence", "Security", "Reliability", "Performance efficiency", "Cost optimization"),
        *("Patterns", "Not examined"),
    ]


def test_a_failure_stands_in_the_plan_and_among_the_findings() -> None:
    text = writer.write(reviewed(finding("AUTH001", "SEC1.a1", Verdict.FAIL)), PLAIN)
    assert "1. **SEC1.a1** " in text
    assert "   - `AUTH001` title of AUTH001" in text
    assert "- **1** high `AUTH001` Thing is fail (`template.yaml:3`)" in text


def test_what_does_not_fit_is_counted() -> None:
    failures = (finding("AUTH001", "SEC1.a1", Verdict.FAIL, resource=f"Api{number}") for number in range(2000))
    text = writer.write(reviewed(*failures), PLAIN)
    assert len(text.encode()) <= LIMIT
    shown = len(re.findall(r"^- \*\*\d+\*\* high", text, flags=re.MULTILINE))
    assert f"{2000 - shown:,} more failures stand in the other forms" in text


def test_the_picture_folds_what_is_alike_and_outlines_what_fails() -> None:
    nodes = [PictureNode(f"f{at}", f"Work{at}", "AWS::Lambda::Function", Lane.LOGIC, SPAN) for at in range(4)]
    table = PictureNode("t", 'Ta"ble', "AWS::DynamoDB::Table", Lane.DATA, SPAN)
    edges = [PictureEdge(node.id, "t", "may use", "", SPAN) for node in nodes]
    picture = Picture("shop", (), (*nodes, table), tuple(edges))
    failing = replace(finding("X", "SEC1.a1", Verdict.FAIL), resource='Ta"ble')
    assert mermaid(picture, (failing,), document_texts()) == (
        "flowchart LR\n"
        '  subgraph logic["Logic tier"]\n    n0["4 × Lambda Function"]\n  end\n'
        '  subgraph data["Data tier"]\n    n1["Ta#34;ble<br>DynamoDB Table"]\n  end\n'
        "  n0 --> n1\n"
        "  classDef failing stroke:#b3141d,stroke-width:3px\n"
        "  class n1 failing\n"
    )
    assert mermaid(Picture("none", (), (), ()), (), document_texts()) == ""
