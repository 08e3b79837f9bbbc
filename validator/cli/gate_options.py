"""Options that say which rules and engines judge, and what is accepted: those of the gate and of its relatives."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from validator.cli.completion import rules_and_categories
from validator.cli.options import Input, names_of, request_of

if TYPE_CHECKING:
    from validator.review import ReviewRequest
    from validator.settings import Settings

Command = TypeVar("Command", bound=Callable[..., object])

_FILE = click.Path(path_type=Path, dir_okay=False)

ENGINE = click.option(
    "--engine",
    "engines",
    multiple=True,
    envvar="TIERLENS_ENGINE",
    type=click.Choice(["tierlens", "cfn-lint", "checkov", "cloudformation-validate"]),
    help="Run only these engines (default: tierlens, cfn-lint, checkov). Repeatable.",
)


def _release(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    from validator.settings import release

    if value is not None and release(value) is None:
        raise click.BadParameter(f"{value!r} is no release such as 0.1")
    return value


def gate_options(command: Command) -> Command:
    """Add the options that choose rules, engines and the baseline."""
    decorators = (
        click.option(
            "--select",
            "selected",
            multiple=True,
            metavar="RULE|CATEGORY",
            shell_complete=rules_and_categories,
            help="Run only these rules: ids, starts of ids, categories. Repeatable; commas work too.",
        ),
        click.option(
            "--ignore",
            "ignored",
            multiple=True,
            metavar="RULE|CATEGORY",
            shell_complete=rules_and_categories,
            help="Do not run these; stronger than --select. Repeatable.",
        ),
        ENGINE,
        click.option(
            "--guard",
            "guard_files",
            multiple=True,
            type=_FILE,
            metavar="FILE",
            help="Run the organisation's own rules: .guard, .rego, .cel. Needs tierlens[validate]. Repeatable.",
        ),
        click.option("--baseline", type=_FILE, metavar="FILE", help="Accept the findings that this file lists."),
        click.option(
            "--rules-version",
            metavar="RELEASE",
            callback=_release,
            help="Pin the rule set: rules that came after this release are shown and do not fail.",
        ),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@dataclass(frozen=True, slots=True)
class GateInput:
    """The values of the gate options."""

    selected: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    guard_files: tuple[Path, ...] = ()
    baseline: Path | None = None
    rules_version: str | None = None


def gate_request(given: Input, gate: GateInput, settings: "Settings") -> "ReviewRequest":
    """The request that input and gate options make. Raises SettingsError or UsageError for wrong values."""
    settings = replace(settings, rules_version=gate.rules_version or settings.rules_version)
    return replace(
        request_of(given, settings),
        select=names_of(gate.selected, "--select") or settings.select,
        ignore=(*settings.ignore, *names_of(gate.ignored, "--ignore")),
        engines=engines_of(gate.engines, settings),
        guard=(*settings.guard, *gate.guard_files),
        baseline=gate.baseline,
    )


def engines_of(asked: tuple[str, ...], settings: "Settings") -> tuple[str, ...]:
    """The engines of a run: as asked, else as the settings say, else those that run by themselves."""
    from validator.engines import DEFAULT_ENGINES

    return tuple(dict.fromkeys(asked or settings.engines or DEFAULT_ENGINES))
