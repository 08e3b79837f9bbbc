"""The reports of a difference: harmless, complete, and short enough for a comment."""

import json
import re
from pathlib import Path

import pytest

from reports.difference.json_difference import JsonWriter
from reports.difference.markdown import MARKER, MarkdownWriter
from reports.difference.text import TextWriter
from validator.model import (
    ArchitectureChange,
    Category,
    Change,
    ChangeKind,
    Danger,
    Difference,
    DifferenceEdge,
    DifferenceNode,
    Finding,
    ReportOptions,
    Review,
    Severity,
    Span,
    Verdict,
)

SPAN = Span("a.yaml", 3, 5, 3, 9)


def finding(number: int = 0, message: str = "open to everyone") -> Finding:
    return Finding(
        rule="AUTH001",
        category=Category.API_AUTH,
        verdict=Verdict.FAIL,
        severity=Severity.HIGH,
        resource=f"Api{number}",
        resource_type="AWS::ApiGateway::RestApi",
        message=message,
        why="",
        fix="",
        span=SPAN,
        template="a.yaml",
        change=Change.NEW,
    )


def found(name: str = "Url", findings: int = 1, changes: int = 1) -> Difference:
    review = Review("0.1", (), tuple(finding(number) for number in range(findings)), (), {}, {}, Path())
    one = ArchitectureChange(
        ChangeKind.PATH_ADDED,
        Danger.DANGEROUS,
        f"the Internet can now reach {name}, and nobody is asked who they are",
        SPAN,
        nodes=("the Internet", f"a.yaml/{name}"),
        hops=(("the Internet", f"a.yaml/{name}"),),
    )
    nodes = (
        DifferenceNode("the Internet", "the Internet", "", "", Change.UNCHANGED),
        DifferenceNode(f"a.yaml/{name}", name, "AWS::Lambda::Url", "a.yaml", Change.NEW, SPAN),
        DifferenceNode("a.yaml/Old", "Old", "AWS::SQS::Queue", "a.yaml", Change.FIXED, SPAN),
    )
    edges = (
        DifferenceEdge("the Internet", f"a.yaml/{name}", "routes to", "", Change.NEW, SPAN),
        DifferenceEdge(f"a.yaml/{name}", "a.yaml/Old", "invokes", "", Change.FIXED, SPAN),
    )
    return Difference("main", "HEAD", review, (one,) * changes, nodes, edges)


def test_text_has_the_finding_the_line_and_the_outcome():
    assert TextWriter().write(found(), ReportOptions()) == (
        "main → HEAD\n"
        "\n"
        "New findings (1)\n"
        "  high AUTH001 Api0: open to everyone\n"
        "      a.yaml:3:5\n"
        "\n"
        "Architecture\n"
        "  danger the Internet can now reach Url, and nobody is asked who they are\n"
        "         a.yaml:3:5\n"
        "\n"
        "1 new finding, 0 fixed, 0 unchanged; 1 change of the architecture, 1 of them dangerous.\n"
        "The gate is closed.\n"
    )


def test_the_picture_shows_what_came_what_went_and_what_is_dangerous():
    text = MarkdownWriter().write(found(), ReportOptions())

    picture = text.split("```mermaid\n")[1].split("```")[0]
    assert picture.splitlines()[:7] == [
        "flowchart LR",
        '  n0["the Internet"]:::dangerous',
        '  n1["Url<br/>AWS::Lambda::Url"]:::dangerous',
        '  n2["Old<br/>AWS::SQS::Queue"]:::fixed',
        '  n0 -->|"routes to"| n1',
        '  n1 -.->|"invokes"| n2',
        "  linkStyle 1 stroke:#6e7781",
    ]
    assert "  linkStyle 0 stroke:#cf222e" in picture


@pytest.mark.parametrize("writer", [TextWriter(), MarkdownWriter(), JsonWriter()], ids=lambda writer: writer.name)
def test_names_cannot_act(writer):
    hostile = '"]; click n0 "javascript:alert(1)"\x1b[31m```<img src=x>\u202e'

    text = writer.write(found(hostile), ReportOptions())

    assert "\x1b" not in text
    assert "\u202e" not in text
    if writer.name == "markdown":
        assert "<img" not in text
        assert 'click n0 "' not in text.split("```mermaid")[1]
        assert len(re.findall("^```", text, re.MULTILINE)) == 2


def test_a_large_difference_fits_into_a_comment():
    text = MarkdownWriter().write(found(findings=3000, changes=3000), ReportOptions())

    assert len(text.encode()) < 65_000
    assert text.startswith(MARKER)
    assert "more" in text


def test_json_has_all_with_places():
    document = json.loads(JsonWriter().write(found(), ReportOptions()))

    assert document["schema_version"] == 1
    assert document["gate"] == {"closed": True, "complete": True}
    assert [one["resource"] for one in document["findings"]["new"]] == ["Api0"]
    assert document["architecture"][0]["location"] == {
        "path": "a.yaml", "line": 3, "column": 5, "end_line": 3, "end_column": 9,
    }  # fmt: skip
    assert [one["change"] for one in document["edges"]] == ["added", "removed"]
