"""What the shell offers for values, as click asks for it."""

from collections.abc import Sequence

import click
import pytest
from click.shell_completion import ShellComplete

from rules import pack
from tests.validator.conftest import UseRules
from validator.cli.main import cli
from validator.graph.export import GRAPH_WRITERS
from validator.model import Category, RulePackError
from validator.review import rule_choice

IDS = [rule.meta.id for rule in pack()]
CATEGORIES = [category.value for category in Category]


def offered(arguments: Sequence[str], incomplete: str) -> list[str]:
    shell = ShellComplete(cli, {}, "tierlens", "_TIERLENS_COMPLETE")
    return [item.value for item in shell.get_completions(list(arguments), incomplete)]


@pytest.mark.parametrize("command", [["check", "--select"], ["check", "--ignore"], ["rules", "--select"]])
def test_rules_and_categories(command: list[str]) -> None:
    assert offered(command, "") == [*IDS, *CATEGORIES]
    assert offered(command, "waf") == [*(rule for rule in IDS if rule.startswith("WAF")), "waf-coverage"]
    assert offered(command, "WAF001,api-a") == ["WAF001,api-auth"]


def test_rules_to_explain() -> None:
    assert offered(["explain"], "AUTH") == [rule for rule in IDS if rule.startswith("AUTH")]


def test_formats() -> None:
    assert {"json", "text"} <= set(offered(["check", "--format"], ""))
    assert offered(["check", "--format"], "js") == ["json"]
    assert offered(["graph", "--format"], "") == [*GRAPH_WRITERS, "svg"]


def test_severities_and_commands() -> None:
    assert offered(["check", "--fail-on"], "")[:5] == ["low", "medium", "high", "critical", "tier-separation="]
    assert offered(["check", "--fail-on"], "api-auth=h") == ["api-auth=high"]
    assert offered([], "") == cli.list_commands(click.Context(cli))


def test_a_broken_installation_offers_categories_only(use_rules: UseRules, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[()]:
        raise RulePackError("cannot be imported")

    monkeypatch.setattr(rule_choice, "load_rule_packs", broken)

    assert offered(["check", "--select"], "") == CATEGORIES
    assert offered(["explain"], "") == []
