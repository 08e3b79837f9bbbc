"""``tierlens check``: the gate."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.cli.completion import report_formats
from validator.cli.destinations import destinations
from validator.cli.gate_options import GateInput, gate_options, gate_request
from validator.cli.kept_reports import NO_CACHE, Report, kept_run_of, outcome_of, tell_notices
from validator.cli.links import link_base
from validator.cli.options import Input, input_options, settings_of
from validator.cli.output import print_document, print_text, write_file
from validator.cli.progress import progress_bar
from validator.cli.terminal import wants_color, width
from validator.cli.threshold_options import threshold_options, thresholds_of
from validator.model import ReportOptions

if TYPE_CHECKING:
    from validator.model import Review
    from validator.review import ReviewRequest

PASSED = 0
FOUND = 1


@click.command("check")
@input_options
@gate_options
@threshold_options
@click.option(
    "--exit-zero",
    is_flag=True,
    help="End with 0 also when findings close the gate; what could not be checked still ends with 2.",
)
@click.option(
    "--format",
    "format_name",
    default="text",
    show_default=True,
    metavar="FORMAT",
    shell_complete=report_formats,
    help="What is printed: text, json, sarif, junit, gitlab, github, markdown, csv, or another installed format.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Also write a report to a file; the format follows from its ending. Repeatable.",
)
@click.option(
    "--only-templates",
    is_flag=True,
    help="Leave out named files that are no templates, also when that leaves nothing: for hooks that pass all files.",
)
@click.option(
    "--diff-base",
    metavar="REVISION",
    help="Only what is new since the working tree parted from this git revision closes the gate.",
)
@click.option("--no-suppressions", is_flag=True, help="Show what is suppressed as the failure it is.")
@click.option("-v", "--verbose", count=True, help="Show passes (-vv: with evidence) and what was skipped.")
@click.option("-q", "--quiet", is_flag=True, help="Failures in one line each, and the outcome.")
@click.option("--no-color", is_flag=True, help="No colours, also when the terminal has them.")
@NO_CACHE
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
    engines: tuple[str, ...],
    guard_files: tuple[Path, ...],
    baseline: Path | None,
    rules_version: str | None,
    fail_on: tuple[str, ...],
    fail_on_unknown: bool,
    deny_suppressions: bool,
    exit_zero: bool,
    format_name: str,
    outputs: tuple[str, ...],
    only_templates: bool,
    diff_base: str | None,
    no_suppressions: bool,
    verbose: int,
    quiet: bool,
    no_color: bool,
    no_cache: bool,
) -> None:
    """Check templates: files, folders or globs.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 something could not be checked.
    """
    if only_templates:
        from validator.discover import templates_among

        paths = templates_among(paths)
        if not paths:
            ctx.exit(PASSED)
    given = Input(paths, parameter_files, assignments, samconfig_env, region, config, root)
    settings = settings_of(given)
    thresholds = thresholds_of(settings, fail_on, fail_on_unknown, deny_suppressions)
    options = ReportOptions(
        color=wants_color(no_color),
        width=width(),
        verbose=verbose,
        quiet=quiet,
        fail_on=thresholds.default,
        fail_on_unknown=thresholds.unknown,
        fail_on_categories=thresholds.categories,
        deny_suppressions=thresholds.deny_suppressions,
    )
    gate = GateInput(selected, ignored, engines, guard_files, baseline, rules_version)
    files = destinations(outputs)
    with progress_bar(not quiet) as progress:
        request = replace(
            gate_request(given, gate, settings),
            suppressions=not no_suppressions,
            progress=progress,
        )
        options = replace(options, link_base=link_base(os.environ, request.root))
        plain = replace(options, color=False)
        reports = (Report(format_name, options), *(Report(file.format_name, plain) for file in files))
        run = kept_run_of(request, no_cache)
        outcome = outcome_of(reports, run, request, _compared_with(diff_base, given))
    tell_notices(run)
    text, *texts = outcome.texts
    for file, content in zip(files, texts, strict=True):
        write_file(file.path, content, "report")
    if format_name == "text":
        print_text(text, color=options.color)
    else:
        print_document(text)
    ctx.exit(PASSED if exit_zero and outcome.status == FOUND else outcome.status)


def _compared_with(revision: str | None, given: Input) -> "Callable[[ReviewRequest], Review] | None":
    """What reviews a request beside a revision; None when none is given."""
    if revision is None:
        return None

    def compared(request: "ReviewRequest") -> "Review":
        from validator.cli.sides import working_tree_and
        from validator.cli.states import base_reviewed, reviewed, with_unrecognised
        from validator.difference.comparison import compare

        with working_tree_and(revision) as sides:
            base = base_reviewed(request, given, sides, whole=False)
            head = with_unrecognised(reviewed(request, sides.head, whole=False), base, sides.head)
            return compare(base, head)

    return compared
