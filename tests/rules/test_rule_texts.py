"""Every rule has its title and its reason in French."""

import json
from importlib.resources import files
from itertools import chain

import pytest

from rules import pack
from tests.translations import faults, french_faults
from validator.model import RuleWording
from validator.rulekit import wordings_of

LANGUAGES = ("fr",)


def texts(language: str) -> dict[str, str]:
    entries = json.loads(files("rules").joinpath("texts", f"{language}.json").read_text(encoding="utf-8"))
    pairs = (((f"{rule}.title", text["title"]), (f"{rule}.why", text["why"])) for rule, text in entries.items())
    return dict(chain.from_iterable(pairs))


ENGLISH = dict(
    chain.from_iterable(((f"{r.meta.id}.title", r.meta.title), (f"{r.meta.id}.why", r.meta.why)) for r in pack())
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_translated(language: str) -> None:
    found = faults(ENGLISH, texts(language), frozenset())
    assert not found, f"rules/texts/{language}.json (see docs/languages.md):\n" + "\n".join(found)


def test_a_rule_without_a_french_text_is_named() -> None:
    lacking = {key: text for key, text in texts("fr").items() if key != "AUTH001.why"}
    assert faults(ENGLISH, lacking, frozenset()) == [
        f"AUTH001.why: there is no text; write one for {ENGLISH['AUTH001.why']!r}"
    ]


def test_french_typography() -> None:
    assert french_faults(texts("fr")) == []


def test_entries_stand_in_the_order_of_ids() -> None:
    keys = list(texts("fr"))
    assert keys == sorted(keys)


def test_a_rule_tells_its_wording_by_language() -> None:
    (rule,) = (rule for rule in pack() if rule.meta.id == "IAM009")
    assert wordings_of(rule) == (
        RuleWording(
            "fr",
            "Une autorisation de fonction sans source",
            "Sans source, le même service peut appeler la fonction pour n’importe quel autre client.",
        ),
    )
