"""``tierlens rules``: the catalogue."""

import json

import click


@click.command("rules")
@click.option("--select", "selected", multiple=True, metavar="RULE|CATEGORY", help="Only these. Repeatable.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(selected: tuple[str, ...], format_name: str) -> None:
    """List the rules of all installed packs."""
    from pathlib import Path

    from validator.review import ReviewRequest, selected_rules

    rules = [rule.meta for rule in selected_rules(ReviewRequest((), Path(), select=selected))]
    if format_name == "json":
        entries = [
            {
                "id": meta.id,
                "title": meta.title,
                "category": meta.category.value,
                "severity": meta.severity.value,
                "lens": list(meta.lens),
                "since": meta.since,
                "why": meta.why,
            }
            for meta in rules
        ]
        click.echo(json.dumps(entries, indent=2))
        return
    for meta in rules:
        click.echo(f"{meta.id:8} {meta.severity.value:9} {meta.category.value:20} {meta.title}")
