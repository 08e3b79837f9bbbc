"""The document's fixed sentences come from the catalogue, all of them, and the catalogue holds nothing else."""

import re
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from string import Formatter

import pytest

from reports.document.texts import document_texts

PACKAGE = files("reports.document")
TEMPLATES = sorted(entry.name for entry in PACKAGE.joinpath("templates").iterdir() if entry.name.endswith(".j2"))
SAID = ("aria-label", "title", "placeholder", "alt", "label", "value", "content")
OURS = {"Content-Security-Policy", "width=device-width, initial-scale=1", "light dark", "no-referrer", "tierlens"}
MODULES = ("page", "markdown", "mermaid", "overview", "trend", "chapters")


def source(name: str) -> str:
    return PACKAGE.joinpath(name).read_text(encoding="utf-8")


class Words(HTMLParser):
    """The words of a template that are not put in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += re.findall(r"\w+", data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The hole of an expression is marked with a character that is no letter.
        self.found += [
            value for name, value in attrs if name in SAID and value and value not in OURS and value != "§"
        ]


def without_expressions(template: str) -> str:
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "§", template, flags=re.DOTALL)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_has_words_of_its_own(name: str) -> None:
    words = Words()
    words.feed(re.sub(r"<(/?)§", r"<\1div", without_expressions(source(f"templates/{name}"))))
    assert [word for word in words.found if word != "§"] == []


def test_the_script_says_nothing_of_its_own() -> None:
    texts = re.findall(r"textContent = \"[^\"]+\"|element\(\"\w+\", \"[^\"]+\"", source("static/page.js"))
    assert texts == []


def test_every_key_that_is_asked_for_is_there_and_every_one_there_is_asked_for() -> None:
    everything = "\n".join(
        [
            *(source(f"templates/{name}") for name in TEMPLATES),
            *(source(f"{name}.py") for name in MODULES),
            source("texts/__init__.py"),
        ]
    )
    keys = set(document_texts().sentences)
    literal = set(re.findall(r"[\"']([a-z]+(?:\.[\w-]+)+)[\"']", everything))
    beginnings = set(re.findall(r"[\"']([a-z]+\.(?:[\w-]+\.)*(?:\w+_)?)[\"'{]", everything))
    counted = {key.rpartition(".")[0] for key in keys if key.endswith((".one", ".many", ".none"))}
    dynamic = tuple(beginnings) + tuple(
        f"{name}." for name in ("chapter", "accepted", "templates", "method", "findings")
    )
    asked = {
        key
        for key in keys
        if key in literal or key.startswith(dynamic) or key.rpartition(".")[0] in literal & counted
    }
    assert keys - asked == set()
    lens = document_texts().lens.sentences
    known = keys | counted | set(lens) | {key.rpartition(".")[0] for key in lens} | {"date.first"}
    domains = {key.partition(".")[0] for key in keys}
    wanted = {
        key for key in literal if key.partition(".")[0] in domains and not key.endswith((".j2", ".css", ".value"))
    }
    assert wanted - known == set()


def test_placeholders_are_plain_names_and_plural_forms_come_in_pairs() -> None:
    sentences = document_texts().sentences
    for key, sentence in sentences.items():
        assert all(field is None or field.isidentifier() for _, field, _, _ in Formatter().parse(sentence)), key
        if key.endswith(".one"):
            assert key.removesuffix("one") + "many" in sentences


def test_numbers_dates_and_lists() -> None:
    texts = document_texts()
    assert texts.number(1234567) == "1,234,567"
    assert texts.day(date(2026, 11, 3)) == "3 November 2026"
    assert texts.joined(["a"]) == "a"
    assert texts.joined(["a", "b", "c"]) == "a, b and c"
    assert texts.joined([]) == ""
    assert texts.counted("lead.unknown", 1) == "1 check could not be decided for want of an input."
    assert texts.counted("lead.failures", 0, severities="") == "The checks found no failure."
    assert texts("findings.shown", shown=1500, total=2000) == "1,500 of 2,000 findings are shown."
