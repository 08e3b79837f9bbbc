"""``tierlens explain``: one rule, in full."""

import click

from validator.cli.completion import rule_ids
from validator.cli.output import is_terminal, print_text
from validator.cli.rule_page import rule_page
from validator.model import UsageError


@click.command("explain")
@click.argument("rule_id", metavar="RULE", shell_complete=rule_ids)
def command(rule_id: str) -> None:
    """Explain RULE: what it proves, why, how to fix it, with examples."""
    from validator.review import registered_rules
    from validator.settings import did_you_mean

    rules = {rule.meta.id: rule for rule in registered_rules()}
    rule = rules.get(rule_id.upper())
    if rule is None:
        near = did_you_mean(rule_id.upper(), rules)
        raise UsageError(f"no rule is named {rule_id}", hint=near or "tierlens rules lists them all")
    text = rule_page(rule)
    if not is_terminal():
        print_text(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
