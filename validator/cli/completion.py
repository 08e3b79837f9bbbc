"""What the shell offers for values: rules, categories, formats. A broken installation offers nothing."""

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from validator.model import Category, TierlensError


def rules_and_categories(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rule ids with their titles, and categories; the last one of a list with commas."""
    before, comma, last = incomplete.rpartition(",")
    offered = [*_rules(), *((category.value, "category") for category in Category)]
    return [CompletionItem(f"{before}{comma}{name}", help=text) for name, text in _starting(offered, last)]


def rule_ids(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rule ids with their titles."""
    return [CompletionItem(name, help=text) for name, text in _starting(_rules(), incomplete)]


def report_formats(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The names of the installed report formats."""
    from validator.registry import report_writer_names

    try:
        return [name for name in report_writer_names() if name.startswith(incomplete)]
    except TierlensError:
        return []


def _rules() -> list[tuple[str, str]]:
    from validator.review import registered_rules

    try:
        return [(rule.meta.id, rule.meta.title) for rule in registered_rules()]
    except TierlensError:
        return []


def _starting(offered: Iterable[tuple[str, str]], start: str) -> list[tuple[str, str]]:
    return [(name, text) for name, text in offered if name.lower().startswith(start.lower())]
