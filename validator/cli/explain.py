"""``tierlens explain``: one rule, in full."""

import sys
from typing import TYPE_CHECKING

import click

from validator.model import UsageError

if TYPE_CHECKING:
    from validator.rulekit import Rule


@click.command("explain")
@click.argument("rule_id", metavar="RULE")
def command(rule_id: str) -> None:
    """Explain RULE: what it proves, why, how to fix it, with examples."""
    from validator.review import registered_rules
    from validator.settings import did_you_mean

    rules = {rule.meta.id: rule for rule in registered_rules()}
    rule = rules.get(rule_id.upper())
    if rule is None:
        near = did_you_mean(rule_id.upper(), rules)
        raise UsageError(f"no rule is named {rule_id}", hint=near or "tierlens rules lists them all")
    text = page(rule)
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def page(rule: "Rule") -> str:
    """The rule's page in Markdown: facts, explanation, examples, references."""
    meta = rule.meta
    facts = [f"`{meta.category.value}`", f"severity {meta.severity.value}", f"since {meta.since}"]
    if meta.lens:
        facts.append("lens " + ", ".join(meta.lens))
    parts = [f"# {meta.id}: {meta.title}", " · ".join(facts), meta.why, rule.explanation()]
    for example in rule.examples:
        parts.append(f"## Example: {example.name} ({example.verdict.value})")
        parts.append(f"```yaml\n{example.template.strip()}\n```")
    if meta.references:
        parts.append("## References")
        parts.append("\n".join(f"- {reference}" for reference in meta.references))
    return "\n\n".join(parts)
