"""A rule pack brings its rules' texts in other languages as files."""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest

from validator.graph import Architecture
from validator.model import Category, RulePackError, RuleWording, Severity
from validator.review.rule_choice import rule_text
from validator.rulekit import Example, Judgement, Rule, RuleMeta, wordings_of

NUMBERS = count(1)
TEXT = {"title": "Ein Titel", "why": "Ein Grund."}


class Sample(Rule):
    """Sample.

    ## What it proves

    Nothing.

    ## Why it matters

    It does not.

    ## How to fix

    Not.

    ## What it cannot see

    All.
    """

    meta = RuleMeta("ACME001", "A title", Category.API_AUTH, Severity.LOW, "A reason.", ())
    examples: ClassVar[tuple[Example, ...]] = ()

    def judge(self, architecture: Architecture) -> Iterable[Judgement]:
        return ()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of its own name in which the sample rule lives."""
    name = f"acme_pack_{next(NUMBERS)}"
    folder = tmp_path / name
    (folder / "texts").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(Sample, "__module__", f"{name}.rule")
    yield folder
    sys.modules.pop(name, None)


def test_texts_are_read_by_language(package: Path) -> None:
    (package / "texts" / "nl.json").write_text(json.dumps({"ACME002": TEXT}))
    (package / "texts" / "de.json").write_text(json.dumps({"ACME001": TEXT, "ACME002": TEXT}))
    assert wordings_of(Sample()) == (RuleWording("de", "Ein Titel", "Ein Grund."),)
    text = rule_text(Sample())
    assert text.wording("de") == RuleWording("de", "Ein Titel", "Ein Grund.")
    assert text.wording("nl") is None


def test_a_pack_need_not_bring_any(package: Path) -> None:
    (package / "texts").rmdir()
    assert wordings_of(Sample()) == ()


def test_a_rule_of_no_installed_package_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sample, "__module__", "nowhere_at_all.rule")
    assert wordings_of(Sample()) == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "texts/de.json is no JSON"),
        ("[]", "texts/de.json does not map ids of rules to texts"),
        ('{"ACME001": {"title": "x"}}', "texts/de.json does not map ids of rules to texts"),
        ('{"ACME001": {"title": "x", "why": 1}}', "texts/de.json does not map ids of rules to texts"),
    ],
)
def test_a_file_that_is_wrong_is_named(package: Path, content: str, message: str) -> None:
    (package / "texts" / "de.json").write_text(content)
    with pytest.raises(RulePackError, match=message):
        wordings_of(Sample())
