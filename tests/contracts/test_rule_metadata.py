"""What every built-in rule's catalogue entry has to be."""

import re
from pathlib import Path

import pytest
import yaml

from rules import pack
from validator.model import Category
from validator.rulekit import Rule

LENS = Path(__file__).resolve().parents[2].parent / "shared" / "lens" / "serverless-lens.yaml"
PREFIXES = {
    Category.TIER_SEPARATION: "TIER",
    Category.PRIVATE_DATA: "DATA",
    Category.LEAST_PRIVILEGE: "IAM",
    Category.API_AUTH: "AUTH",
    Category.WAF_COVERAGE: "WAF",
    Category.API_OPERATIONS: "API",
    Category.EDGE_DELIVERY: "EDGE",
}
each_rule = pytest.mark.parametrize("rule", pack(), ids=lambda rule: rule.meta.id)


def lens_ids() -> frozenset[str]:
    """Questions (SEC1) and practices (SEC1.a1) of the lens."""
    if not LENS.is_file():
        pytest.skip("the Serverless Lens as data (shared/lens) is not beside this checkout")
    lens = yaml.safe_load(LENS.read_text(encoding="utf-8"))
    questions = [question for pillar in lens["pillars"] for question in pillar["questions"]]
    practices = (practice["id"] for question in questions for practice in question["best_practices"])
    return frozenset((*(question["id"] for question in questions), *practices))


@each_rule
def test_the_lens_has_what_a_rule_names(rule: Rule) -> None:
    assert set(rule.meta.lens) - lens_ids() == set()


@each_rule
def test_the_id_is_of_the_category(rule: Rule) -> None:
    prefix = PREFIXES.get(rule.meta.category, "[A-Z]+")
    assert re.fullmatch(rf"{prefix}\d{{3}}", rule.meta.id)


@each_rule
def test_the_file_lies_in_the_folder_of_its_category(rule: Rule) -> None:
    assert type(rule).__module__.split(".")[1] == rule.meta.category.value.replace("-", "_")


@each_rule
def test_texts_are_for_people(rule: Rule) -> None:
    meta = rule.meta
    assert meta.title[0].isupper()
    assert not meta.title.endswith(".")
    assert "|" not in meta.title, "it is a cell of the catalogue's table"
    assert re.fullmatch(r"[A-Z][^\n]+[.]", meta.why)
    assert meta.subjects
    assert all(reference.startswith("https://") for reference in meta.references)
    assert re.fullmatch(r"\d+\.\d+", meta.since)


@each_rule
def test_examples_are_short_and_named_apart(rule: Rule) -> None:
    names = [example.name for example in rule.examples]
    assert len(set(names)) == len(names)
    assert [e.name for e in rule.examples if len(e.template.strip().splitlines()) > 30] == []
