"""The engines' rules as data: complete, rated, and as the installed engines have them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from validator.engines import ENGINE_NAMES, all_engine_rules, engine_rule, engine_rule_ids, engine_rule_text
from validator.engines.names import KINDS
from validator.model import Category, Severity

ROOT = Path(__file__).resolve().parents[3]


def test_the_data_are_those_of_the_installed_engines() -> None:
    # In a process of its own: the engines change much in the one that imports them.
    code = (
        "import json; from tools.engine_rules import contents, DATA;"
        "print(json.dumps({name: made == json.loads((DATA / (name + '.json')).read_text()) "
        "for name, made in contents().items()}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    same = json.loads(done.stdout.splitlines()[-1])
    assert same == dict.fromkeys(("cfn-lint", "checkov", "cloudformation-validate"), True), (
        "run python -m tools.engine_rules and rate the checks that are new"
    )


def test_every_engine_with_a_process_has_rules() -> None:
    assert set(KINDS) == set(ENGINE_NAMES) - {"tierlens"}
    assert all(len(engine_rule_ids(engine)) > 100 for engine in KINDS)


@pytest.mark.parametrize(
    ("engine", "rule", "severity"),
    [
        ("cfn-lint", "E3012", Severity.HIGH),
        ("cfn-lint", "W2001", Severity.LOW),
        ("checkov", "CKV_AWS_59", Severity.HIGH),
        ("checkov", "CKV_AWS_53", Severity.MEDIUM),
        ("checkov", "CKV_AWS_116", Severity.LOW),
        ("cloudformation-validate", "F3003", Severity.HIGH),
        # Of an engine newer than the data.
        ("cfn-lint", "E9999", Severity.HIGH),
        ("cfn-lint", "W9999", Severity.LOW),
        ("checkov", "CKV_AWS_9999", Severity.LOW),
    ],
)
def test_severities(engine: str, rule: str, severity: Severity) -> None:
    assert engine_rule(engine, rule).severity is severity


def test_every_rule_explains_itself() -> None:
    for rule in all_engine_rules():
        text = engine_rule_text(rule.id)
        assert text is not None
        assert text.title
        assert not text.title.endswith(".")
        assert all(heading in text.explanation for heading in ("## What it proves", "## Why it", "## How to fix"))
    assert engine_rule_text("CKV_AWS_0") is None


def test_a_rule_as_it_is_explained() -> None:
    text = engine_rule_text("CKV_AWS_116")
    assert text is not None
    assert (text.source, text.category, text.title) == (
        "checkov",
        Category.RESOURCE_CONFIGURATION,
        "The Lambda function has a dead-letter queue",
    )
    assert "See to it that the Lambda function has a dead-letter queue." in text.explanation
