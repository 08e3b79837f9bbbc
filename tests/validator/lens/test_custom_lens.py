"""The custom lens keeps the importer's limits, and the check of them sees what does not."""

import json
from collections.abc import Callable
from copy import deepcopy
from itertools import product
from typing import Any

import pytest

from validator.lens import Rating, load_lens, texts_of
from validator.lens.texts import languages
from validator.lens.tool.custom_lens import choice_id, custom_lens
from validator.lens.tool.lens_format import condition_problems, lens_problems

LENS = custom_lens(load_lens(), texts_of())


@pytest.mark.parametrize("language", languages())
def test_the_importer_takes_the_lens_in_every_language(language: str) -> None:
    assert lens_problems(custom_lens(load_lens(), texts_of(language))) == ()


def test_it_has_every_question_with_none_of_these_as_the_last_choice() -> None:
    questions = [question for pillar in LENS["pillars"] for question in pillar["questions"]]
    assert [question["id"] for question in questions] == [question.id for question in load_lens().questions]
    assert [question["choices"][-1] for question in questions] == [
        {"id": f"{question['id']}_no", "title": "None of these"} for question in questions
    ]
    assert len(json.dumps(LENS)) < 100_000


def risk_of(rules: list[dict[str, str]], selected: set[str]) -> str:
    """What the tool would say: the first condition that holds."""
    for rule in rules:
        if rule["condition"] == "default" or set(rule["condition"].split(" && ")) <= selected:
            return rule["risk"]
    raise AssertionError("no default")


@pytest.mark.parametrize("question", list(load_lens().questions), ids=lambda question: question.id)
def test_risk_rules_say_what_the_ratings_say(question: Any) -> None:
    entry = next(q for pillar in LENS["pillars"] for q in pillar["questions"] if q["id"] == question.id)
    for picked in product([True, False], repeat=len(question.practices)):
        chosen = {choice_id(p) for p, on in zip(question.practices, picked, strict=True) if on}
        missing = [p.rating for p, on in zip(question.practices, picked, strict=True) if not on]
        expected = "HIGH_RISK" if Rating.REQUIRED in missing else "MEDIUM_RISK" if missing else "NO_RISK"
        assert risk_of(entry["riskRules"], chosen) == expected


def first(document: dict[str, Any]) -> dict[str, Any]:
    question: dict[str, Any] = document["pillars"][0]["questions"][0]
    return question


BREAKS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "version": (lambda d: d.update(schemaVersion="2020"), "schemaVersion has to be 2021-11-01"),
    "name": (lambda d: d.update(name="x" * 129), "the name of lens is longer than 128 characters"),
    "field": (lambda d: d.update(owner="me"), "lens has the unknown field owner"),
    "pillars": (
        lambda d: d.update(pillars=d["pillars"] * 3),
        "there are 15 pillars of the lens; 1 to 10 are allowed",
    ),
    "pillar id": (lambda d: d["pillars"][0].update(id="a-b"), "the id of pillar a-b is not 3 to 128"),
    "question": (lambda d: first(d).update(title="x" * 129), "the title of question OPS1 is longer than 128"),
    "twice": (lambda d: first(d).update(id="OPS2"), "the id of question OPS2 is used 2 times"),
    "choices": (lambda d: first(d).update(choices=first(d)["choices"] * 4), "there are 20 choices of question OPS1"),
    "choice id": (lambda d: first(d)["choices"][0].update(id="x" * 65), "is longer than 64 characters"),
    "plan": (
        lambda d: first(d)["choices"][0].pop("improvementPlan"),
        "choice OPS1_a1 of question OPS1 has no improvementPlan",
    ),
    "none": (
        lambda d: first(d)["choices"][-1].update(improvementPlan={"displayText": "x"}),
        "it has no improvementPlan",
    ),
    "url": (
        lambda d: first(d)["choices"][0]["helpfulResource"].update(url="javascript:x"),
        "does not begin with https",
    ),
    "text": (lambda d: first(d)["choices"][0]["helpfulResource"].update(displayText=""), "has no displayText"),
    "long": (lambda d: first(d)["choices"][0]["improvementPlan"].update(displayText="x" * 1025), "longer than 1024"),
    "no default": (lambda d: first(d)["riskRules"].pop(), "has to be the default"),
    "order": (lambda d: first(d)["riskRules"].reverse(), "has to be the default"),
    "risk": (lambda d: first(d)["riskRules"][0].update(risk="LOW"), "has the risk 'LOW'"),
    "same risk": (lambda d: first(d)["riskRules"][0].update(risk="HIGH_RISK"), "has 2 rules for HIGH_RISK"),
    "condition": (
        lambda d: first(d)["riskRules"][0].update(condition="SEC1_a1"),
        "SEC1_a1 is no choice of the question",
    ),
    "size": (lambda d: d.update(description="x" * 500_001), "the lens is larger than 500,000 bytes"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_the_importer_refuses_is_seen(name: str) -> None:
    breaks, message = BREAKS[name]
    document = deepcopy(LENS)
    breaks(document)
    assert [problem for problem in lens_problems(document) if message in problem]


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("default", None),
        ("abc", None),
        ("abc && def && ghi", None),
        ("!abc || !(def && ghi)", None),
        ("(abc || def) && ghi", None),
        ("abc && def || ghi", "&& and || are mixed without parentheses"),
        ("abc &&", "a choice is missing before its end"),
        ("&& abc", "a choice is missing before &&"),
        ("abc def", "def stands where an operator should"),
        ("(abc", "a choice is missing before its end"),
        ("abc)", ") stands where an operator should"),
        ("abc & def", "'& def' is no part of a condition"),
        ("xyz", "xyz is no choice of the question"),
        ("", "a choice is missing before its end"),
    ],
)
def test_conditions(condition: str, problem: str | None) -> None:
    assert condition_problems(condition, ["abc", "def", "ghi"]) == (() if problem is None else (problem,))
