"""The Markdown report, read back as CommonMark with tables, raw HTML included."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from reports.markdown import writer
from reports.markdown.room import LIMIT
from tests.reports.conftest import OPEN_METHOD, TICKETS, UNKNOWN_DATABASE, WILDCARD, only
from validator.model import Evidence, ReportOptions, ReportWriter, Review, Severity, Span

BASE = "https://github.com/o/r/blob/abc"
OPTIONS = ReportOptions(fail_on=Severity.MEDIUM, link_base=BASE)
OURS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "em", "code", "pre"} | {
    *("ul", "ol", "li", "details", "summary", "sub", "a")
}


class Page(HTMLParser):
    """The elements, links and words of a rendered report."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.attributes: set[str] = set()
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def page(review: Review, options: ReportOptions = OPTIONS) -> Page:
    return Page(writer.write(review, options))


def test_is_a_report_writer() -> None:
    assert isinstance(writer, ReportWriter)
    assert writer.name == "markdown"


def test_the_outcome_first(gate: Review, compared: Review) -> None:
    assert writer.write(gate, OPTIONS).splitlines()[:11] == [
        "<!-- tierlens report -->",
        "## ⚠️ tierlens: not everything could be checked",
        "",
        "Not everything could be checked (1 error below). 3 failures at or above medium: the gate is closed. "
        "1 failure below it, 3 unknown, 2 suppressed.",
        "",
        "### Not checked",
        "",
        f"- `unreadable` the mapping is not closed ([`broken.yaml:2`]({BASE}/broken.yaml#L2)) "
        "close the brace that is opened here",
        "- **checkov 3.3.30 did not check everything: the worker died twice**",
        "",
        "| check | pass | fail | unknown | suppressed | refuted |",
    ]
    assert writer.write(compared, OPTIONS).splitlines()[1:4] == [
        "## ❌ tierlens: the gate is closed",
        "",
        "Compared: 2 new, 1 fixed, 2 unchanged. 2 new failures at or above medium: the gate is closed.",
    ]
    assert "## ✅ tierlens: the gate is open" in writer.write(only(compared), OPTIONS)


def test_a_failure(gate: Review) -> None:
    text = writer.write(only(replace(gate, engines=()), OPEN_METHOD), OPTIONS)
    file = f"{BASE}/{TICKETS}"
    assert (
        f"### Failures\n\n**1. high** `AUTH001` `TicketsApi GET /tickets` at [`{TICKETS}:15`]({file}#L15)\n\n"
        "TicketsApi answers GET /tickets to anyone: the method has no authorizer and the API has no default.\n\n"
        "- *when* IsProd is false (not with the default parameters)\n"
        "- *why* Whoever finds the address can read every ticket.\n"
        "- *fix* Give the API a default authorizer:\n\n"
        "  ```\n    Auth:\n      DefaultAuthorizer: Users\n      Authorizers:\n"
        "        Users: {UserPoolArn: !GetAtt UserPool.Arn}\n  ```\n\n"
        "<details>\n<summary>path</summary>\n\n"
        f"1. `the Internet` can call TicketsApi, whose endpoint is regional ([`{TICKETS}:6`]({file}#L6))\n"
        f"1. `TicketsApi` has no Auth.DefaultAuthorizer ([`{TICKETS}:8`]({file}#L8))\n"
        f"1. `Create` is called by GET /tickets without an authorizer ([`{TICKETS}:15`]({file}#L15))\n\n"
        "</details>\n"
    ) in text


def test_what_needs_nobody_now_is_folded(gate: Review, compared: Review) -> None:
    def summaries(review: Review) -> list[str]:
        lines = writer.write(review, OPTIONS).splitlines()
        return [line for line in lines if line.startswith("<summary>") and "path" not in line]

    assert summaries(gate) == [
        "<summary>1 below medium: the gate lets them pass</summary>",
        "<summary>3 undecided</summary>",
        "<summary>2 suppressed</summary>",
        "<summary>1 refuted by the graph</summary>",
    ]
    assert summaries(compared) == [
        "<summary>3 undecided</summary>",
        "<summary>2 unchanged: stood before the change</summary>",
        "<summary>1 fixed by the change</summary>",
        "<summary>2 suppressed</summary>",
        "<summary>1 refuted by the graph</summary>",
    ]
    assert "<summary>3 undecided" not in writer.write(gate, replace(OPTIONS, quiet=True))


def test_only_what_the_change_made_is_shown_in_full(compared: Review) -> None:
    text = writer.write(compared, OPTIONS)
    assert "### New failures\n\n**1. high** `AUTH001` `TicketsApi GET /tickets`" in text
    assert "**3. " not in text


def test_links_need_an_address(gate: Review) -> None:
    assert page(gate, replace(OPTIONS, link_base="")).links == []
    links = page(gate).links
    assert links
    assert all(link.startswith(f"{BASE}/") for link in links)


@pytest.mark.parametrize("path", ["../other.yaml", "/srv/a.yaml"])
def test_a_file_outside_of_the_project_has_no_link(gate: Review, path: str) -> None:
    outside = replace(WILDCARD, span=Span(path, 2, 1, 2, 2))
    assert page(only(replace(gate, engines=()), outside)).links == []


@pytest.mark.parametrize(
    "text",
    [
        "</details><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/p.png) [x](https://evil.example) <https://evil.example>",
        "# Heading",
        "``` \n~~~",
        "`` ` ``` `",
        "| a | b |",
        "- item",
        "1. item",
        "---",
        "===",
        "<!-- never closed",
        "*bold* _em_ **x** ~~y~~ \\",
        "&lt;b&gt; &amp;",
        "[ref]: https://evil.example",
    ],
)
def test_a_string_of_a_template_is_words(gate: Review, text: str) -> None:
    finding = replace(
        OPEN_METHOD,
        resource=text,
        target=text,
        message=text,
        why=text,
        fix=f"{text}\n{text}",
        scenario={text: True},
        evidence=(Evidence(text, text, None),),
        missing=(),
    )
    tame = replace(
        finding,
        resource="words",
        target="words",
        message="words",
        why="words",
        fix="words\nwords",
        scenario={"words": True},
        evidence=(Evidence("words", "words", None),),
    )
    both = [
        page(only(replace(gate, engines=()), one, replace(one, verdict=UNKNOWN_DATABASE.verdict)))
        for one in (finding, tame)
    ]
    assert both[0].elements == both[1].elements
    assert both[0].links == both[1].links
    assert both[0].attributes == both[1].attributes
    shown = " ".join(text.replace("\n", "\\n").split())
    assert shown in " ".join(both[0].words.split())


@pytest.mark.parametrize("text", ["@org/team", "see https://evil.example", "www.evil.example", "fixes #12", "GH-12"])
def test_nobody_is_called_and_nothing_referred_to(gate: Review, text: str) -> None:
    shown = writer.write(only(replace(gate, engines=()), replace(WILDCARD, message=text, why=text)), OPTIONS)
    assert text not in shown
    assert text in page(only(replace(gate, engines=()), replace(WILDCARD, message=text))).words


def test_a_long_report_is_cut_and_says_so(gate: Review) -> None:
    many = [replace(OPEN_METHOD, target=f"GET /{number}", ordinal=number) for number in range(400)]
    unknown = [replace(UNKNOWN_DATABASE, ordinal=number) for number in range(400)]
    text = writer.write(only(gate, *many, *unknown), OPTIONS)

    assert len(text.encode()) < LIMIT
    assert len(text.encode()) > LIMIT - 3_000
    shown = text.count("` `TicketsApi GET /")
    assert f"**{400 - shown} more failures did not fit into this comment.**" in text
    assert "<summary>400 undecided</summary>" in text
    assert text.count("<details>") == text.count("</details>")
    assert "more\n\n</details>" in text


def test_the_longest_strings_leave_room(gate: Review) -> None:
    long = "予" * 20_000
    finding = replace(
        OPEN_METHOD,
        resource=long,
        message=long,
        why=long,
        fix=f"{long}\n{long}",
        scenario={long: True},
        evidence=tuple(Evidence(long, long, Span(long, 1, 1, 1, 2)) for _ in range(50)),
        span=Span(long, 1, 1, 1, 2),
    )
    text = writer.write(only(gate, *[finding] * 9, diagnostics=gate.diagnostics * 500), OPTIONS)
    assert len(text.encode()) < LIMIT


def test_elements_are_ours_alone(gate: Review, compared: Review) -> None:
    for review in (gate, compared):
        assert set(page(review).elements) <= OURS
