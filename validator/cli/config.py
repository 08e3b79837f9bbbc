"""``tierlens config``: the settings in force and where they come from, a first file, and a schema for editors."""

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

import click

from validator.cli.gate_options import GateInput, gate_options, gate_request
from validator.cli.options import Input, settings_of
from validator.cli.output import harmless, print_document, print_text
from validator.cli.settings_in_force import Given, InForce, in_force
from validator.cli.threshold_options import threshold_options, thresholds_of
from validator.model import UsageError

FIRST_FILE: Final = "tierlens.toml"
_GIVEN: Final = (
    "selected", "ignored", "engines", "guard_files", "baseline", "rules_version", "fail_on", "fail_on_unknown",
    "deny_suppressions", "samconfig_env", "region", "root",
)  # fmt: skip


@click.group("config")
def command() -> None:
    """Show the settings in force, or write a first file of them."""


@command.command("show")
@gate_options
@threshold_options
@click.option("--samconfig-env", metavar="NAME", help="As for check.")
@click.option("--region", metavar="REGION", help="As for check.")
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR", help="As for check."
)
@click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="This file, not the nearest."
)
@click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What is printed.",
)  # fmt: skip
@click.pass_context
def show(
    ctx: click.Context,
    /,
    *,
    fail_on: tuple[str, ...],
    fail_on_unknown: bool,
    deny_suppressions: bool,
    config: Path | None,
    format_name: str,
    **shared: Any,
) -> None:
    """Print each setting in force and where it comes from: a place in a file, the command line, or the default.

    The options are those of check: what it would run with.
    """
    given = Input((), (), (), shared["samconfig_env"], shared["region"], config, shared["root"])
    gate = GateInput(
        shared["selected"], shared["ignored"], shared["engines"], shared["guard_files"], shared["baseline"],
        shared["rules_version"],
    )  # fmt: skip
    settings = settings_of(given)
    request = gate_request(given, gate, settings)
    thresholds = thresholds_of(settings, fail_on, fail_on_unknown, deny_suppressions)
    options = {name: ctx.get_parameter_source(name) for name in _GIVEN}
    rows = in_force(request, thresholds, Given(options, fail_on))
    if format_name == "json":
        entries = [{"key": row.key, "value": row.value, "from": row.origin} for row in rows]
        source = None if settings.source is None else settings.source.as_posix()
        print_document(json.dumps({"file": source, "settings": entries}, indent=2) + "\n")
    else:
        print_text(_table(rows, settings.source))
    _require_sense(request)


def _table(rows: Sequence[InForce], source: Path | None) -> str:
    key = max(len(row.key) for row in rows)
    value = min(max(len(row.shown) for row in rows), 48)
    head = f"settings of {source.as_posix()}" if source else "no settings file: tierlens config init writes one"
    return (
        harmless("\n".join([head, "", *(f"{row.key:{key}}  {row.shown:{value}}  {row.origin}" for row in rows)]))
        + "\n"
    )


def _require_sense(request: Any) -> None:
    """Refuse names that no rule has, as a check with these settings does."""
    from validator.review.engine_part import choice_of
    from validator.review.policy_part import pin_of
    from validator.review.rule_choice import chosen_of, registered_rules, releases_of_rules

    choice = choice_of(request)
    chosen_of(registered_rules(), request, choice.known, bool(choice.selected))
    pin_of(request.settings, releases_of_rules())


@command.command("init")
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path, dir_okay=False), default=FIRST_FILE)
def init(*, file: Path) -> None:
    """Write a commented settings file, tierlens.toml unless another is named; never over one that exists."""
    if file.suffix != ".toml":
        raise UsageError(f"{file} is no name of a TOML file", hint=f"tierlens config init {FIRST_FILE}")
    text = resources.files("validator.settings").joinpath("first_file.toml").read_text(encoding="utf-8")
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{file} exists and is left as it is", hint="name another file, or edit it") from None
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written: {error.strerror}", hint="name a file in a folder that exists"
        ) from error
    print_text(f"{file} written: every key in it is a comment until you take the mark away")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of the settings, for editors that complete and check TOML."""
    from validator.settings.schema import settings_schema

    print_document(json.dumps(settings_schema(), indent=2) + "\n")
