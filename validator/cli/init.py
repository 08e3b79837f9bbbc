"""``tierlens init``: a reference stack copied out of the installed package, ready to deploy."""

from contextlib import suppress
from pathlib import Path

import click

from validator.cli.output import print_text
from validator.cli.stacks import copy_stack, patterns
from validator.model import TierlensError, UsageError


def _names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    # A completion that fails would print its error into the line that is being typed.
    with suppress(TierlensError):
        return [name for name in patterns() if name.startswith(incomplete)]
    return []


@click.command("init")
@click.argument("pattern", metavar="PATTERN", required=False, shell_complete=_names)
@click.argument("directory", metavar="DIR", required=False, type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help="Name of the stack; the pattern's own unless given.")
@click.option("--list", "listed", is_flag=True, help="Describe the patterns and stop.")
def command(*, pattern: str | None, directory: Path | None, name: str | None, listed: bool) -> None:
    """Copy the reference stack of PATTERN into DIR, which must be new or empty."""
    if listed:
        if pattern is not None or name is not None:
            raise UsageError("--list goes without PATTERN, DIR and --name", hint="tierlens init --list")
        print_text(_list())
        return
    if pattern is None or directory is None:
        raise UsageError(
            "PATTERN and DIR are needed",
            hint="tierlens init --list describes the patterns; then tierlens init PATTERN DIR",
        )
    copied = copy_stack(pattern, directory, name)
    print_text(
        f"{directory}: {copied} files of the pattern {pattern}\n"
        f"next: read {directory / 'README.md'}, then: tierlens check {directory}"
    )


def _list() -> str:
    formatter = click.HelpFormatter()
    formatter.write_dl(list(patterns().items()))
    return formatter.getvalue()
