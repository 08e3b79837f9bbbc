"""``tierlens check``: the gate."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.cli.completion import report_formats, rules_and_categories
from validator.cli.destinations import destinations
from validator.cli.options import Input, input_options, names_of, request_of, settings_of
from validator.cli.output import is_terminal, print_document, print_text, write_file
from validator.cli.progress import progress_bar
from validator.model import ReportOptions, ReportWriter, RulePackError, Severity

if TYPE_CHECKING:
    from validator.model import Review

_SEVERITIES = [severity.value for severity in Severity]


@click.command("check")
@input_options
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="RULE|CATEGORY",
    shell_complete=rules_and_categories,
    help="Run only these rules: ids, starts of ids, categories. Repeatable; commas work too.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="RULE|CATEGORY",
    shell_complete=rules_and_categories,
    help="Do not run these; stronger than --select. Repeatable.",
)
@click.option("--fail-on", type=click.Choice(_SEVERITIES), help="Least severity that fails (default: medium).")
@click.option("--fail-on-unknown", is_flag=True, help="Unknown verdicts fail as well.")
@click.option(
    "--format",
    "format_name",
    default="text",
    show_default=True,
    metavar="FORMAT",
    shell_complete=report_formats,
    help="What is printed: text, json, or another installed format.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Also write a report to a file; the format follows from its ending. Repeatable.",
)
@click.option("--no-suppressions", is_flag=True, help="Show what is suppressed as the failure it is.")
@click.option("-v", "--verbose", count=True, help="Show passes (-vv: with evidence) and what was skipped.")
@click.option("-q", "--quiet", is_flag=True, help="Failures in one line each, and the outcome.")
@click.option("--no-color", is_flag=True, help="No colours, also when the terminal has them.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    assignments: tuple[str, ...],
    samconfig_env: str | None,
    region: str | None,
    config: Path | None,
    root: Path | None,
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    fail_on: str | None,
    fail_on_unknown: bool,
    format_name: str,
    outputs: tuple[str, ...],
    no_suppressions: bool,
    verbose: int,
    quiet: bool,
    no_color: bool,
) -> None:
    """Check templates: files, folders or globs.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 something could not be checked.
    """
    given = Input(paths, parameter_files, assignments, samconfig_env, region, config, root)
    settings = settings_of(given)
    options = ReportOptions(
        color=_wants_color(no_color),
        width=_width(),
        verbose=verbose,
        quiet=quiet,
        fail_on=Severity(fail_on) if fail_on else settings.fail_on,
        fail_on_unknown=fail_on_unknown or settings.fail_on_unknown,
    )
    from validator.registry import load_report_writers
    from validator.review import review
    from validator.triage import exit_status

    files = destinations(outputs)
    writers = load_report_writers(dict.fromkeys((format_name, *(file.format_name for file in files))))
    with progress_bar(not quiet) as progress:
        request = replace(
            request_of(given, settings),
            select=names_of(selected, "--select") or settings.select,
            ignore=(*settings.ignore, *names_of(ignored, "--ignore")),
            suppressions=not no_suppressions,
            progress=progress,
        )
        result = review(request)
    for file in files:
        text = _written(writers[file.format_name], result, replace(options, color=False))
        write_file(file.path, text, "report")
    text = _written(writers[format_name], result, options)
    if format_name == "text":
        print_text(text, color=options.color)
    else:
        print_document(text)
    ctx.exit(exit_status(result, options.fail_on, options.fail_on_unknown))


def _wants_color(no_color: bool) -> bool:
    """As no-color.org and force-color.org ask; what was said on the command line wins."""
    if no_color or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (is_terminal() and os.environ.get("TERM") != "dumb")


def _width() -> int:
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))


def _written(writer: ReportWriter, result: "Review", options: ReportOptions) -> str:
    try:
        return writer.write(result, options)
    except Exception as error:
        # A writer may be anybody's: name it, as a rule that fails is named.
        raise RulePackError(
            f"the report writer {writer.name} failed: {type(error).__name__}: {error}",
            hint="this is a fault of the writer: report it, or choose another format",
        ) from error
