"""Runs with rules of a test in place of the installed ones."""

from collections.abc import Callable

import pytest

from validator.registry import RulePack
from validator.review import rule_choice
from validator.rulekit import Rule

UseRules = Callable[..., None]


@pytest.fixture
def use_rules(monkeypatch: pytest.MonkeyPatch) -> UseRules:
    """Makes these the only rules that are installed."""

    def use(*rules: Rule) -> None:
        monkeypatch.setattr(rule_choice, "load_rule_packs", lambda: (RulePack("fakes", rules),))

    return use
