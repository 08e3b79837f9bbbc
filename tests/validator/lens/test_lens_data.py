"""The lens as data: complete, consistent, and what AWS's API takes."""

import re
from pathlib import Path

import botocore.session
import pytest

from validator.lens import Decidable, Rating, load_lens, texts_of
from validator.lens.texts import languages, lens_sentences

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "lens" / "serverless-lens.yaml"
RATINGS = {  # README of the lens data: required, good, best in the tool's order
    "OPS1": "a1! a3 a4 a2*",
    "OPS2": "a1! a2 a3 a5 a6 a4*",
    "SEC1": "a3! a1 a2*",
    "SEC2": "a1! a4! a2 a3*",
    "SEC3": "a1! a4! a2 a3* a5*",
    "REL1": "a1! a2 a3*",
    "REL2": "a1! a3! a2 a4*",
    "PERF1": "a3! a1 a2 a5 a4*",
    "COST1": "a1! a2! a3 a4*",
}
MARKS = {Rating.REQUIRED: "!", Rating.GOOD: "", Rating.BEST: "*"}


def test_the_data_is_the_one_that_was_agreed_on() -> None:
    if not SHARED.is_file():
        pytest.skip("the Serverless Lens as data (shared/lens) is not beside this checkout")
    own = Path(__file__).resolve().parents[3] / "validator" / "lens" / "data" / "serverless-lens.yaml"
    assert own.read_text(encoding="utf-8") == SHARED.read_text(encoding="utf-8")


def test_questions_choices_and_ratings_are_those_of_the_tool() -> None:
    shown = {
        question.id: " ".join(f"{p.id.partition('.')[2]}{MARKS[p.rating]}" for p in question.practices)
        for question in load_lens().questions
    }
    assert shown == RATINGS
    decidable = [practice.decidable for practice in load_lens().practices.values()]
    assert [decidable.count(kind) for kind in Decidable] == [13, 21, 4]


def test_official_ids_are_made_of_pillar_question_and_suffix() -> None:
    for pillar in load_lens().pillars:
        for question in pillar.questions:
            prefix = pillar.short.lower()
            assert question.official_id == f"{prefix}_q{question.id.removeprefix(pillar.short)}"
            assert question.none_choice == f"{prefix}_{question.official_id}_no"
            for practice in question.practices:
                assert practice.official_id == f"{prefix}_{question.official_id}_{practice.id.partition('.')[2]}"
                assert practice.question == question.id


def test_ids_and_titles_fit_the_shapes_of_the_api() -> None:
    model = botocore.session.get_session().get_service_model("wellarchitected")
    limits = {
        name: model.shape_for(name).metadata for name in ("QuestionId", "ChoiceId", "QuestionTitle", "ChoiceTitle")
    }
    for question in load_lens().questions:
        assert len(question.official_id) <= limits["QuestionId"]["max"]
        assert len(question.official_title) <= limits["QuestionTitle"]["max"]
        for practice in question.practices:
            assert len(practice.official_id) <= limits["ChoiceId"]["max"]
            assert len(practice.official_title) <= limits["ChoiceTitle"]["max"]


def test_what_people_are_asked_for_has_a_question() -> None:
    silent = [p.id for p in load_lens().practices.values() if not p.ask and p.decidable is not Decidable.TEMPLATE]
    assert silent == []


def test_slugs_and_ids_are_unique() -> None:
    practices = load_lens().practices.values()
    assert len({p.slug for p in practices}) == len({p.official_id for p in practices}) == len(practices) == 38


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_sentence_with_the_same_places_to_fill(language: str) -> None:
    english, other = texts_of().sentences, texts_of(language).sentences
    assert set(other) == set(english)
    places = re.compile(r"\{(\w+)\}")
    differing = {key for key in english if set(places.findall(english[key])) != set(places.findall(other[key]))}
    assert differing == set()


def test_the_catalogue_has_the_words_of_the_lens() -> None:
    assert dict(lens_sentences())["practice.SEC1.a1.ask"] == "Which open operations are public on purpose?"
    assert texts_of().counted("summary.places", 1) == "1 place"
    assert texts_of().counted("summary.places", 0) == "0 places"
