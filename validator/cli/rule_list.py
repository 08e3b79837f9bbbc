"""``tierlens rules``: the catalogue."""

import json
from typing import TYPE_CHECKING

import click

from validator.cli.completion import rules_and_categories
from validator.cli.output import print_text

if TYPE_CHECKING:
    from validator.rulekit import RuleMeta


@click.command("rules")
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="RULE|CATEGORY",
    shell_complete=rules_and_categories,
    help="Only these: ids, starts of ids, categories. Repeatable; commas work too.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table for people, or JSON.",
)
def command(selected: tuple[str, ...], format_name: str) -> None:
    """List the rules of all installed packs."""
    from pathlib import Path

    from validator.cli.options import names_of
    from validator.review import ReviewRequest, selected_rules

    request = ReviewRequest((), Path(), select=names_of(selected, "--select"))
    rules = [rule.meta for rule in selected_rules(request)]
    print_text(_json(rules) if format_name == "json" else _table(rules))


def _json(rules: "list[RuleMeta]") -> str:
    entries = [
        {
            "id": meta.id,
            "title": meta.title,
            "category": meta.category.value,
            "severity": meta.severity.value,
            "lens": list(meta.lens),
            "since": meta.since,
            "why": meta.why,
            "subjects": list(meta.subjects),
            "references": list(meta.references),
        }
        for meta in rules
    ]
    return json.dumps(entries, indent=2)


def _table(rules: "list[RuleMeta]") -> str:
    width = max(len(meta.id) for meta in rules)
    lines = [
        f"{meta.id:{width}}  {meta.severity.value:8}  {meta.category.value:19}  {meta.title}".rstrip()
        for meta in rules
    ]
    return "\n".join(lines)
