"""The document in French: nothing of the English one is left but what rules and engines say, and that is marked."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import Element

import html5lib
import pytest

from reports.document.markdown import writer as markdown
from reports.document.page import document_of, page, writer
from reports.document.texts import document_texts
from reports.picture import ENGLISH, FRENCH, picture_texts
from rules import pack
from tests.reports.document.samples import LINKED, hostile_review, stack_review
from tests.translations import faults, french_faults, places
from tests.validator.lens.runs import TODAY, finding, run
from validator.lens import LensReview, LensReviewOptions, assess, texts_of
from validator.model import RuleWording, Verdict
from validator.review.rule_choice import rule_text

FRENCH_OPTIONS = replace(LINKED, language="fr")
SAME = frozenset(
    {
        *("chapter.architecture", "date.long", "document.tool", "finding.also_rule", "label.count", "label.none"),
        *("list.separator", "templates.dialect.cloudformation", "templates.dialect.sam"),
        # Spelt alike in both languages.
        *(
            "change.question",
            "findings.verdicts",
            "gaps.message",
            "method.term.effort",
            "method.version",
            "plan.effort",
        ),
        *("practice.contradiction", "risks.question", "trend.date", "trend.version"),
    }
)
ALIKE = {"Support", "Internet", "VPC {name}", "{count} × {name}", "public"}
SAID = ("aria-label", "title", "placeholder", "data-place", "data-findings", "data-none", "data-more", "data-shown")


def own(language: str) -> dict[str, str]:
    sentences: dict[str, str] = json.loads(
        files("reports.document.texts").joinpath(f"{language}.json").read_text(encoding="utf-8")
    )
    return sentences


def failing_review() -> LensReview:
    """Every built-in rule fails once, in its own words."""
    findings = []
    for rule in pack():
        meta = rule.meta
        practices = meta.practices or meta.questions
        one = finding(meta.id, practices[0] if practices else "", Verdict.FAIL, category=meta.category)
        findings.append(replace(one, why=meta.why))
    review = run(*findings)
    return assess(
        replace(review, rules={rule.meta.id: rule_text(rule) for rule in pack()}), today=TODAY, title="Boutique"
    )


SAMPLES = {
    "everything": lambda: hostile_review("zzz"),
    "stack": lambda: replace(stack_review("microservices"), title="billets"),
    "failures": failing_review,
}


def parsed(html: str) -> Element:
    root: Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)
    return root


def said(element: Element) -> Iterator[str]:
    """Texts and spoken attributes of the language of the document; what is marked as English is left out."""
    if element.get("lang", "fr") != "fr" or element.tag in ("style", "script", "code", "pre"):
        return
    yield from (value for name in SAID if (value := element.get(name)))
    if element.text:
        yield element.text
    for child in element:
        yield from said(child)
        if child.tail:
            yield child.tail


@cache
def english(*, with_places: bool) -> re.Pattern[str]:
    """Every English sentence of the document, the lens, the rules and the picture that is not the French one too."""
    pairs: list[tuple[str, str]] = []
    for ours, theirs in ((own("en"), own("fr")), (texts_of().sentences, texts_of("fr").sentences)):
        pairs += ((sentence, theirs[key]) for key, sentence in ours.items())
    pairs += ((getattr(ENGLISH, f.name), getattr(FRENCH, f.name)) for f in fields(ENGLISH) if f.name != "relations")
    pairs += ((text, "") for rule in pack() for text in (rule.meta.title, rule.meta.why))
    pairs += ((relation, french) for relation, french in FRENCH.relations.items())
    french = {text for _, text in pairs}
    sentences = {
        text.strip() for text, _ in pairs if text not in french and re.search(r"[A-Za-z]", re.sub(r"{\w+}", "", text))
    }
    kept = sorted(text for text in sentences if with_places or "{" not in text)
    return re.compile("|".join(re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in kept))


def left(texts: Iterator[str], *, with_places: bool = True) -> list[str]:
    pattern = english(with_places=with_places)
    return sorted({text for part in texts if pattern.fullmatch(text := " ".join(part.split()).strip(" ·()"))})


def test_every_sentence_of_the_document_is_in_french() -> None:
    # The first day of a month is an ordinal in French only.
    found = faults(own("en"), {k: v for k, v in own("fr").items() if k != "date.first"}, SAME)
    assert not found, "reports/document/texts/fr.json (see docs/languages.md):\n" + "\n".join(found)


def test_french_typography() -> None:
    assert french_faults(own("fr")) == []
    assert (
        french_faults({f.name: str(getattr(FRENCH, f.name)) for f in fields(FRENCH) if f.name != "relations"}) == []
    )


def test_the_words_of_the_picture_are_in_french() -> None:
    for field in fields(ENGLISH):
        if field.name == "relations":
            continue
        ours, theirs = getattr(ENGLISH, field.name), getattr(FRENCH, field.name)
        assert set(places(ours)) == set(places(theirs)), field.name
        assert (ours == theirs) is (ours in ALIKE), field.name
    assert picture_texts("fr") is FRENCH
    assert picture_texts("en") is ENGLISH


def test_numbers_dates_and_lists() -> None:
    texts = document_texts("fr")
    assert texts.number(1234567) == "1\u00a0234\u00a0567"
    assert texts.day(date(2026, 11, 23)) == "23 novembre 2026"
    assert texts.day(date(2026, 8, 1)) == "1er août 2026"
    assert texts.joined(["a", "b", "c"]) == "a, b et c"
    assert [texts.counted("document.templates", count) for count in (0, 1, 2)] == [
        "0 modèle",
        "1 modèle",
        "2 modèles",
    ]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("paper", [False, True])
def test_no_english_is_left_unmarked(name: str, paper: bool) -> None:
    root = parsed(page(document_of(SAMPLES[name](), FRENCH_OPTIONS), paper=paper))
    html = next(root.iter("html")) if root.tag != "html" else root
    assert html.get("lang") == "fr"
    assert left(said(html)) == []


def test_the_scan_sees_english() -> None:
    root = parsed(writer.write(failing_review(), LINKED))
    html = next(root.iter("html")) if root.tag != "html" else root
    html.set("lang", "fr")
    found = left(said(html))
    assert {"Summary", "Improvement plan", "not shown", "high", "A role that strangers can assume"} <= set(found)


def test_rules_speak_french_and_messages_are_marked_as_english() -> None:
    root = parsed(writer.write(failing_review(), FRENCH_OPTIONS))
    (heading,) = (h for h in root.iter("h4") if "AUTH001" in "".join(h.itertext()))
    assert "".join(heading.itertext()) == "AUTH001 Une méthode peut être appelée sans autorisation"
    assert [span.get("lang") for span in heading.iter("span") if span.get("class") != "rule"] == [None]
    messages = [span for span in root.iter("span") if span.get("class") == "message"]
    assert {span.get("lang") for span in messages} == {"en"}
    english_page = parsed(writer.write(failing_review(), LINKED))
    assert [e for e in english_page.iter() if e.get("lang") and e.tag != "html"] == []


def test_a_rule_that_its_pack_has_in_english_only_is_marked_as_english() -> None:
    review = run(finding("ACME001", "SEC1.a1", Verdict.FAIL), rules=("ACME001",))
    root = parsed(writer.write(assess(review, today=TODAY), FRENCH_OPTIONS))
    (heading,) = (h for h in root.iter("h4") if "ACME001" in "".join(h.itertext()))
    assert [(s.text, s.get("lang")) for s in heading.iter("span")][-1] == ("title of ACME001", "en")


def test_a_reason_of_its_own_keeps_the_language_of_its_rule() -> None:
    # A finding may give another reason than its rule: half of a heading is not translated.
    review = run(replace(finding("AUTH001", "SEC1.a1", Verdict.FAIL), why="For once."))
    text = replace(review.rules["AUTH001"], translations=(RuleWording("fr", "Titre", "Motif."),))
    assessed = assess(replace(review, rules={"AUTH001": text}), today=TODAY)
    (heading,) = (h for h in parsed(writer.write(assessed, FRENCH_OPTIONS)).iter("h4"))
    assert [(s.text, s.get("lang")) for s in heading.iter("span")][-1] == ("title of AUTH001", "en")


@pytest.mark.parametrize("name", SAMPLES)
def test_markdown_has_no_english_line(name: str) -> None:
    text = markdown.write(SAMPLES[name](), LensReviewOptions("fr"))
    lines = (re.sub(r"[*`#]|^\s*[-\d.]+ ", "", line) for line in text.split("\n"))
    cells = (cell for line in lines for cell in line.split("|"))
    # A message of a rule could be anything with its places filled; there is no mark for it in Markdown.
    assert left(cells, with_places=False) == []
    assert left(iter(["Improvement plan", "not shown"]), with_places=False) == ["Improvement plan", "not shown"]


def test_parties_of_the_mermaid_picture_are_in_french() -> None:
    text = markdown.write(stack_review("microservices"), LensReviewOptions("fr"))
    assert "anyone with AWS credentials" not in text
    assert "quiconque a des identifiants AWS" in text
