"""Verdicts follow from what a template means, not from how it is written."""

import pytest

from rules import pack
from tests.harness import architecture
from tests.properties.rewriting import as_json, as_yaml, data_of, renamed, reordered
from validator.rulekit import Example, run_rules

TEMPLATES = [
    pytest.param(example, id=f"{rule.meta.id}: {example.name}") for rule in pack() for example in rule.examples
]

Verdicts = set[tuple[str, str, str, str]]


def verdicts(template: str) -> Verdicts:
    result = run_rules(pack(), architecture(template))
    assert not result.diagnostics, result.diagnostics
    return {(f.rule, f.resource, f.target, f.verdict.value) for f in result.findings}


@pytest.mark.parametrize("example", TEMPLATES)
def test_json_and_yaml_say_the_same(example: Example) -> None:
    data = data_of(example.template)
    assert verdicts(as_json(data)) == verdicts(as_yaml(data)) == verdicts(example.template)


@pytest.mark.parametrize("example", TEMPLATES)
def test_order_does_not_matter(example: Example) -> None:
    data = data_of(example.template)
    assert verdicts(as_yaml(reordered(data, seed=7))) == verdicts(example.template)


@pytest.mark.parametrize("example", TEMPLATES)
def test_logical_ids_are_only_names(example: Example) -> None:
    data, _ = renamed(data_of(example.template))

    def shape(found: Verdicts) -> list[tuple[str, str]]:
        return sorted((rule, verdict) for rule, _, _, verdict in found)

    assert shape(verdicts(as_yaml(data))) == shape(verdicts(example.template))
