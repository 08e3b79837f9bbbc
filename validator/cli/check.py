"""``tierlens check``: the gate."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.cli.options import Input, input_options, request_of, settings_of
from validator.model import ReportOptions, ReportWriter, Severity, UsageError

if TYPE_CHECKING:
    from validator.model import Review

_SEVERITIES = [severity.value for severity in Severity]
_PROGRESS_FROM = 20
"""Templates from which progress is worth showing."""


@click.command("check")
@input_options
@click.option("--select", "selected", multiple=True, metavar="RULE|CATEGORY", help="Run only these. Repeatable.")
@click.option("--ignore", "ignored", multiple=True, metavar="RULE|CATEGORY", help="Do not run these. Repeatable.")
@click.option("--fail-on", type=click.Choice(_SEVERITIES), help="Least severity that fails (default: medium).")
@click.option("--fail-on-unknown", is_flag=True, help="Unknown verdicts fail as well.")
@click.option("--format", "format_name", default="text", show_default=True, metavar="FORMAT", help="What is printed.")
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
    from validator.review import review
    from validator.triage import exit_status

    writers = _writers(format_name, outputs)
    with _progress(quiet) as progress:
        request = replace(
            request_of(given, settings),
            select=_split(selected) or settings.select,
            ignore=(*settings.ignore, *_split(ignored)),
            suppressions=not no_suppressions,
            progress=progress,
        )
        result = review(request)
    _write(result, options, format_name, outputs, writers)
    ctx.exit(exit_status(result, options.fail_on, options.fail_on_unknown))


def _split(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip() for name in names for part in name.split(",") if part.strip())


def _wants_color(no_color: bool) -> bool:
    import os

    return not no_color and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _width() -> int:
    import shutil

    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))


def _destination(output: str) -> tuple[str, Path]:
    """The format and the file of ``FORMAT=FILE`` or of a file whose ending names its format."""
    name, divider, file = output.partition("=")
    if divider:
        return name, Path(file)
    path = Path(output)
    return {".txt": "text"}.get(path.suffix, path.suffix.removeprefix(".")) or "text", path


def _writers(format_name: str, outputs: Sequence[str]) -> Mapping[str, ReportWriter]:
    from validator.registry import load_report_writers

    return load_report_writers(dict.fromkeys((format_name, *(_destination(output)[0] for output in outputs))))


def _write(
    result: "Review",
    options: ReportOptions,
    format_name: str,
    outputs: Sequence[str],
    writers: Mapping[str, ReportWriter],
) -> None:
    for output in outputs:
        name, path = _destination(output)
        text = writers[name].write(result, replace(options, color=False))
        try:
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            hint = "name a file in a folder that exists"
            raise UsageError(f"the report cannot be written to {path}: {error.strerror}", hint=hint) from error
    click.echo(writers[format_name].write(result, options), nl=False, color=options.color)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the error stream when there is much to do and somebody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = None

        def advance(done: int, total: int) -> None:
            nonlocal task
            if total >= _PROGRESS_FROM:
                task = bar.add_task("checking templates", total=total) if task is None else task
                bar.update(task, completed=done)

        yield advance
