"""``tierlens explain``: one rule, in full."""

import click

from validator.cli.completion import rule_ids
from validator.cli.output import is_terminal, print_text
from validator.cli.rule_page import engine_rule_page, rule_page
from validator.model import UsageError


@click.command("explain")
@click.argument("rule_id", metavar="RULE", shell_complete=rule_ids)
def command(rule_id: str) -> None:
    """Explain RULE: what it proves, why, how to fix it, with examples; also a rule of another engine."""
    from validator.engines import all_engine_rules, engine_rule_text
    from validator.review import registered_rules
    from validator.settings import did_you_mean

    rules = {rule.meta.id: rule for rule in registered_rules()}
    rule = rules.get(rule_id.upper())
    of_engine = engine_rule_text(rule_id.upper()) if rule is None else None
    if rule is not None:
        text = rule_page(rule)
    elif of_engine is not None:
        text = engine_rule_page(of_engine)
    else:
        known = [*rules, *(other.id for other in all_engine_rules())]
        near = did_you_mean(rule_id.upper(), known)
        raise UsageError(f"no rule is named {rule_id}", hint=near or "tierlens rules lists them all")
    if not is_terminal():
        print_text(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
