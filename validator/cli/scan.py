"""``tierlens scan``: many repositories, rows for a warehouse."""

from pathlib import Path

import click

from validator.cli.gate_options import ENGINE
from validator.cli.options import names_of
from validator.cli.output import harmless
from validator.cli.progress import progress_bar
from validator.model import UsageError

_SHOWN = 20
"""Repositories with trouble that are named; the table has all."""


@click.command("scan")
@click.argument("repositories", nargs=-1, metavar="REPOSITORY...", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A list of folders, one a line; lines that start with # are left out. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Takes the findings: .jsonl or .parquet. NAME.repositories beside it has one row a repository.",
)
@click.option(
    "--executor",
    default="local",
    show_default=True,
    metavar="local|dask://HOST:PORT",
    help="Where the work is done. Dask needs tierlens[dask] here and on the workers, which see the same folders.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Repositories at a time with the local executor. Default: one a processor.",
)
@click.option(
    "--timeout", type=float, default=600.0, show_default=True, metavar="SECONDS", help="For one repository."
)
@click.option(
    "--resume", is_flag=True, help="Take what did not change since the last scan into this file from there."
)
@ENGINE
@click.option(
    "--select", "selected", multiple=True, metavar="RULE|CATEGORY", help="Run only these rules. Repeatable."
)
@click.option("--ignore", "ignored", multiple=True, metavar="RULE|CATEGORY", help="Do not run these. Repeatable.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    repositories: tuple[Path, ...],
    lists: tuple[Path, ...],
    output: Path,
    executor: str,
    jobs: int | None,
    timeout: float,
    resume: bool,
    engines: tuple[str, ...],
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    quiet: bool,
) -> None:
    """Check many repositories, each with its own configuration, and write what was found as rows.

    Exit status: 0 every repository was checked, whatever was found; 2 some could not be checked whole.
    """
    from validator.scan import ScanRequest, scan

    named = (*repositories, *(folder for file in lists for folder in _listed(file)))
    with progress_bar(not quiet) as progress:
        request = ScanRequest(
            named,
            output,
            executor,
            jobs,
            timeout,
            resume,
            engines,
            names_of(selected, "--select"),
            names_of(ignored, "--ignore"),
            progress,
        )
        summary = scan(request)
    counts = ", ".join(f"{count} {status.value}" for status, count in sorted(summary.statuses.items()))
    again = f", {summary.resumed} unchanged" if summary.resumed else ""
    click.echo(f"{sum(summary.statuses.values())} repositories: {counts}{again}; {summary.findings} findings")
    click.echo(harmless(f"written: {request.output}, {request.repositories_output}"))
    for name, status, message in summary.troubles[:_SHOWN]:
        click.echo(harmless(f"{name}: {status.value}: {message}"), err=True)
    if len(summary.troubles) > _SHOWN:
        click.echo(f"and {len(summary.troubles) - _SHOWN} more: see the table", err=True)
    ctx.exit(2 if summary.troubles else 0)


def _listed(file: Path) -> list[Path]:
    """The folders of a list; those that are not absolute start at the list's own folder."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is no UTF-8 text", hint="write one folder a line") from error
    return [file.parent / line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
