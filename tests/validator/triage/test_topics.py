"""The table of same properties: every id exists, and every id of a topic fires on one fault."""

from collections.abc import Iterator

import pytest

from tests.harness import architecture, rule_of
from tests.validator.engines.running import end_processes, judged
from tests.validator.triage.topic_templates import TEMPLATES
from validator.engines import engine_rule_ids
from validator.engines.names import TIERLENS
from validator.model import Finding, Verdict
from validator.rulekit import run_rules
from validator.triage.topics import Topic, same_rules, topics

_BY_NAME = {topic.name: topic for topic in topics()}
_NEVER_FAILING = {"CKV_AWS_19", "CKV_AWS_27"}
"""Reports that our proof refutes: S3 and SQS encrypt without being told."""
_NOT_REPORTED = {"CKV_AWS_19"}
"""Checks that pass what AWS does by itself."""


@pytest.fixture(scope="module", autouse=True)
def processes() -> Iterator[None]:
    yield
    end_processes()


@pytest.fixture(scope="module", autouse=True)
def engines() -> None:
    pytest.importorskip("checkov", reason="checkov is not installed")
    pytest.importorskip("cfnlint", reason="cfn-lint is not installed")


def found_by(topic: Topic, template: str) -> list[Finding]:
    own = [rule_of(rule) for rule in topic.own]
    found = list(run_rules(own, architecture(template)).findings)
    for engine in topic.rules:
        if engine == "cloudformation-validate":
            pytest.importorskip("cloudformation_validate", reason="cloudformation-validate is not installed")
        if engine != TIERLENS:
            found += judged(engine, template)
    return [finding for finding in found if topic.speaks_of(finding)]


def test_every_topic_has_a_template() -> None:
    assert set(TEMPLATES) == set(_BY_NAME)


@pytest.mark.parametrize("name", _BY_NAME)
def test_every_id_exists(name: str) -> None:
    for engine, rules in _BY_NAME[name].rules.items():
        if engine == TIERLENS:
            assert [rule_of(rule).meta.id for rule in rules] == list(rules)
        else:
            assert set(rules) <= set(engine_rule_ids(engine))


def test_a_topic_that_decides_has_one_rule_of_ours() -> None:
    assert {name for name, topic in _BY_NAME.items() if topic.decides and len(topic.own) != 1} == set()


def test_aliases_name_a_rule_of_each_engine() -> None:
    (first, second), aliases = same_rules()
    assert set(aliases) <= set(engine_rule_ids(first))
    assert set(aliases.values()) <= set(engine_rule_ids(second))


@pytest.mark.parametrize("name", _BY_NAME)
def test_all_rules_of_a_topic_report_the_fault_on_one_resource(name: str) -> None:
    topic = _BY_NAME[name]
    failures: dict[str, set[tuple[str, str]]] = {}
    for finding in found_by(topic, TEMPLATES[name]):
        if finding.verdict is Verdict.FAIL:
            failures.setdefault(finding.resource, set()).add((finding.source, finding.rule))
    expected = {
        (engine, rule) for engine, rules in topic.rules.items() for rule in rules if rule not in _NOT_REPORTED
    }
    together = {one for found in failures.values() if len(found) > 1 for one in found}
    alone = {one for found in failures.values() for one in found} - together
    assert together | {one for one in alone if one[1] in _NEVER_FAILING} == expected
