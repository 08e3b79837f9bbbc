"""Every example of every rule is a test: verdict, resource and the marked line."""

import pytest

from rules import pack
from tests.harness import findings
from validator.model import Verdict
from validator.rulekit import FINDING_MARK, HEADINGS, Example, Rule

CASES = [(rule, example) for rule in pack() for example in rule.examples]


def _name(value: object) -> str:
    if isinstance(value, Rule):
        return value.meta.id
    return f"{value.verdict.value}: {value.name}" if isinstance(value, Example) else str(value)


@pytest.mark.parametrize(("rule", "example"), CASES, ids=_name)
def test_example_gives_its_verdict_at_its_line(rule: Rule, example: Example) -> None:
    found = [
        finding
        for finding in findings(example.template, type(rule))
        if example.resource in ("", finding.resource) and example.target in ("", finding.target)
    ]

    worst = {finding.verdict for finding in found}
    if example.verdict is Verdict.PASS:
        assert worst == {Verdict.PASS}, [f.message for f in found]
        return
    decisive = [finding for finding in found if finding.verdict is example.verdict]
    assert decisive, [(f.verdict, f.message) for f in found]
    if example.verdict is Verdict.UNKNOWN:
        assert Verdict.FAIL not in worst, [f.message for f in found]
    marked = [n for n, line in enumerate(example.template.splitlines(), 1) if line.rstrip().endswith(FINDING_MARK)]
    if marked or example.verdict is Verdict.FAIL:
        assert [finding.span.line for finding in decisive] == marked


@pytest.mark.parametrize("rule", pack(), ids=lambda rule: rule.meta.id)
def test_rule_is_documented_and_shown_both_ways(rule: Rule) -> None:
    text = type(rule).__doc__ or ""
    headings = [line.removeprefix("## ") for line in map(str.strip, text.splitlines()) if line.startswith("## ")]
    assert tuple(headings[: len(HEADINGS)]) == HEADINGS
    shown = {example.verdict for example in rule.examples}
    assert {Verdict.FAIL, Verdict.PASS} <= shown or rule.meta.id in ONE_SIDED, shown


ONE_SIDED = {
    "DATA007": "it explains why services without VPC placement pass, so it never fails",
    "FUNC017": "whether a function waits for another one is in its code, so it never fails",
    "FUNC021": "whether a handler recognises a repeated event is in its code, so it never fails",
    "FUNC024": "a template without metrics of its own says nothing of what the code measures, so it never fails",
    "FUNC025": "whether a function only hands on is in its code, so it never fails",
}


def test_file_name_says_what_the_class_says() -> None:
    for rule in pack():
        module = type(rule).__module__.rpartition(".")[2]
        assert module.replace("_", "") == type(rule).__name__.lower(), type(rule)


def test_ids_are_unique() -> None:
    ids = [rule.meta.id for rule in pack()]
    assert len(ids) == len(set(ids))
