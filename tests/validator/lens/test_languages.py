"""The lens and its review in French: whole, typeset as French is, and used where people read it."""

import json
from dataclasses import replace
from importlib.resources import files

from reports.review.text_summary import writer as text_writer
from tests.translations import faults, french_faults
from tests.validator.lens.runs import TODAY, finding, run
from validator.lens import LensReviewOptions, assess, texts_of
from validator.lens.form import new_form
from validator.lens.texts import lens_sentences
from validator.model import RuleWording, Verdict

SAME = frozenset({"summary.effort"})
"""What is spelt alike in both languages."""


def own(language: str) -> dict[str, str]:
    sentences: dict[str, str] = json.loads(
        files("validator.lens").joinpath("data", f"texts.{language}.json").read_text(encoding="utf-8")
    )
    return sentences


def test_every_sentence_of_the_lens_is_in_french() -> None:
    found = faults(dict(lens_sentences()) | own("en"), own("fr"), SAME)
    assert not found, "validator/lens/data/texts.fr.json (see docs/languages.md):\n" + "\n".join(found)


def test_french_typography() -> None:
    assert french_faults(own("fr")) == []


def test_french_counts_none_as_one() -> None:
    texts = texts_of("fr")
    assert [texts.counted("summary.places", count) for count in (0, 1, 2)] == ["0 endroit", "1 endroit", "2 endroits"]


def test_the_form_is_in_french_and_its_fields_are_those_of_every_language() -> None:
    lens_review = assess(run(finding("AUTH001", "SEC1.a1")), today=TODAY, title="boutique")
    form = new_form(lens_review, texts_of("fr"), "reponses.yaml")
    lines = form.split("\n")
    assert lines[2] == "#| Puis lancez\u00a0: tierlens review ... --answers reponses.yaml"
    start = lines.index("  SEC1.a2:")
    assert lines[start + 1].endswith("décident de ce que peut faire un appelant authentifié (excellente)")
    assert [line for line in lines[start:] if "#|" not in line][1:5] == [
        f"    {f}:" for f in ("answer", "by", "when", "note")
    ]
    assert "\\x" not in form


def test_the_summary_names_rules_in_french_where_their_pack_does() -> None:
    review = run(finding("AUTH001", "SEC1.a1", Verdict.FAIL), finding("AUTH002", "SEC1.a1", Verdict.FAIL))
    wording = RuleWording("fr", "Titre de la règle", "Pourquoi.")
    rules = {**review.rules, "AUTH001": replace(review.rules["AUTH001"], translations=(wording,))}
    page = text_writer.write(assess(replace(review, rules=rules), today=TODAY), LensReviewOptions("fr"))
    assert "      AUTH001 Titre de la règle\u00a0: 1 endroit\n" in page
    assert "      AUTH002 title of AUTH002\u00a0: 1 endroit\n" in page
