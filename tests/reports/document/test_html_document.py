"""The document as HTML: whole, escaped, and the same for the same review."""

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.document.page import writer
from reports.strings import one_line
from tests.reports.document.samples import LINKED, PLAIN, hostile_review, stack_review
from tests.reports.test_hostile_formats import MORE
from tests.validator.lens.runs import finding, reviewed
from validator.lens import LensReviewWriter
from validator.model import Category, Span, Verdict

ATTACKS = [
    *MORE,
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "</style></title></svg>",
]
CHAPTERS = ["summary", "architecture", "plan", "operationalExcellence", "security", "reliability", "performance"]


def parsed(html: str) -> Element:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    # "{" in a URL and the like are remarks on style; a wrong nesting or an unknown entity is none.
    assert [code for _, code, _ in parser.errors] == []
    return root


def shapes(html: str) -> set[tuple[str, frozenset[str]]]:
    return {(str(element.tag), frozenset(map(str, element.attrib))) for element in parsed(html).iter()}


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def by_id(root: Element, name: str) -> Element:
    return next(element for element in root.iter() if element.get("id") == name)


@cache
def neutral() -> set[tuple[str, frozenset[str]]]:
    """The shapes of harmless documents: with a plain string, a long one, none, and one that fills several lines."""
    reviews = map(hostile_review, ("neutral", "a word " * 300, "", "a\nb\nc"))
    return {shape for review in reviews for shape in shapes(writer.write(review, LINKED))}


def test_is_a_review_writer() -> None:
    assert isinstance(writer, LensReviewWriter)
    assert writer.name == "html"


def test_headings_are_in_order_and_ids_are_unique() -> None:
    root = parsed(writer.write(stack_review("microservices"), PLAIN))
    levels = [int(str(element.tag)[1]) for element in root.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_every_link_within_the_document_has_its_target() -> None:
    root = parsed(writer.write(stack_review("microservices"), PLAIN))
    ids = {element.get("id") for element in root.iter()}
    links = {element.get("href", "") for element in root.iter("a")}
    inner = {link[1:] for link in links if link.startswith("#") and not link.startswith("#findings&")}
    assert inner <= ids
    labels = {name for element in root.iter() for name in (element.get("aria-labelledby") or "").split()}
    assert labels <= ids


def test_every_finding_is_there_once_with_its_number() -> None:
    review = stack_review("microservices")
    root = parsed(writer.write(review, PLAIN))
    shown = [element.get("id") for element in root.iter() if element.get("class") == "finding"]
    assert shown == [f"f{number}" for number in range(1, len(review.review.findings) + 1)]


def test_failures_stand_before_passes_and_show_the_marked_line() -> None:
    span = Span("template.yaml", 2, 3, 2, 6)
    failing = replace(finding("AUTH001", "SEC1.a1", Verdict.FAIL), span=span, evidence=())
    sample = reviewed(finding("AUTH001", "SEC1.a1"), failing)
    sample = replace(
        sample, review=replace(sample.review, sources={"template.yaml": "Resources:\n  Api:\n    Type: X\n"})
    )
    root = parsed(writer.write(sample, PLAIN))
    first = by_id(root, "f1")
    assert text_of(next(first.iter("summary"))) == "1 high Thing is fail template.yaml:2"
    (mark,) = first.iter("mark")
    assert mark.text == "Api"
    lines = [text_of(element) for element in first.iter("div") if (element.get("class") or "").split()[:1] == ["l"]]
    assert lines == ["1Resources:", "2 Api:", "3 Type: X"]


def test_a_question_shows_its_range_and_its_open_practice() -> None:
    root = parsed(writer.write(reviewed(finding("AUTH001", "SEC1.a1", Verdict.FAIL)), PLAIN))
    assert text_of(by_id(root, "SEC1.a1")).startswith("not shownSEC1.a1 ")
    assert "Findings contradict it." in text_of(by_id(root, "SEC1.a1"))
    assert text_of(by_id(root, "plan-1")).startswith("SEC1.a1 ")
    assert "To ask:" in text_of(by_id(root, "SEC1.a2"))


def test_only_the_five_checks_stand_in_the_first_table() -> None:
    root = parsed(writer.write(reviewed(finding("API001", "OPS1.a4", category=Category.API_OPERATIONS)), PLAIN))
    tables = [table for table in root.iter("table") if table.get("class") == "checks"]
    names = [[text_of(row[0]).split(" ?")[0] for row in table.iter("tr")][1:] for table in tables]
    assert [len(rows) for rows in names] == [5, 1]
    assert names[1] == ["API operations"]


def test_the_policy_names_the_one_style_and_the_one_script() -> None:
    html = writer.write(stack_review("microservices"), PLAIN)
    root = parsed(html)
    (meta,) = (element for element in root.iter("meta") if element.get("http-equiv"))
    hashes = {}
    for tag in ("style", "script"):
        (found,) = (element for element in root.iter(tag))
        digest = hashlib.sha256((found.text or "").encode()).digest()
        hashes[tag] = f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'"
    policy = meta.get("content", "")
    assert policy.startswith("default-src 'none'; ")
    assert set(hashes.values()) <= set(policy.split("; "))
    assert "unsafe" not in policy


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: ascii(text[:12]))
def test_known_attacks_leave_the_structure_whole(text: str) -> None:
    check(text)


@settings(max_examples=15, deadline=None)
@given(text=st.text(st.characters(), max_size=20) | st.text("<>&\"'/={}%!-:;()\\` \na0", max_size=30))
def test_any_string_leaves_the_structure_whole(text: str) -> None:
    check(text)


def check(text: str) -> None:
    html = writer.write(hostile_review(text), LINKED)
    root = parsed(html)
    assert shapes(html) - neutral() == set()
    assert [len(list(root.iter(tag))) for tag in ("script", "style", "title", "main", "h1")] == [1, 1, 1, 1, 1]
    links = [element.get("href", "") for element in root.iter("a")]
    assert all(link.startswith(("#", "https://")) for link in links)
    assert "".join(by_id(root, "f1").find("summary").itertext()).count(one_line(text)) >= 1
    odd = {c for c in html if not c.isprintable() and c != "\n" and c not in "\u00a0\u3000"}
    assert not {c for c in odd if ord(c) < 32 or 0x200B <= ord(c) <= 0x206F or 0xD800 <= ord(c) <= 0xDFFF}


def test_the_same_review_gives_the_same_page() -> None:
    review = stack_review("microservices")
    assert writer.write(review, PLAIN) == writer.write(review, PLAIN)


def test_an_empty_run_is_written_too() -> None:
    page = text_of(parsed(writer.write(reviewed(), PLAIN)))
    assert "No rule found anything to judge." in page
    assert "There is no picture" in page
