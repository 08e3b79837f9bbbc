"""Options that say what closes the gate: ``--fail-on``, ``--fail-on-unknown``, ``--deny-suppressions``."""

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import click
from click.shell_completion import CompletionItem

from validator.model import Category, Severity, Thresholds

if TYPE_CHECKING:
    from validator.settings import Settings

Command = TypeVar("Command", bound=Callable[..., object])

_NEVER = "never"
_SEVERITIES = tuple(severity.value for severity in Severity)


def threshold_options(command: Command) -> Command:
    """Add the options; their values are ``fail_on``, ``fail_on_unknown`` and ``deny_suppressions``."""
    decorators = (
        click.option(
            "--fail-on",
            multiple=True,
            metavar="[CATEGORY=]SEVERITY",
            callback=_checked,
            shell_complete=_completions,
            help="Least severity that fails (default: medium): low, medium, high, critical. With a category for that "
            "category alone, also never. Repeatable; one without a category replaces the configuration's.",
        ),
        click.option("--fail-on-unknown", is_flag=True, help="Unknown verdicts fail as well."),
        click.option(
            "--deny-suppressions",
            is_flag=True,
            help="Every suppression fails, in a template, the baseline or an engine's own form.",
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def thresholds_of(
    settings: "Settings", fail_on: Sequence[str] = (), fail_on_unknown: bool = False, deny_suppressions: bool = False
) -> Thresholds:
    """What closes the gate: the configuration's, changed by the options, whose values were checked."""
    default, categories = settings.fail_on, dict(settings.fail_on_categories)
    plain = [value for value in fail_on if "=" not in value]
    if plain:
        default, categories = Severity(plain[-1]), {}
    for value in fail_on:
        category, equals, least = value.partition("=")
        if equals:
            categories[Category(category)] = None if least == _NEVER else Severity(least)
    return Thresholds(
        default,
        MappingProxyType(categories),
        fail_on_unknown or settings.fail_on_unknown,
        deny_suppressions or settings.deny_suppressions,
    )


def _checked(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        category, equals, least = value.rpartition("=")
        names = [one.value for one in Category]
        if equals and category not in names:
            from validator.settings import did_you_mean

            near = did_you_mean(category, names) or f"known are {', '.join(names)}"
            raise click.BadParameter(f"there is no category '{category}': {near}")
        allowed = (*_SEVERITIES, _NEVER) if equals else _SEVERITIES
        if least not in allowed:
            raise click.BadParameter(f"'{least}' is not one of {', '.join(allowed)}")
    return values


def _completions(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    category, equals, least = incomplete.rpartition("=")
    if equals:
        return [CompletionItem(f"{category}={one}") for one in (*_SEVERITIES, _NEVER) if one.startswith(least)]
    offered = (*_SEVERITIES, *(f"{one.value}=" for one in Category))
    return [CompletionItem(one) for one in offered if one.startswith(incomplete)]
